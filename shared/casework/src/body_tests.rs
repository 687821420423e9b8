//! Bodies that agencies send, and what they are told.

use super::*;

/// What is wrong with a body.
fn faults(body: &str) -> String {
    let problem = read(body.as_bytes()).unwrap_err();
    assert_eq!(problem.status, 422);
    problem.errors.iter().map(|fault| format!("{:14} {}\n", fault.pointer, fault.detail)).collect()
}

#[test]
fn every_action_can_be_said() {
    for (body, action) in [
        (r#"{"action":"accept"}"#, Action::Accept),
        (r#"{"action":"start"}"#, Action::Start),
        (r#"{"action":"ask_citizen","reply_text":"Mohon info nomor tiang."}"#, Action::AskCitizen),
        (r#"{"action":"respond","reply_text":"Petugas menuju lokasi."}"#, Action::Respond),
        (r#"{"action":"resolve","reply_text":"Sudah.","photo":"https://img.example.go.id/1.jpg"}"#, Action::Resolve),
        (r#"{"action":"not_ours","reason":"jalan kabupaten","to":"PEMKAB3316"}"#, Action::NotOurs),
        (r#"{"action":"note","text":"menunggu anggaran, lihat example.go.id"}"#, Action::Note),
        (r#"{"action":"assign","to":"DINKES"}"#, Action::Assign),
        (r#"{"action":"reject","reason":"Di luar Jawa Tengah."}"#, Action::Reject),
        (r#"{"action":"join","into":"kj-45rq0x8xd"}"#, Action::Join),
        (r#"{"action":"unjoin"}"#, Action::Unjoin),
        (r#"{"action":"correct","place":"33.16.08","supervisory":false}"#, Action::Correct),
    ] {
        assert_eq!(read(body.as_bytes()).map(|update| update.action()), Ok(action), "{body}");
    }
}

#[test]
fn every_fault_is_told_with_its_place() {
    let long = format!(r#"{{"action":"respond","reply_text":"{}"}}"#, "a".repeat(201));
    let bodies = [
        "[]",
        "{",
        "{}",
        r#"{"action":"explode"}"#,
        r#"{"action":"accept","ext/ra":1}"#,
        r#"{"action":"resolve","photo":"http://x"}"#,
        &long,
        r#"{"action":"respond","reply_text":"Lihat jatengprov.go.id ya"}"#,
        r#"{"action":"respond","reply_text":"  "}"#,
        r#"{"action":"respond","reply_text":7}"#,
        r#"{"action":"assign","to":"dinkes"}"#,
        r#"{"action":"not_ours","reason":"x","to":null}"#,
        r#"{"action":"join","into":"KJ-45RQ0X8XE"}"#,
        r#"{"action":"correct"}"#,
        r#"{"action":"correct","place":"Blora","urgency":"soon","kind":"complaint"}"#,
    ];
    let told: String = bodies.iter().map(|body| faults(body)).collect();
    insta::assert_snapshot!(told, @"
                   must be a JSON object
                   the body must be a JSON object
    /action        say which action: one of accept, start, ask_citizen, respond, resolve, not_ours, note, assign, reject, join, unjoin, correct
    /action        say which action: one of accept, start, ask_citizen, respond, resolve, not_ours, note, assign, reject, join, unjoin, correct
    /ext~1ra       does not belong to accept
    /reply_text    is missing: a text of 1 to 200 characters, as X counts them, without links
    /photo         must be a link to a photo: https, at most 500 characters
    /reply_text    has 201 characters, as X counts them; at most 200 fit
    /reply_text    has a link, or what X would make one: leave it out, and put a space after each full stop
    /reply_text    must be a text of 1 to 200 characters, as X counts them, without links
    /reply_text    must be a text of 1 to 200 characters, as X counts them, without links
    /to            must be the code of an agency, such as DINKES
    /to            must be the code of an agency, such as DINKES
    /into          must be the number of a ticket, such as KJ-45RQ0X8XD
                   say what is otherwise: category, place, kind, urgency or supervisory
    /place         must be the code of a place, such as 33.16.08
    /urgency       must be normal, high or emergency
    ");
}

#[test]
fn personal_data_is_masked_before_it_is_kept() {
    let Ok(Update::Respond { reply_text }) = read(br#"{"action":"respond","reply_text":"Hubungi 0812 3456 7890"}"#)
    else {
        panic!("no answer")
    };
    assert_eq!(reply_text, "Hubungi [nomor telepon]");
}

#[test]
fn a_text_that_is_too_long_does_not_fit_because_of_its_mask() {
    let body = format!(r#"{{"action":"respond","reply_text":"{}"}}"#, "0".repeat(201));
    assert_eq!(read(body.as_bytes()).unwrap_err().errors[0].pointer, "/reply_text");
}

#[test]
fn photos_are_https_links_with_a_domain() {
    for link in ["https://a.id", "https://a.id:8443/x?y=1#z", "https://pbs.twimg.com/media/A.jpg"] {
        assert!(is_photo_link(link), "{link}");
    }
    for link in [
        "",
        "https://",
        "https://localhost/x",
        "https://a.id/ x",
        "http://a.id",
        "https://u@a.id",
        "https://.id",
        "https://1.2.3.4/",
    ] {
        assert!(!is_photo_link(link), "{link}");
    }
}
