//! Everyday writing against the word list of the shipped pack.

use std::sync::LazyLock;

use crate::pack::Pack;
use crate::pack::tests::shipped;

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::load(&shipped()).unwrap());

fn words(text: &str) -> String {
    PACK.tokens(text).into_iter().map(|token| token.word).collect::<Vec<_>>().join(" ")
}

fn terms(text: &str) -> String {
    PACK.words.terms(&PACK.tokens(text)).join(" ")
}

#[test]
fn tags_in_small_letters_are_split() {
    for (tag, split) in [
        ("#jalanrusakblora", "jalan rusak blora"),
        ("#JALANRUSAK", "jalan rusak"),
        ("#banjirsemarang", "banjir semarang"),
        ("#lampumatipurwokerto", "lampu mati purwokerto"),
        ("#sampahnumpuk", "sampah numpuk"),
        ("#pungli", "pungli"),
        ("#wonosobo", "wonosobo"),
        ("#kemalajateng", ""),
        ("#xqzwkjhv", "xqzwkjhv"),
        ("#estehmanis", "estehmanis"),
    ] {
        assert_eq!(words(tag), split, "{tag}");
    }
}

#[test]
fn everyday_words_mean_the_same_in_every_speech() {
    for (text, meaning) in [
        // Javanese: ngoko, krama, Banyumasan
        ("dalane bodol ora didandani", "jalan rusak tidak perbaiki"),
        ("marginipun risak dereng didandosi", "jalan rusak belum perbaiki"),
        ("kreteg ambrol, wong-wong ora iso liwat", "jembatan ambrol orang orang tidak bisa lewat"),
        ("nyong arep takon, priben kiye", "saya akan tanya bagaimana ini"),
        ("pripun niki, lampunipun pejah", "bagaimana ini lampu mati"),
        ("uwuhe numpuk nang pinggir kali", "sampah tumpuk di pinggir kali"),
        ("banyune butheg mambu badheg", "air keruh bau bau"),
        ("tulung direwangi, omahku kobongan", "tolong bantu rumah kebakaran"),
        // chat
        ("jlnnya rusaaak prah bgt gan, tlg diperbaikin", "jalan rusak parah sangat gan tolong perbaiki"),
        ("lmpu jln blm nyala dr kmrn mlm", "lampu jalan belum nyala dari kemarin malam"),
        ("ds. Jepon kec. Jepon kab. Blora RT03/RW02", "desa jepon kecamatan jepon kabupaten blora rt 03 rw 02"),
        ("Jаlаn r\u{200b}usak &amp; 𝗴𝗲𝗹𝗮𝗽", "jalan rusak gelap"),
    ] {
        assert_eq!(terms(text), meaning, "{text}");
    }
}
