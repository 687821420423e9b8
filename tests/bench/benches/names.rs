//! Which structure should hold the names of places: built at every cold start, asked at every word.
//!
//! The three automata that were candidates, and the hash map that was there before. The numbers stand in the
//! classifier's README.

use std::collections::HashMap;
use std::path::Path;

use aho_corasick::AhoCorasick;
use daachorse::DoubleArrayAhoCorasick;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const TEXT: &str = "selamat pagi mohon izin lapor saluran air di kel sukorejo kec gunungpati mampet sejak tiga minggu setiap \
     hujan deras air masuk rumah warga jalan karang anyar menuju randublatung blora rusak parah";

/// The names of the shipped pack without spaces, sorted, each once.
fn names() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng/regions.csv");
    let mut rows = csv::Reader::from_path(path).expect("the shipped pack is there");
    let name = |row: csv::StringRecord| row.get(1).unwrap_or_default().to_lowercase().replace(' ', "");
    let mut names: Vec<String> = rows.records().map(|row| name(row.expect("it is sound"))).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn words() -> Vec<&'static str> {
    TEXT.split(' ').collect()
}

fn hash_map(names: &[String]) -> HashMap<String, usize> {
    names.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect()
}

fn automaton(names: &[String]) -> fst::raw::Fst<Vec<u8>> {
    let mut builder = fst::raw::Builder::memory();
    for (name, i) in names.iter().zip(0..) {
        builder.insert(name, i).expect("they are sorted");
    }
    builder.into_fst()
}

fn aho_corasick(names: &[String]) -> AhoCorasick {
    AhoCorasick::new(names).expect("they fit")
}

fn daachorse(names: &[String]) -> DoubleArrayAhoCorasick<u32> {
    DoubleArrayAhoCorasick::new(names).expect("they fit")
}

#[divan::bench]
fn build_hash_map(bencher: Bencher<'_, '_>) {
    let names = names();
    bencher.bench(|| hash_map(black_box(&names)));
}

#[divan::bench]
fn build_fst(bencher: Bencher<'_, '_>) {
    let names = names();
    bencher.bench(|| automaton(black_box(&names)));
}

#[divan::bench]
fn build_aho_corasick(bencher: Bencher<'_, '_>) {
    let names = names();
    bencher.bench(|| aho_corasick(black_box(&names)));
}

#[divan::bench]
fn build_daachorse(bencher: Bencher<'_, '_>) {
    let names = names();
    bencher.bench(|| daachorse(black_box(&names)));
}

/// Names of up to five words that begin at each word.
#[divan::bench]
fn find_with_hash_map(bencher: Bencher<'_, '_>) {
    let (map, words) = (hash_map(&names()), words());
    bencher.bench(|| {
        let mut found = 0;
        for first in 0..words.len() {
            let mut key = String::new();
            for word in words.iter().skip(first).take(5) {
                key.push_str(word);
                found += usize::from(map.contains_key(black_box(&key)));
            }
        }
        found
    });
}

#[divan::bench]
fn find_with_fst(bencher: Bencher<'_, '_>) {
    let (fst, words) = (automaton(&names()), words());
    bencher.bench(|| {
        let mut found = 0;
        for first in 0..words.len() {
            let mut node = fst.root();
            'name: for word in words.iter().skip(first).take(5) {
                for byte in black_box(word).bytes() {
                    let Some(next) = node.find_input(byte) else { break 'name };
                    node = fst.node(node.transition(next).addr);
                }
                found += usize::from(node.is_final());
            }
        }
        found
    });
}

/// Everywhere in the text without its spaces: what does not begin and end at a word must still be sorted out.
#[divan::bench]
fn find_with_aho_corasick(bencher: Bencher<'_, '_>) {
    let (aho_corasick, text) = (aho_corasick(&names()), TEXT.replace(' ', ""));
    bencher.bench(|| aho_corasick.find_iter(black_box(&text)).count());
}

#[divan::bench]
fn find_with_daachorse(bencher: Bencher<'_, '_>) {
    let (daachorse, text) = (daachorse(&names()), TEXT.replace(' ', ""));
    bencher.bench(|| daachorse.find_overlapping_iter(black_box(&text)).count());
}
