//! The languages of pages.

use kemala_runtime::request::{Request, only_parameter};

/// A language of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// What is shown where nothing is asked for.
    Indonesian,
    /// Behind `?lang=en`.
    English,
}

impl Language {
    /// The language that a request asks for.
    pub fn of(request: &Request) -> Self {
        match only_parameter(request, "lang").as_deref() {
            Some("en") => Self::English,
            _ => Self::Indonesian,
        }
    }

    /// The code of `<html lang>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// The text in this language.
    pub fn say(self, indonesian: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Indonesian => indonesian,
            Self::English => english,
        }
    }

    /// A link that stays in this language. `path` may have a query, and a fragment after it.
    pub fn link(self, path: &str) -> String {
        if self == Self::Indonesian {
            return path.to_owned();
        }
        let (path, fragment) = path.find('#').map_or((path, ""), |at| path.split_at(at));
        let joint = if path.contains('?') { '&' } else { '?' };
        format!("{path}{joint}lang=en{fragment}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_in_their_language() {
        let links = ["/a", "/a?b=c", "/a#d", "/a?b=c#d"].map(|path| Language::English.link(path));
        assert_eq!(links, ["/a?lang=en", "/a?b=c&lang=en", "/a?lang=en#d", "/a?b=c&lang=en#d"]);
        assert_eq!(Language::Indonesian.link("/a?b=c#d"), "/a?b=c#d");
    }

    #[test]
    fn a_request_asks_by_its_query() {
        let mut request = Request::default();
        for (query, language) in [
            ("", Language::Indonesian),
            ("lang=en", Language::English),
            ("lang=fr", Language::Indonesian),
            ("lang=en&lang=id", Language::Indonesian),
        ] {
            request.raw_query_string = Some(query.to_owned());
            assert_eq!(Language::of(&request), language, "{query}");
        }
    }
}
