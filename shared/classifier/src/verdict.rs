//! What is concluded from a text, by the cues alone or by the model.

use kemala_domain::{Kind, Urgency};

/// What a text says, and how sure that is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    /// 0 to 1.
    pub(crate) kind_confidence: f32,
    /// Index of the category in the pack; `None` where nothing speaks for one.
    pub(crate) category: Option<usize>,
    /// 0 to 1.
    pub(crate) category_confidence: f32,
    pub(crate) urgency: Urgency,
    pub(crate) accusation: Accusation,
    /// The official category that the model was taught; `None` where the category itself tells.
    pub(crate) official_category: Option<String>,
}

/// Whether officials are accused of a wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accusation {
    None,
    /// They may be: nobody who may be accused gets it before a human has looked.
    Doubtful,
    Made,
}

impl Accusation {
    /// By a score, and the scores from which on it is doubtful and made.
    pub(crate) fn by_score(score: f32, doubtful_from: f32, made_from: f32) -> Self {
        match score {
            _ if score >= made_from => Self::Made,
            _ if score >= doubtful_from => Self::Doubtful,
            _ => Self::None,
        }
    }
}
