use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::form::tests::posted;
use crate::site::tests::jateng;

const KEY: &str = "0123456789abcdef";

fn at(minutes: i64) -> Timestamp {
    "2026-11-24T01:10:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn sent(body: &str, key: &str, idempotency_key: Option<&str>, now: Timestamp) -> Result<Report, Refusal> {
    let form = Form::of(&posted(body))?;
    report(&form, Sender { key, app: "contoh", idempotency_key }, jateng(), now)
}

const BODY: &str = "service_code=road_damage&description=Jalan+rusak+parah&address_id=33.16.08&lat=-6.97&long=111.49\
                    &first_name=Budi&last_name=S&phone=0812&email=b%40c.id&account_id=0812&media_url=https%3A%2F%2Fa.id%2F1.jpg";

#[test]
fn what_is_needed_becomes_a_report_and_who_sent_it_is_dropped() {
    let report = sent(BODY, KEY, None, at(0)).unwrap();
    let json = serde_json::to_string_pretty(&report).unwrap();
    insta::assert_snapshot!(json, @r#"
    {
      "post": "open311#c12ff30798f72a5c7a5d63961b689b53",
      "first_post": "open311#c12ff30798f72a5c7a5d63961b689b53",
      "edit": 0,
      "author": {
        "id": "contoh/24bc41cbef4f4a85042af7d8737bd61f"
      },
      "text": "Jalan rusak parah\nKategori: Jalan dan jembatan rusak\nLokasi: Kec. Jepon, Kabupaten Blora",
      "created_at": "2026-11-24T01:10:00Z",
      "addressed": "mention",
      "place_tag": {
        "point": {
          "longitude": 111.49,
          "latitude": -6.97
        }
      },
      "media": [
        {
          "kind": "photo",
          "url": "https://a.id/1.jpg"
        }
      ]
    }
    "#);
    assert!(!json.contains("Budi") && !json.contains("0812"));
}

#[test]
fn what_is_sent_again_is_the_same_report() {
    let id = |body: &str, key: &str, idem: Option<&str>, minutes| {
        sent(body, key, idem, at(minutes)).unwrap().post.id().to_owned()
    };
    let first = id(BODY, KEY, None, 0);
    assert_eq!(first, id(BODY, KEY, None, 49), "within the hour");
    assert_ne!(first, id(BODY, KEY, None, 50), "the next hour");
    assert_ne!(first, id(&format!("{BODY}&device_id=1"), KEY, None, 0));
    assert_ne!(first, id(BODY, "0123456789abcdeg", None, 0), "another app");
    assert_eq!(id(BODY, KEY, Some("a"), 0), id(BODY, KEY, Some("a"), 600));
    assert_ne!(id(BODY, KEY, Some("a"), 0), id(BODY, KEY, Some("b"), 0));
}

#[test]
fn what_is_missing_or_wrong_is_told() {
    let ok = "service_code=road_damage&description=a&address_string=Jepon";
    assert!(sent(ok, KEY, None, at(0)).is_ok());
    for (body, expected) in [
        ("description=a&address_string=b", "400 service_code: give one of /v2/services.json"),
        (
            "service_code=x&description=a&address_string=b",
            "404 service_code: see /v2/services.json for those there are",
        ),
        ("service_code=health&address_string=b", "400 description: say what is the matter; its words decide who acts"),
        ("service_code=health&description=a", "400 say where it is: lat and long, address_string, or address_id"),
        ("service_code=health&description=a&lat=1", "400 lat and long: give both"),
        ("service_code=health&description=a&lat=91&long=1", "400 lat: degrees from -90 to 90, such as -6.97"),
        ("service_code=health&description=a&lat=NaN&long=1", "400 lat: degrees from -90 to 90, such as -6.97"),
        (
            "service_code=health&description=a&address_id=99.01",
            "400 address_id: a place code of Kemendagri of this jurisdiction, such as 33.16.08",
        ),
        ("service_code=health&description=a&description=b&lat=1&long=1", "400 description: give it once"),
    ] {
        let refusal = sent(body, KEY, None, at(0)).unwrap_err();
        assert_eq!(format!("{} {refusal}", refusal.status), expected, "{body}");
    }
    let long = |count| format!("service_code=health&lat=1&long=1&description={}", "x".repeat(count));
    assert!(sent(&long(4000), KEY, None, at(0)).is_ok());
    assert_eq!(sent(&long(4001), KEY, None, at(0)).unwrap_err().status, 400);
}

#[test]
fn an_author_is_the_app_with_its_account() {
    let author = |more: &str| {
        let body = format!("service_code=health&description=a&lat=1&long=1{more}");
        sent(&body, KEY, None, at(0)).unwrap().author.id
    };
    assert_eq!(author(""), "contoh");
    assert_ne!(author("&account_id=1"), author("&account_id=2"));
    assert_eq!(author("&account_id=1"), author("&account_id=1&device_id=7"));
}

proptest! {
    #[test]
    fn no_form_upsets_it(fields in proptest::collection::vec(("service_code|description|lat|long|address_string|address_id|account_id|media_url", "\\PC{0,20}"), 0..8), key in "\\PC{0,300}") {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let _ = sent(&body, KEY, Some(&key), at(0));
    }
}
