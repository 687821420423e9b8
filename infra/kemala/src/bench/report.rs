//! The table.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use super::material::Material;
use super::results::{Figures, Raw};
use crate::terminal::{BOLD, DIM, Table, styled};

/// All figures of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Report {
    /// What was trained on and measured with.
    data: &'static str,
    /// How many texts were measured.
    texts: usize,
    /// The core that all had to themselves; `null` where the system could not pin them.
    core: Option<usize>,
    kemala: Figures,
    /// Those that could be trained, by name.
    peers: BTreeMap<String, Figures>,
    /// How many times better Kemala is, by peer and by figure.
    ratios: BTreeMap<String, BTreeMap<&'static str, Option<f64>>>,
}

/// The peers as they are called, in the table's order.
const PEERS: [(&str, &str); 2] = [("linear_svc", "LinearSVC"), ("fasttext", "fastText")];

/// Share of time from which on other programs have disturbed the measuring.
const BUSY: f64 = 0.05;

/// A line of the table.
struct Line {
    /// In JSON, where it has a ratio.
    name: &'static str,
    title: &'static str,
    value: fn(&Figures) -> Option<f64>,
    better: Better,
}

/// When a figure is better, and whether it makes sense to say how many times.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Better {
    TimesMore,
    TimesLess,
    More,
}

const LINES: [Line; 9] = {
    use Better::{More, TimesLess, TimesMore};
    const fn line(name: &'static str, title: &'static str, better: Better, value: fn(&Figures) -> Option<f64>) -> Line {
        Line { name, title, value, better }
    }
    [
        line("texts_per_second", "texts a second", TimesMore, |of| Some(of.texts_per_second)),
        line("median_us", "a text, median, µs", TimesLess, |of| Some(of.median_us)),
        line("p99_us", "99 of 100 texts within, µs", TimesLess, |of| Some(of.p99_us)),
        line("long_p99_us", "99 of 100 of 280 characters within, µs", TimesLess, |of| Some(of.long_p99_us)),
        line("load_ms", "load, median, ms", TimesLess, |of| Some(of.load_ms)),
        line("resident_mb", "resident memory, MB", TimesLess, |of| of.resident_mb),
        line("accuracy", "category right, %", More, |of| Some(of.score?.accuracy * 100.0)),
        line("accuracy_sure", "category right where the label is sure, %", More, |of| {
            Some(of.score?.accuracy_sure * 100.0)
        }),
        line("macro_f1", "macro-F1 of the categories, %", More, |of| Some(of.score?.macro_f1 * 100.0)),
    ]
};

impl Line {
    /// How many times better the first is.
    fn ratio(&self, kemala: &Figures, peer: &Figures) -> Option<f64> {
        let (ours, theirs) = ((self.value)(kemala)?, (self.value)(peer)?);
        let ratio = match self.better {
            Better::TimesMore => ours / theirs,
            Better::TimesLess => theirs / ours,
            Better::More => return None,
        };
        Some(ratio).filter(|ratio| ratio.is_finite())
    }
}

impl Report {
    pub(super) fn of(material: &Material, core: Option<usize>, kemala: &Raw, peers: &[(String, Raw)]) -> Result<Self> {
        let figures = |raw: &Raw| Figures::of(raw, &material.measuring, material.is_scored);
        let kemala = figures(kemala)?;
        let peers: BTreeMap<String, Figures> =
            peers.iter().map(|(name, raw)| Ok((name.clone(), figures(raw)?))).collect::<Result<_>>()?;
        let with_ratio = || LINES.iter().filter(|line| line.better != Better::More);
        let ratios_to = |peer: &Figures| with_ratio().map(|line| (line.name, line.ratio(&kemala, peer))).collect();
        let ratios = peers.iter().map(|(name, peer)| (name.clone(), ratios_to(peer))).collect();
        Ok(Self { data: material.about, texts: material.measuring.len(), core, kemala, peers, ratios })
    }

