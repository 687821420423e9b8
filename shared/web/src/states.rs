//! States of tickets in words, the same on all faces.

use kemala_domain::Status;

use crate::language::Language;

/// A state, as officers and citizens read it.
pub fn status(status: Status, language: Language) -> &'static str {
    match status {
        Status::Triage => language.say("Di meja triase", "On the triage desk"),
        Status::Assigned => language.say("Menunggu diterima instansi", "Waiting for the agency"),
        Status::Accepted => language.say("Diterima instansi", "Accepted"),
        Status::InProgress => language.say("Sedang dikerjakan", "Being worked on"),
        Status::WaitingCitizen => language.say("Menunggu jawaban warga", "Waiting for the citizen"),
        Status::Resolved => language.say("Dinyatakan selesai", "Said to be settled"),
        Status::Closed => language.say("Ditutup", "Closed"),
        Status::Reopened => language.say("Dibuka kembali", "Open again"),
        Status::Joined => language.say("Digabungkan", "Joined into another"),
        Status::Withdrawn => language.say("Dicabut", "Withdrawn"),
        Status::Rejected => language.say("Tidak dapat ditindaklanjuti", "Nobody can act on it"),
    }
}
