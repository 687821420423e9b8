//! What people read in pages: Indonesian words and numbers.

use jiff::civil::Date;
use kemala_domain::figures::{Ratio, Share};
use kemala_web::language::Language::Indonesian;
use kemala_web::words;

use crate::table::FEW;

/// What a share is called, and what it is a share of.
pub fn share(share: Share) -> (&'static str, &'static str) {
    match share {
        Share::FirstHopRight => (
            "Tepat tujuan",
            "Laporan yang ditangani instansi tujuan pertama, dari laporan yang sudah ditangani atau diteruskan oleh instansi tujuan pertama. Laporan yang dimulai di meja triase tidak dihitung.",
        ),
        Share::Acknowledged => (
            "Mulai ditangani",
            "Laporan yang disanggupi atau mulai ditangani instansi, dari semua laporan yang diterima. Yang kemudian dinyatakan bukan kewenangannya tidak dihitung.",
        ),
        Share::Answered => {
            ("Dijawab", "Laporan yang sudah diberi jawaban atau hasil, dari semua laporan yang diterima.")
        }
        Share::ResolvedInTime => (
            "Selesai tepat waktu",
            "Laporan yang selesai sebelum batas waktu, dari laporan yang sudah selesai ditambah laporan yang batas waktunya terlewati. Waktu menunggu jawaban warga tidak dihitung.",
        ),
        Share::Reopened => {
            ("Dibuka kembali", "Penyelesaian yang dinyatakan belum selesai oleh warga, dari semua penyelesaian.")
        }
        Share::Confirmed => ("Dikonfirmasi warga", "Penyelesaian yang dibenarkan oleh warga, dari semua penyelesaian."),
        Share::ClosedWithoutAction => (
            "Ditutup tanpa tindakan",
            "Laporan yang ditolak karena tidak dapat ditindaklanjuti, dari semua laporan yang berakhir.",
        ),
        Share::HandedBack => {
            ("Dikembalikan", "Laporan yang dinyatakan bukan kewenangan instansi, dari semua laporan yang diterima.")
        }
        Share::Unreachable => {
            ("Pelapor tidak terjangkau", "Laporan yang pelapornya tidak dapat kami balas, dari semua laporan baru.")
        }
        Share::VoicesPerTicket => (
            "Suara per laporan",
            "Kiriman warga dibagi laporan baru; salinan teks yang sama dihitung satu, laporan gabungan dihitung pada laporan induknya.",
        ),
    }
}

/// A share as people read it, with its counts; marked where it is one of few.
pub fn value(kind: Share, ratio: Ratio) -> String {
    let Some(value) = ratio.value() else { return "–".to_owned() };
    let mark = if ratio.whole < FEW { "*" } else { "" };
    match kind {
        Share::VoicesPerTicket => format!("{}{mark}", decimal(value)),
        _ => format!("{} %{mark}", (value * 100.0).round()),
    }
}

/// A time as people read it.
pub fn hours(minutes: Option<f64>) -> String {
    minutes.map_or("–".to_owned(), |minutes| format!("{} jam", decimal(minutes / 60.0)))
}

/// One digit after a comma.
pub fn decimal(value: f64) -> String {
    words::decimal(value, Indonesian)
}

/// A whole number, with a point before each three digits.
pub fn number(value: i64) -> String {
    words::number(value, Indonesian)
}

/// A day as people read it.
pub fn day(day: Date) -> String {
    words::day(day, Indonesian)
}

/// The name of a day's month.
pub fn month(day: Date) -> &'static str {
    words::month(day, Indonesian)
}
