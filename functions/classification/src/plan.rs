//! What a message changes, given what the table knows.

use jiff::{SignedDuration, Timestamp};
use kemala_classifier::{Classified, Pack, Post};
use kemala_domain::clocks::Terms;
use kemala_domain::lifecycle::{self, Case, Change};
use kemala_domain::report::{Addressed, VoiceRole};
use kemala_domain::{Kind, PostKey, Report, Status, TicketId, Voice};
use kemala_messages::quarantine::Reason;
use kemala_messages::report::{Content, Deletion, Message};
use kemala_store::posts::KnownPost;
use kemala_store::{ReadError, Store};

/// How long a reply waits for the post it answers: posts are handed out of order, but not by much.
const PATIENCE: SignedDuration = SignedDuration::from_mins(2);

/// How a change is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// With all that may be contended: the place's memory, and what is counted of the author.
    Usual,
    /// Without: others were first again and again, and the report must not wait for its ticket.
    Last,
}

/// What to do with a message.
pub enum Plan {
    /// It is known already, or never mattered.
    Nothing,
    /// Make this change.
    Write(Box<Change>),
    /// Remember that a post was deleted before its report came.
    RememberDeletion {
        /// The post.
        post: PostKey,
        /// The ticket of a post that repeats it.
        ticket: Option<TicketId>,
    },
    /// Put it away for people to look at.
    Quarantine(Reason),
    /// Look again later.
    Wait,
}

/// Plans changes. It reads and decides; it writes nothing.
pub struct Planner<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) store: &'a Store,
    pub(crate) terms: Terms<'a>,
}

impl<'a> Planner<'a> {
    /// A planner over a pack and a table.
    pub fn new(pack: &'a Pack, store: &'a Store) -> Self {
        Self { pack, store, terms: pack.jurisdiction.terms() }
    }

    /// What a message changes as things stand.
    pub async fn plan(&self, message: &Message, attempt: Attempt, now: Timestamp) -> Result<Plan, ReadError> {
        match &message.content {
            Content::Report(report) => self.report(report, message.received_at, attempt, now).await,
            Content::Deletion(deletion) => self.deletion(deletion, now).await,
        }
    }

    async fn report(
        &self,
        report: &Report,
        received_at: Timestamp,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        match self.store.post(&report.first_post).await? {
            Some(known) if known.deleted => Ok(Plan::Nothing),
            Some(known) if known.heard && known.edit >= report.edit => Ok(Plan::Nothing),
            Some(known) => self.known(report, &known, received_at, now).await,
            None => self.unknown(report, received_at, attempt, now).await,
        }
    }

    /// A later version of a post, or the post behind a repost that came first.
    async fn known(
        &self,
        report: &Report,
        known: &KnownPost,
        received_at: Timestamp,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        let Some(case) = self.case_of(known).await? else { return Ok(Plan::Nothing) };
        let classified = self.classify(report, now);
        let signature = self.signature(report, &classified);
        let Classified { decision, masked_text, .. } = classified;
        let voice = |role| Voice { role, report: report.clone(), masked_text, received_at };
        if !known.heard {
            // The post behind the repost that opened the ticket; of a ticket that was joined, one more report.
            let is_origin = known.ticket.as_ref() == Some(&case.ticket.id);
            let role = if is_origin { VoiceRole::Opening } else { VoiceRole::SameIncident };
            return Ok(Plan::Write(Box::new(lifecycle::add_voice(&case, voice(role), self.terms, now))));
        }
        let before = self.store.voice(&case.ticket.id, &report.first_post).await?;
        let role = before.map_or(VoiceRole::Opening, |voice| voice.role);
        // Who was over the limit does not get around it by an edit.
        let decision = if case.ticket.quiet { self.over_limit(decision) } else { decision };
        let mut change = lifecycle::edit(&case, voice(role), decision, self.terms, now);
        if report.first_post == case.ticket.origin && case.ticket.status.is_open() && !case.ticket.quiet {
            self.remember_anew(&case, signature, &mut change, now).await?;
        }
        Ok(Plan::Write(Box::new(change)))
    }

