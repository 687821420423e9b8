//! What a pilot changed, as a page that can be printed.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use kemala_domain::figures::{Ratio, Share};
use kemala_report::FEW;
use kemala_report::labels::{self, decimal, number};
use kemala_report::page::{explained, frame};
use maud::{Markup, html};

use super::pilot::{Compared, Pilot, Side, Times};

/// The page.
pub(super) fn page(pilot: &Pilot, made_at: &ZonedDateTime) -> Markup {
    let days = |[first, last]: [Date; 2]| format!("{} – {}", labels::day(first), labels::day(last));
    let body = html! {
        p {
            "Masa uji coba " (days(pilot.since)) " dibandingkan dengan masa yang sama panjangnya sebelum uji coba, "
            (days(pilot.before)) ". Dibuat pada " (labels::day(made_at.date())) "."
        }
        @if !pilot.has_figures_before() {
            p { strong { "Tidak ada laporan yang dihitung sebelum uji coba, sehingga belum ada pembanding." } }
        }
        div class="wide" {
            table {
                thead {
                    tr {
                        th scope="col" { "Angka" }
                        th scope="col" { "Sebelum" }
                        th scope="col" { "Selama" }
                        th scope="col" { "Selisih" }
                        th scope="col" { "Catatan" }
                    }
                }
                tbody {
                    @for counts in &pilot.counts {
                        tr {
                            th scope="row" { (count_label(counts.name)) }
                            td { (number(counts.before)) }
                            td { (number(counts.since)) }
                            td { (signed(number(counts.difference), counts.difference > 0)) }
                            td {}
                        }
                    }
                    @for compared in &pilot.shares { (share_row(compared)) }
                    @for times in &pilot.held_minutes { (times_row(times)) }
                }
            }
        }
        p {
            "Selisih adalah perbedaan dua masa, belum tentu akibat uji coba: musim, libur, dan jumlah pelapor juga "
            "berpengaruh. Bila salah satu masa kurang dari " (FEW) " laporan, selisihnya mungkin kebetulan saja."
        }
        (explained())
    };
    frame("Uji coba Kemala: sebelum dan selama", &body)
}

fn share_row(compared: &Compared) -> Markup {
    let side = |side: Side| {
        let shown = labels::value(compared.share, Ratio { part: side.part, whole: side.whole });
        let shown = shown.trim_end_matches('*').to_owned();
        match compared.share {
            Share::VoicesPerTicket => shown,
            _ => format!("{shown} ({}/{})", number(side.part), number(side.whole)),
        }
    };
    let difference = compared.difference.map(|difference| match compared.share {
        Share::VoicesPerTicket => signed(decimal(difference), difference > 0.0),
        _ => format!("{} poin", signed(number(difference.round() as i64), difference.round() > 0.0)),
    });
    html! {
        tr {
            th scope="row" { (labels::share(compared.share).0) }
            td { (side(compared.before)) }
            td { (side(compared.since)) }
            td { (difference.unwrap_or_else(|| "–".to_owned())) }
            td { (note(compared.difference, compared.is_better_high(), compared.is_of_few)) }
        }
    }
}

fn times_row(times: &Times) -> Markup {
    let difference = times.difference.map(|minutes| format!("{} jam", signed(decimal(minutes / 60.0), minutes > 0.0)));
    html! {
        tr {
            th scope="row" { (count_label(times.name)) }
            td { (labels::hours(times.before)) }
            td { (labels::hours(times.since)) }
            td { (difference.unwrap_or_else(|| "–".to_owned())) }
            td { (note(times.difference, Some(false), times.is_of_few)) }
        }
    }
}

fn count_label(name: &str) -> &str {
    match name {
        "opened" => "Laporan baru",
        "received" => "Diterima instansi",
        "resolved" => "Penyelesaian",
        "ended" => "Berakhir",
        "open_at_end" => "Masih terbuka",
        "held_median" => "Median waktu penanganan",
        "held_p90" => "Waktu penanganan, persentil 90",
        other => other,
    }
}

fn note(difference: Option<f64>, is_better_high: Option<bool>, is_of_few: bool) -> &'static str {
    match (difference, is_better_high) {
        (Some(_), Some(_)) if is_of_few => "data masih sedikit",
        (Some(difference), Some(high)) if difference != 0.0 => {
            if (difference > 0.0) == high {
                "lebih baik"
            } else {
                "lebih buruk"
            }
        }
        _ => "",
    }
}

/// With a plus before what has become more.
fn signed(shown: String, is_more: bool) -> String {
    if is_more { format!("+{shown}") } else { shown }
}
