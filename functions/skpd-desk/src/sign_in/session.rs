//! Who is signed in.

use jiff::Timestamp;
use kemala_domain::AgencyCode;
use oauth2::CsrfToken;
use serde::{Deserialize, Serialize};

/// An officer, as the identity provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// Name with the provider.
    pub name: String,
    /// For whom the officer acts.
    pub agencies: Vec<AgencyCode>,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose it is.
    pub officer: Officer,
    /// What forms of this session carry, so that no other site's forms count.
    pub form_token: String,
    /// When it ends.
    pub until: Timestamp,
}

impl Session {
    /// A new session.
    pub fn new(officer: Officer, until: Timestamp) -> Self {
        Self { officer, form_token: unguessable(), until }
    }
}

/// A text of 22 characters with 128 random bits.
pub fn unguessable() -> String {
    CsrfToken::new_random().into_secret()
}
