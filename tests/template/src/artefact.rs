//! What may be deployed: the check of binaries, tried on binaries that Lambda could not start, and how they are built.

use std::fs;
use std::process::Command;

use crate::template::{read, root};

/// The first bytes of a Linux binary for a machine (62 x86_64, 183 arm64), and what glibc it needs.
fn binary(machine: u8, glibc: &str) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..4].copy_from_slice(b"\x7fELF");
    bytes[18] = machine;
    bytes.extend(format!("\0GLIBC_2.17\0{glibc}\0").into_bytes());
    bytes
}

/// What the check says of a file: empty where it is fine.
fn refusal(name: &str, bytes: &[u8], architecture: &str) -> String {
    let file = std::env::temp_dir().join(format!("kemala-artefact-{}-{name}", std::process::id()));
    fs::write(&file, bytes).unwrap();
    let script = root().join("infra/check-artefact.sh");
    let output = Command::new("sh").arg(script).arg(&file).arg(architecture).output().unwrap();
    fs::remove_file(&file).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.success(), said.is_empty(), "{said}");
    said.split_once(": ").map(|(_, said)| said.trim().to_owned()).unwrap_or_default()
}

#[test]
fn a_binary_that_lambda_could_not_start_is_refused() {
    assert_eq!(refusal("fine", &binary(62, "GLIBC_2.34"), "x86_64"), "");
    assert_eq!(refusal("arm", &binary(183, "GLIBC_2.34"), "arm64"), "");
    let foreign = refusal("foreign", &binary(183, "GLIBC_2.17"), "x86_64");
    assert_eq!(foreign, "built for arm64, the stack wants x86_64 (set ARCHITECTURE)");
    assert!(refusal("other", &binary(8, "GLIBC_2.17"), "x86_64").starts_with("built for another processor"));
    let newer = refusal("newer", &binary(62, "GLIBC_2.38"), "x86_64");
    assert_eq!(newer, "needs glibc 2.38, Amazon Linux 2023 has 2.34: build it with cargo lambda");
    assert_eq!(refusal("script", b"#!/bin/sh\necho I am no binary\n", "x86_64"), "is not a Linux binary");
    assert_eq!(refusal("empty", b"", "x86_64"), "is not a Linux binary");
}

#[test]
fn a_panicking_record_fails_alone_also_in_what_is_deployed() {
    // cargo-lambda sets panic=abort for a release that does not say otherwise.
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    assert_eq!(manifest["profile"]["release"]["panic"].as_str(), Some("unwind"));
}
