//! What citizens say in their thread. Everything else they write is a reply ([`super::add_voice`]).

use jiff::Timestamp;

use super::draft::Draft;
use super::table::Word;
use super::{Case, Change, VoiceChange, add_voice};
use crate::clocks::Terms;
use crate::decision::Decision;
use crate::event::{Actor, EventBody};
use crate::ids::PostKey;
use crate::report::{Voice, VoiceRole};
use crate::ticket::Status;

/// "It is settled": closes a resolved ticket. Said of any other, it is a reply.
pub fn confirm(case: &Case, said: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let Some(status) = Word::Confirm.leads_to(case.ticket.status) else { return add_voice(case, said, terms, now) };
    say(case, said, status, |post| EventBody::Confirmed { post }, false, terms, now)
}

/// "It is not settled": the same agency gets a resolved or closed ticket again. Said of any other, it is a reply.
pub fn reopen(case: &Case, said: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let Some(status) = Word::Reopen.leads_to(case.ticket.status) else { return add_voice(case, said, terms, now) };
    say(case, said, status, |post| EventBody::Reopened { post: Some(post) }, true, terms, now)
}

/// "No more posts": whoever answers citizens obeys; the ticket goes on.
pub fn stop(case: &Case, said: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    say(case, said, case.ticket.status, |post| EventBody::Stopped { post }, false, terms, now)
}

/// "How do things stand?", in every state.
pub fn ask_status(case: &Case, said: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.count(said.role);
    draft.add(Actor::Citizen, EventBody::StatusAsked { post: said.report.first_post.clone() }, []);
    draft.tell_citizens();
    draft.finish(vec![VoiceChange::Add(Box::new(said))])
}

fn say(
    case: &Case,
    said: Voice,
    status: Status,
    body: impl FnOnce(PostKey) -> EventBody,
    is_for_citizens: bool,
    terms: Terms<'_>,
    now: Timestamp,
) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.count(said.role);
    draft.ticket.status = status;
    let holder = draft.ticket.holder.clone();
    draft.add(Actor::Citizen, body(said.report.first_post.clone()), [holder]);
    if is_for_citizens {
        draft.tell_citizens();
    }
    draft.finish(vec![VoiceChange::Add(Box::new(said))])
}

/// Says where it is: `decision` is made of the report with that place, and counts from now on. The ticket moves as long
/// as nobody has accepted it and no people have moved it. Said of a ticket that has ended, it is a reply.
pub fn place(case: &Case, said: Voice, decision: Decision, terms: Terms<'_>, now: Timestamp) -> Change {
    let Some(status) = Word::Place.leads_to(case.ticket.status) else { return add_voice(case, said, terms, now) };
    let mut draft = Draft::of(case, terms, now);
    draft.count(said.role);
    draft.decide(decision);
    // What people have corrected stands, and is completed.
    draft.ticket.decision.needs_location = false;
    draft.ticket.status = status;
    let decision = Box::new(draft.ticket.decision.clone());
    let placed = EventBody::Placed { post: said.report.first_post.clone(), decision };
    match draft.moves_to() {
        Some(to) => {
            draft.add(Actor::Citizen, placed, []);
            draft.hand_over(Actor::Citizen, to);
        }
        None => {
            let holder = draft.ticket.holder.clone();
            draft.add(Actor::Citizen, placed, [holder]);
        }
    }
    draft.finish(vec![VoiceChange::Add(Box::new(said))])
}

/// "Delete my report": all voices of that citizen go (`theirs`, with their roles), and the asking post is not kept.
/// Without any other voice the ticket is withdrawn.
pub fn withdraw(
    case: &Case,
    asking: Voice,
    theirs: Vec<(PostKey, VoiceRole)>,
    terms: Terms<'_>,
    now: Timestamp,
) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.add(Actor::Citizen, EventBody::WithdrawalAsked { post: asking.report.first_post.clone() }, []);
    for (post, role) in &theirs {
        draft.take_away(post, *role);
    }
    let erased = theirs.into_iter().map(|(post, _)| VoiceChange::Erase(post));
    draft.finish(std::iter::once(VoiceChange::Hear(Box::new(asking))).chain(erased).collect())
}
