//! What goes to the Ombudsman: the ticket with its events, missed deadlines and evidence. What the citizen wrote goes with
//! it only where they have consented.

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::{ClockStanding, Terms};
use kemala_domain::hold::holds;
use kemala_domain::ladder::Target;
use kemala_domain::lifecycle::Case;
use kemala_domain::{AgencyCode, Calendar, EventBody, Status, TicketId, Voice};
use kemala_messages::agency::{EventView, PlaceView, Snapshot, TicketView, event_view};
use serde::Serialize;

/// The package.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Package {
    /// Number of the ticket.
    pub(super) ticket: TicketId,
    /// Which service, such as "Kemala Jawa Tengah".
    pub(super) service: String,
    /// When it was made (UTC).
    pub(super) made_at: Timestamp,
    /// Where the ticket is in its life.
    pub(super) status: Status,
    /// When the citizen's clock began (UTC).
    pub(super) opened_at: Timestamp,
    /// Who has it.
    pub(super) agency: Body,
    /// What it is about; absent where officials are accused.
    pub(super) category: Option<String>,
    /// Where it is; empty where officials are accused.
    pub(super) place: PlaceView,
    /// How many posts speak of it.
    pub(super) voices: u32,
    /// How each promise stands.
    pub(super) clocks: Vec<ClockStanding>,
    /// The rungs that were reached.
    pub(super) rungs: Vec<Reached>,
    /// Who had it, and for how long.
    pub(super) holds: Vec<Held>,
    /// What happened, without what citizens wrote.
    pub(super) events: Vec<EventView>,
    /// Links to photos that agencies showed.
    pub(super) evidence: Vec<String>,
    /// What the citizen wrote, with their consent.
    pub(super) report: Option<Consented>,
}

/// An agency.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Body {
    /// Its code.
    pub(super) code: AgencyCode,
    /// Its name.
    pub(super) name: String,
}

/// A rung that was reached.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Reached {
    /// When (UTC).
    pub(super) at: Timestamp,
    /// Which clock's.
    pub(super) clock: kemala_domain::Clock,
    /// Which rung.
    pub(super) rung: String,
    /// Who was told.
    pub(super) told: Vec<Target>,
    /// Who had no address.
    pub(super) unreached: Vec<Target>,
}

/// One time in an agency's hands.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Held {
    /// Whose.
    pub(super) agency: Body,
    /// Since when (UTC).
    pub(super) from: Timestamp,
    /// Until when (UTC); absent while it has it.
    pub(super) until: Option<Timestamp>,
    /// Working hours in between, those in which the citizen was waited for left out.
    pub(super) working_hours: f64,
}

/// What the citizen wrote.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Consented {
    /// The text, personal data masked.
    pub(super) text: String,
    /// The post; `None` of a report that came from an app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permalink: Option<String>,
    /// How and when they consented, as it was told.
    pub(super) consent: String,
}

impl Package {
    /// Makes the package of a case. `opening` and `consent` bring the citizen's text into it.
    pub(super) fn of(
        case: &Case,
        opening: Option<&Voice>,
        consent: Option<&str>,
        pack: &Jurisdiction,
        now: Timestamp,
    ) -> Self {
        let Case { ticket, events } = case;
        let terms = pack.terms();
        let is_private = ticket.decision.supervisory;
        let body = |code: &AgencyCode| Body {
            code: code.clone(),
            name: pack.agencies.get(code).map_or_else(|| code.to_string(), |agency| agency.name.clone()),
        };
        let view = TicketView::for_others(Snapshot { ticket, opening: None, deadlines: &[] });
        let report = opening.zip(consent).filter(|_| !is_private).map(|(voice, consent)| Consented {
            text: voice.masked_text.clone(),
            permalink: voice.report.permalink(),
            consent: consent.to_owned(),
        });
        Self {
            ticket: ticket.id.clone(),
            service: pack.title.clone(),
            made_at: now,
            status: ticket.status,
            opened_at: ticket.opened_at,
            agency: body(&ticket.holder),
            category: view.category.map(|category| category.as_str().to_owned()),
            place: view.place,
            voices: ticket.voices,
            clocks: terms.standing(ticket, events, now),
            rungs: events.iter().filter_map(reached).collect(),
            holds: held(case, &pack.calendar, terms, now, body),
            events: events.iter().map(|event| shown(event_view(event, None), is_private)).collect(),
            evidence: events.iter().filter_map(photo).filter(|_| !is_private).collect(),
            report,
        }
    }
}

