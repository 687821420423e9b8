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
    pub(crate) supervisory: bool,
    /// The official category that the model was taught; `None` where the category itself tells.
    pub(crate) official_category: Option<String>,
}
