//! What became of our posts. Clocks that wait for the citizen begin when a post is confirmed, not before.

use jiff::Timestamp;

use super::draft::Draft;
use super::{Case, Change};
use crate::clocks::Terms;
use crate::event::{Actor, EventBody, ReplyFailure, ReplyKind};
use crate::ids::PostKey;
use crate::ticket::Status;

/// A post of ours is confirmed: `post` answers `to`; `None` where the platform has it and does not show it.
pub fn reply_sent(
    case: &Case,
    kind: ReplyKind,
    to: PostKey,
    post: impl Into<Option<PostKey>>,
    terms: Terms<'_>,
    now: Timestamp,
) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.ticket.unreachable = false;
    draft.add(Actor::Clock, EventBody::ReplySent { kind, to, post: post.into() }, []);
    draft.finish(Vec::new())
}

/// A post of ours is not made. The holder hears of it; a question that nobody has got is not waited for.
pub fn reply_failed(
    case: &Case,
    kind: ReplyKind,
    to: PostKey,
    why: ReplyFailure,
    terms: Terms<'_>,
    now: Timestamp,
) -> Change {
    let mut draft = Draft::of(case, terms, now);
    if why == ReplyFailure::Unreachable {
        draft.ticket.unreachable = true;
    }
    let is_unasked = kind == ReplyKind::Ask && draft.ticket.status == Status::WaitingCitizen && !is_asked(case);
    if is_unasked {
        draft.ticket.status = Status::InProgress;
    }
    let holder = draft.ticket.holder.clone();
    draft.add(Actor::Clock, EventBody::ReplyFailed { kind, to, why }, [holder]);
    draft.finish(Vec::new())
}

/// Whether the latest question has reached a citizen.
fn is_asked(case: &Case) -> bool {
    let since = case.events.iter().rev().take_while(|event| !matches!(event.body, EventBody::CitizenAsked { .. }));
    since.into_iter().any(|event| matches!(event.body, EventBody::ReplySent { kind: ReplyKind::Ask, .. }))
}
