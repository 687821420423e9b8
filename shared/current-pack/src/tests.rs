//! Choices over time, with a table in memory and a pack that is a number.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use kemala_domain::overrides::Replacement;
use proptest::prelude::*;

use super::*;

/// A pack that is known by its override; one with the file `bad` is refused.
#[derive(Debug, PartialEq)]
struct Numbered(Option<u32>);

impl FromPack for Numbered {
    fn shipped(_: &Path) -> Result<Self, PackErrors> {
        Ok(Self(None))
    }
    fn overridden(_: &Path, over: &Override) -> Result<Self, PackErrors> {
        if over.files.contains_key("bad") { Err(PackErrors(Vec::new())) } else { Ok(Self(Some(over.version))) }
    }
}

#[derive(Default)]
struct Table {
    choice: Cell<Choice>,
    rows: RefCell<BTreeMap<u32, bool>>,
    is_down: Cell<bool>,
    is_broken: Cell<bool>,
    junk: Cell<Option<u32>>,
    asked: Cell<usize>,
    bodies: Cell<usize>,
}

impl Table {
    fn put(&self, version: u32, is_good: bool) {
        self.rows.borrow_mut().insert(version, is_good);
        self.choose(Some(version));
    }
    fn choose(&self, version: Option<u32>) {
        self.choice.set(self.choice.get().then(version));
    }
    fn answer(&self) -> Result<(), ReadError> {
        match (self.is_down.get(), self.is_broken.get()) {
            (true, _) => Err(ReadError::Remote { code: "time-out".into(), source: "no answer".into() }),
            (_, true) => Err(ReadError::Unreadable { pk: "PACK#x".into(), sk: "CHOICE".into() }),
            _ => Ok(()),
        }
    }
}

impl Overrides for &Table {
    async fn choice(&self) -> Result<Choice, ReadError> {
        self.asked.set(self.asked.get() + 1);
        self.answer().map(|()| self.choice.get())
    }
    async fn get(&self, version: u32) -> Result<Option<Override>, ReadError> {
        self.bodies.set(self.bodies.get() + 1);
        self.answer()?;
        if self.junk.get() == Some(version) {
            return Err(ReadError::Unreadable { pk: "PACK#x".into(), sk: "OVERRIDE#".into() });
        }
        Ok(self.rows.borrow().get(&version).map(|is_good| {
            let name = if *is_good { "good" } else { "bad" };
            let files = BTreeMap::from([(name.to_owned(), Replacement::new("", ""))]);
            let (based_on, note) = (String::new(), String::new());
            Override { version, based_on, files, note, written_at: Timestamp::UNIX_EPOCH }
        }))
    }
}

fn current(table: &Table) -> CurrentPack<Numbered, &Table> {
    measured(table, &Metrics::to("test", |_| ()))
}

fn measured<'a>(table: &'a Table, metrics: &Metrics) -> CurrentPack<Numbered, &'a Table> {
    CurrentPack::new(Numbered(None), PathBuf::new(), table, SignedDuration::from_secs(60), metrics.clone())
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

/// The override in use at a second.
async fn version(current: &CurrentPack<Numbered, &Table>, at: i64) -> Option<u32> {
    current.at(second(at)).await.0
}

#[tokio::test]
async fn the_table_is_asked_once_in_an_interval_and_files_are_read_once_a_change() {
    let table = Table::default();
    table.put(1, true);
    let current = current(&table);
    assert_eq!(version(&current, 0).await, Some(1), "the first use asks");
    table.put(2, true);
    assert_eq!(version(&current, 59).await, Some(1));
    assert_eq!((table.asked.get(), table.bodies.get()), (1, 1));
    assert_eq!(version(&current, 60).await, Some(2));
    for minute in 2..5 {
        assert_eq!(version(&current, minute * 60).await, Some(2));
    }
    assert_eq!((table.asked.get(), table.bodies.get()), (5, 2));
    assert_eq!(version(&current, 10).await, Some(2), "a clock that was set back asks again");
    assert_eq!(table.asked.get(), 6);
}

