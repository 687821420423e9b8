//! What agencies and desks do with the tickets in their hands.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::draft::{Draft, refusers};
use super::table::Action;
use super::{Case, Change};
use crate::clocks::Terms;
use crate::decision::Decision;
use crate::event::{Actor, EventBody};
use crate::ids::{AgencyCode, TicketId};
use crate::ticket::Status;

/// An action with what belongs to it. Texts are checked and masked.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// See [`Action::Accept`].
    Accept,
    /// See [`Action::Start`].
    Start,
    /// See [`Action::AskCitizen`].
    AskCitizen {
        /// The question, as it is posted.
        text: String,
    },
    /// See [`Action::Respond`].
    Respond {
        /// The answer, as it is posted.
        text: String,
    },
    /// See [`Action::Resolve`].
    Resolve {
        /// What was done, as it is posted.
        text: String,
        /// A link to a photo.
        photo: Option<String>,
        /// The other ticket that has shown this photo before.
        shown_for: Option<TicketId>,
    },
    /// See [`Action::NotOurs`].
    NotOurs {
        /// Why.
        reason: String,
        /// Whose it is, where they know.
        named: Option<AgencyCode>,
    },
    /// See [`Action::Note`].
    Note {
        /// The note.
        text: String,
    },
    /// See [`Action::Assign`].
    Assign {
        /// Who gets it.
        to: AgencyCode,
    },
    /// See [`Action::Reject`].
    Reject {
        /// Why, as it is posted.
        reason: String,
    },
    /// See [`Action::Correct`].
    Correct {
        /// What is decided now.
        decision: Box<Decision>,
    },
}

impl Deed {
    /// Which action it is.
    pub fn action(&self) -> Action {
        match self {
            Self::Accept => Action::Accept,
            Self::Start => Action::Start,
            Self::AskCitizen { .. } => Action::AskCitizen,
            Self::Respond { .. } => Action::Respond,
            Self::Resolve { .. } => Action::Resolve,
            Self::NotOurs { .. } => Action::NotOurs,
            Self::Note { .. } => Action::Note,
            Self::Assign { .. } => Action::Assign,
            Self::Reject { .. } => Action::Reject,
            Self::Correct { .. } => Action::Correct,
        }
    }
}

/// Who may have tickets, on the day of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bodies {
    /// Agencies and desks whose queue is taken.
    pub live: BTreeSet<AgencyCode>,
    /// Which of them are desks: people decide there what machines may not.
    pub desks: BTreeSet<AgencyCode>,
    /// Who alone has accusations against officials.
    pub inspectorate: AgencyCode,
}

/// Why an action changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The ticket is in somebody else's hands.
    #[error("the ticket is with {holder}, not with {agency}")]
    NotHolder {
        /// Who asked.
        agency: AgencyCode,
        /// Who has it.
        holder: AgencyCode,
    },
    /// Only desks may do it.
    #[error("{0} is for desks")]
    ForDesks(Action),
    /// The state does not allow the action.
    #[error("{action} is not possible while the ticket is {status:?}")]
    NotNow {
        /// What was asked.
        action: Action,
        /// The ticket's state.
        status: Status,
    },
    /// An agency asks the citizen once.
    #[error("{0} has asked the citizen before; an agency asks once")]
    AskedBefore(AgencyCode),
    /// Nothing may be posted about the ticket, or the platform does not let us.
    #[error("who reported this cannot be asked; act on what is there")]
    NobodyToAsk,
    /// Whoever shall get the ticket takes none.
    #[error("{0} takes no tickets; name an agency with a queue, or the triage desk")]
    NoQueue(AgencyCode),
    /// Whoever shall get the ticket has it.
    #[error("{0} has the ticket already")]
    TheirsAlready(AgencyCode),
    /// An accusation against officials stays with the inspectorate.
    #[error("officials are accused: only {0} may have the ticket")]
    Supervisory(AgencyCode),
    /// Two tickets that may not become one.
    #[error(
        "{into} cannot take this ticket in: it is not there, has ended, is resolved, is the same, or one of the two is supervisory"
    )]
    CannotJoin {
        /// The ticket that was to go on.
        into: TicketId,
    },
}

