//! The pages and files, one a file of this folder. Each is made of what was read, and reads nothing.

pub mod agencies;
pub mod board;
pub mod data;
pub mod feed;
mod figures;
mod frame;
mod map;
pub mod message;
pub mod regency;
mod series;
pub mod ticket;
mod time_line;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod samples;

use jiff::Timestamp;
use kemala_domain::figures::Month;
use kemala_web::language::Language;
use kemala_web::words;

use crate::site::Site;

/// For whom and when a page is made.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Names, law, map.
    pub site: &'a Site,
    /// What language is spoken.
    pub language: Language,
    /// The time.
    pub now: Timestamp,
}

impl View<'_> {
    /// The text in the page's language.
    fn say(&self, indonesian: &'static str, english: &'static str) -> &'static str {
        self.language.say(indonesian, english)
    }

    /// A link in the page's language.
    fn link(&self, path: &str) -> String {
        self.language.link(path)
    }

    /// The address of a page for a month; the present month goes without saying.
    fn path_of(&self, path: &str, month: Month) -> String {
        if month == self.site.month(self.now) { path.to_owned() } else { format!("{path}?month={month}") }
    }

    /// "November 2026"
    fn month(&self, month: Month) -> String {
        format!("{} {}", words::month(month.first_day(), self.language), month.first_day().year())
    }

    /// "24 November 2026, 09.30 WIB"
    fn moment(&self, at: Timestamp) -> String {
        let local = self.site.local(at);
        let zone = match local.offset().seconds() {
            25_200 => " WIB",
            28_800 => " WITA",
            32_400 => " WIT",
            _ => "",
        };
        format!("{}{zone}", words::moment(&local, self.language))
    }

    fn number(&self, number: i64) -> String {
        words::number(number, self.language)
    }
}
