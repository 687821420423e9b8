//! What people without a queue are told: who is on duty, an agency's head. One short text in Indonesian, for a telephone.

use jiff::Timestamp;
use kemala_domain::clocks::{Clock, Step};
use kemala_domain::ladder::{Hierarchy, Target};
use kemala_domain::{AgencyCode, Calendar, Event, EventBody, TicketId};

use crate::agency::TicketView;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about, in one line of ASCII of at most 100 characters: the rule of SNS for subjects.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// What those who pass it on can choose by.
    pub attributes: Attributes,
}

/// What notices can be told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// `ring`, `rung` or `silence`.
    pub kind: &'static str,
    /// Which ticket.
    pub ticket: TicketId,
    /// In whose hands it is.
    pub agency: AgencyCode,
    /// Addresses of those it is for, beside who is on duty; separated by commas.
    pub addresses: String,
}

impl Notice {
    /// The notice of an event; `None` of one that tells no people. `ticket` is how it stands for who does not have it.
    pub fn of(event: &Event, ticket: &TicketView, hierarchy: &Hierarchy, calendar: &Calendar) -> Option<Self> {
        let agency = &ticket.agency;
        let name = hierarchy.0.get(agency).map_or(agency.as_str(), |body| body.name.as_str());
        let at = |moment: Timestamp| calendar.local(moment).strftime("%d-%m-%Y pukul %H.%M %Z").to_string();
        let place = ticket.place.name.as_ref().map_or_else(String::new, |place| format!(" Lokasi: {place}."));
        let reported = format!("{place} Dilaporkan {} oleh {} pelapor.", at(ticket.opened_at), ticket.voices);
        let id = &ticket.ticket;
        let (kind, subject, text, addresses) = match &event.body {
            EventBody::ClockStep { clock, step, due_at, told, .. } => {
                let addresses: Vec<&str> = told.iter().filter_map(|target| hierarchy.address(target, agency)).collect();
                let (kind, subject) = match step {
                    _ if told.contains(&Target::People) => ("ring", format!("Laporan darurat {id} perlu perhatian")),
                    Step::Reminder => ("rung", format!("Laporan {id} mendekati batas waktu")),
                    Step::Breach => ("rung", format!("Laporan {id} melewati batas waktu")),
                };
                let awaited = match clock {
                    Clock::Acknowledge => "belum diterima",
                    Clock::FirstResponse => "belum dijawab",
                    Clock::Resolution => "belum diselesaikan",
                };
                let text = format!("Sampai {}, laporan {id} {awaited} oleh {name}.{reported}", at(*due_at));
                (kind, subject, text, addresses.join(","))
            }
            EventBody::AgencySilent { since, waiting } => {
                let since = since.map_or_else(String::new, |since| format!(" sejak {}", at(since)));
                let text = format!(
                    "{name} tidak menanggapi laporan apa pun{since}; {waiting} laporan menunggu. Yang terlama: {id}.{reported}"
                );
                ("silence", format!("{agency} tidak menanggapi laporan"), text, String::new())
            }
            _ => return None,
        };
        let text = format!("{text} Mohon segera ditindaklanjuti.");
        let attributes = Attributes { kind, ticket: id.clone(), agency: agency.clone(), addresses };
        Some(Self { subject, text, attributes })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kemala_domain::Actor;
    use kemala_domain::samples::{Law, monday, opened};

    use super::*;
    use crate::agency::Snapshot;

    fn notice(body: EventBody) -> Option<Notice> {
        let law = Law::sample();
        let ticket = opened("DINKES").ticket;
        let event = Event {
            ticket: ticket.id.clone(),
            seq: 2,
            at: monday(),
            actor: Actor::Clock,
            body,
            undelivered: BTreeSet::new(),
        };
        let view = TicketView::for_others(Snapshot { ticket: &ticket, opening: None, deadlines: &[] });
        Notice::of(&event, &view, &law.hierarchy, &law.calendar)
    }

    fn step(clock: Clock, step: Step, told: &[Target]) -> EventBody {
        let (told, rung) = (told.iter().cloned().collect(), "head".to_owned());
        EventBody::ClockStep { clock, step, rung, due_at: monday(), told, unreached: BTreeSet::new() }
    }

    #[test]
    fn a_head_reads_what_is_late() {
        let told = notice(step(Clock::Resolution, Step::Breach, &[Target::Holder, Target::Head])).unwrap();
        insta::assert_snapshot!(format!("{}\n{}\n{}", told.subject, told.text, told.attributes.addresses), @"
        Laporan KJ-PERWG6M45 melewati batas waktu
        Sampai 23-11-2026 pukul 09.00 WIB, laporan KJ-PERWG6M45 belum diselesaikan oleh Dinas Contoh. Lokasi: Jepon, Kabupaten Blora. Dilaporkan 23-11-2026 pukul 09.00 WIB oleh 1 pelapor. Mohon segera ditindaklanjuti.
        kepala@dinkes.example
        ");
    }

    #[test]
    fn who_is_on_duty_reads_of_an_emergency_and_of_silence() {
        let ring = notice(step(Clock::Acknowledge, Step::Reminder, &[Target::People])).unwrap();
        let silence = notice(EventBody::AgencySilent { since: Some(monday()), waiting: 12 }).unwrap();
        insta::assert_snapshot!([ring, silence].map(|told| format!("{}: {}", told.subject, told.text)).join("\n"), @"
        Laporan darurat KJ-PERWG6M45 perlu perhatian: Sampai 23-11-2026 pukul 09.00 WIB, laporan KJ-PERWG6M45 belum diterima oleh Dinas Contoh. Lokasi: Jepon, Kabupaten Blora. Dilaporkan 23-11-2026 pukul 09.00 WIB oleh 1 pelapor. Mohon segera ditindaklanjuti.
        DINKES tidak menanggapi laporan: Dinas Contoh tidak menanggapi laporan apa pun sejak 23-11-2026 pukul 09.00 WIB; 12 laporan menunggu. Yang terlama: KJ-PERWG6M45. Lokasi: Jepon, Kabupaten Blora. Dilaporkan 23-11-2026 pukul 09.00 WIB oleh 1 pelapor. Mohon segera ditindaklanjuti.
        ");
        assert_eq!(notice(EventBody::Accepted), None);
    }
}