/// Does what an agency or desk asks with a ticket in its hands. [`Action::Join`] and [`Action::Unjoin`] change two
/// tickets: see [`super::desk_join`] and [`super::unjoin`].
///
/// # Errors
/// [`Refused`]
pub fn act(
    case: &Case,
    by: &AgencyCode,
    deed: Deed,
    bodies: &Bodies,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<Change, Refused> {
    let status = allowed(case, by, deed.action(), bodies)?;
    let mut draft = Draft::of(case, terms, now);
    let actor = Actor::Agency(by.clone());
    draft.ticket.status = status;
    match deed {
        Deed::Accept => draft.add(actor, EventBody::Accepted, []),
        Deed::Start => draft.add(actor, EventBody::Started, []),
        Deed::AskCitizen { text } => {
            check_question(case, by)?;
            draft.add(actor, EventBody::CitizenAsked { text }, []);
            draft.tell_citizens();
        }
        Deed::Respond { text } => {
            draft.add(actor, EventBody::Responded { text }, []);
            draft.tell_citizens();
        }
        Deed::Resolve { text, photo, shown_for } => {
            draft.add(actor.clone(), EventBody::Resolved { text, photo }, []);
            draft.tell_citizens();
            if let Some(ticket) = shown_for {
                // Accusations are not the triage desk's to see.
                let desk = Some(terms.triage_desk.clone()).filter(|_| !case.ticket.decision.supervisory);
                draft.add(actor, EventBody::PhotoReused { ticket }, desk);
            }
        }
        Deed::NotOurs { reason, named } => {
            let to = next_holder(case, by, named.as_ref(), bodies, terms);
            if named.is_some() {
                draft.ticket.decision.likely.clone_from(&named);
            }
            draft.add(actor.clone(), EventBody::Refused { reason, named }, []);
            draft.hand_over(actor, to);
        }
        Deed::Note { text } => draft.add(actor, EventBody::Noted { text }, []),
        Deed::Assign { to } => {
            check_assignment(case, &to, bodies)?;
            draft.hand_over(actor, to);
        }
        Deed::Reject { reason } => {
            draft.add(actor, EventBody::Rejected { reason }, []);
            draft.tell_citizens();
        }
        Deed::Correct { decision } => {
            draft.ticket.decision = (*decision).clone();
            draft.add(actor, EventBody::Corrected { decision }, []);
        }
    }
    Ok(draft.finish(Vec::new()))
}

/// The state that an action of this body leads to.
pub(super) fn allowed(case: &Case, by: &AgencyCode, action: Action, bodies: &Bodies) -> Result<Status, Refused> {
    let ticket = &case.ticket;
    if action.is_for_desks() && !bodies.desks.contains(by) {
        return Err(Refused::ForDesks(action));
    }
    if ticket.holder != *by {
        return Err(Refused::NotHolder { agency: by.clone(), holder: ticket.holder.clone() });
    }
    action.leads_to(ticket.status).ok_or(Refused::NotNow { action, status: ticket.status })
}

fn check_question(case: &Case, by: &AgencyCode) -> Result<(), Refused> {
    let asker = Actor::Agency(by.clone());
    if case.ticket.quiet || case.ticket.unreachable {
        return Err(Refused::NobodyToAsk);
    }
    let has_asked = |event: &crate::Event| event.actor == asker && matches!(event.body, EventBody::CitizenAsked { .. });
    if case.events.iter().any(has_asked) { Err(Refused::AskedBefore(by.clone())) } else { Ok(()) }
}

fn check_assignment(case: &Case, to: &AgencyCode, bodies: &Bodies) -> Result<(), Refused> {
    if !bodies.live.contains(to) {
        return Err(Refused::NoQueue(to.clone()));
    }
    if case.ticket.holder == *to {
        return Err(Refused::TheirsAlready(to.clone()));
    }
    if case.ticket.decision.supervisory && *to != bodies.inspectorate {
        return Err(Refused::Supervisory(bodies.inspectorate.clone()));
    }
    Ok(())
}

/// Refusals after which people decide whose it is.
const HOPS: usize = 3;

/// Who gets a ticket that is not `by`'s: whom they name, else who comes next by the decision; the triage desk, where that
/// would be somebody who takes no tickets or has refused it, where officials are accused, and after the third refusal.
fn next_holder(
    case: &Case,
    by: &AgencyCode,
    named: Option<&AgencyCode>,
    bodies: &Bodies,
    terms: Terms<'_>,
) -> AgencyCode {
    let decision = &case.ticket.decision;
    let mut refused = refusers(&case.events);
    refused.insert(by);
    let hops = case.events.iter().filter(|event| matches!(event.body, EventBody::Refused { .. })).count() + 1;
    let is_possible = |to: &&AgencyCode| bodies.live.contains(*to) && !refused.contains(*to);
    let next = match named {
        Some(named) => Some(named).filter(is_possible),
        None => std::iter::once(&decision.addressee).chain(&decision.likely).chain(&decision.others).find(is_possible),
    };
    let next = next.filter(|to| hops < HOPS && (!decision.supervisory || **to == bodies.inspectorate));
    next.unwrap_or(terms.triage_desk).clone()
}
