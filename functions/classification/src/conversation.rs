//! The citizen's side of a ticket's thread: what is said there confirms, reopens, withdraws, stops, asks, tells the place,
//! or goes to the agency as it stands.

use jiff::Timestamp;
use kemala_classifier::{Classified, Command, Post};
use kemala_domain::lifecycle::{self, Case, Change};
use kemala_domain::report::{Addressed, VoiceRole};
use kemala_domain::{Report, Status, Voice};
use kemala_store::ReadError;

use crate::plan::{Plan, Planner};

impl Planner<'_> {
    /// A post in a ticket's thread.
    pub(crate) async fn in_thread(
        &self,
        case: Case,
        role: VoiceRole,
        report: &Report,
        classified: Classified,
        received_at: Timestamp,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        let masked_text = classified.masked_text.clone();
        let said = |role| Voice { role, report: report.clone(), masked_text, received_at };
        if role != VoiceRole::Reply {
            return Ok(write(lifecycle::add_voice(&case, said(role), self.terms, now)));
        }
        let voices = self.store.voices(&case.ticket.id).await?;
        let is_reporter = voices.iter().any(|voice| is_report(voice) && voice.report.author.id == report.author.id);
        if !is_reporter {
            // Who speaks to us of it joins; who only speaks in the thread is heard.
            let role = if report.addressed == Addressed::Reply { VoiceRole::Reply } else { VoiceRole::SameIncident };
            return Ok(write(lifecycle::add_voice(&case, said(role), self.terms, now)));
        }
        match self.pack.command(&report.text) {
            Some(Command::Confirm) => Ok(write(lifecycle::confirm(&case, said(role), self.terms, now))),
            Some(Command::Reopen) => Ok(write(lifecycle::reopen(&case, said(role), self.terms, now))),
            Some(Command::Stop) => Ok(write(lifecycle::stop(&case, said(role), self.terms, now))),
            Some(Command::Status) => Ok(write(lifecycle::ask_status(&case, said(role), self.terms, now))),
            Some(Command::Withdraw) => {
                let theirs = voices.iter().filter(|voice| voice.report.author.id == report.author.id);
                let theirs = theirs.map(|voice| (voice.report.first_post.clone(), voice.role)).collect();
                let mut change = lifecycle::withdraw(&case, said(role), theirs, self.terms, now);
                self.forget_withdrawn(&case, &mut change).await?;
                Ok(write(change))
            }
            None => self.told(&case, &voices, said(role), &classified, now).await,
        }
    }

    /// Somebody asks for a ticket by its number, wherever they do.
    pub(crate) async fn by_number(
        &self,
        report: &Report,
        classified: &Classified,
        received_at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Plan>, ReadError> {
        let asked =
            self.pack.ticket_number(&report.text).filter(|_| self.pack.command(&report.text) == Some(Command::Status));
        let Some((_, number)) = asked else { return Ok(None) };
        let Some(ticket) = self.store.standing(&number).await? else { return Ok(None) };
        let Some(case) = self.store.case(&ticket.id).await? else { return Ok(None) };
        let masked_text = classified.masked_text.clone();
        let said = Voice { role: VoiceRole::Reply, report: report.clone(), masked_text, received_at };
        Ok(Some(write(lifecycle::ask_status(&case, said, self.terms, now))))
    }

    /// The reporter says something in words of their own: the place, where it is missing, or anything else.
    async fn told(
        &self,
        case: &Case,
        voices: &[Voice],
        said: Voice,
        classified: &Classified,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        let is_place = case.ticket.decision.needs_location && classified.decision.place.code.is_some();
        let opening = voices.iter().find(|voice| voice.report.first_post == case.ticket.origin);
        let Some(opening) = opening.filter(|_| is_place) else {
            return Ok(write(lifecycle::add_voice(case, said, self.terms, now)));
        };
        // The report with the place: what it is about stands in the one, where it is in the other.
        let text = format!("{}\n{}", opening.report.text, said.report.text);
        let place_tag = said.report.place_tag.as_ref().or(opening.report.place_tag.as_ref());
        let today = self.terms.calendar.local(now).date();
        let completed = self.pack.classify(&Post { text: &text, place_tag }, today);
        let signature = self.signature(&opening.report, &completed);
        let mut change = lifecycle::place(case, said, completed.decision, self.terms, now);
        if case.ticket.status.is_open() && !case.ticket.quiet {
            self.remember_anew(case, signature, &mut change, now).await?;
        }
        Ok(write(change))
    }

    /// A ticket that was withdrawn draws nobody to where it was.
    pub(crate) async fn forget_withdrawn(&self, case: &Case, change: &mut Change) -> Result<(), ReadError> {
        if let Some(key) = case.ticket.incident.as_ref().filter(|_| change.ticket.status == Status::Withdrawn) {
            change.beside.incidents.extend(self.store.incidents(key).await?.without(&case.ticket.id));
        }
        Ok(())
    }
}

fn write(change: Change) -> Plan {
    Plan::Write(Box::new(change))
}

fn is_report(voice: &Voice) -> bool {
    matches!(voice.role, VoiceRole::Opening | VoiceRole::SameIncident)
}