    /// The table as people read it.
    pub(crate) fn write(&self, out: &mut impl Write) -> Result<()> {
        let mut table = Table::with_head(&["", "Kemala", PEERS[0].1, PEERS[1].1, "times LinearSVC", "times fastText"]);
        for line in LINES.iter().filter(|line| (line.value)(&self.kemala).is_some()) {
            let peers = PEERS.map(|(name, _)| self.peers.get(name));
            let figures = peers.map(|peer| number(peer.and_then(line.value)));
            let ratios = peers.map(|peer| match peer.and_then(|peer| line.ratio(&self.kemala, peer)) {
                Some(ratio) => format!("{}×", number(Some(ratio))),
                None => String::new(),
            });
            let ours = styled(BOLD, number((line.value)(&self.kemala)));
            table.row([line.title.to_owned(), ours].into_iter().chain(figures).chain(ratios));
        }
        table.write(out)?;
        for note in self.notes() {
            writeln!(out, "{}", styled(DIM, note))?;
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let place = match self.core {
            Some(core) => format!("one after the other on core {core}"),
            None => "one after the other, on no fixed core (there is no taskset)".to_owned(),
        };
        let mut notes = vec![
            format!("{} texts ({}), one at a time, {place}.", self.texts, self.data),
            "Kemala reads kind, category, place, urgency and agency, and masks; the peers find the category alone."
                .into(),
            "A text takes the median of its passes. Memory is of the whole process. 2×: Kemala needs half.".into(),
        ];
        let waited = self.peers.values().chain([&self.kemala]).filter_map(|figures| figures.waited).fold(0.0, f64::max);
        if waited > BUSY {
            let share = waited * 100.0;
            notes.push(format!(
                "Other programs had the core for up to {share:.0} % of the time, which slows the slow ones most: measure \
                 again on a quiet machine."
            ));
        }
        let missing = PEERS.iter().filter(|(name, _)| !self.peers.contains_key(*name));
        notes.extend(missing.map(|(_, title)| format!("{title} is missing: it cannot be installed for this Python.")));
        notes
    }
}

/// Three digits that count, and no more than are seen.
fn number(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if value >= 100.0 => format!("{value:.0}"),
        Some(value) if value >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::material::Row;
    use super::*;

    /// What a peer prints.
    fn canned(nanoseconds: u64, said: &str) -> Raw {
        let printed = serde_json::json!({
            "texts_ns": [[nanoseconds, nanoseconds]],
            "long_ns": [[4 * nanoseconds]],
            "loads_ns": [50 * nanoseconds],
            "resident_bytes": 30 * nanoseconds,
            "ran_and_waited_ns": [nanoseconds, 1_000],
            "said": [said, "mining"],
        });
        serde_json::from_value(printed).unwrap()
    }

    fn material(is_scored: bool) -> Material {
        let row = |category: &str| Row { text: "x".into(), category: Some(category.into()), sure: true };
        Material { about: "two posts", training: Vec::new(), measuring: vec![row("health"), row("mining")], is_scored }
    }

    fn shown(report: &Report) -> String {
        let mut written = Vec::new();
        report.write(&mut written).unwrap();
        String::from_utf8(anstream::adapter::strip_bytes(&written).into_vec()).unwrap()
    }

    #[test]
    fn the_table_sets_kemala_beside_its_peers() {
        let peers = [("linear_svc".to_owned(), canned(2_000_000, "")), ("fasttext".to_owned(), canned(150_000, ""))];
        let report = Report::of(&material(true), Some(1), &canned(50_000, "health"), &peers).unwrap();
        insta::assert_snapshot!(shown(&report), @"
                                                   Kemala  LinearSVC  fastText  times LinearSVC  times fastText
        texts a second                             20000   500        6667      40.0×            3.00×
        a text, median, µs                         50.0    2000       150       40.0×            3.00×
        99 of 100 texts within, µs                 50.0    2000       150       40.0×            3.00×
        99 of 100 of 280 characters within, µs     200     8000       600       40.0×            3.00×
        load, median, ms                           2.50    100        7.50      40.0×            3.00×
        resident memory, MB                        1.50    60.0       4.50      40.0×            3.00×
        category right, %                          100     50.0       50.0
        category right where the label is sure, %  100     50.0       50.0
        macro-F1 of the categories, %              100     50.0       50.0
        2 texts (two posts), one at a time, one after the other on core 1.
        Kemala reads kind, category, place, urgency and agency, and masks; the peers find the category alone.
        A text takes the median of its passes. Memory is of the whole process. 2×: Kemala needs half.
        ");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["ratios"]["linear_svc"]["texts_per_second"], 40.0);
        assert_eq!(json["peers"]["fasttext"]["score"]["accuracy"], 0.5);
        assert_eq!(json["core"], 1);
    }

    #[test]
    fn what_could_not_be_measured_is_said() {
        let canned_peer = Raw { resident_bytes: None, ran_and_waited_ns: Some((3, 1)), ..canned(2_000_000, "") };
        let peers = [("linear_svc".to_owned(), canned_peer)];
        let report = Report::of(&material(false), None, &canned(50_000, "health"), &peers).unwrap();
        insta::assert_snapshot!(shown(&report), @"
                                                Kemala  LinearSVC  fastText  times LinearSVC  times fastText
        texts a second                          20000   500        -         40.0×
        a text, median, µs                      50.0    2000       -         40.0×
        99 of 100 texts within, µs              50.0    2000       -         40.0×
        99 of 100 of 280 characters within, µs  200     8000       -         40.0×
        load, median, ms                        2.50    100        -         40.0×
        resident memory, MB                     1.50    -          -
        2 texts (two posts), one at a time, one after the other, on no fixed core (there is no taskset).
        Kemala reads kind, category, place, urgency and agency, and masks; the peers find the category alone.
        A text takes the median of its passes. Memory is of the whole process. 2×: Kemala needs half.
        Other programs had the core for up to 25 % of the time, which slows the slow ones most: measure again on a quiet machine.
        fastText is missing: it cannot be installed for this Python.
        ");
        assert_eq!(
            serde_json::to_value(&report).unwrap()["ratios"]["linear_svc"]["resident_mb"],
            serde_json::Value::Null
        );
    }
}
