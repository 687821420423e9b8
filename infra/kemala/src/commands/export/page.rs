//! What is kept of a citizen as a page that can be printed, in Indonesian: self-contained, without scripts.

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::AgencyCode;
use kemala_report::page::frame;
use maud::{Markup, html};

use super::{Data, Reported};

/// The page.
pub(super) fn page(data: &Data, pack: &Jurisdiction) -> Markup {
    let at = |moment: Timestamp| pack.calendar.local(moment).strftime("%d-%m-%Y %H.%M %Z").to_string();
    let name = |code: &AgencyCode| {
        pack.agencies.get(code).map_or_else(|| code.to_string(), |agency| format!("{} ({code})", agency.name))
    };
    let body = html! {
        p {
            "Berikut seluruh data pribadi Anda yang disimpan oleh layanan " (data.service) ", disusun pada " (at(data.made_at))
            " atas permintaan Anda (Pasal 7 Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi)."
        }
        dl class="explained" {
            dt { "Nomor akun pada platform" } dd { (data.author) }
            dt { "Jumlah laporan" } dd { (data.reports.len()) }
        }
        @for report in &data.reports { (section(report, &at, &name)) }
        @if data.not_understood > 0 {
            p {
                "Selain itu, " (data.not_understood) " pesan yang menyebut akun Anda tidak dapat diproses. Pesan tersebut terhapus "
                "dengan sendirinya paling lama 14 hari setelah diterima."
            }
        }
        h2 { "Mengapa data ini disimpan dan sampai kapan" }
        p {
            "Data digunakan hanya untuk menindaklanjuti laporan Anda dan menjawabnya. Teks, nama akun, dan tautan foto terhapus "
            "dengan sendirinya setelah masa simpan berakhir, atau lebih awal apabila Anda menghapus unggahan tersebut atau "
            "memintanya kepada kami. Instansi yang menangani menerima teks yang sudah disamarkan."
        }
        p { "Apabila ada data yang keliru atau ingin Anda hapus, silakan sampaikan kepada kami. Terima kasih." }
    };
    frame("Data pribadi Anda", &body)
}

fn section(report: &Reported, at: &impl Fn(Timestamp) -> String, name: &impl Fn(&AgencyCode) -> String) -> Markup {
    html! {
        h2 { "Laporan " (report.ticket) }
        dl class="explained" {
            dt { "Diunggah" } dd { (at(report.posted_at)) }
            dt { "Diterima" } dd { (at(report.received_at)) }
            @if let Some(handle) = &report.handle { dt { "Nama akun" } dd { "@" (handle) } }
            @if let Some(link) = &report.link { dt { "Tautan" } dd { (link) } }
            dt { "Teks" } dd { (report.text) }
            dt { "Teks yang diteruskan" } dd { (report.masked_text) }
            @if let Some(place) = report.place_tag.as_ref().and_then(|place| place.name.as_ref()) {
                dt { "Lokasi yang Anda tandai" } dd { (place) }
            }
            @if !report.media.is_empty() {
                dt { "Foto atau video" } dd { @for media in &report.media { (media.url) " " } }
            }
            dt { "Diteruskan kepada" } dd { @for code in &report.sent_to { (name(code)) "; " } }
        }
        @if !report.answers.is_empty() {
            table class="texts" {
                thead { tr { th { "Waktu" } th { "Jawaban kami kepada Anda" } } }
                tbody {
                    @for answer in &report.answers {
                        tr { th { (at(answer.ordered_at)) } td { (answer.text.as_deref().unwrap_or("-")) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::Workspace;

    #[test]
    fn the_citizen_reads_everything_and_nothing_of_it_is_markup() {
        let pack = Jurisdiction::load(&Workspace::find().unwrap().pack("jateng")).unwrap();
        let at: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
        let report = Reported {
            post: "x#11".parse().unwrap(),
            link: Some("https://x.com/warga/status/11".to_owned()),
            handle: Some("warga".to_owned()),
            posted_at: at,
            received_at: at,
            text: "Jalan <b>rusak</b>, hubungi 081234567890".to_owned(),
            masked_text: "Jalan <b>rusak</b>, hubungi [nomor]".to_owned(),
            place_tag: None,
            media: Vec::new(),
            ticket: "KJ-45RQ0X8XD".parse().unwrap(),
            status: None,
            sent_to: ["PEMKAB3316".parse().unwrap()].into(),
            answers: vec![super::super::Answer { ordered_at: at, post: None, text: Some("Terima kasih".to_owned()) }],
        };
        let data = Data {
            service: pack.title.clone(),
            author: "1600000000000000001".to_owned(),
            made_at: at,
            reports: vec![report],
            not_understood: 2,
        };
        let page = page(&data, &pack).into_string();
        for part in [
            "Kemala Jawa Tengah",
            "1600000000000000001",
            "@warga",
            "24-11-2026 09.00 WIB",
            "Jalan &lt;b&gt;rusak&lt;/b&gt;, hubungi 081234567890",
            "hubungi [nomor]",
            "(PEMKAB3316)",
            "Terima kasih",
            "2 pesan",
        ] {
            assert!(page.contains(part), "{part} is missing");
        }
    }
}
