//! Small bodies, each for one rule. Whole bodies as X sends them are in `tests/contract`.

use kemala_domain::report::{Addressed, Point};
use serde_json::json;

use super::*;

const US: &str = "1500000000000000001";
const CITIZEN: &str = "1600000000000000001";

fn listening() -> Listening {
    Listening::new(["#KemalaJateng"], [Account { id: US.to_owned(), handle: "@contoh_kab".to_owned() }])
}

fn read_text(body: &str) -> Result<Reading, NotRead> {
    read(body.as_bytes(), &listening())
}

fn incoming(body: Value) -> Vec<Incoming> {
    read_text(&body.to_string()).unwrap().incoming
}

/// A post of a citizen in the older API, changed by `with`.
fn tweet_v1(with: Value) -> Value {
    let mut tweet = json!({"id_str": "2123574816920305665", "user": {"id_str": CITIZEN, "screen_name": "warga"}, "text": "jalan rusak"});
    merge(&mut tweet, with);
    tweet
}

/// The same in the present API.
fn tweet_v2(with: Value) -> Value {
    let mut tweet = json!({"id": "2123574816920305665", "author_id": CITIZEN, "text": "jalan rusak"});
    merge(&mut tweet, with);
    tweet
}

fn merge(into: &mut Value, with: Value) {
    into.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
}

fn of_v1(with: Value) -> Incoming {
    incoming(json!({"tweet_create_events": [tweet_v1(with)]})).remove(0)
}

fn of_v2(with: Value) -> Incoming {
    of_v2_with(with, json!({}))
}

fn of_v2_with(with: Value, includes: Value) -> Incoming {
    incoming(json!({"data": tweet_v2(with), "includes": includes, "matching_rules": []})).remove(0)
}

fn report(incoming: Incoming) -> Report {
    match incoming {
        Incoming::Report(report) => report,
        other => panic!("not a report: {other:?}"),
    }
}

fn addressed(incoming: Incoming) -> Option<Addressed> {
    match incoming {
        Incoming::Report(report) => Some(report.addressed),
        Incoming::Dropped(DropReason::NotAddressed) => None,
        other => panic!("neither a report nor dropped: {other:?}"),
    }
}

