//! When something happened on X.

use jiff::Timestamp;
use kemala_domain::PostKey;
use kemala_domain::polling::SnowflakeId;
use serde_json::Value;

/// When a post was made: as X writes it in either API, or by its id, which holds the millisecond in its upper bits.
pub(super) fn created_at(written: Option<&str>, post: &PostKey) -> Timestamp {
    written.and_then(read).unwrap_or_else(|| of_id(post))
}

fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| Timestamp::strptime("%a %b %d %H:%M:%S %z %Y", text).ok())
}

fn of_id(post: &PostKey) -> Timestamp {
    SnowflakeId::try_from(post.id().to_owned()).map(SnowflakeId::time).unwrap_or_default()
}

/// A number of milliseconds since 1970; X sends it as a number in some events and as a text in others.
pub(super) fn of_milliseconds(value: &Value) -> Option<Timestamp> {
    let ms = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    Timestamp::from_millisecond(ms).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_ways_of_writing_and_the_id_agree() {
        let post = PostKey::x("2123574816920305665").unwrap();
        for (written, expected) in [
            (Some("Fri Nov 20 00:31:05 +0000 2026"), "2026-11-20T00:31:05Z"),
            (Some("2026-11-20T00:31:05.000Z"), "2026-11-20T00:31:05Z"),
            (Some("2026-11-20T07:31:05+07:00"), "2026-11-20T00:31:05Z"),
            (Some("yesterday"), "2026-11-20T00:31:05.123Z"),
            (Some(""), "2026-11-20T00:31:05.123Z"),
            (None, "2026-11-20T00:31:05.123Z"),
        ] {
            assert_eq!(created_at(written, &post).to_string(), expected, "{written:?}");
        }
    }

    #[test]
    fn the_smallest_and_the_largest_id_have_a_time() {
        for (id, year) in [("0", "2010"), ("9999999999999999999", "2086")] {
            assert!(created_at(None, &PostKey::x(id).unwrap()).to_string().starts_with(year), "{id}");
        }
    }

    #[test]
    fn milliseconds_come_as_text_or_number() {
        let expected = "2026-11-21T03:15:30.557Z".parse().ok();
        assert_eq!(of_milliseconds(&json!("1795230930557")), expected);
        assert_eq!(of_milliseconds(&json!(1_795_230_930_557_i64)), expected);
        for strange in [json!(null), json!(""), json!("soon"), json!(1.5), json!(i64::MAX), json!([])] {
            assert_eq!(of_milliseconds(&strange), None, "{strange}");
        }
    }
}
