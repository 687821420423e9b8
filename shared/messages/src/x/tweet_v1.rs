//! A post as the older API writes it (v1.1), in Account Activity bodies.

use kemala_domain::PostKey;
use kemala_domain::ids::InvalidId;
use kemala_domain::report::{Author, Media, PlaceTag, Relation};
use serde::Deserialize;
use serde_json::Value;

use super::post::{self, Chain, Mention, Post, Unreadable, Words};
use super::{lenient, time};

/// Ids are taken as text only: the numbers beside them have been rounded on their way.
#[derive(Deserialize)]
pub(super) struct Tweet {
    id_str: String,
    user: User,
    #[serde(default, deserialize_with = "lenient::value")]
    created_at: Option<String>,
    /// The text and its parts; of a long post only the beginning.
    #[serde(flatten)]
    short: Body,
    /// The whole of a long post.
    extended_tweet: Option<Body>,
    #[serde(default, deserialize_with = "lenient::value")]
    edit_history: Option<EditHistory>,
    #[serde(default, deserialize_with = "lenient::value")]
    edit_controls: Option<EditControls>,
    in_reply_to_status_id_str: Option<String>,
    quoted_status_id_str: Option<String>,
    #[serde(default, deserialize_with = "lenient::value")]
    quoted_status: Option<QuotedTweet>,
    retweeted_status: Option<Box<Tweet>>,
    #[serde(default, deserialize_with = "lenient::value")]
    place: Option<Place>,
    /// Longitude first.
    #[serde(default, deserialize_with = "lenient::value")]
    coordinates: Option<Coordinates>,
    /// The same the other way round, latitude first; deprecated, and in old bodies the only one.
    #[serde(default, deserialize_with = "lenient::value")]
    geo: Option<Coordinates>,
}

#[derive(Deserialize)]
struct User {
    id_str: String,
    #[serde(default, deserialize_with = "lenient::value")]
    screen_name: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    full_text: Option<String>,
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient::value")]
    display_text_range: Option<(usize, usize)>,
    #[serde(default, deserialize_with = "lenient::value")]
    entities: Option<Entities>,
    /// All media; `entities` has only the first.
    #[serde(default, deserialize_with = "lenient::value")]
    extended_entities: Option<Entities>,
}

#[derive(Deserialize)]
struct Entities {
    #[serde(default, deserialize_with = "lenient::list")]
    hashtags: Vec<Hashtag>,
    #[serde(default, deserialize_with = "lenient::list")]
    user_mentions: Vec<UserMention>,
    #[serde(default, deserialize_with = "lenient::list")]
    media: Vec<MediaEntity>,
}

#[derive(Deserialize)]
struct Hashtag {
    text: String,
}

#[derive(Deserialize)]
struct UserMention {
    id_str: Option<String>,
    screen_name: Option<String>,
    indices: (usize, usize),
}

#[derive(Deserialize)]
struct MediaEntity {
    #[serde(rename = "type")]
    kind: String,
    media_url_https: String,
}

#[derive(Deserialize)]
struct EditHistory {
    initial_tweet_id: String,
    #[serde(default, deserialize_with = "lenient::list")]
    edit_tweet_ids: Vec<String>,
}

#[derive(Deserialize)]
struct EditControls {
    #[serde(default, deserialize_with = "lenient::value")]
    edits_remaining: Option<Count>,
}

/// A number that is sent as a text, too.
#[derive(Deserialize)]
#[serde(untagged)]
enum Count {
    Number(u32),
    Text(String),
}

#[derive(Deserialize)]
struct QuotedTweet {
    user: User,
}

#[derive(Deserialize)]
struct Place {
    full_name: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Coordinates {
    coordinates: (f64, f64),
}

/// Edits that X allows of one post (X, "Edit posts").
const EDITS_ALLOWED: u32 = 5;

impl Tweet {
    /// Reads a post.
    ///
    /// # Errors
    /// It lacks id or author, or has them in another shape.
    pub(super) fn read(event: &Value) -> Result<Self, Unreadable> {
        Self::deserialize(event).map_err(|_| Unreadable)
    }