mod bodies {
    use super::*;

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", " ", "null", "1", "\"{}\"", "[]", "[{}]", "{", "{\"a\":", "{} {}", "{'a':1}", "crc-token-1"] {
            assert_eq!(read_text(body), Err(NotRead::NoObject), "{body}");
        }
    }

    #[test]
    fn an_object_that_cannot_be_held_is_kept_for_people() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for body in [r#"{"text":"\ud83d"}"#, r#" {"n":1e999}"#, &deep] {
            assert_eq!(read_text(body), Err(NotRead::NotUnderstood(Reason::UnreadableJson)), "{body}");
        }
    }

    #[test]
    fn objects_of_no_known_family_are_kept_for_people() {
        for body in ["{}", r#"{"update_id":1}"#, r#"{"data":{"id":"1"}}"#, r#"{"data":[]}"#, r#"{"matching_rules":[]}"#]
        {
            assert_eq!(read_text(body), Err(NotRead::NotUnderstood(Reason::UnknownBody)), "{body}");
        }
    }

    #[test]
    fn one_bad_event_does_not_lose_its_siblings() {
        let good = tweet_v1(json!({"text": "#kemalajateng lampu mati"}));
        let read = incoming(json!({
            "for_user_id": US,
            "tweet_create_events": [null, tweet_v1(json!({"id_str": "x"})), good, {"id_str": "1"}, tweet_v1(json!({"text": null}))],
            "tweet_delete_events": {"status": {"id": "7", "user_id": CITIZEN}},
            "moon_events": [{}],
        }));
        let not_understood = |reason| Incoming::NotUnderstood(reason);
        assert_eq!(read[0], not_understood(Reason::UnknownEvent));
        assert!(matches!(read[3], Incoming::Report(_)));
        for at in [1, 2, 4, 5] {
            assert_eq!(read[at], not_understood(Reason::UnreadableEvent), "{at}");
        }
        assert_eq!(read[6], Incoming::Deletion { post: PostKey::x("7").unwrap(), at: None });
        assert_eq!(read.len(), 7);
    }

    #[test]
    fn events_that_are_no_posts_are_acknowledged() {
        for (kind, reason) in [
            ("favorite_events", DropReason::Favourite),
            ("direct_message_events", DropReason::DirectMessage),
            ("direct_message_indicate_typing_events", DropReason::NoPost),
            ("follow_events", DropReason::NoPost),
        ] {
            let body = json!({"for_user_id": US, kind: [{"any": "thing"}, {}]});
            assert_eq!(incoming(body), vec![Incoming::Dropped(reason); 2], "{kind}");
        }
        for (kind, reason) in [
            ("dm.received", DropReason::DirectMessage),
            ("chat.received", DropReason::DirectMessage),
            ("like.create", DropReason::Favourite),
            ("profile.update.bio", DropReason::NoPost),
        ] {
            let body = json!({"data": {"event_type": kind, "payload": {}}});
            assert_eq!(incoming(body), [Incoming::Dropped(reason)], "{kind}");
        }
    }

    #[test]
    fn an_empty_list_says_nothing_and_no_list_is_not_understood() {
        assert_eq!(incoming(json!({"for_user_id": US, "tweet_create_events": []})), []);
        assert_eq!(incoming(json!({"for_user_id": US})), [Incoming::NotUnderstood(Reason::UnknownEvent)]);
        let unknown = json!({"data": {"event_type": "post.moon.create", "payload": {}}});
        assert_eq!(incoming(unknown), [Incoming::NotUnderstood(Reason::UnknownEvent)]);
        let no_payload = json!({"data": {"event_type": "post.create"}});
        assert_eq!(incoming(no_payload), [Incoming::NotUnderstood(Reason::UnreadableEvent)]);
    }
}

mod whom_it_addresses {
    use super::*;

    #[test]
    fn a_hashtag_in_any_case_listed_or_not() {
        assert_eq!(addressed(of_v1(json!({"text": "rusak #KEMALAJATENG"}))), Some(Addressed::Hashtag));
        assert_eq!(addressed(of_v2(json!({"text": "rusak #kemalaJateng, tolong"}))), Some(Addressed::Hashtag));
        let listed = json!({"text": "rusak", "entities": {"hashtags": [{"tag": "KemalaJateng"}, {"other": 1}]}});
        assert_eq!(addressed(of_v2(listed)), Some(Addressed::Hashtag));
        assert_eq!(addressed(of_v1(json!({"text": "#kemalajatengbaru jalan#kemalajateng"}))), None);
    }

    #[test]
    fn an_account_named_by_the_author() {
        assert_eq!(addressed(of_v1(json!({"text": "@Contoh_Kab rusak"}))), Some(Addressed::Mention));
        assert_eq!(addressed(of_v2(json!({"text": "halo @contoh_kab"}))), Some(Addressed::Mention));
        let renamed = json!({"text": "@nama_baru rusak", "entities": {"mentions": [{"id": US, "start": 0}]}});
        assert_eq!(addressed(of_v2(renamed)), Some(Addressed::Mention));
        assert_eq!(addressed(of_v2(json!({"text": "@contoh_kabupaten rusak"}))), None);
    }

    #[test]
    fn names_that_x_puts_in_front_of_a_reply_are_no_mention() {
        let reply = |text: &str, start: usize| {
            json!({"text": text, "in_reply_to_status_id_str": "5", "display_text_range": [start, 30],
                "entities": {"user_mentions": [{"id_str": US, "indices": [6, 17]}]}})
        };
        assert_eq!(addressed(of_v1(reply("@lain @contoh_kab sudah?", 18))), Some(Addressed::Reply));
        assert_eq!(addressed(of_v1(reply("@lain @contoh_kab sudah?", 6))), Some(Addressed::Mention));
        let hashtag = reply("@lain @contoh_kab #kemalajateng", 18);
        assert_eq!(addressed(of_v1(hashtag)), Some(Addressed::Hashtag));
    }

