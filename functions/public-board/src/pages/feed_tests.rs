//! The feed is what RFC 4287 wants.

use kemala_domain::samples::opened;

use super::*;
use crate::pages::samples::view;
use crate::site::tests::jateng;

#[test]
fn a_feed_has_what_every_feed_has_and_no_text() {
    let site = jateng();
    let ticket = opened("PEMKAB3316").ticket;
    let feed = feed(&view(&site), &"33.16".parse().unwrap(), "papan.example", &[ticket]);
    insta::assert_snapshot!(feed.replace("><", ">\n<"), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
    <id>tag:papan.example,2026:33.16</id>
    <title>Kemala Jawa Tengah – Kabupaten Blora</title>
    <updated>2026-11-23T02:00:00Z</updated>
    <author>
    <name>Kemala Jawa Tengah</name>
    </author>
    <link rel="self" type="application/atom+xml" href="https://papan.example/feed/33.16.atom"/>
    <link rel="alternate" type="text/html" href="https://papan.example/wilayah/33.16"/>
    <entry>
    <id>tag:papan.example,2026:KJ-PERWG6M45</id>
    <title>Jalan dan jembatan rusak, Kabupaten Blora</title>
    <published>2026-11-23T02:00:00Z</published>
    <updated>2026-11-23T02:00:00Z</updated>
    <link rel="alternate" type="text/html" href="https://papan.example/laporan/KJ-PERWG6M45"/>
    <summary>KJ-PERWG6M45: Menunggu diterima instansi, Pemerintah Kabupaten Blora</summary>
    </entry>
    </feed>
    "#);
}

#[test]
fn a_feed_without_entries_is_one_and_a_strange_host_is_only_text() {
    let site = jateng();
    let feed = feed(&view(&site), &"33.16".parse().unwrap(), "a\"><b>", &[]);
    assert!(feed.contains("<updated>2026-11-23T02:00:00Z</updated>") && !feed.contains("<entry>"));
    assert!(!feed.contains("<b>"), "{feed}");
}
