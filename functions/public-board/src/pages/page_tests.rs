//! Pages are short, hold nothing private, and whatever was written is only shown.

use std::io::Write;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use kemala_domain::figures::{Board, Figure, Spot};
use kemala_domain::report::VoiceRole;
use kemala_domain::samples::{monday, opened, voice};
use kemala_domain::seen_live::SeenLive;
use kemala_domain::{Actor, Event, EventBody, Status};

use super::samples::{figures, full_month, view};
use super::ticket::Known;
use super::{View, agencies, board, data, message, regency, ticket};
use crate::site::tests::{jateng, kota_yogyakarta};

const HOSTILE: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "javascript:alert(1)",
    "\u{202e}txet\u{202c}\u{200b}",
    "<!--",
];

fn compressed(page: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(page.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

/// Everything that a page shows is text: each element and attribute of it is one that the pages write, and no address
/// but https and our own.
fn assert_inert(page: &str) {
    const ELEMENTS: &str = " !DOCTYPE html head meta title link body a header div nav main footer p h1 h2 form label input button \
        dl dt dd span strong svg path rect text figure figcaption table caption thead tbody tr th td details summary ul li ol \
        time blockquote ";
    const ATTRIBUTES: &str = " html lang charset name content rel href class id aria-label aria-current aria-hidden hreflang \
        action method role for type value maxlength autocomplete placeholder required viewBox width height fill-rule d scope \
        tabindex x y text-anchor focusable datetime ";
    for unseen in ['\u{202e}', '\u{200b}'] {
        assert!(!page.contains(unseen), "{unseen:?} in {page}");
    }
    for tag in page.split('<').skip(1) {
        let mut quoted = false;
        let end = tag.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let tag = &tag[..end.unwrap_or_else(|| panic!("<{tag} has no end"))];
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(ELEMENTS.contains(&format!(" {} ", element.trim_start_matches('/'))), "<{tag}>");
        let parts: Vec<&str> = attributes.split('"').collect();
        // Names stand outside of the quotes, values within.
        for (n, part) in parts.iter().enumerate() {
            if n % 2 == 0 {
                for name in part.split([' ', '=']).filter(|name| !name.is_empty()) {
                    assert!(ATTRIBUTES.contains(&format!(" {name} ")), "{name} in <{tag}>");
                }
            } else if parts[n - 1].ends_with("href=") {
                assert!(part.starts_with(['/', '#']) && !part.starts_with("//"), "<{tag}>");
            }
        }
    }
}

fn known(events: Vec<EventBody>, text: &str) -> Known {
    let case = opened("PEMKAB3316");
    let mut opening = voice(VoiceRole::Opening, "100");
    opening.masked_text = text.to_owned();
    let mut all = case.events;
    for (body, seq) in events.into_iter().zip(2..) {
        let (ticket, actor) = (case.ticket.id.clone(), Actor::Citizen);
        all.push(Event { ticket, seq, at: monday(), actor, body, undelivered: [].into(), filed: None });
    }
    Known { ticket: case.ticket, events: all, opening: Some(opening), seen: None }
}

#[test]
fn a_full_month_fits_into_40_kilobytes_with_the_map_and_is_made_quickly() {
    let site = jateng();
    let month = full_month(&site);
    let view = view(&site);
    let json = serde_json::to_string(&month).unwrap();
    let started = Instant::now();
    let read: Board = serde_json::from_str(&json).unwrap();
    let page = board::board(&view, month.month, Some(&read)).into_string();
    let bytes = compressed(&page);
    println!("row {} B, page {} B, compressed {bytes} B, {:?}", json.len(), page.len(), started.elapsed());
    assert!(bytes <= 40_000, "{bytes} bytes");
    for page in [
        regency::regency(&view, &"33.16".parse().unwrap(), month.month, Some(&month)).unwrap(),
        agencies::agencies(&view, month.month, Some(&month)),
    ] {
        assert!(compressed(&page.into_string()) <= 40_000);
    }
}

#[test]
fn every_page_says_what_it_is_in_both_languages_and_loads_nothing_from_elsewhere() {
    let site = jateng();
    let month = full_month(&site);
    let known = known(vec![], "Jalan rusak");
    for language in [kemala_web::language::Language::Indonesian, kemala_web::language::Language::English] {
        let view = View { language, ..view(&site) };
        for page in [
            board::board(&view, month.month, Some(&month)),
            board::board(&view, month.month, None),
            regency::regency(&view, &"33.74".parse().unwrap(), month.month, Some(&month)).unwrap(),
            agencies::agencies(&view, month.month, Some(&month)),
            ticket::form(&view, Some("KJ-1")),
            ticket::unknown(&view),
            ticket::ticket(&view, &known),
            message::not_found(&view),
            message::unavailable(&view),
        ] {
            let page = page.into_string();
            assert!(page.starts_with(&format!("<!DOCTYPE html><html lang=\"{}\">", language.code())));
            assert_eq!(page.matches("<h1").count(), 1, "one first heading");
            assert_eq!(page.matches("<main").count(), 1);
            assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
            assert!(!page.contains("src=") && !page.contains("style=\"") && !page.contains("<script"), "{page}");
        }
    }
}

#[test]
fn a_citys_front_page_goes_by_its_subdistricts() {
    let site = kota_yogyakarta();
    let view = view(&site);
    let month = site.month(monday());
    let at = |spot: &str, n| (spot.parse().unwrap(), figures(&[(Figure::Opened, n), (Figure::Open, n)]), 1);
    let board = Board::of(month, monday(), [].into(), [at("34.71.13", 7), at("34.71", 4), at("-", 5)], &[]);
    let page = board::board(&view, month, Some(&board)).into_string();
    assert_inert(&page);
    assert_eq!(page.matches("<path class=\"l").count(), 14, "a shape for each subdistrict: {page}");
    assert!(page.contains("aria-label=\"Umbulharjo: 7\""), "{page}");
    for row in ["Umbulharjo", "Kecamatan belum diketahui", "Tempat belum diketahui"] {
        assert!(page.contains(row), "{row} in {page}");
    }
    assert!(!page.contains("Kabupaten dan kota") && !page.contains("provinsi"), "{page}");
    assert!(compressed(&page) < 40_000);
    let csv = data::places_csv(&view, month, Some(&board));
    assert_eq!(csv.lines().count(), 15);
    assert!(csv.contains("34.71.13,Umbulharjo,7,"), "{csv}");
    assert!(data::places_geojson(&view, month, Some(&board)).unwrap().contains("Umbulharjo"));
}

#[test]
fn few_are_not_told_apart_and_accusations_have_no_place() {
    let site = jateng();
    let view = view(&site);
    let month = site.month(monday());
    let places = [
        ("33.16.08".parse().unwrap(), figures(&[(Figure::Opened, 2), (Figure::Open, 2)]), 2),
        (Spot::Supervisory, figures(&[(Figure::Opened, 7)]), 7),
    ];
    let few = Board::of(month, monday(), [].into(), places, &[]);
    let page = regency::regency(&view, &"33.16".parse().unwrap(), month, Some(&few)).unwrap().into_string();
    assert!(page.contains("<title>Jepon: 1–2</title>"), "{page}");
    let front = board::board(&view, month, Some(&few)).into_string();
    assert!(front.contains("<title>Kabupaten Blora: 1–2</title>"));
    assert!(front.contains("Laporan tentang perilaku pejabat bulan ini: <strong>7</strong>"));
    assert!(regency::regency(&view, &"34.01".parse().unwrap(), month, Some(&few)).is_none());
}

#[test]
fn whatever_is_written_is_only_shown() {
    let mut site = jateng();
    let shapes = site.map.as_mut().unwrap();
    for (shape, name) in shapes.whole.shapes.iter_mut().zip(HOSTILE.iter().cycle()) {
        shape.name = (*name).replace(['\u{202e}', '\u{200b}'], "");
    }
    let month = full_month(&site);
    let view = view(&site);
    assert_inert(&board::board(&view, month.month, Some(&month)).into_string());
    for text in HOSTILE {
        let said = || text.to_owned();
        let events = vec![
            EventBody::CitizenAsked { text: said() },
            EventBody::Responded { text: said() },
            EventBody::Resolved { text: said(), photo: Some(said()) },
            EventBody::Rejected { reason: said() },
        ];
        assert_inert(&ticket::ticket(&view, &known(events, text)).into_string());
        assert_inert(&ticket::form(&view, Some(text)).into_string());
    }
}

#[test]
fn a_ticket_tells_its_life_and_nothing_private() {
    let site = jateng();
    let view = view(&site);
    let canary = "RAHASIA-77";
    let said = |text: &str| text.to_owned();
    let events = vec![
        EventBody::Accepted,
        EventBody::Noted { text: said(canary) },
        EventBody::Refused { reason: said(canary), named: None },
        EventBody::Reassigned { from: "PEMKAB3316".parse().unwrap(), to: "DPUBMCK".parse().unwrap() },
        EventBody::PhotoReused { ticket: opened("DINKES").ticket.id },
        EventBody::Responded { text: said("Besok kami ke sana, @warga.") },
        EventBody::Resolved { text: said("Sudah ditambal."), photo: Some(said("https://foto.example.go.id/1.jpg")) },
    ];
    let mut known = known(events, "Jalan rusak di Jepon @warga, hubungi [nomor telepon] https://t.co/a");
    let page = ticket::ticket(&view, &known).into_string();
    for private in [canary, "warga", "t.co", "0812", "x.com"] {
        assert!(!page.contains(private), "{private} in {page}");
    }
    assert!(page.contains("Jalan rusak di Jepon [akun], hubungi [nomor telepon] [tautan]"), "{page}");
    assert!(page.contains("Kec. Jepon, Kabupaten Blora") && page.contains("Sudah ditambal."));
    assert!(page.contains("href=\"https://foto.example.go.id/1.jpg\""));

    // Two days later nobody knows whether the post is there, until the platform shows it.
    let later = View { now: monday() + jiff::SignedDuration::from_hours(48), ..view };
    assert!(!ticket::ticket(&later, &known).into_string().contains("Jalan rusak di Jepon"));
    let posts = [known.ticket.origin.clone()].into();
    known.seen = Some(SeenLive { at: monday() + jiff::SignedDuration::from_hours(30), posts });
    assert!(ticket::ticket(&later, &known).into_string().contains("Jalan rusak di Jepon"));
    known.ticket.status = Status::Withdrawn;
    let withdrawn = ticket::ticket(&later, &known).into_string();
    assert!(!withdrawn.contains("Jalan rusak di Jepon") && !withdrawn.contains("Sudah ditambal"));
}