    #[test]
    fn any_reply_and_a_quote_of_our_own_post() {
        assert_eq!(addressed(of_v2(json!({"in_reply_to_tweet_id": "5"}))), Some(Addressed::Reply));
        let referenced = json!({"referenced_tweets": [{"type": "replied_to", "id": "5"}]});
        assert_eq!(addressed(of_v2(referenced)), Some(Addressed::Reply));
        let quote = json!({"referenced_tweets": [{"type": "quoted", "id": "5"}]});
        let of = |author: &str| json!({"posts": [{"id": "5", "author_id": author, "text": "diterima"}]});
        assert_eq!(addressed(of_v2_with(quote.clone(), of(US))), Some(Addressed::Reply));
        assert_eq!(addressed(of_v2_with(quote, of(CITIZEN))), None);
    }

    #[test]
    fn the_subscribed_account_is_listened_to_though_the_pack_does_not_name_it() {
        let event = |author: &str| {
            json!({"for_user_id": "77", "tweet_create_events": [tweet_v1(json!({"user": {"id_str": author},
                "text": "@lain rusak", "entities": {"user_mentions": [{"id_str": "77", "indices": [0, 5]}]}}))]})
        };
        assert_eq!(addressed(incoming(event(CITIZEN)).remove(0)), Some(Addressed::Mention));
        assert_eq!(incoming(event("77")), [Incoming::Dropped(DropReason::OwnPost)]);
    }

    #[test]
    fn our_own_words_are_dropped_whoever_says_them() {
        let own = Incoming::Dropped(DropReason::OwnPost);
        assert_eq!(of_v1(json!({"user": {"id_str": US}, "text": "#kemalajateng"})), own);
        assert_eq!(of_v2(json!({"author_id": US, "in_reply_to_tweet_id": "5"})), own);
        let original = tweet_v1(json!({"user": {"id_str": US}, "text": "#kemalajateng laporan diterima"}));
        assert_eq!(of_v1(json!({"text": "RT @contoh_kab: #kemalajateng", "retweeted_status": original})), own);
        let deletion = json!({"tweet_delete_events": [{"status": {"id": "7", "user_id": US}}]});
        assert_eq!(incoming(deletion), [own]);
    }
}

mod content {
    use super::*;

    #[test]
    fn a_repost_says_what_its_original_says() {
        let original = json!({"id_str": "5", "user": {"id_str": "8"}, "text": "lampu mati di depan pasar &lt;lama&gt; #kemalajateng",
            "coordinates": {"coordinates": [111.4, -6.9]}});
        let repost = report(of_v1(json!({"text": "RT @lain: lampu mati…", "retweeted_status": original})));
        assert_eq!(repost.text, "lampu mati di depan pasar <lama> #kemalajateng");
        assert_eq!(repost.relation.repost_of, Some(PostKey::x("5").unwrap()));
        assert_eq!((repost.post.id(), repost.first_post.id()), ("2123574816920305665", "2123574816920305665"));
        assert_eq!(repost.author.id, CITIZEN);
        assert!(repost.place_tag.is_some());

        let v2 = json!({"text": "RT @lain: lampu…", "referenced_tweets": [{"type": "retweeted", "id": "5"}]});
        let includes = json!({"tweets": [{"id": "5", "author_id": "8", "text": "lampu mati @contoh_kab"}]});
        assert_eq!(report(of_v2_with(v2.clone(), includes)).text, "lampu mati @contoh_kab");
        let names_itself = json!({"tweets": [merged(tweet_v2(v2.clone()), json!({"text": "#kemalajateng"}))]});
        let v2 = merged(v2, json!({"referenced_tweets": [{"type": "retweeted", "id": "2123574816920305665"}]}));
        assert_eq!(report(of_v2_with(v2, names_itself)).text, "#kemalajateng");
    }

