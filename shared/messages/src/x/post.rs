//! A post, the same from both of X's APIs, and what it means for us.

use jiff::Timestamp;
use kemala_domain::ids::InvalidId;
use kemala_domain::report::{Addressed, Author, Media, PlaceTag, Point, Relation};
use kemala_domain::{PostKey, Report};

use super::listening::Ears;
use super::text::{hashtags, mentions, unescape, without_addressees};
use super::{DropReason, Incoming};

/// Why a post cannot be read. What was wrong is not said: it may be a citizen's text.
#[derive(Debug)]
pub(super) struct Unreadable;

impl From<InvalidId> for Unreadable {
    fn from(_: InvalidId) -> Self {
        Self
    }
}

/// A post as X sent it.
pub(super) struct Post {
    pub(super) key: PostKey,
    pub(super) chain: Chain,
    pub(super) created_at: Timestamp,
    pub(super) relation: Relation,
    /// X's id of the author of the quoted post, where X sent it along.
    pub(super) quoted_author: Option<String>,
    pub(super) author: Author,
    pub(super) words: Words,
    /// Of a repost: whose words it repeats, and these words. The repost's own text is cut.
    pub(super) original: Option<(Author, Words)>,
}

/// Where a post stands in its edit chain.
pub(super) struct Chain {
    pub(super) first: PostKey,
    pub(super) edit: u32,
}

impl Chain {
    /// From all ids of the chain, oldest first. A chain that does not name the post is taken as what came before it.
    pub(super) fn of(key: &PostKey, ids: &[PostKey]) -> Self {
        let edit = ids.iter().position(|id| id == key).unwrap_or(ids.len());
        Self { first: ids.first().unwrap_or(key).clone(), edit: u32::try_from(edit).unwrap_or(u32::MAX) }
    }
}

/// What somebody wrote.
pub(super) struct Words {
    /// The text as sent, HTML entities and all.
    pub(super) text: String,
    /// Where the text begins that X shows, in code points.
    pub(super) display_start: Option<usize>,
    /// Whether it answers a post, so that names in front of it were put there by X.
    pub(super) is_reply: bool,
    pub(super) hashtags: Vec<String>,
    pub(super) mentions: Vec<Mention>,
    pub(super) place_tag: Option<PlaceTag>,
    pub(super) media: Vec<Media>,
}

/// An account that X found named in a text.
pub(super) struct Mention {
    pub(super) id: Option<String>,
    pub(super) handle: Option<String>,
    /// Where in the text, in code points.
    pub(super) start: usize,
}

impl Post {
    /// What the post means for us. `by_kind` is what the kind of the event alone says about whom it addresses.
    pub(super) fn into_incoming(self, ears: Ears<'_>, by_kind: Option<Addressed>) -> Incoming {
        let own_words =
            ears.is_ours(&self.author.id) || self.original.as_ref().is_some_and(|(author, _)| ears.is_ours(&author.id));
        if own_words {
            return Incoming::Dropped(DropReason::OwnPost);
        }
        let Some(addressed) = self.addressed(ears, by_kind) else {
            return Incoming::Dropped(DropReason::NotAddressed);
        };
        let words = self.original.map_or(self.words, |(_, words)| words);
        Incoming::Report(Report {
            post: self.key,
            first_post: self.chain.first,
            edit: self.chain.edit,
            author: self.author,
            text: unescape(&words.text),
            created_at: self.created_at,
            relation: self.relation,
            addressed,
            place_tag: words.place_tag,
            media: words.media,
        })
    }

    fn addressed(&self, ears: Ears<'_>, by_kind: Option<Addressed>) -> Option<Addressed> {
        let words = self.original.as_ref().map_or(&self.words, |(_, words)| words);
        // A quote of our own post answers it.
        let quotes_us = self.quoted_author.as_ref().is_some_and(|author| ears.is_ours(author));
        let answers = self.original.is_none() && (words.is_reply || quotes_us);
        // Who names us may be answered, with or without the hashtag.
        if words.name_us(ears) {
            Some(Addressed::Mention)
        } else if words.carry_our_hashtag(ears) {
            Some(Addressed::Hashtag)
        } else {
            by_kind.or(answers.then_some(Addressed::Reply))
        }
    }
}

impl Words {
    // Both look at X's list and at the text: the list is left out of some bodies, and it alone knows a renamed account.

    fn carry_our_hashtag(&self, ears: Ears<'_>) -> bool {
        self.hashtags.iter().map(String::as_str).chain(hashtags(&self.text)).any(|tag| ears.is_our_hashtag(tag))
    }

    fn name_us(&self, ears: Ears<'_>) -> bool {
        let (start, typed) =
            if self.is_reply { without_addressees(&self.text, self.display_start) } else { (0, self.text.as_str()) };
        self.mentions.iter().filter(|mention| mention.start >= start).any(|mention| {
            mention.id.as_ref().is_some_and(|id| ears.is_ours(id))
                || mention.handle.as_ref().is_some_and(|handle| ears.is_our_handle(handle))
        }) || mentions(typed).any(|handle| ears.is_our_handle(handle))
    }
}

/// The place tagged on a post, from its name and its point (longitude, latitude), where there are any.
pub(super) fn place_tag(name: Option<String>, point: Option<(f64, f64)>) -> Option<PlaceTag> {
    let on_earth = |&(longitude, latitude): &(f64, f64)| longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
    let point = point.filter(on_earth).map(|(longitude, latitude)| Point { longitude, latitude });
    (name.is_some() || point.is_some()).then_some(PlaceTag { name, point })
}

/// A photo or video; only a link that may be shown on a page as it is.
pub(super) fn media(kind: &str, url: &str) -> Option<Media> {
    url.starts_with("https://").then(|| Media { kind: kind.to_owned(), url: url.to_owned() })
}
