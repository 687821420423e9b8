//! From raw text to words, with offsets back into it.

mod entities;
mod fold;
mod hashtags;
mod lookalikes;
mod stem;
mod terms;
mod tokens;

pub(crate) use fold::{FoldedChar, fold, visible};
pub(crate) use terms::Words;
pub(crate) use tokens::{Hashtags, Token, tokenize, tokenize_with};

#[cfg(test)]
mod shipped_tests;
