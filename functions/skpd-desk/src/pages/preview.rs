//! What X would show of an answer, before it is posted.

use kemala_classifier::LONGEST_POST;
use kemala_domain::lifecycle::Case;
use kemala_domain::weighted::weighted_length;
use kemala_domain::{EventBody, ReplyKind};
use kemala_messages::agency_api::Update;
use maud::{Markup, html};

use crate::desk::Desk;

/// The post that an update would make; `None` where it makes none.
pub fn post(desk: &Desk<'_>, case: &Case, update: &Update) -> Option<String> {
    let (kind, event) = match update.clone() {
        Update::AskCitizen { reply_text } => (ReplyKind::Ask, EventBody::CitizenAsked { text: reply_text }),
        Update::Respond { reply_text } => (ReplyKind::Answer, EventBody::Responded { text: reply_text }),
        Update::Resolve { reply_text, photo } => (ReplyKind::Resolved, EventBody::Resolved { text: reply_text, photo }),
        Update::Reject { reason } => (ReplyKind::Rejected, EventBody::Rejected { reason }),
        _ => return None,
    };
    let posted =
        |event: &&kemala_domain::Event| matches!(&event.body, EventBody::ReplySent { kind: sent, .. } if *sent == kind);
    let earlier = case.events.iter().filter(posted).count();
    let pack = desk.work.pack;
    Some(pack.jurisdiction.replies.text(kind, &case.ticket, &event, earlier, &pack.jurisdiction.agencies))
}

/// The post as a picture of itself, with its length as X counts it.
pub fn shown(desk: &Desk<'_>, post: &str) -> Markup {
    let length = weighted_length(post);
    html! {
        section #pratinjau aria-label=(desk.say("Pratinjau", "Preview")) {
            h2 { (desk.say("Pratinjau balasan di X", "Preview of the post on X")) }
            p.post { (post) }
            p.count.small.number { (length) "/" (LONGEST_POST) }
            p.small.soft { (desk.say("Belum dikirim.", "Not posted yet.")) }
        }
    }
}
