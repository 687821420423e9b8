//! What stands behind every page of a desk: who looks, for whom, at what, in which language.

use jiff::{Timestamp, ZonedDateTime};
use kemala_casework::Casework;
use kemala_domain::AgencyCode;
use kemala_map::Map;
use kemala_web::language::Language;
use kemala_web::words;

use crate::sign_in::session::Session;

/// A desk, while a page of it is made.
pub struct Desk<'a> {
    /// Tickets, and what may be done with them.
    pub work: Casework<'a>,
    /// The map of the pack, where it has one.
    pub map: Option<&'a Map>,
    /// Who looks.
    pub session: &'a Session,
    /// For whom; the session is for that agency.
    pub agency: AgencyCode,
    /// The language of the page.
    pub language: Language,
    /// When.
    pub now: Timestamp,
}

impl Desk<'_> {
    /// Whether people decide here what machines may not.
    pub fn is_desk(&self) -> bool {
        self.work.bodies.desks.contains(&self.agency)
    }

    /// A path of this desk, in this language.
    pub fn path(&self, rest: &str) -> String {
        self.language.link(&format!("/{}{rest}", self.agency))
    }

    /// A moment, where the desk is.
    pub fn local(&self, at: Timestamp) -> ZonedDateTime {
        self.work.pack.jurisdiction.calendar.local(at)
    }

    /// A moment, as people read it.
    pub fn moment(&self, at: Timestamp) -> String {
        words::moment(&self.local(at), self.language)
    }

    /// The name of a body; its code where the pack no longer has it.
    pub fn agency_name(&self, code: &AgencyCode) -> String {
        let agency = self.work.pack.jurisdiction.agencies.get(code);
        agency.map_or_else(|| code.to_string(), |agency| agency.name.clone())
    }

    /// The text in the page's language.
    pub fn say(&self, indonesian: &'static str, english: &'static str) -> &'static str {
        self.language.say(indonesian, english)
    }
}
