//! The classifier: reading the shipped pack (to stay under 10 ms, it is part of every cold start) and deciding about
//! a post (to stay well under 1 ms).

use std::path::{Path, PathBuf};

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::civil::{Date, date};
use kemala_classifier::{Jurisdiction, Pack, Post};

fn main() {
    divan::main();
}

const TODAY: Date = date(2026, 11, 24);

const POSTS: [&str; 4] = [
    "Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan #KemalaJateng",
    "Lur, lampu dalan neng ngarep pasar Karanganyar mati kabeh, peteng ndedet. Tulung didandani ya pak",
    "Mau tanya, syarat balik nama sertifikat tanah di Kab. Semarang apa saja ya?",
    "Selamat pagi. Mohon izin lapor, saluran air di Kel. Sukorejo Kec. Gunungpati mampet sejak tiga minggu, setiap \
     hujan deras air masuk rumah warga RT 03 RW 05. Sudah lapor ke kelurahan tetapi belum ada tanggapan. Mohon \
     dinas terkait menindaklanjuti, hubungi 081234567890. Terima kasih 🙏 #KemalaJateng",
];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng")
}

#[divan::bench]
fn load_pack() -> Pack {
    Pack::load(black_box(&dir())).expect("the shipped pack is sound")
}

#[divan::bench]
fn load_jurisdiction() -> Jurisdiction {
    Jurisdiction::load(black_box(&dir())).expect("the shipped pack is sound")
}

#[divan::bench]
fn classify_four_posts(bencher: Bencher<'_, '_>) {
    let pack = Pack::load(&dir()).expect("the shipped pack is sound");
    bencher.counter(ItemsCount::new(POSTS.len())).bench(|| {
        for text in POSTS {
            black_box(pack.classify(&Post { text: black_box(text), place_tag: None }, TODAY));
        }
    });
}