#[tokio::test]
async fn a_bad_one_is_refused_once_and_the_old_one_stays() {
    let table = Table::default();
    table.put(1, true);
    let warm = current(&table);
    assert_eq!(version(&warm, 0).await, Some(1));
    table.put(2, false);
    for minute in 1..5 {
        assert_eq!(version(&warm, minute * 60).await, Some(1));
    }
    assert_eq!(table.bodies.get(), 2, "it is not read again each minute");
    // One that starts now knows nothing of the old one but what the choice says.
    assert_eq!(version(&current(&table), 0).await, Some(1));
    table.put(3, true);
    assert_eq!(version(&warm, 300).await, Some(3));
}

#[tokio::test]
async fn a_row_that_is_missing_is_refused() {
    let table = Table::default();
    table.choose(Some(7));
    let current = current(&table);
    assert_eq!(version(&current, 0).await, None);
    assert_eq!(version(&current, 60).await, None);
    assert_eq!(table.bodies.get(), 1);
}

#[tokio::test]
async fn a_row_that_is_junk_is_refused_once() {
    let table = Table::default();
    table.put(1, true);
    table.put(2, true);
    table.junk.set(Some(2));
    let lines: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
    let sink = Arc::clone(&lines);
    let metrics = Metrics::to("test", move |line| sink.lock().unwrap().push(line.to_owned()));
    let current = measured(&table, &metrics);
    assert_eq!(version(&current, 0).await, Some(1), "what counted before");
    assert_eq!(version(&current, 60).await, Some(1));
    assert_eq!(table.bodies.get(), 2);
    metrics.write(second(60));
    let lines = lines.lock().unwrap().concat();
    assert!(lines.contains(r#""OverridesRefused":1.0"#), "{lines}");
}

#[tokio::test]
async fn roll_back_is_one_choice() {
    let table = Table::default();
    table.put(1, true);
    table.put(2, true);
    let current = current(&table);
    assert_eq!(version(&current, 0).await, Some(2));
    table.choose(Some(1));
    assert_eq!(version(&current, 60).await, Some(1));
    table.choose(None);
    assert_eq!(version(&current, 120).await, None);
}

#[tokio::test]
async fn a_table_that_does_not_answer_changes_nothing_and_is_asked_again_later() {
    let table = Table::default();
    table.put(1, true);
    let current = current(&table);
    assert_eq!(version(&current, 0).await, Some(1));
    table.put(2, true);
    for failing in [&table.is_down, &table.is_broken] {
        failing.set(true);
        assert_eq!(version(&current, 60).await, Some(1));
        failing.set(false);
    }
    assert_eq!(version(&current, 119).await, Some(1), "nobody waits for it in each call");
    assert_eq!(version(&current, 120).await, Some(2));
}

#[derive(Debug, Clone)]
enum Happening {
    Put(bool),
    Choose(u8),
    Off,
    Restart,
    Call { is_down: bool },
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        any::<bool>().prop_map(Happening::Put),
        any::<u8>().prop_map(Happening::Choose),
        Just(Happening::Off),
        Just(Happening::Restart),
        any::<bool>().prop_map(|is_down| Happening::Call { is_down }),
    ]
}

proptest! {
    /// Whatever people choose and whatever fails: a bad one is never in use, and a good one that is chosen is, as soon
    /// as the table answers.
    #[test]
    fn only_what_is_good_and_was_chosen_is_in_use(happenings in prop::collection::vec(happening(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let table = Table::default();
            let mut process = current(&table);
            let mut versions = 0;
            let mut at = 0;
            for happening in happenings {
                match happening {
                    Happening::Put(is_good) => {
                        versions += 1;
                        table.put(versions, is_good);
                    }
                    Happening::Choose(any) => table.choose((versions > 0).then(|| u32::from(any) % versions + 1)),
                    Happening::Off => table.choose(None),
                    Happening::Restart => process = current(&table),
                    Happening::Call { is_down } => {
                        at += 60;
                        table.is_down.set(is_down);
                        let in_use = version(&process, at).await;
                        table.is_down.set(false);
                        let is_good = |version: Option<u32>| version.is_none_or(|version| table.rows.borrow()[&version]);
                        prop_assert!(is_good(in_use), "{in_use:?} is bad");
                        let chosen = table.choice.get().version;
                        if !is_down && is_good(chosen) {
                            prop_assert_eq!(in_use, chosen);
                        }
                    }
                }
            }
            Ok(())
        })?;
    }
}