    /// The post in our terms.
    ///
    /// # Errors
    /// It has no text, or one of its ids is none.
    pub(super) fn into_post(self) -> Result<Post, Unreadable> {
        let key = PostKey::x(&self.id_str)?;
        let created_at = time::created_at(self.created_at.as_deref(), &key);
        let chain = self.chain(&key)?;
        let repost_of = self.retweeted_status.as_ref().map(|original| PostKey::x(&original.id_str)).transpose()?;
        let relation = Relation {
            reply_to: self.in_reply_to_status_id_str.as_deref().map(PostKey::x).transpose()?,
            // A repost of a quote carries the quote's own relation.
            quote_of: match repost_of {
                Some(_) => None,
                None => self.quoted_status_id_str.as_deref().map(PostKey::x).transpose()?,
            },
            repost_of,
        };
        let original = match &self.retweeted_status {
            Some(original) => Some((original.author(), original.words()?)),
            None => None,
        };
        Ok(Post {
            created_at,
            chain,
            relation,
            quoted_author: self.quoted_status.as_ref().map(|quoted| quoted.user.id_str.clone()),
            author: self.author(),
            original,
            words: self.words()?,
            key,
        })
    }

    fn author(&self) -> Author {
        Author { id: self.user.id_str.clone(), handle: self.user.screen_name.clone() }
    }

    fn chain(&self, key: &PostKey) -> Result<Chain, InvalidId> {
        let Some(history) = &self.edit_history else { return Ok(Chain::of(key, &[])) };
        let ids = history.edit_tweet_ids.iter().map(|id| PostKey::x(id)).collect::<Result<Vec<_>, _>>()?;
        let first = PostKey::x(&history.initial_tweet_id)?;
        // Where X does not list the chain, it says how many edits are left.
        let edit = match (&first == key, ids.is_empty(), self.edits_remaining()) {
            (true, ..) => 0,
            (false, true, Some(left)) => EDITS_ALLOWED.saturating_sub(left).max(1),
            (false, true, None) => 1,
            (false, false, _) => Chain::of(key, &ids).edit,
        };
        Ok(Chain { first, edit })
    }

    fn edits_remaining(&self) -> Option<u32> {
        match self.edit_controls.as_ref()?.edits_remaining.as_ref()? {
            Count::Number(count) => Some(*count),
            Count::Text(text) => text.parse().ok(),
        }
    }

    fn words(&self) -> Result<Words, Unreadable> {
        let body = self.extended_tweet.as_ref().unwrap_or(&self.short);
        let text = body.full_text.as_ref().or(body.text.as_ref()).ok_or(Unreadable)?;
        let entities = body.entities.as_ref();
        let media = [&body.extended_entities, &self.short.extended_entities, &body.entities].into_iter().flatten();
        Ok(Words {
            text: text.clone(),
            display_start: body.display_text_range.map(|(start, _)| start),
            is_reply: self.in_reply_to_status_id_str.is_some(),
            hashtags: entities.into_iter().flat_map(|e| &e.hashtags).map(|tag| tag.text.clone()).collect(),
            mentions: entities.into_iter().flat_map(|e| &e.user_mentions).map(UserMention::to_mention).collect(),
            place_tag: self.place_tag(),
            media: media.map(Entities::media).find(|media| !media.is_empty()).unwrap_or_default(),
        })
    }

    fn place_tag(&self) -> Option<PlaceTag> {
        let name = self.place.as_ref().and_then(|place| place.full_name.clone().or_else(|| place.name.clone()));
        let right_way = self.coordinates.as_ref().map(|c| c.coordinates);
        let swapped = self.geo.as_ref().map(|c| (c.coordinates.1, c.coordinates.0));
        post::place_tag(name, right_way.or(swapped))
    }
}

impl UserMention {
    fn to_mention(&self) -> Mention {
        Mention { id: self.id_str.clone(), handle: self.screen_name.clone(), start: self.indices.0 }
    }
}

impl Entities {
    fn media(&self) -> Vec<Media> {
        self.media.iter().filter_map(|media| post::media(&media.kind, &media.media_url_https)).collect()
    }
}
