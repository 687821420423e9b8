//! Whether a citizen's text may still be shown: only if everybody could see its post, and while that is known to be there. Who deletes a post, or shows it to
//! nobody any more, is not to find it with us.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::PostKey;
use crate::report::Voice;

/// A post is known to be there for so long after it came; within a day the platform asks for what is gone to go.
const AFTER_IT_CAME: SignedDuration = SignedDuration::from_hours(24);
/// And for so long after the platform showed it to us: the look-up runs every night, and may be late or fail once.
const AFTER_IT_WAS_SEEN: SignedDuration = SignedDuration::from_hours(36);

/// Posts of a ticket that the platform showed when it was asked for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenLive {
    /// When it was asked.
    pub at: Timestamp,
    /// The posts.
    pub posts: BTreeSet<PostKey>,
}

/// Whether the text of a voice may be shown at `now`, by what was last seen of its ticket's posts.
pub fn may_be_shown(voice: &Voice, seen: Option<&SeenLive>, now: Timestamp) -> bool {
    let is_within = |from: Timestamp, time: SignedDuration| now.duration_since(from) <= time;
    let is_seen =
        seen.is_some_and(|seen| is_within(seen.at, AFTER_IT_WAS_SEEN) && seen.posts.contains(&voice.report.post));
    voice.report.post.platform.is_public() && (is_seen || is_within(voice.received_at, AFTER_IT_CAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::VoiceRole;
    use crate::samples::{monday, post, voice};

    #[test]
    fn a_text_is_shown_only_while_its_post_is_known_to_be_there() {
        let voice = voice(VoiceRole::Opening, "100");
        let hours = |hours: i64| monday() + SignedDuration::from_hours(hours);
        let seen = |at, id: &str| SeenLive { at: hours(at), posts: [post(id)].into() };
        for (seen, now, expected) in [
            (None, 0, true),
            (None, 24, true),
            (None, 25, false),
            (Some(seen(17, "100")), 53, true),
            (Some(seen(17, "100")), 54, false),
            // Another post of the ticket was seen: this one was not.
            (Some(seen(41, "101")), 42, false),
        ] {
            assert_eq!(may_be_shown(&voice, seen.as_ref(), hours(now)), expected, "{now} {seen:?}");
        }
    }

    #[test]
    fn what_was_told_to_an_app_was_told_to_nobody_else() {
        let mut voice = voice(VoiceRole::Opening, "100");
        voice.report.post = PostKey::open311(&"0".repeat(32)).unwrap();
        assert!(!may_be_shown(&voice, None, monday()));
    }
}
