//! What is a command, and what only looks like one, by the shipped pack.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Command, MOST_WORDS};
use crate::pack::Pack;
use crate::pack::tests::shipped;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&shipped()).unwrap());

#[test]
fn whole_messages_are_commands() {
    for (command, texts) in [
        (
            Command::Confirm,
            &["sudah", "Sudah.", "@KemalaJateng sudah beres 🙏", "sdh beres pak", "wis beres", "Sampun"][..],
        ),
        (
            Command::Reopen,
            &["belum", "BELUM!!", "blm pak", "durung", "belum diperbaiki", "@KemalaJateng belum #KemalaJateng"],
        ),
        (Command::Withdraw, &["batal", "Hapus laporan saya", "cabut laporan"]),
        (Command::Stop, &["stop", "STOP min", "jangan dibalas"]),
        (Command::Status, &["status", "Status?", "cek status", "KJ-45RQ0X8XD", "kj-45rq0x8xd?", "status KJ-45RQ0X8XD"]),
    ] {
        for text in texts {
            assert_eq!(PACK.command(text), Some(command), "{text}");
        }
    }
}

/// Every one of these reaches the agency as it stands.
#[test]
fn longer_or_other_messages_are_none() {
    for text in [
        "sudah 2 bulan belum diperbaiki",
        "sudah belum?",
        "sudah?",
        "belum?",
        "sudah saya laporkan berkali-kali",
        "sudah rusak lagi",
        "sudah parah sekali",
        "sudah lapor RT",
        "belum ada yang datang ke lokasi",
        "belum lama diaspal sudah rusak",
        "belum turun bantuannya",
        "batal dibangun",
        "batal puasa gara-gara macet",
        "hapus pungli di sekolah",
        "stop pungli",
        "stop buang sampah",
        "status jalan ini milik siapa ya",
        "status tanah sengketa",
        "selesai hujan langsung banjir",
        "beres apanya",
        "sudah dekat jembatan Tanjung",
        "KJ-45RQ0X8XD belum diperbaiki sampai sekarang",
        "belum KJ-45RQ0X8XD",
        "pak",
        "terima kasih",
        "2",
        "",
        "🙏",
    ] {
        assert_eq!(PACK.command(text), None, "{text}");
    }
}

#[test]
fn a_number_is_found_as_it_is_written() {
    let id = "KJ-45RQ0X8XD".parse().unwrap();
    assert_eq!(PACK.ticket_number("(kj-45rq0x8xd)."), Some(("kj-45rq0x8xd", id)));
    for text in ["KJ-45RQ0X8XE", "KJ", "XX-45RQ0X8XD", "-", ""] {
        assert_eq!(PACK.ticket_number(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        PACK.command(&text);
    }

    #[test]
    fn four_words_are_never_a_command(words in proptest::collection::vec("[a-z]{2,8}", MOST_WORDS + 1..9)) {
        prop_assert_eq!(PACK.command(&words.join(" ")), None);
    }
}
