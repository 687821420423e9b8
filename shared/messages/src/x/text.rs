//! The text of a post as X sends it: hashtags, mentions, escapes.

/// Resolves the three HTML entities that X writes. Positions in the text count before that, so it comes last.
pub(super) fn unescape(text: &str) -> String {
    // `&amp;` last: "&amp;lt;" is a citizen's "&lt;", not "<".
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The hashtags in a text, without `#`.
pub(super) fn hashtags(text: &str) -> impl Iterator<Item = &str> {
    names(text, ['#', '＃'], |before| !is_word(before) && before != '&', is_word)
}

/// The accounts named in a text, without `@`. An e-mail address names none, nor does one of another network.
pub(super) fn mentions(text: &str) -> impl Iterator<Item = &str> {
    names(text, ['@', '＠'], |before| !is_word(before) && !"!#$%&*@＠".contains(before), |c| is_handle(c) || c == '@')
        .filter(|name| !name.contains('@'))
}

/// The text from where the author's own words begin. X puts the names of all who are spoken to in front of a reply;
/// nobody typed those. `display_start` is what X says (code points), where it does.
pub(super) fn without_addressees(text: &str, display_start: Option<usize>) -> (usize, &str) {
    let mut rest = text;
    let mut at = 0;
    while let Some(name) = rest.strip_prefix('@') {
        let after = name.trim_start_matches(is_handle).trim_start();
        let taken = rest.chars().count() - after.chars().count();
        if !name.starts_with(is_handle) || display_start.is_some_and(|start| at + taken > start) {
            break;
        }
        at += taken;
        rest = after;
    }
    (at, rest)
}

fn is_handle(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The runs of `within` characters that follow one of the signs, where the character before the sign allows it.
fn names(
    text: &str,
    signs: [char; 2],
    allowed_before: impl Fn(char) -> bool,
    within: impl Fn(char) -> bool,
) -> impl Iterator<Item = &str> {
    text.match_indices(signs).filter_map(move |(at, sign)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + sign.len()..)?;
        let end = after.find(|c| !within(c)).unwrap_or(after.len());
        (end > 0 && before.is_none_or(&allowed_before)).then(|| after.get(..end)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_resolved_once() {
        for (sent, meant) in [
            ("lubang &amp; genangan", "lubang & genangan"),
            ("&lt;3 &gt;&gt;", "<3 >>"),
            ("&amp;lt;", "&lt;"),
            ("&amp;amp;", "&amp;"),
            ("&quot;&nbsp;", "&quot;&nbsp;"),
        ] {
            assert_eq!(unescape(sent), meant, "{sent}");
        }
    }

    #[test]
    fn hashtags_in_a_text() {
        for (text, expected) in [
            ("#KemalaJateng jalan rusak", vec!["KemalaJateng"]),
            ("rusak,#kemalajateng.", vec!["kemalajateng"]),
            ("(#a_1) ＃b##c", vec!["a_1", "b", "c"]),
            ("jalan#rusak &#39; # #", vec![]),
            ("🙏#kemalajateng🙏", vec!["kemalajateng"]),
        ] {
            assert_eq!(hashtags(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn mentions_in_a_text() {
        for (text, expected) in [
            ("@contoh_kab tolong", vec!["contoh_kab"]),
            (".@contoh_kab", vec!["contoh_kab"]),
            ("tolong (@contoh_kab), ＠lain", vec!["contoh_kab", "lain"]),
            ("surel warga@contoh_kab.example", vec![]),
            ("@warga@jaringan.example", vec![]),
            ("@ @", vec![]),
        ] {
            assert_eq!(mentions(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn the_names_in_front_of_a_reply_were_not_typed() {
        for (text, display_start, own_words) in [
            ("@satu @dua lampu mati", None, "lampu mati"),
            ("@satu @dua lampu mati", Some(6), "@dua lampu mati"),
            ("@satu @dua lampu mati", Some(0), "@satu @dua lampu mati"),
            ("@satu lampu @dua", Some(999), "lampu @dua"),
            ("lampu @satu", Some(3), "lampu @satu"),
            ("@satu", None, ""),
            ("@ satu", None, "@ satu"),
            ("", Some(5), ""),
        ] {
            assert_eq!(without_addressees(text, display_start).1, own_words, "{text}");
        }
        assert_eq!(without_addressees("@satu  é", None), (7, "é"));
    }
}
