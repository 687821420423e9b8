//! What the columns of a model stand for.

use kemala_domain::Kind;
use kemala_domain::decision::Category;
use serde::{Deserialize, Serialize};

/// Kinds, in the order of their columns.
pub const KINDS: [Kind; 3] = [Kind::Complaint, Kind::Question, Kind::Other];

/// Columns that every model has: the kinds, emergency, high urgency, accusation.
pub const PLAIN_COLUMNS: usize = KINDS.len() + 3;

/// The questions of a model, in the order of its columns: a column for each category, then the plain ones, then one
/// for each official category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The pack's categories.
    pub categories: Vec<Category>,
    /// Names of the official categories (those of LaporGub) that it was taught.
    pub official: Vec<String>,
}

impl Columns {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.categories.len() + PLAIN_COLUMNS + self.official.len()
    }

    /// Column of a kind.
    pub fn kind(&self, kind: Kind) -> usize {
        self.categories.len() + KINDS.iter().position(|known| *known == kind).unwrap_or_default()
    }

    /// Column of emergencies.
    pub fn emergency(&self) -> usize {
        self.categories.len() + KINDS.len()
    }

    /// Column of what is urgent or an emergency.
    pub fn urgent(&self) -> usize {
        self.emergency() + 1
    }

    /// Column of accusations against officials.
    pub fn accusation(&self) -> usize {
        self.emergency() + 2
    }

    /// First column of the official categories.
    pub fn first_official(&self) -> usize {
        self.categories.len() + PLAIN_COLUMNS
    }
}
