//! From raw text to words, with offsets back into it.

mod fold;
mod stem;
mod terms;
mod tokens;

pub(crate) use fold::{FoldedChar, fold};
pub(crate) use terms::Words;
pub(crate) use tokens::{Token, tokenize};
