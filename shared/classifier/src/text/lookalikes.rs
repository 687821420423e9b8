//! Characters of other scripts that stand in for Latin letters and digits, to get past filters or to decorate.
//!
//! Unicode's own list of confusables (UTS 39) also takes `1` for `l` and `rn` for `m`, which would destroy what people
//! wrote honestly. Here are those that can only be a disguise in a Latin text. NFKD has dealt with full width,
//! mathematical and circled letters before.

/// Letters, each below the Latin one that it looks like.
const LETTERS: [(&str, &str); 4] = [
    // Cyrillic
    ("АВСԀЕҺНІЈКӀМОРԚЅТѴԜХУҮ", "ABCDEHHIJKLMOPQSTVWXYY"),
    ("авсԁеһніјкӏморԛѕтѵԝхуү", "abcdehhijklmopqstvwxyy"),
    // Greek, Armenian
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧՕՍαβεζηικμνορτυχօս", "ABEZHIKMNOPTYXOUabeznikuvoptuxou"),
    // Latin with a stroke, without a dot, in script form or as small capitals
    ("ŁłØøĐđĦħŦŧıⱭɑꞬɡƖɩƦʀꞮɪᴀʙᴄᴅᴇꜰɢʜᴊᴋʟᴍɴᴏᴘꜱᴛᴜᴠᴡʏᴢ", "LlOoDdHhTtiAaGgIiRrIiabcdefghjklmnopstuvwyz"),
];

/// The zeros of digits that NFKD leaves alone: Arabic (two), Devanagari, Bengali, Thai, Javanese, Balinese.
const ZEROS: [char; 7] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{a9d0}', '\u{1b50}'];

/// White letters on black, round and square: U+1F150 and U+1F170 are `A`.
const WHITE_ON_BLACK: [char; 2] = ['\u{1f150}', '\u{1f170}'];

/// The Latin letter or digit that a character looks like; else the character.
pub(super) fn latin(char: char) -> char {
    let in_run = |starts: &[char], first: u8, length: u32| {
        let offset =
            starts.iter().find_map(|&start| u32::from(char).checked_sub(u32::from(start)).filter(|&at| at < length))?;
        Some(char::from(first + u8::try_from(offset).ok()?))
    };
    let in_table = || {
        LETTERS.iter().find_map(|(looks, means)| {
            looks.chars().zip(means.chars()).find_map(|(look, mean)| (look == char).then_some(mean))
        })
    };
    match char {
        // Plain letters, signs and emojis, quickly.
        ..'\u{d8}' | '\u{2000}'..='\u{2c00}' | '\u{1f300}'.. => char,
        _ => in_run(&ZEROS, b'0', 10).or_else(|| in_run(&WHITE_ON_BLACK, b'A', 26)).or_else(in_table).unwrap_or(char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_its_own() {
        for (looks, means) in LETTERS {
            assert_eq!(looks.chars().count(), means.chars().count(), "{looks}");
            assert!(!looks.chars().any(|char| char.is_ascii()) && means.is_ascii(), "{looks}");
        }
    }

    #[test]
    fn disguises() {
        let plain = |text: &str| text.chars().map(latin).collect::<String>();
        assert_eq!(plain("Јаlаn ruѕаk"), "Jalan rusak");
        assert_eq!(plain("ΒΑΝJΙR ροtοs"), "BANJIR potos");
        assert_eq!(plain("ᴛᴏʟᴏɴɢ 🅱🅻🅾🆁🅰 łømpø"), "tolong BLORA lompo");
        assert_eq!(plain("٠٨١٢ ꧐꧘꧑꧒"), "0812 0812");
        assert_eq!(plain("… 🙏 → 1 l Ж"), "… 🙏 → 1 l Ж");
    }
}
