//! A report as a page that can be printed: self-contained, without scripts.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use kemala_domain::figures::{Figure, Share};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::labels::{self, number};
use crate::lines::{Line, Report};
use crate::plot;
use crate::table::FEW;

/// Agencies that the plot of shares shows.
const MOST_BARS: usize = 20;

const STYLE: &str = include_str!("page.css");

/// The page of a month, as of the moment at which it is made.
pub fn page(report: &Report, made_at: &ZonedDateTime) -> Markup {
    let today = made_at.date();
    let first = report.period.first;
    let title = format!("Laporan Kemala, {} {}", labels::month(first), first.year());
    let body = html! {
        p {
            "Masa laporan: " (labels::day(first)) " sampai " (labels::day(report.period.last)) ". "
            @if report.period.last >= today { "Bulan ini belum berakhir; angka masih dapat berubah. " }
            "Dibuat pada " (labels::day(made_at.date())) ", pukul " (made_at.strftime("%H.%M")) "."
        }
        (summary(&report.total))
        (plots(report, today))
        h2 { "Menurut instansi" }
        (table("Instansi", &report.total, &report.agencies))
        h2 { "Menurut bidang" }
        (table("Bidang", &report.total, &report.categories))
        h2 { "Menurut kabupaten/kota" }
        (table("Kabupaten/kota", &report.total, &report.regencies))
        (explained())
    };
    frame(&title, &body)
}

/// A page around a body, with the style of all pages to print.
pub fn frame(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="id" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                (body)
            }
        }
    }
}

fn summary(total: &Line) -> Markup {
    let figures = &total.figures;
    html! {
        dl class="tiles" {
            div { dt { "Diterima" } dd { (number(figures.get(Figure::Received))) } }
            div { dt { "Diselesaikan" } dd { (number(figures.get(Figure::Resolved))) } }
            div {
                dt { "Selesai tepat waktu" }
                dd { (labels::value(Share::ResolvedInTime, Share::ResolvedInTime.of(figures))) }
            }
            div { dt { "Median waktu penanganan" } dd { (labels::hours(figures.held.percentile(50))) } }
            div { dt { "Masih terbuka" } dd { (number(total.open)) } }
        }
    }
}

fn plots(report: &Report, today: Date) -> Markup {
    let days = report.days.iter().filter(|day| day.day <= today);
    let moves: Vec<_> = days
        .clone()
        .map(|day| {
            let counts = [Figure::Received, Figure::Resolved].map(|figure| day.figures.get(figure));
            (day.day.day().to_string(), counts.to_vec())
        })
        .collect();
    let open: Vec<_> = days.map(|day| (day.day.day().to_string(), day.open)).collect();
    let in_time: Vec<_> = report
        .agencies
        .iter()
        .map(|line| (line.name.as_str(), Share::ResolvedInTime.of(&line.figures)))
        .filter(|(_, ratio)| ratio.whole > 0)
        .take(MOST_BARS)
        .collect();
    html! {
        (plot::columns("Laporan per hari", &["diterima", "diselesaikan"], &moves))
        (plot::line("Laporan terbuka pada akhir hari", &open))
        @if !in_time.is_empty() { (plot::shares("Selesai tepat waktu, menurut instansi", &in_time)) }
    }
}

fn table(of: &str, total: &Line, lines: &[Line]) -> Markup {
    html! {
        div class="wide" {
            table {
                thead {
                    tr {
                        th scope="col" { (of) }
                        th scope="col" { "Diterima" }
                        @for share in Share::ALL { th scope="col" { (labels::share(share).0) } }
                        th scope="col" { "Median waktu penanganan" }
                        th scope="col" { "Persentil 90" }
                        th scope="col" { "Masih terbuka" }
                    }
                }
                tbody {
                    (row("Semua", "total", total))
                    @for line in lines {
                        (row(if line.name.is_empty() { "Belum diketahui" } else { &line.name }, "", line))
                    }
                }
            }
        }
    }
}

fn row(name: &str, class: &str, line: &Line) -> Markup {
    let figures = &line.figures;
    html! {
        tr class=(class) {
            th scope="row" { (name) }
            td { (number(figures.get(Figure::Received))) }
            @for share in Share::ALL {
                @let ratio = share.of(figures);
                td title={ (number(ratio.part)) " dari " (number(ratio.whole)) } { (labels::value(share, ratio)) }
            }
            td { (labels::hours(figures.held.percentile(50))) }
            td { (labels::hours(figures.held.percentile(90))) }
            td { (number(line.open)) }
        }
    }
}

/// How each number is counted.
pub fn explained() -> Markup {
    html! {
        section class="explained" {
            h2 { "Cara menghitung" }
            dl {
                dt { "Diterima" }
                dd { "Laporan yang masuk ke instansi: laporan baru dan laporan yang diteruskan kepadanya. Laporan yang diteruskan dihitung pada setiap instansi yang menerimanya." }
                @for share in Share::ALL {
                    @let (name, meaning) = labels::share(share);
                    dt { (name) }
                    dd { (meaning) }
                }
                dt { "Median waktu penanganan, persentil 90" }
                dd { "Waktu kerja (jam dinas) sejak laporan berada di instansi sampai diselesaikan, ditolak, atau diteruskan. Waktu sebelum laporan sampai di instansi dan waktu menunggu jawaban warga tidak dihitung. Separuh (persentil 90: sembilan dari sepuluh) tidak lebih lama dari angka ini; ketelitian 6 %." }
                dt { "Masih terbuka" }
                dd { "Laporan yang belum berakhir pada akhir masa laporan, termasuk yang sudah diselesaikan tetapi masih dapat disanggah." }
            }
            p { "* Kurang dari " (FEW) " laporan: angka ini mudah berubah, mohon dibaca dengan hati-hati." }
            p { "Setiap angka dihitung pada hari kejadiannya. Persentase membandingkan kejadian dalam masa yang sama, sehingga dapat melebihi 100 % bila laporan bulan sebelumnya ikut diselesaikan." }
        }
    }
}
