//! What citizens read, by the shipped pack.

use std::sync::LazyLock;

use kemala_domain::samples;
use proptest::prelude::*;

use super::*;
use crate::pack::Jurisdiction;
use crate::pack::tests::shipped;

static JURISDICTION: LazyLock<Jurisdiction> = LazyLock::new(|| Jurisdiction::load(&shipped()).unwrap());

fn said(kind: ReplyKind, event: &EventBody, change: impl Fn(&mut Ticket)) -> String {
    let mut ticket = samples::opened("DISHUB").ticket;
    change(&mut ticket);
    JURISDICTION.replies.text(kind, &ticket, event, 0, &JURISDICTION.agencies)
}

#[test]
fn replies_read_like_this() {
    let text = |text: &str| text.to_owned();
    let nothing = EventBody::Accepted;
    let told = [
        said(ReplyKind::Receipt, &nothing, |_| {}),
        said(ReplyKind::Receipt, &nothing, |ticket| ticket.status = Status::Triage),
        said(ReplyKind::Receipt, &nothing, |ticket| ticket.decision.urgency = Urgency::Emergency),
        said(ReplyKind::Receipt, &nothing, |ticket| ticket.decision.supervisory = true),
        said(ReplyKind::Receipt, &nothing, |ticket| {
            ticket.status = Status::Triage;
            ticket.decision.place.outside = Some("Sleman".to_owned());
        }),
        said(ReplyKind::AskPlace, &nothing, |_| {}),
        said(ReplyKind::Ask, &EventBody::CitizenAsked { text: text("Di sebelah mana halte itu?") }, |_| {}),
        said(ReplyKind::Answer, &EventBody::Responded { text: text("Besok kami perbaiki.") }, |_| {}),
        said(ReplyKind::Resolved, &EventBody::Resolved { text: text("Lampu sudah kami ganti."), photo: None }, |_| {}),
        said(ReplyKind::Rejected, &EventBody::Rejected { reason: text("bukan kewenangan pemerintah.") }, |_| {}),
        said(ReplyKind::Status, &nothing, |ticket| ticket.status = Status::InProgress),
        said(ReplyKind::Status, &nothing, |ticket| ticket.decision.supervisory = true),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    Terima kasih, laporan Bapak/Ibu sudah kami terima dengan nomor KJ-PERWG6M45 dan kami teruskan ke Dinas Perhubungan. Balas "status" untuk mengetahui perkembangannya.
    Laporan Bapak/Ibu kami catat dengan nomor KJ-PERWG6M45. Petugas kami memeriksa dahulu instansi yang berwenang, lalu meneruskannya. Terima kasih.
    Laporan darurat KJ-PERWG6M45 sudah kami terima dan langsung kami teruskan ke Dinas Perhubungan. Jika ada yang terancam bahaya, mohon segera telepon 112. Utamakan keselamatan Bapak/Ibu.
    Terima kasih, laporan Bapak/Ibu sudah kami terima dengan nomor KJ-PERWG6M45.
    Terima kasih atas laporan KJ-PERWG6M45. Lokasinya tampaknya di luar Jawa Tengah; mohon sampaikan kepada Pemerintah Kabupaten Sleman (Lapor Sleman). Jika darurat, segera telepon 112.
    Laporan Bapak/Ibu kami catat dengan nomor KJ-PERWG6M45. Agar bisa ditangani, mohon balas dengan lokasinya: desa/kelurahan, kecamatan, dan kabupaten/kota.
    Pertanyaan petugas untuk laporan KJ-PERWG6M45: Di sebelah mana halte itu? Mohon balas di sini.
    Laporan KJ-PERWG6M45, tanggapan dari instansi yang menangani: Besok kami perbaiki.
    Laporan KJ-PERWG6M45 selesai: Lampu sudah kami ganti. Sudah beres? Balas "sudah" atau "belum".
    Mohon maaf, laporan KJ-PERWG6M45 tidak dapat kami tindak lanjuti: bukan kewenangan pemerintah.
    Laporan KJ-PERWG6M45 sedang ditangani Dinas Perhubungan. Terima kasih atas kesabarannya.
    Laporan KJ-PERWG6M45 sudah kami terima dan sedang diproses. Terima kasih.
    "#);
}

#[test]
fn what_is_said_again_reads_otherwise_and_names_who_was_meant() {
    let ticket = samples::opened("DISHUB").ticket;
    let text = |kind, event: &EventBody, earlier| {
        JURISDICTION.replies.text(kind, &ticket, event, earlier, &JURISDICTION.agencies)
    };
    let answer = EventBody::Responded { text: "Sudah.".to_owned() };
    let resolved = EventBody::Resolved { text: "Sudah.".to_owned(), photo: None };
    let ask = EventBody::CitizenAsked { text: "Di mana?".to_owned() };
    for (kind, event) in [(ReplyKind::Answer, answer), (ReplyKind::Resolved, resolved), (ReplyKind::Ask, ask)] {
        assert_ne!(text(kind, &event, 0), text(kind, &event, 1));
    }
    let moved = EventBody::Reassigned { from: "DISHUB".parse().unwrap(), to: "DINKES".parse().unwrap() };
    assert!(text(ReplyKind::HandedOn, &moved, 0).contains("Dinas Kesehatan"));
}

#[test]
fn what_is_filled_in_is_not_filled_again() {
    let answer = said(ReplyKind::Answer, &EventBody::Responded { text: "{agency} {number} {x".to_owned() }, |_| {});
    assert!(answer.ends_with(": {agency} {number} {x"), "{answer}");
}

proptest! {
    #[test]
    fn nothing_is_longer_than_x_takes(text in "\\PC{0,400}") {
        for event in [EventBody::Responded { text: text.clone() }, EventBody::Rejected { reason: text.clone() }] {
            for kind in [ReplyKind::Answer, ReplyKind::Ask, ReplyKind::Resolved, ReplyKind::Rejected] {
                let said = said(kind, &event, |_| {});
                prop_assert!(weighted_length(&said) <= LONGEST_POST, "{said}");
            }
        }
    }
}
