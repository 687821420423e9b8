//! What happened to a ticket, in words for everybody. Notes, reasons of refusals, reused photos and what passes between
//! bodies are left out.

use kemala_domain::clocks::Step;
use kemala_domain::public::plain;
use kemala_domain::{Event, EventBody};

use super::View;

/// One line: what happened, and what the agency said with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub what: String,
    pub said: Option<String>,
    pub photo: Option<String>,
}

fn line(what: impl Into<String>) -> Option<Line> {
    Some(Line { what: what.into(), said: None, photo: None })
}

fn said(what: &str, text: &str) -> Option<Line> {
    Some(Line { what: what.to_owned(), said: Some(plain(text)), photo: None })
}

impl View<'_> {
    /// The line of an event; `None` of what is not for everybody.
    pub(super) fn line(&self, event: &Event) -> Option<Line> {
        let with = |indonesian, english, code: &_| {
            line(format!("{} {}", self.say(indonesian, english), self.site.agency(code)))
        };
        match &event.body {
            EventBody::Opened { decision } => {
                with("Laporan diterima dan diteruskan ke", "The report came in and went to", &decision.addressee)
            }
            EventBody::Reassigned { to, .. } => with("Diteruskan ke", "Handed on to", to),
            EventBody::VoiceAdded { .. } | EventBody::TicketJoined { .. } => {
                line(self.say("Warga lain melaporkan kejadian yang sama", "Somebody else reported the same incident"))
            }
            EventBody::Edited { .. } | EventBody::Corrected { .. } => {
                line(self.say("Data laporan diperbarui", "What the report says was updated"))
            }
            EventBody::Placed { .. } => line(self.say("Pelapor menyebutkan tempatnya", "The citizen told the place")),
            EventBody::Joined { .. } => line(self.say(
                "Digabungkan dengan laporan lain tentang kejadian yang sama",
                "Joined with another report of the same incident",
            )),
            EventBody::Unjoined { .. } => line(self.say("Dipisahkan kembali", "Taken apart again")),
            EventBody::Accepted => line(self.say("Diterima oleh instansi", "Taken on by the agency")),
            EventBody::Started => line(self.say("Mulai dikerjakan", "Work has begun")),
            EventBody::CitizenAsked { text } => {
                said(self.say("Instansi bertanya kepada pelapor", "The agency asked the citizen"), text)
            }
            EventBody::Responded { text } => said(self.say("Instansi menjawab", "The agency answered"), text),
            EventBody::Resolved { text, photo } => {
                let photo = photo.clone().filter(|photo| photo.starts_with("https://"));
                let resolved = said(self.say("Dinyatakan selesai", "Said to be settled"), text);
                resolved.map(|line| Line { photo, ..line })
            }
            EventBody::Refused { .. } => {
                line(self.say("Dinyatakan bukan kewenangan instansi", "The agency said that it is not theirs"))
            }
            EventBody::Rejected { reason } => {
                said(self.say("Tidak dapat ditindaklanjuti", "Nobody can act on it"), reason)
            }
            EventBody::CitizenReplied { .. } => line(self.say("Pelapor menanggapi", "The citizen replied")),
            EventBody::Confirmed { .. } => {
                line(self.say("Warga membenarkan sudah selesai", "The citizen said that it is settled"))
            }
            EventBody::Reopened { .. } => line(self.say("Dibuka kembali", "Opened again")),
            EventBody::PlaceOverdue => {
                line(self.say("Tempat tidak disebutkan pada waktunya", "The place was not told in time"))
            }
            EventBody::AnswerOverdue => {
                line(self.say("Pertanyaan tidak dijawab pada waktunya", "The question was not answered in time"))
            }
            EventBody::Closed { .. } => line(self.say("Ditutup", "Closed")),
            EventBody::Withdrawn => line(self.say("Dicabut", "Withdrawn")),
            EventBody::ClockStep { step: Step::Breach, .. } => line(self.say(
                "Batas waktu terlewati; atasan instansi diberi tahu",
                "A deadline passed; who stands above was told",
            )),
            EventBody::ClockStep { .. }
            | EventBody::VoiceWithdrawn { .. }
            | EventBody::PhotoReused { .. }
            | EventBody::Noted { .. }
            | EventBody::WithdrawalAsked { .. }
            | EventBody::Stopped { .. }
            | EventBody::StatusAsked { .. }
            | EventBody::ReplySent { .. }
            | EventBody::ReplyFailed { .. }
            | EventBody::AgencySilent { .. } => None,
        }
    }
}