fn reached(event: &kemala_domain::Event) -> Option<Reached> {
    let EventBody::ClockStep { clock, rung, told, unreached, .. } = &event.body else { return None };
    Some(Reached {
        at: event.at,
        clock: *clock,
        rung: rung.clone(),
        told: told.iter().cloned().collect(),
        unreached: unreached.iter().cloned().collect(),
    })
}

fn photo(event: &kemala_domain::Event) -> Option<String> {
    match &event.body {
        EventBody::Resolved { photo, .. } => photo.clone(),
        _ => None,
    }
}

/// Notes are between agencies and desks; of an accusation no text leaves at all.
fn shown(event: EventView, is_private: bool) -> EventView {
    let is_inner = matches!(event.what.as_str(), "noted" | "refused");
    let text = event.text.filter(|_| !is_inner && !is_private);
    let photo = event.photo.filter(|_| !is_private);
    EventView { text, photo, ..event }
}

fn held(
    case: &Case,
    calendar: &Calendar,
    terms: Terms<'_>,
    now: Timestamp,
    body: impl Fn(&AgencyCode) -> Body,
) -> Vec<Held> {
    let pauses = terms.pauses(&case.ticket, &case.events);
    let held = |hold: kemala_domain::hold::Hold| {
        let end = hold.until.unwrap_or(now);
        let paused = pauses
            .iter()
            .map(|pause| calendar.working_time(pause.from.max(hold.from), pause.until.min(end)).as_secs_f64());
        let seconds = calendar.working_time(hold.from, end).as_secs_f64() - paused.sum::<f64>();
        let working_hours = (seconds / 36.0).round() / 100.0;
        Held { agency: body(&hold.agency), from: hold.from, until: hold.until, working_hours }
    };
    holds(&case.events).into_iter().map(held).collect()
}

#[cfg(test)]
mod tests {
    use kemala_domain::lifecycle::{Deed, act, take_due_step};
    use kemala_domain::samples::{agency, bodies, monday, opened, voice};

    use super::*;
    use crate::commands::untrained_pack_in;

    fn late() -> (Case, Jurisdiction, Timestamp) {
        let pack = untrained_pack_in(None).unwrap().1.jurisdiction;
        let mut case = opened("DINKES");
        let later = monday() + jiff::SignedDuration::from_hours(24 * 60);
        let note = Deed::Note { text: "Alat rusak".to_owned() };
        case = act(&case, &agency("DINKES"), note, &bodies(), pack.terms(), monday()).unwrap().applied_to(case.events);
        while let Some(change) = take_due_step(&case, pack.terms(), later) {
            case = change.applied_to(case.events);
        }
        (case, pack, later)
    }

    #[test]
    fn the_citizens_text_goes_only_with_their_consent() {
        let (case, pack, now) = late();
        let opening = voice(kemala_domain::report::VoiceRole::Opening, "100");
        let without = Package::of(&case, Some(&opening), None, &pack, now);
        let json = serde_json::to_string(&without).unwrap();
        assert!(!json.contains(&opening.masked_text) && !json.contains(&opening.report.permalink().unwrap()), "{json}");
        assert!(!json.contains("Alat rusak"), "{json}");
        let with = Package::of(&case, Some(&opening), Some("Balasan di utas, 1 Januari"), &pack, now);
        assert_eq!(with.report.as_ref().unwrap().text, opening.masked_text);
        let names: Vec<&str> = with.rungs.iter().map(|reached| reached.rung.as_str()).collect();
        assert!(names.ends_with(&["ombudsman"]), "{names:?}");
        assert!(with.clocks.iter().all(|clock| clock.state == kemala_domain::clocks::State::Breached));
    }

    #[test]
    fn of_an_accusation_only_numbers_and_deadlines_leave() {
        let (mut case, pack, now) = late();
        case.ticket.decision.supervisory = true;
        let opening = voice(kemala_domain::report::VoiceRole::Opening, "100");
        let package = Package::of(&case, Some(&opening), Some("ya"), &pack, now);
        assert_eq!((package.report, package.category, package.place), (None, None, PlaceView::default()));
        assert!(package.events.iter().all(|event| event.text.is_none()));
    }
}
