//! `measure-classifier PACK TEXTS LONG`: the classifier's side of `cargo kemala bench classifier`, built as it is
//! deployed. `TEXTS` and `LONG` are JSON lists of texts. Prints one JSON object of raw times, as `peers.py` does.

mod passes;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use jiff::civil::{Date, date};
use kemala_classifier::{Pack, Post};
use serde::Serialize;

use passes::{nanoseconds, passes};

/// Any day: it only decides which agencies are live.
const TODAY: Date = date(2026, 11, 24);

/// How often the pack is loaded, for a median.
const LOADS: usize = 15;

/// Raw times in nanoseconds; `cargo kemala bench` makes figures of them, by the same code for all.
#[derive(Debug, Serialize)]
struct Measured {
    /// By pass, each text.
    texts_ns: Vec<Vec<u64>>,
    /// By pass, each long text.
    long_ns: Vec<Vec<u64>>,
    /// Each load of the pack.
    loads_ns: Vec<u64>,
    /// With the pack, after all texts were classified once; `None` where the system does not tell.
    resident_bytes: Option<u64>,
    /// How long this process ran, and how long it waited for the core.
    ran_and_waited_ns: Option<(u64, u64)>,
    /// The category of each text; empty where there is none.
    said: Vec<String>,
}

fn main() -> Result<()> {
    let [pack, texts, long] =
        std::env::args_os().skip(1).map(PathBuf::from).collect::<Vec<_>>().try_into().map_err(|_| {
            anyhow!("usage: measure-classifier PACK TEXTS LONG; or rather: cargo kemala bench classifier")
        })?;
    let measured = measure(&pack, &read(&texts)?, &read(&long)?)?;
    Ok(serde_json::to_writer(std::io::stdout().lock(), &measured)?)
}

fn measure(folder: &Path, texts: &[String], long: &[String]) -> Result<Measured> {
    let load = || Pack::load(folder).map_err(|errors| anyhow!("{errors}"));
    let pack = load()?;
    let category = |text: &str| pack.classify(&Post { text, place_tag: None }, TODAY).decision.category;
    let said = texts.iter().map(|text| category(text).map(|category| category.to_string()).unwrap_or_default());
    let said = said.collect();
    // Before the repetitions, which leave holes in the heap.
    let resident_bytes = resident_bytes();
    let texts_ns = passes(texts, |text| drop(category(text)));
    let long_ns = passes(long, |text| drop(category(text)));
    let mut loads_ns = Vec::with_capacity(LOADS);
    for _ in 0..LOADS {
        let start = Instant::now();
        let loaded = load()?;
        loads_ns.push(nanoseconds(start.elapsed()));
        drop(loaded);
    }
    Ok(Measured { texts_ns, long_ns, loads_ns, resident_bytes, ran_and_waited_ns: ran_and_waited_ns(), said })
}

fn read(path: &Path) -> Result<Vec<String>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    serde_json::from_reader(BufReader::new(file)).with_context(|| format!("{} is no list of texts", path.display()))
}

/// What of this process is in memory, as Linux tells it.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// Of this process's only thread, as Linux tells it.
fn ran_and_waited_ns() -> Option<(u64, u64)> {
    let times = fs::read_to_string("/proc/self/schedstat").ok()?;
    let mut times = times.split_whitespace().map(str::parse);
    Some((times.next()?.ok()?, times.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_gets_its_category_and_its_times() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng");
        let texts =
            ["Jalan rusak parah di Desa Jepon Kec. Jepon Blora", "Hatiku banjir air mata sejak kamu pergi wkwk"]
                .map(str::to_owned);
        let measured = measure(&pack, &texts, &texts[..1]).unwrap();
        assert_eq!(measured.said, ["road_damage", ""]);
        assert!(measured.texts_ns.iter().all(|pass| pass.len() == 2));
        assert!(measured.long_ns.iter().all(|pass| pass.len() == 1));
        assert_eq!(measured.loads_ns.len(), LOADS);
        assert_eq!(measured.resident_bytes.is_some(), cfg!(target_os = "linux"));
    }
}