    /// A post that is seen for the first time: part of a thread that is ours, or a report of its own.
    async fn unknown(
        &self,
        report: &Report,
        received_at: Timestamp,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Plan, ReadError> {
        if self.pack.jurisdiction.limits.is_blocked(&report.author) {
            return Ok(Plan::Quarantine(Reason::BlockedAuthor));
        }
        let classified = self.classify(report, now);
        if let Some((case, role)) = self.thread(report, &classified).await? {
            return self.in_thread(case, role, report, classified, received_at, now).await;
        }
        if let Some(plan) = self.by_number(report, &classified, received_at, now).await? {
            return Ok(plan);
        }
        if report.addressed == Addressed::Reply {
            // Nothing but the thread made it ours, and the thread is not known, perhaps not yet.
            let waited = now.duration_since(received_at);
            return Ok(if waited < PATIENCE { Plan::Wait } else { Plan::Quarantine(Reason::UnknownThread) });
        }
        if classified.decision.kind == Kind::Other && self.is_sure(&classified) {
            return Ok(Plan::Quarantine(Reason::NothingToActOn));
        }
        self.join_or_open(report, classified, received_at, attempt, now).await
    }

    /// The open ticket that a post belongs to by its relation to other posts.
    async fn thread(&self, report: &Report, classified: &Classified) -> Result<Option<(Case, VoiceRole)>, ReadError> {
        // A quote that says where it is, is a report of its own; one that nothing but the quoted post made ours, is not.
        let says_where = report.addressed != Addressed::Reply && classified.decision.place.code.is_some();
        let quoted = report.relation.quote_of.as_ref().filter(|_| !says_where);
        let links = [
            (report.relation.repost_of.as_ref(), VoiceRole::Repost),
            (report.relation.reply_to.as_ref(), VoiceRole::Reply),
            (quoted, VoiceRole::Quote),
        ];
        for (post, role) in links {
            let Some(post) = post else { continue };
            let Some(known) = self.store.post(post).await? else { continue };
            if let Some(case) = self.case_of(&known).await?.filter(|case| case.ticket.status != Status::Withdrawn) {
                return Ok(Some((case, role)));
            }
        }
        Ok(None)
    }

    async fn deletion(&self, deletion: &Deletion, now: Timestamp) -> Result<Plan, ReadError> {
        let Some(known) = self.store.post(&deletion.post).await? else {
            return Ok(Plan::RememberDeletion { post: deletion.post.clone(), ticket: None });
        };
        // Any version of an edit chain stands for the whole; the first one's row tells what is known.
        let first = if known.first_post == deletion.post {
            known
        } else {
            match self.store.post(&known.first_post).await? {
                Some(first) => first,
                None => known,
            }
        };
        if first.deleted {
            return Ok(Plan::Nothing);
        }
        if !first.heard {
            return Ok(Plan::RememberDeletion { post: first.first_post, ticket: first.ticket });
        }
        let Some(case) = self.case_of(&first).await? else { return Ok(Plan::Nothing) };
        let voice = self.store.voice(&case.ticket.id, &first.first_post).await?;
        let role = voice.map_or(VoiceRole::Opening, |voice| voice.role);
        let mut change = lifecycle::withdraw_voice(&case, first.first_post, role, self.terms, now);
        self.forget_withdrawn(&case, &mut change).await?;
        Ok(Plan::Write(Box::new(change)))
    }

    /// The case of a known post, which may have been joined into another since.
    async fn case_of(&self, known: &KnownPost) -> Result<Option<Case>, ReadError> {
        let Some(ticket) = &known.ticket else { return Ok(None) };
        match self.store.standing(ticket).await? {
            Some(ticket) => self.store.case(&ticket.id).await,
            None => Ok(None),
        }
    }

    fn classify(&self, report: &Report, now: Timestamp) -> Classified {
        let post = Post { text: &report.text, place_tag: report.place_tag.as_ref() };
        self.pack.classify(&post, self.terms.calendar.local(now).date())
    }

    fn is_sure(&self, classified: &Classified) -> bool {
        classified.decision.confidence >= self.pack.jurisdiction.nothing_to_act_on_from
    }
}
