//! A pack with an override: the same files, some of them replaced, checked as a whole like any other pack.

use std::path::Path;

use jiff::Timestamp;
use kemala_domain::Override;
use kemala_domain::overrides::{Replacement, digest};

use super::errors::PackErrors;
use super::folder::Folder;
use super::{Pack, jurisdiction, policy, routing, rules};

/// Files that an override may replace: rules, thresholds and holidays. With agencies, categories, places and the law's
/// clocks go queues, roles, the model and promises that were made; those change by a deployment.
pub const REPLACEABLE: [&str; 5] =
    [jurisdiction::HOLIDAYS, jurisdiction::PACK, routing::FILE, rules::RULES, rules::WORDS];

/// What errors are about that no file is to blame for.
const ITSELF: &str = "override";

impl Pack {
    /// Reads a pack's folder with files of an override in place of its own, and checks the whole as
    /// [`Pack::load`] does. Its version ends with the number of the override.
    pub fn load_overridden(dir: &Path, over: &Override) -> Result<Self, PackErrors> {
        let mut folder = Folder::overridden(dir, over);
        check(&mut folder, over);
        let mut pack = Self::read(&mut folder);
        if let Some(pack) = &mut pack {
            pack.jurisdiction.version = format!("{}+{}", pack.jurisdiction.version, over.version);
        }
        folder.finish(pack)
    }

    /// Reads a pack's folder without its model and with another `sla.toml`, to see what that would do; checked as the pack's
    /// own would be. No function loads it: the law's clocks change by a deployment.
    pub fn load_with_policy(dir: &Path, sla: &str) -> Result<Self, PackErrors> {
        let over = Override {
            version: 0,
            based_on: String::new(),
            files: [(policy::FILE.to_owned(), Replacement::new(sla, ""))].into(),
            note: String::new(),
            written_at: Timestamp::UNIX_EPOCH,
        };
        let mut folder = Folder::overridden(dir, &over);
        let pack = Self::read_untrained(&mut folder);
        folder.finish(pack)
    }
}

fn check(folder: &mut Folder<'_>, over: &Override) {
    if over.files.is_empty() {
        folder.error(ITSELF, "holds no file; name at least one");
    }
    if over.bytes() > Override::MOST_BYTES {
        let problem = format!("holds {} bytes; a row takes {} at most", over.bytes(), Override::MOST_BYTES);
        folder.error(ITSELF, problem);
    }
    for (file, replacement) in &over.files {
        if !REPLACEABLE.contains(&file.as_str()) {
            let these = REPLACEABLE.join(", ");
            folder.error(file, format!("an override cannot replace it, only {these}; deploy the change"));
        } else if folder.shipped().text(file).is_some_and(|shipped| digest(&shipped) != replacement.instead_of) {
            let made_for = &over.based_on;
            let problem =
                format!("was made from the file of {made_for}, and another one is shipped; make it anew from that");
            folder.error(file, problem);
        }
    }
}

#[cfg(test)]
#[path = "overridden_tests.rs"]
mod tests;
