//! Two tickets of one incident become one, and one that became so by mistake becomes two again.

use jiff::Timestamp;

use super::agency::{Bodies, Refused, allowed};
use super::draft::Draft;
use super::table::Action;
use super::{Case, Change};
use crate::clocks::Terms;
use crate::event::{Actor, EventBody};
use crate::ids::{AgencyCode, PostKey};
use crate::report::VoiceRole;
use crate::ticket::Status;

/// Two changes that are written together: one ticket takes in another of the same incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The ticket that goes on: the older one, where no desk said otherwise.
    pub into: Change,
    /// The ticket that ends.
    pub from: Change,
    /// How the ended one's opening post becomes a voice of the other.
    pub role: VoiceRole,
}

/// Two changes that are written together: a joined ticket goes on by itself again.
#[derive(Debug, Clone, PartialEq)]
pub struct Unjoin {
    /// The ticket that had taken it in.
    pub into: Change,
    /// The ticket that goes on by itself.
    pub from: Change,
    /// The posts that go back to it, its opening post first.
    pub posts: Vec<PostKey>,
}

/// Joins a ticket into an older one of the same incident, as [`super::join_report`] joins a report. The voices follow.
pub fn join(older: &Case, younger: &Case, role: VoiceRole, terms: Terms<'_>, now: Timestamp) -> Join {
    join_by(Actor::Clock, older, younger, role, terms, now)
}

/// A desk says that a ticket in its hands is about the incident of another one, which goes on, whoever has it.
///
/// # Errors
/// [`Refused`]
pub fn desk_join(
    into: &Case,
    from: &Case,
    by: &AgencyCode,
    bodies: &Bodies,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<Join, Refused> {
    allowed(from, by, Action::Join, bodies)?;
    if into.ticket.id == from.ticket.id || !into.ticket.may_take_in(&from.ticket.decision) {
        return Err(Refused::CannotJoin { into: into.ticket.id.clone() });
    }
    Ok(join_by(Actor::Agency(by.clone()), into, from, VoiceRole::SameIncident, terms, now))
}

fn join_by(actor: Actor, older: &Case, younger: &Case, role: VoiceRole, terms: Terms<'_>, now: Timestamp) -> Join {
    let mut into = Draft::of(older, terms, now);
    into.count(role);
    into.ticket.voices += younger.ticket.voices.saturating_sub(1);
    into.ticket.copies += younger.ticket.copies;
    let joined = EventBody::TicketJoined { ticket: younger.ticket.id.clone(), post: younger.ticket.origin.clone() };
    into.hear(actor.clone(), joined, &younger.ticket.decision, role);

    let mut from = Draft::of(younger, terms, now);
    let holder = from.ticket.holder.clone();
    from.ticket.status = Status::Joined;
    from.ticket.joined_to = Some(older.ticket.id.clone());
    from.ticket.incident = None;
    from.add(actor, EventBody::Joined { into: older.ticket.id.clone() }, [holder]);
    Join { into: into.finish(Vec::new()), from: from.finish(Vec::new()), role }
}

/// A desk takes a joined ticket out of the one that has its voices. It lies on that desk then.
///
/// # Errors
/// [`Refused::ForDesks`], [`Refused::NotNow`] where it is not joined, and [`Refused::CannotJoin`] where it is joined to
/// another than `into`.
pub fn unjoin(
    into: &Case,
    from: &Case,
    by: &AgencyCode,
    bodies: &Bodies,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<Unjoin, Refused> {
    let (action, status) = (Action::Unjoin, from.ticket.status);
    if !bodies.desks.contains(by) {
        return Err(Refused::ForDesks(action));
    }
    action.leads_to(status).ok_or(Refused::NotNow { action, status })?;
    if from.ticket.joined_to.as_ref() != Some(&into.ticket.id) {
        return Err(Refused::CannotJoin { into: into.ticket.id.clone() });
    }
    let actor = Actor::Agency(by.clone());
    let mut rest = Draft::of(into, terms, now);
    rest.ticket.voices = rest.ticket.voices.saturating_sub(from.ticket.voices).max(1);
    rest.ticket.copies = rest.ticket.copies.saturating_sub(from.ticket.copies);
    let holder = rest.ticket.holder.clone();
    rest.add(actor.clone(), EventBody::Unjoined { ticket: from.ticket.id.clone() }, [holder]);

    let mut alone = Draft::of(from, terms, now);
    alone.ticket.joined_to = None;
    alone.add(actor.clone(), EventBody::Unjoined { ticket: into.ticket.id.clone() }, []);
    if alone.ticket.holder == *by {
        let is_for_triage = by == terms.triage_desk;
        alone.ticket.status = if is_for_triage { Status::Triage } else { Status::Assigned };
    } else {
        alone.hand_over(actor, by.clone());
    }
    Ok(Unjoin { into: rest.finish(Vec::new()), from: alone.finish(Vec::new()), posts: posts(from) })
}

/// The posts of a ticket that were there when it was joined.
fn posts(case: &Case) -> Vec<PostKey> {
    let mut posts = vec![case.ticket.origin.clone()];
    for post in case.events.iter().filter_map(|event| event.body.post()) {
        if !posts.contains(post) {
            posts.push(post.clone());
        }
    }
    posts
}
