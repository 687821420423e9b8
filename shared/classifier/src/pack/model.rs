//! `model.bin`: what was learned from labelled posts. A pack does without it until somebody trains one.

use super::categories::{self, Categories};
use super::folder::Folder;
use crate::model::Model;

const FILE: &str = "model.bin";

pub(super) fn read(folder: &mut Folder<'_>, categories: &Categories) -> Option<Model> {
    let model = match Model::from_bytes(&folder.bytes_if_there(FILE)?) {
        Ok(model) => model,
        Err(error) => {
            folder.error(FILE, error);
            return None;
        }
    };
    let is_of_these = model.columns().categories.iter().eq(categories.iter().map(|category| &category.code));
    if folder.is_sound(categories::FILE) && !is_of_these {
        folder.error(
            FILE,
            "was trained for other categories than categories.csv has; train it again with `cargo kemala train`",
        );
    }
    Some(model)
}
