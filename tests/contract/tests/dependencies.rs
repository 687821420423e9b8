//! Dependencies point one way (ARCHITECTURE.md): functions → shared crates → domain. A crate that is added has to be
//! given its place here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Which of our crates a shared crate may use.
const SHARED: [(&str, &[&str]); 14] = [
    ("kemala-domain", &[]),
    ("kemala-runtime", &[]),
    ("kemala-classifier", &["kemala-domain"]),
    ("kemala-map", &["kemala-domain"]),
    ("kemala-messages", &["kemala-domain"]),
    ("kemala-intake", &["kemala-classifier", "kemala-messages"]),
    ("kemala-vault", &["kemala-messages"]),
    ("kemala-web", &["kemala-domain", "kemala-runtime"]),
    ("kemala-x-api", &["kemala-domain"]),
    ("kemala-store", &["kemala-domain"]),
    ("kemala-current-pack", &["kemala-classifier", "kemala-domain", "kemala-runtime", "kemala-store"]),
    ("kemala-casework", &["kemala-classifier", "kemala-domain", "kemala-messages", "kemala-runtime", "kemala-store"]),
    ("kemala-delivery", &["kemala-domain", "kemala-messages", "kemala-runtime", "kemala-store"]),
    ("kemala-report", &["kemala-classifier", "kemala-domain", "kemala-store", "kemala-web"]),
];

fn workspace() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap()
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The packages in one of the top folders.
fn in_folder<'a>(workspace: &'a Metadata, folder: &str) -> Vec<&'a Package> {
    let folder = workspace.workspace_root.join(folder);
    workspace.packages.iter().filter(|package| package.manifest_path.starts_with(&folder)).collect()
}

/// What a package needs to be built; what only its tests need may point anywhere.
fn needs(package: &Package) -> BTreeSet<&str> {
    let built_with = package.dependencies.iter().filter(|needed| needed.kind != DependencyKind::Development);
    built_with.map(|needed| needed.name.as_str()).collect()
}

/// What is compiled for a package, or for all, on this platform and outside of tests: name and version.
fn compiled(selection: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let tree = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(selection)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let mut compiled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(tree.stdout).unwrap().lines() {
        let mut words = line.split(' ');
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            compiled.entry(name.to_owned()).or_default().insert(version.to_owned());
        }
    }
    compiled
}

#[test]
fn shared_crates_depend_only_downward() {
    let workspace = workspace();
    let ours: BTreeSet<&str> = workspace.packages.iter().map(|package| package.name.as_str()).collect();
    let allowed = BTreeMap::from(SHARED);
    let shared = in_folder(&workspace, "shared");
    assert_eq!(shared.len(), SHARED.len());
    for package in shared {
        let allowed = allowed.get(package.name.as_str()).unwrap_or_else(|| panic!("{} has no place", package.name));
        for needed in needs(package).intersection(&ours) {
            assert!(allowed.contains(needed), "{} must not depend on {needed}", package.name);
        }
    }
}

#[test]
fn functions_depend_on_shared_crates_and_never_on_each_other() {
    let workspace = workspace();
    let shared: BTreeSet<&str> = SHARED.map(|(name, _)| name).into();
    let ours: BTreeSet<&str> = workspace.packages.iter().map(|package| package.name.as_str()).collect();
    let functions = in_folder(&workspace, "functions");
    assert!(functions.len() >= 5, "{} functions", functions.len());
    for function in functions {
        for needed in needs(function).intersection(&ours) {
            assert!(shared.contains(needed), "{} must not depend on {needed}", function.name);
        }
        let folder = function.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(folder, Some(function.name.as_str()), "folder = crate");
    }
}

#[test]
fn the_domain_is_pure() {
    for name in compiled(&["--package", "kemala-domain"]).keys() {
        let does_io = ["aws", "tokio", "lambda", "hyper", "http", "reqwest", "tracing"];
        assert!(!does_io.iter().any(|part| name.starts_with(part)), "kemala-domain compiles {name}");
    }
}

#[test]
fn only_the_store_names_dynamodb_types() {
    let workspace = workspace();
    for package in ["shared", "functions"].iter().flat_map(|folder| in_folder(&workspace, folder)) {
        let needs_it = needs(package).contains("aws-sdk-dynamodb");
        assert_eq!(needs_it, package.name.as_str() == "kemala-store", "{}", package.name);
    }
}

#[test]
fn there_is_one_tls_stack() {
    // `ring` stands in the lock file, since optional features that nobody turns on name it; it is not compiled.
    assert!(!compiled(&["--workspace"]).contains_key("ring"), "ring is compiled");
    // The lock file knows all platforms.
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for (name, times) in [("rustls", 1), ("aws-lc-rs", 1), ("openssl", 0), ("openssl-sys", 0), ("native-tls", 0)] {
        assert_eq!(lock.matches(&format!("name = \"{name}\"\n")).count(), times, "{name}");
    }
}
