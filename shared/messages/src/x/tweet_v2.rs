//! A post as the present API writes it (v2), in bodies of the Activity API and of the filtered stream.

use kemala_domain::PostKey;
use kemala_domain::ids::InvalidId;
use kemala_domain::report::{Author, Media, PlaceTag, Relation};
use serde::Deserialize;
use serde_json::Value;

use super::post::{self, Chain, Mention, Post, Unreadable, Words};
use super::{Object, lenient, time};

/// X is renaming "tweet" to "post": new name, old name. Serde's aliases would refuse a body that has both.
const RENAMED: [(&str, &str); 4] = [
    ("edit_history_post_ids", "edit_history_tweet_ids"),
    ("in_reply_to_post_id", "in_reply_to_tweet_id"),
    ("note_post", "note_tweet"),
    ("referenced_posts", "referenced_tweets"),
];

#[derive(Deserialize)]
pub(super) struct Tweet {
    id: String,
    text: String,
    author_id: String,
    #[serde(default, deserialize_with = "lenient::value")]
    created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient::value")]
    display_text_range: Option<(usize, usize)>,
    #[serde(default, deserialize_with = "lenient::value")]
    entities: Option<Entities>,
    /// The whole of a post that is too long for `text`.
    note_tweet: Option<Note>,
    /// Oldest first.
    #[serde(default)]
    edit_history_tweet_ids: Vec<String>,
    in_reply_to_tweet_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    referenced_tweets: Vec<Reference>,
    #[serde(default, deserialize_with = "lenient::value")]
    geo: Option<Geo>,
    #[serde(default, deserialize_with = "lenient::value")]
    attachments: Option<Attachments>,
}

#[derive(Deserialize)]
struct Note {
    text: String,
    #[serde(default, deserialize_with = "lenient::value")]
    entities: Option<Entities>,
}

#[derive(Deserialize)]
struct Entities {
    #[serde(default, deserialize_with = "lenient::list")]
    hashtags: Vec<Hashtag>,
    #[serde(default, deserialize_with = "lenient::list")]
    mentions: Vec<MentionEntity>,
}

#[derive(Deserialize)]
struct Hashtag {
    tag: String,
}

#[derive(Deserialize)]
struct MentionEntity {
    id: Option<String>,
    username: Option<String>,
    start: usize,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

#[derive(Deserialize)]
struct Geo {
    place_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::value")]
    coordinates: Option<Coordinates>,
}

/// Longitude first.
#[derive(Deserialize)]
struct Coordinates {
    coordinates: (f64, f64),
}

#[derive(Deserialize)]
struct Attachments {
    #[serde(default, deserialize_with = "lenient::list")]
    media_keys: Vec<String>,
}

/// What X sends along with a post, for its ids to be looked up in.
#[derive(Default, Deserialize)]
pub(super) struct Includes {
    #[serde(default, deserialize_with = "lenient::list")]
    users: Vec<MaybeWrapped<User>>,
    #[serde(default, deserialize_with = "lenient::list")]
    tweets: Vec<Object>,
    /// The new name of `tweets`.
    #[serde(default, deserialize_with = "lenient::list")]
    posts: Vec<Object>,
    #[serde(default, deserialize_with = "lenient::list")]
    places: Vec<Place>,
    #[serde(default, deserialize_with = "lenient::list")]
    media: Vec<IncludedMedia>,
}

/// Users stand there as they are, or as `{"data":…}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum MaybeWrapped<T> {
    Wrapped { data: T },
    Plain(T),
}

#[derive(Deserialize)]
struct User {
    id: String,
    username: String,
}

#[derive(Deserialize)]
struct Place {
    id: String,
    full_name: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize)]
struct IncludedMedia {
    media_key: String,
    #[serde(rename = "type")]
    kind: String,
    url: Option<String>,
    preview_image_url: Option<String>,
}

impl Tweet {
    /// Reads a post under old and new names.
    ///
    /// # Errors
    /// It lacks id, text or author, or has them in another shape.
    pub(super) fn read(mut object: Object) -> Result<Self, Unreadable> {
        for (new, old) in RENAMED {
            if let Some(value) = object.remove(new) {
                object.entry(old).or_insert(value);
            }
        }
        serde_json::from_value(Value::Object(object)).map_err(|_| Unreadable)
    }

