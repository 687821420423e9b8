//! More posts about a ticket: others speak of it, and posts are edited and deleted.

use jiff::Timestamp;

use super::draft::Draft;
use super::table::Word;
use super::{Case, Change, VoiceChange};
use crate::clocks::Terms;
use crate::decision::Decision;
use crate::event::{Actor, EventBody};
use crate::ids::PostKey;
use crate::report::{Voice, VoiceRole};
use crate::ticket::Status;

/// Adds a post that speaks of the same incident.
///
/// A repost only counts, a copy not even that; all else says something, so the holder hears of it. A reply is an answer
/// where the agency has asked. The post that is repeated by the one that opened the ticket may come later than its
/// repeat: from then on it is the ticket's origin.
pub fn add_voice(case: &Case, voice: Voice, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.count(voice.role);
    let post = voice.report.first_post.clone();
    let holder = draft.ticket.holder.clone();
    match voice.role {
        VoiceRole::Opening => {
            draft.ticket.origin = post.clone();
            draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, []);
        }
        VoiceRole::Repost | VoiceRole::Copy => draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, []),
        VoiceRole::Quote => draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, [holder]),
        VoiceRole::SameIncident => {
            draft.add(Actor::Citizen, EventBody::VoiceAdded { post }, [holder]);
            draft.tell_citizens();
        }
        VoiceRole::Reply => {
            draft.ticket.status = Word::Reply.leads_to(draft.ticket.status).unwrap_or(draft.ticket.status);
            draft.add(Actor::Citizen, EventBody::CitizenReplied { post }, [holder]);
        }
    }
    draft.finish(vec![VoiceChange::Add(Box::new(voice))])
}

/// Adds a report of the same incident, as [`add_voice`] does. Where it tells of more urgency than the ticket has, that
/// counts from now on; where the ticket lies on the triage desk and the report leaves no doubt, it goes to whom the
/// report is for.
pub fn join_report(case: &Case, voice: Voice, decision: &Decision, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.count(voice.role);
    let added = EventBody::VoiceAdded { post: voice.report.first_post.clone() };
    draft.hear(Actor::Citizen, added, decision, voice.role);
    draft.finish(vec![VoiceChange::Add(Box::new(voice))])
}

/// Takes in a later version of a known post. Where it is the post that opened the ticket, `decision` counts from
/// now on, and the ticket moves as long as nobody has accepted it and no people have moved it.
pub fn edit(case: &Case, voice: Voice, decision: Decision, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, terms, now);
    let post = voice.report.first_post.clone();
    let is_origin = post == draft.ticket.origin;
    if is_origin {
        draft.decide(decision);
    }
    let decision = Box::new(draft.ticket.decision.clone());
    let edited = EventBody::Edited { post, edit: voice.report.edit, decision };
    match draft.moves_to().filter(|_| is_origin) {
        Some(to) => {
            // Who loses the ticket hears only that; who gets it hears all.
            draft.add(Actor::Citizen, edited, []);
            draft.hand_over(Actor::Citizen, to);
        }
        None => {
            let holder = draft.ticket.holder.clone();
            draft.add(Actor::Citizen, edited, [holder]);
        }
    }
    draft.finish(vec![VoiceChange::Edit(Box::new(voice))])
}

/// Takes a deleted post's voice away, which had that role; without any voice the ticket is withdrawn. The text of a
/// voice whose copies are still there is still being said.
pub fn withdraw_voice(case: &Case, post: PostKey, role: VoiceRole, terms: Terms<'_>, now: Timestamp) -> Change {
    let mut draft = Draft::of(case, terms, now);
    draft.take_away(&post, role);
    draft.finish(vec![VoiceChange::Erase(post)])
}

impl Draft<'_> {
    /// One voice less; without any voice the ticket is withdrawn.
    pub(super) fn take_away(&mut self, post: &PostKey, role: VoiceRole) {
        let holder = self.ticket.holder.clone();
        let is_still_said = self.ticket.copies > 0 && (!role.counts() || self.ticket.voices == 1);
        if is_still_said {
            self.ticket.copies -= 1;
        } else {
            self.ticket.voices = self.ticket.voices.saturating_sub(1);
        }
        let withdrawn = EventBody::VoiceWithdrawn { post: post.clone() };
        if self.ticket.voices == 0 && self.ticket.status.is_open() {
            self.add(Actor::Citizen, withdrawn, []);
            self.ticket.status = Status::Withdrawn;
            self.ticket.incident = None;
            self.add(Actor::Citizen, EventBody::Withdrawn, [holder]);
        } else {
            self.add(Actor::Citizen, withdrawn, [holder]);
        }
    }
}
