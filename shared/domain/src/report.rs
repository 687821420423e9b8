//! One post by a citizen, normalised from whatever the platform sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{Platform, PostKey};

/// One post, as intake understood it. Personal data: lives on the `reports` queue and in `REPORT` rows only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The post as it is now; a new id for each edit.
    pub post: PostKey,
    /// The first post of the edit chain: the report's identity.
    pub first_post: PostKey,
    /// How many edits came before this version; the highest wins.
    pub edit: u32,
    /// Who wrote it.
    pub author: Author,
    /// What was written: plain text, HTML entities resolved.
    pub text: String,
    /// When the platform says that it was posted (of a missing time: when its id was made).
    pub created_at: Timestamp,
    /// How it stands to other posts.
    #[serde(default, skip_serializing_if = "Relation::is_none")]
    pub relation: Relation,
    /// Why this is for us.
    pub addressed: Addressed,
    /// The place the author tagged; where they were or chose, not always where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place_tag: Option<PlaceTag>,
    /// Photos and videos, as links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Media>,
}

impl Report {
    /// Address of the post for people; `None` of what came from an app.
    pub fn permalink(&self) -> Option<String> {
        match self.post.platform {
            // X resolves the id whatever the handle says, so a changed handle does no harm.
            Platform::X => {
                let handle = self.author.handle.as_deref().unwrap_or("i");
                Some(format!("https://x.com/{handle}/status/{}", self.post.id()))
            }
            Platform::Open311 => None,
        }
    }
}

/// Who wrote a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The platform's id of the account; it stays when the handle changes.
    pub id: String,
    /// The account's name after the `@`, where the platform sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
}

/// How a post stands to other posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The post it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<PostKey>,
    /// The post it repeats unchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repost_of: Option<PostKey>,
    /// The post it quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote_of: Option<PostKey>,
}

impl Relation {
    /// Whether the post stands alone.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a post is for us; intake lets nothing else through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressed {
    /// It carries one of the pack's hashtags.
    Hashtag,
    /// It names an account that is listened to, or came to us directly.
    Mention,
    /// It answers a post of ours, or of somebody; whether the thread is ours is known only from the table.
    Reply,
}

/// The place tagged on a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceTag {
    /// Name as the platform shows it, such as "Blora, Indonesia".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// An exact point, where the author shared one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
}

/// A point on the earth, degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// East is positive.
    pub longitude: f64,
    /// North is positive.
    pub latitude: f64,
}

/// A photo or video, as a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Media {
    /// `photo`, `video` or `animated_gif`.
    pub kind: String,
    /// Where it is shown (https).
    pub url: String,
}

/// A report as one voice of a ticket. Personal data: lives in a `REPORT` row, which expires.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// How this voice came to the ticket.
    pub role: VoiceRole,
    /// The report, original text included.
    pub report: Report,
    /// The text with personal data masked: what leaves the system.
    pub masked_text: String,
    /// When it reached us.
    pub received_at: Timestamp,
}

/// How a voice came to its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoiceRole {
    /// It opened the ticket.
    Opening,
    /// It repeats a post of the ticket.
    Repost,
    /// It quotes a post of the ticket.
    Quote,
    /// It answers in the ticket's thread.
    Reply,
    /// It tells of the same incident in words of its own.
    SameIncident,
    /// It has the text of a voice that was there: a bulk of copies counts once.
    Copy,
}

impl VoiceRole {
    /// Whether a post of this role counts among the voices.
    pub fn counts(self) -> bool {
        self != Self::Copy
    }
}
