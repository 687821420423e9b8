//! Agencies' fair figures, each share with what it is a share of.

use kemala_domain::figures::{Board, Figure, Figures, Month, Share};
use kemala_web::words;
use maud::{Markup, html};

use super::View;

/// Shares of fewer are not shown: one ticket more or less would turn them over.
const TOO_FEW: i64 = 5;

/// Shares of the table, with what they are of.
const SHARES: [Share; 5] =
    [Share::Acknowledged, Share::Answered, Share::ResolvedInTime, Share::Reopened, Share::HandedBack];

/// The page of a month.
pub fn agencies(view: &View<'_>, month: Month, board: Option<&Board>) -> Markup {
    let title = format!("{} {}", view.say("Kinerja instansi", "How agencies do"), view.month(month));
    let body = html! {
        h1 { (title) }
        (view.months("/instansi", month))
        @match board {
            Some(board) => { (view.as_of(board)) (table(view, board)) (meaning(view)) }
            None => (view.nothing_yet()),
        }
    };
    view.page(&title, &view.path_of("/instansi", month), &body)
}

fn table(view: &View<'_>, board: &Board) -> Markup {
    let mut rows: Vec<(String, &Figures)> = board
        .agencies
        .iter()
        .filter(|(_, figures)| SHARES.iter().any(|share| share.of(figures).whole > 0))
        .map(|(code, figures)| (view.site.agency(code), figures))
        .collect();
    rows.sort_by(|(a, more), (b, less)| {
        less.get(Figure::Received).cmp(&more.get(Figure::Received)).then_with(|| a.cmp(b))
    });
    let caption = view.say("Instansi menurut jumlah laporan yang masuk", "Agencies by how many reports they received");
    html! {
        div class="wide" role="region" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (view.say("Instansi", "Agency")) }
                    th scope="col" class="n" { (view.say("Masuk", "Received")) }
                    @for share in SHARES { th scope="col" class="n" { (name(view, share)) } }
                    th scope="col" class="n" { (view.say("Median waktu penanganan", "Median time")) }
                } }
                tbody {
                    @for (name, figures) in &rows {
                        tr {
                            th scope="row" { (name) }
                            td class="n" { (view.number(figures.get(Figure::Received).max(0))) }
                            @for share in SHARES { td class="n" { (cell(view, share, figures)) } }
                            td class="n" { (median(view, figures)) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(view: &View<'_>, share: Share, figures: &Figures) -> String {
    let ratio = share.of(figures);
    match ratio.value().filter(|_| ratio.whole >= TOO_FEW) {
        Some(value) => {
            let of = view.say("dari", "of");
            format!("{:.0}% ({} {of} {})", value * 100.0, view.number(ratio.part), view.number(ratio.whole))
        }
        None if ratio.whole > 0 => view.say("kurang dari 5", "fewer than 5").to_owned(),
        None => "–".to_owned(),
    }
}

fn median(view: &View<'_>, figures: &Figures) -> String {
    match figures.held.percentile(50).filter(|_| figures.held.count() >= TOO_FEW) {
        Some(minutes) => {
            format!("{} {}", words::decimal(minutes / 60.0, view.language), view.say("jam kerja", "office hours"))
        }
        None => "–".to_owned(),
    }
}

fn name(view: &View<'_>, share: Share) -> &'static str {
    match share {
        Share::Acknowledged => view.say("Mulai ditangani", "Taken on"),
        Share::Answered => view.say("Dijawab", "Answered"),
        Share::ResolvedInTime => view.say("Selesai tepat waktu", "In time"),
        Share::Reopened => view.say("Dibuka kembali", "Reopened"),
        Share::HandedBack => view.say("Dikembalikan", "Handed back"),
        _ => share.name(),
    }
}

fn meaning(view: &View<'_>) -> Markup {
    let meanings = [
        (Share::Acknowledged, view.say(
            "Dari semua laporan yang masuk ke instansi pada bulan ini, berapa yang mulai ditangani.",
            "Of all reports that came to the agency in the month, how many it took on.")),
        (Share::Answered, view.say(
            "Dari semua laporan yang masuk, berapa yang pelapornya mendapat jawaban. Pertanyaan kepada warga tidak dihitung sebagai jawaban.",
            "Of all reports that came, about how many the citizen got an answer. A question is no answer.")),
        (Share::ResolvedInTime, view.say(
            "Dari semua laporan yang sudah selesai atau yang batas waktu penyelesaiannya sudah lewat, berapa yang selesai tepat waktu. \
             Laporan yang terlambat dan masih terbuka ikut dihitung.",
            "Of all reports whose promise is decided, kept or broken, how many were kept. Reports that are late and still \
             open count too.")),
        (Share::Reopened, view.say(
            "Dari semua penyelesaian, berapa yang ternyata belum selesai menurut pelapor.",
            "Of all settlements, how many were not settled as the citizen sees it.")),
        (Share::HandedBack, view.say(
            "Dari semua laporan yang masuk, berapa yang dinyatakan bukan kewenangan instansi.",
            "Of all reports that came, of how many the agency said that they are not its own.")),
    ];
    html! {
        h2 { (view.say("Cara membaca angka ini", "How to read these figures")) }
        dl {
            @for (share, meaning) in meanings { dt { strong { (name(view, share)) } } dd { (meaning) } }
            dt { strong { (view.say("Median waktu penanganan", "Median time")) } }
            dd { (view.say(
                "Separuh laporan ditangani lebih cepat daripada angka ini, dihitung dalam jam kerja sejak laporan masuk ke instansi, tanpa waktu menunggu jawaban warga.",
                "Half of the reports took less in the agency's hands: office hours since they came, without waiting for the citizen.")) }
        }
        p class="soft" {
            (view.say(
                "Persentase dihitung atas kejadian pada bulan yang sama, jadi instansi yang menyelesaikan laporan bulan lalu dapat \
                 melebihi 100%. Persentase dari kurang dari 5 laporan tidak ditampilkan.",
                "Shares are of what happened in the same month, so who works off last month's reports may pass 100%. Shares of \
                 fewer than 5 are not shown.",
            ))
        }
    }
}
