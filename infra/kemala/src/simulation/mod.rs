//! A ticket that exists only here: what people and time do to it under a policy, moment by moment. Posts of ours are
//! confirmed in the moment in which they are made.

mod chart;
mod plan;

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::ClockStanding;
use kemala_domain::lifecycle::{self, Bodies, Case, Change, Deed};
use kemala_domain::report::{Addressed, Author, Relation, VoiceRole};
use kemala_domain::{AgencyCode, Decision, Event, PostKey, ReplyKind, Report, TicketId, Voice};

pub(crate) use chart::{Cell, Chart};
pub use plan::{Deeds, Offset, Planned};

use crate::problem::Problem;

/// The first post; those of the citizen and ours follow it.
const FIRST_POST: u64 = 100;

/// A change of the ticket: how it was after it.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    /// When.
    pub(crate) at: Timestamp,
    /// The ticket with all its events until then.
    pub(crate) case: Case,
    /// How many of them were there before.
    pub(crate) before: usize,
}

impl Moment {
    /// What happened.
    pub(crate) fn events(&self) -> &[Event] {
        self.case.events.get(self.before..).unwrap_or_default()
    }
}

/// A ticket's life so far.
pub(crate) struct Simulation<'a> {
    pack: &'a Jurisdiction,
    bodies: Bodies,
    moments: Vec<Moment>,
}

impl<'a> Simulation<'a> {
    /// Opens the ticket.
    pub(crate) fn open(pack: &'a Jurisdiction, decision: Decision, from: Timestamp) -> Result<Self> {
        let opening = voice(VoiceRole::Opening, FIRST_POST, from)?;
        let id = TicketId::of_post(&pack.ticket_prefix, &opening.report.first_post, 0);
        let change = lifecycle::open(id, &pack.name, decision, opening, pack.terms(), from);
        let moment = Moment { at: from, case: change.applied_to(Vec::new()), before: 0 };
        let bodies = pack.bodies(pack.calendar.local(from).date());
        Ok(Self { pack, bodies, moments: vec![moment] })
    }

    /// All changes, in order.
    pub(crate) fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// The ticket as it is now.
    pub(crate) fn latest(&self) -> Result<&Moment> {
        self.moments.last().ok_or_else(|| anyhow!("the ticket was not opened"))
    }

    /// How each clock stands at a moment.
    pub(crate) fn standing(&self, at: Timestamp) -> Vec<ClockStanding> {
        let until = self.moments.partition_point(|moment| moment.at <= at);
        let moment = until.checked_sub(1).and_then(|index| self.moments.get(index));
        let standing = |moment: &Moment| self.pack.terms().standing(&moment.case.ticket, &moment.case.events, at);
        moment.map(standing).unwrap_or_default()
    }

    /// Time passes; whatever is due is done in its moment.
    pub(crate) fn passes(&mut self, until: Timestamp) -> Result<()> {
        loop {
            let Moment { at, case, .. } = self.latest()?;
            let Some(due) = case.ticket.due.filter(|due| due.at <= until) else { return Ok(()) };
            let now = due.at.max(*at);
            let Some(change) = lifecycle::take_due_step(case, self.pack.terms(), now) else { return Ok(()) };
            self.becomes(change, now)?;
        }
    }

    /// Somebody does something.
    ///
    /// # Errors
    /// Where it is not possible then.
    pub(crate) fn does(&mut self, deed: &Deeds, at: Timestamp) -> Result<()> {
        let case = self.latest()?.case.clone();
        let terms = self.pack.terms();
        let text = || "…".to_owned();
        let (deed, told) = match deed {
            Deeds::Accept => (Deed::Accept, None),
            Deeds::Start => (Deed::Start, None),
            Deeds::Ask => (Deed::AskCitizen { text: text() }, Some(ReplyKind::Ask)),
            Deeds::Respond => (Deed::Respond { text: text() }, Some(ReplyKind::Answer)),
            Deeds::Resolve => (Deed::Resolve { text: text(), photo: None, shown_for: None }, Some(ReplyKind::Resolved)),
            Deeds::Refuse(named) => (Deed::NotOurs { reason: text(), named: named.clone() }, None),
            Deeds::Assign(to) => (Deed::Assign { to: to.clone() }, None),
            word => {
                let said = voice(VoiceRole::Reply, FIRST_POST + self.moments.len() as u64, at)?;
                let change = match word {
                    Deeds::Confirm => lifecycle::confirm(&case, said, terms, at),
                    Deeds::Reopen => lifecycle::reopen(&case, said, terms, at),
                    _ => lifecycle::add_voice(&case, said, terms, at),
                };
                return self.becomes(change, at);
            }
        };
        let change = lifecycle::act(&case, &case.ticket.holder, deed, &self.bodies, terms, at);
        self.becomes(change.map_err(|refused| impossible(&refused, &case.ticket.holder))?, at)?;
        match told {
            Some(kind) => {
                let case = &self.latest()?.case;
                let ours = post(FIRST_POST + 500 + self.moments.len() as u64)?;
                let change = lifecycle::reply_sent(case, kind, post(FIRST_POST)?, ours, terms, at);
                self.becomes(change, at)
            }
            None => Ok(()),
        }
    }

    fn becomes(&mut self, change: Change, at: Timestamp) -> Result<()> {
        let events = self.latest()?.case.events.clone();
        let before = events.len();
        self.moments.push(Moment { at, case: change.applied_to(events), before });
        Ok(())
    }
}

fn impossible(refused: &lifecycle::Refused, holder: &AgencyCode) -> anyhow::Error {
    let remedy = format!("plan with --then what {holder} may do in that state");
    anyhow!(Problem::new(refused.to_string(), remedy))
}

fn post(id: u64) -> Result<PostKey> {
    Ok(PostKey::x(&id.to_string())?)
}

/// A post of a citizen.
fn voice(role: VoiceRole, id: u64, at: Timestamp) -> Result<Voice> {
    let report = Report {
        post: post(id)?,
        first_post: post(id)?,
        edit: 0,
        author: Author { id: "1".to_owned(), handle: None },
        text: String::new(),
        created_at: at,
        relation: Relation::default(),
        addressed: Addressed::Hashtag,
        place_tag: None,
        media: Vec::new(),
    };
    Ok(Voice { role, report, masked_text: String::new(), received_at: at })
}