    fn merged(mut value: Value, with: Value) -> Value {
        merge(&mut value, with);
        value
    }

    #[test]
    fn an_edit_names_the_first_post_of_its_chain() {
        for (id, history, edit) in [
            ("3", json!({"initial_tweet_id": "1", "edit_tweet_ids": ["1", "2", "3"]}), 2),
            ("1", json!({"initial_tweet_id": "1"}), 0),
            ("3", json!({"initial_tweet_id": "1"}), 1),
        ] {
            let edited = report(of_v1(json!({"id_str": id, "text": "#kemalajateng", "edit_history": history})));
            assert_eq!((edited.first_post.id(), edited.edit), ("1", edit), "{history}");
        }
        for remaining in [json!(2), json!("2")] {
            let edited = report(of_v1(json!({"id_str": "9", "text": "#kemalajateng",
                "edit_history": {"initial_tweet_id": "1"}, "edit_controls": {"edits_remaining": remaining}})));
            assert_eq!(edited.edit, 3);
        }
        for (ids, edit) in [(json!(["1", "2123574816920305665"]), 1), (json!(["1", "2"]), 2), (json!([]), 0)] {
            let edited = report(of_v2(json!({"text": "#kemalajateng", "edit_history_post_ids": ids})));
            assert_eq!(edited.edit, edit, "{ids}");
        }
    }

    #[test]
    fn while_x_renames_its_fields_both_names_may_stand_in_a_body() {
        let both = report(of_v2(
            json!({"note_tweet": {"text": "#kemalajateng panjang"}, "note_post": {"text": "#kemalajateng panjang"},
            "edit_history_tweet_ids": ["1", "2123574816920305665"], "edit_history_post_ids": ["1", "2123574816920305665"]}),
        ));
        assert_eq!((both.text.as_str(), both.edit), ("#kemalajateng panjang", 1));
    }

    #[test]
    fn parts_of_a_strange_shape_are_left_out_and_the_report_comes() {
        let strange = json!({"text": "#kemalajateng", "place": "Blora", "coordinates": [1, 2], "geo": {"coordinates": [95.0, 200.0]},
            "entities": 7, "extended_entities": {"media": [{"type": "photo", "media_url_https": "javascript:alert(1)"}, 5]},
            "created_at": 5, "edit_history": [], "quoted_status": "gone", "user_has_blocked": {}});
        let report = report(of_v1(strange));
        assert_eq!((report.place_tag, report.media), (None, vec![]));
        assert_eq!(report.created_at.to_string(), "2026-11-20T00:31:05.123Z");
    }

    #[test]
    fn the_point_is_longitude_and_latitude_however_it_came() {
        let point =
            |with: Value| report(of_v1(merged(with, json!({"text": "#kemalajateng"})))).place_tag.unwrap().point;
        let expected = Some(Point { longitude: 111.4, latitude: -6.9 });
        assert_eq!(point(json!({"geo": {"coordinates": [-6.9, 111.4]}})), expected);
        assert_eq!(point(json!({"coordinates": {"coordinates": [111.4, -6.9]}})), expected);
        let v2 =
            json!({"text": "#kemalajateng", "geo": {"coordinates": {"type": "Point", "coordinates": [111.4, -6.9]}}});
        assert_eq!(report(of_v2(v2)).place_tag.unwrap().point, expected);
    }

    #[test]
    fn ids_that_have_been_numbers_are_not_taken() {
        let rounded = json!({"id_str": null, "id": 2123574816920305700_u64, "text": "#kemalajateng"});
        assert_eq!(of_v1(rounded), Incoming::NotUnderstood(Reason::UnreadableEvent));
        assert_eq!(of_v2(json!({"id": 5})), Incoming::NotUnderstood(Reason::UnreadableEvent));
    }
}