    /// The post in our terms.
    ///
    /// # Errors
    /// One of its ids is none.
    pub(super) fn into_post(self, includes: &Includes) -> Result<Post, Unreadable> {
        let key = PostKey::x(&self.id)?;
        let ids = self.edit_history_tweet_ids.iter().map(|id| PostKey::x(id)).collect::<Result<Vec<_>, _>>()?;
        let repost_of = self.referenced("retweeted")?;
        let quote_of = self.referenced("quoted")?;
        let original = repost_of.as_ref().and_then(|key| includes.tweet(key));
        let quoted = quote_of.as_ref().and_then(|key| includes.tweet(key));
        Ok(Post {
            created_at: time::created_at(self.created_at.as_deref(), &key),
            chain: Chain::of(&key, &ids),
            relation: Relation { reply_to: self.reply_to()?, repost_of, quote_of },
            quoted_author: quoted.map(|quoted| quoted.author_id),
            author: self.author(includes),
            original: original.map(|original| (original.author(includes), original.words(includes))),
            words: self.words(includes),
            key,
        })
    }

    fn referenced(&self, kind: &str) -> Result<Option<PostKey>, InvalidId> {
        self.referenced_tweets.iter().find(|other| other.kind == kind).map(|other| PostKey::x(&other.id)).transpose()
    }

    fn reply_to(&self) -> Result<Option<PostKey>, InvalidId> {
        match &self.in_reply_to_tweet_id {
            Some(id) => PostKey::x(id).map(Some),
            None => self.referenced("replied_to"),
        }
    }

    fn author(&self, includes: &Includes) -> Author {
        Author { id: self.author_id.clone(), handle: includes.handle(&self.author_id) }
    }

    fn words(&self, includes: &Includes) -> Words {
        let (text, entities) = match &self.note_tweet {
            Some(note) => (&note.text, note.entities.as_ref()),
            None => (&self.text, self.entities.as_ref()),
        };
        let media_keys = self.attachments.iter().flat_map(|attachments| &attachments.media_keys);
        Words {
            text: text.clone(),
            display_start: self.display_text_range.map(|(start, _)| start),
            is_reply: self.in_reply_to_tweet_id.is_some()
                || self.referenced_tweets.iter().any(|other| other.kind == "replied_to"),
            hashtags: entities.into_iter().flat_map(|e| &e.hashtags).map(|tag| tag.tag.clone()).collect(),
            mentions: entities.into_iter().flat_map(|e| &e.mentions).map(MentionEntity::to_mention).collect(),
            place_tag: self.place_tag(includes),
            media: media_keys.filter_map(|key| includes.media(key)).collect(),
        }
    }

    fn place_tag(&self, includes: &Includes) -> Option<PlaceTag> {
        let geo = self.geo.as_ref()?;
        let name = geo.place_id.as_ref().and_then(|id| includes.place_name(id));
        post::place_tag(name, geo.coordinates.as_ref().map(|c| c.coordinates))
    }
}

impl MentionEntity {
    fn to_mention(&self) -> Mention {
        Mention { id: self.id.clone(), handle: self.username.clone(), start: self.start }
    }
}

impl Includes {
    fn tweet(&self, key: &PostKey) -> Option<Tweet> {
        let has_key = |object: &&Object| object.get("id").and_then(Value::as_str) == Some(key.id());
        self.tweets.iter().chain(&self.posts).find(has_key).and_then(|object| Tweet::read(object.clone()).ok())
    }

    fn handle(&self, user: &str) -> Option<String> {
        let users = self.users.iter().map(|user| match user {
            MaybeWrapped::Wrapped { data } | MaybeWrapped::Plain(data) => data,
        });
        users.into_iter().find(|known| known.id == user).map(|known| known.username.clone())
    }

    fn place_name(&self, id: &str) -> Option<String> {
        let place = self.places.iter().find(|place| place.id == id)?;
        place.full_name.clone().or_else(|| place.name.clone())
    }

    fn media(&self, key: &str) -> Option<Media> {
        let media = self.media.iter().find(|media| media.media_key == key)?;
        // A video has no address of its own, but a picture.
        let url = media.url.as_ref().or(media.preview_image_url.as_ref())?;
        post::media(&media.kind, url)
    }
}
