//! Recorded input, and the world that it was recorded in.

use std::fs;
use std::path::{Path, PathBuf};

use kemala_messages::x::{Account, Listening};

/// One body as X (or somebody else) posts it, with the signature that it came with.
#[derive(Debug, Clone)]
pub(crate) struct Fixture {
    /// Name of its file.
    pub(crate) name: String,
    pub(crate) body: Vec<u8>,
    /// Value of the header.
    pub(crate) signature: String,
}

/// The key of all signatures.
pub(crate) const SECRET: &str = "placeholder-consumer-secret";

/// Folder of fixtures, by its name.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// All bodies posted to X's webhook: those that `SIGNATURES.tsv` lists, by name, length and signature.
pub(crate) fn x_bodies() -> Vec<Fixture> {
    let folder = folder("x");
    let list = fs::read_to_string(folder.join("SIGNATURES.tsv")).unwrap();
    list.lines()
        .map(|line| {
            let [name, bytes, signature] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("no row: {line}") };
            let body = fs::read(folder.join(name)).unwrap();
            assert_eq!(body.len().to_string(), bytes, "{name} has been changed");
            Fixture { name: name.to_owned(), body, signature: signature.to_owned() }
        })
        .collect()
}

/// The hashtag and the account that the fixtures speak to.
pub(crate) fn listening() -> Listening {
    let account = Account { id: "1500000000000000001".to_owned(), handle: "contoh_kab".to_owned() };
    Listening::new(["kemalajateng"], [account])
}
