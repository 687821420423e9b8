//! HTML entities: X escapes `&`, `<` and `>`, and texts that were copied from pages bring all kinds.

/// Entities with a name.
const NAMED: [(&str, char); 18] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("deg", '°'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("shy", '\u{ad}'),
];

/// Most bytes between `&` and `;`: leading zeros may make a number long.
const LONGEST: usize = 10;

/// The entity that a text begins with: its character, and how many bytes it takes. One that was escaped again
/// (`&amp;amp;`, `&amp;lt;`) is one entity.
pub(super) fn entity_at(text: &str) -> Option<(char, usize)> {
    let (char, mut length) = single(text)?;
    if char != '&' {
        return Some((char, length));
    }
    while let Some(rest) = text.get(length..).and_then(|rest| rest.strip_prefix("amp;")) {
        length = text.len() - rest.len();
    }
    // What stands behind the `&` as if behind a plain one.
    let again = text.get(length..).and_then(named_or_numbered);
    Some(again.map_or(('&', length), |(char, more)| (char, length + more)))
}

fn single(text: &str) -> Option<(char, usize)> {
    named_or_numbered(text.strip_prefix('&')?).map(|(char, length)| (char, length + 1))
}

/// What follows the `&`: the name or number with its semicolon.
fn named_or_numbered(text: &str) -> Option<(char, usize)> {
    let length = text.bytes().take(LONGEST + 1).position(|byte| byte == b';')?;
    let name = text.get(..length)?;
    let char = match name.strip_prefix('#') {
        Some(number) => char::from_u32(parse(number)?)?,
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((char, length + 1))
}

fn parse(number: &str) -> Option<u32> {
    match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::entity_at;

    #[test]
    fn names_and_numbers() {
        for (text, char, length) in [
            ("&amp; x", '&', 5),
            ("&lt;", '<', 4),
            ("&#39;s", '\'', 5),
            ("&#x2019;s", '’', 8),
            ("&#0000048;", '0', 10),
            ("&amp;amp;", '&', 9),
            ("&amp;amp;#39;", '\'', 13),
            ("&amp;x;", '&', 5),
        ] {
            assert_eq!(entity_at(text), Some((char, length)), "{text}");
        }
    }

    #[test]
    fn an_ampersand_is_not_always_one() {
        for text in ["& lt;", "&", "&;", "&#;", "&#xd800;", "&#99999999;", "&é;", "&kec.jepon;", "rt & rw"] {
            assert_eq!(entity_at(text), None, "{text}");
        }
    }
}
