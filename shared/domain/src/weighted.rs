//! How long a text is for X, and what in it X would make a link.
//!
//! X counts weights (developer documentation "Counting characters", twitter-text configuration 3): Latin and the scripts
//! near it 1, all else 2; a sequence of signs that shows one emoji counts 2 as a whole. Here each of its signs counts, so
//! an emoji may count more than X counts it, never less.

/// Ranges of signs that weigh 1.
const LIGHT: [std::ops::RangeInclusive<u32>; 4] = [0..=4351, 8192..=8205, 8208..=8223, 8242..=8247];

/// The length of a text as X counts it, or a little more.
pub fn weighted_length(text: &str) -> usize {
    text.chars().map(|c| if LIGHT.iter().any(|range| range.contains(&u32::from(c))) { 1 } else { 2 }).sum()
}

/// The first thing in a text that X would make a link: an address, or a bare domain.
pub fn link(text: &str) -> Option<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')' | '<' | '>' | ',' | ';'))
        .find(|word| is_link(word))
}

fn is_link(word: &str) -> bool {
    let small = word.to_lowercase();
    if small.contains("://") || small.starts_with("www.") {
        return true;
    }
    // A domain may be followed by a path, and glued to what stands before it. At least one letter or digit comes first.
    let labels: Vec<&str> = small.split('.').collect();
    labels.windows(2).any(|pair| {
        let [before, after] = pair else { return false };
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(after.len());
        let is_named = before.chars().next_back().is_some_and(char::is_alphanumeric);
        is_named && after.get(..end).is_some_and(is_top_level)
    })
}

fn is_top_level(label: &str) -> bool {
    COUNTRIES.split(' ').chain(GENERIC.split(' ')).any(|known| known == label)
}

/// The countries' domains (IANA root zone), without `rw`, which in Indonesian is a neighbourhood.
const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv \
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr \
ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg \
kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my \
mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru sa sb sc sd se sg sh si \
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi \
vn vu wf ws ye yt za zm zw";
/// The generic domains that are in wide use.
const GENERIC: &str = "com net org info biz edu gov mil int name pro mobi asia tel app dev page web site online store shop \
blog news media cloud tech link click live xyz top vip club work world today space website digital email group company center \
help support social video photos health care school academy university";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_weighs_one_and_all_else_two() {
        for (text, length) in [("", 0), ("Terima kasih 🙏", 15), ("é–’", 3), ("日本", 4), ("…", 2), ("कि", 2)]
        {
            assert_eq!(weighted_length(text), length, "{text}");
        }
    }

    #[test]
    fn addresses_and_bare_domains_are_links() {
        for text in [
            "lihat https://jatengprov.go.id",
            "lihat jatengprov.go.id",
            "(bit.ly/3abc)",
            "WWW.contoh",
            "surat@contoh.com",
            "selesai.id,",
        ] {
            assert!(link(text).is_some(), "{text}");
        }
        for text in [
            "Selesai.",
            "Jl. Pemuda No.5",
            "RT.02/RW.03 selesai.Terima kasih",
            "pukul 12.30 WIB",
            "a.n. Budi, S.Sos.",
            "Rp1.500.000",
            ".id",
        ] {
            assert_eq!(link(text), None, "{text}");
        }
    }
}
