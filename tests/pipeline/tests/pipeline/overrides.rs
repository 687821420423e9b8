//! Rules, thresholds and holidays change while the system runs, and nothing is deployed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala::local::Workspace;
use kemala::webhook::Family;
use kemala_classifier::Jurisdiction;
use kemala_domain::clocks::Clock;
use kemala_domain::overrides::Replacement;
use kemala_domain::{Override, Status, Ticket};
use kemala_messages::agency::AgencyMessage;
use kemala_store::WriteError;
use kemala_store::overrides::PackRows;

use crate::faults::kill_workers;
use crate::world::{World, post, until, world};

const JEPON: &str = "Jalan rusak parah di Desa Jepon Kec. Jepon Blora, sudah 2 bulan #KemalaJateng";

/// A rule before all others: what this says goes to the province.
const TO_THE_PROVINCE: &str = "[[rule]]\nid = \"trial.jepon\"\ncategories = [\"road_damage\"]\nany = [\"jepon\"]\nfirst = \"DPUBMCK\"\n\n[[rule]]";

/// Overrides of the running system; the shipped pack counts again in the end.
struct Rules<'a> {
    world: &'a World,
    rows: PackRows,
    shipped: PathBuf,
}

impl<'a> Rules<'a> {
    fn of(world: &'a World) -> Result<Self> {
        let rows = PackRows::new(world.store.clone(), &world.local.names.pack);
        Ok(Self { world, rows, shipped: Workspace::find()?.pack(&world.local.names.pack) })
    }

    /// Tells a story, and lets the shipped pack count again however it ends.
    async fn during(self, story: impl AsyncFnOnce(&Self) -> Result<()>) -> Result<()> {
        let outcome = story(&self).await;
        self.rows.choose(None, self.rows.choice().await?).await?;
        outcome
    }

    fn shipped(&self, file: &str) -> Result<String> {
        Ok(fs::read_to_string(self.shipped.join(file))?)
    }

    fn version(&self) -> Result<String> {
        Ok(Jurisdiction::load(&self.shipped).map_err(|errors| anyhow::anyhow!("{errors}"))?.version)
    }

    /// Writes an override of one file straight into the table, unchecked, and lets it count.
    async fn put(&self, file: &str, text: String) -> Result<Override> {
        let version = self.rows.versions().await?.last().unwrap_or(&0) + 1;
        let files = [(file.to_owned(), Replacement::new(text, &self.shipped(file)?))].into();
        let (based_on, written_at) = (self.version()?, Timestamp::now());
        let over = Override { version, based_on, files, note: "a test".to_owned(), written_at };
        self.rows.put(&over, self.rows.choice().await?).await?;
        Ok(over)
    }

    async fn choose(&self, version: Option<u32>) -> Result<()> {
        self.rows.choose(version, self.rows.choice().await?).await?;
        Ok(())
    }

    /// The ticket that a new post opens: no earlier one of the same incident takes it in.
    async fn ticket(&self, text: &str) -> Result<Ticket> {
        self.world.forget_incidents().await?;
        let report = post(text);
        self.world.tweet(&report, Family::FilteredStream).await?;
        self.world.ticket(&report).await
    }

    async fn message(&self, ticket: &Ticket) -> Result<AgencyMessage> {
        let messages = self.world.messages(ticket.holder.as_str(), &ticket.id).await?;
        messages.into_iter().next().context("no message")
    }
}

/// Whether a ticket says who holds it and which pack decided.
fn is_decided(ticket: &Ticket, holder: &str, version: &str) {
    assert_eq!((ticket.holder.as_str(), ticket.decision.pack_version.as_str()), (holder, version));
}

#[tokio::test]
async fn a_rule_counts_at_once_and_is_rolled_back_in_one_step() -> Result<()> {
    let world = world().await?;
    let story = async |rules: &Rules<'_>| {
        let shipped = rules.version()?;
        is_decided(&rules.ticket(JEPON).await?, "PEMKAB3316", &shipped);

        let over = rules.put("routing.toml", rules.shipped("routing.toml")?.replacen("[[rule]]", TO_THE_PROVINCE, 1));
        let version = over.await?.version;
        let ticket = rules.ticket(JEPON).await?;
        is_decided(&ticket, "DPUBMCK", &format!("{shipped}+{version}"));
        assert_eq!(rules.message(&ticket).await?.data.ticket.pack_version, format!("{shipped}+{version}"));

        rules.choose(None).await?;
        is_decided(&rules.ticket(JEPON).await?, "PEMKAB3316", &shipped);
        rules.choose(Some(version)).await?;
        is_decided(&rules.ticket(JEPON).await?, "DPUBMCK", &format!("{shipped}+{version}"));
        Ok(())
    };
    Rules::of(&world)?.during(story).await
}

#[tokio::test]
async fn a_threshold_sends_the_unsure_to_the_desk() -> Result<()> {
    let world = world().await?;
    let story = async |rules: &Rules<'_>| {
        let lines = rules.shipped("pack.toml")?;
        let lines = lines.lines().map(|line| match line.starts_with("triage_below") {
            true => "triage_below = 1.0\n".to_owned(),
            false => format!("{line}\n"),
        });
        rules.put("pack.toml", lines.collect()).await?;
        let ticket = rules.ticket(JEPON).await?;
        assert_eq!((ticket.status, ticket.holder.as_str()), (Status::Triage, "TRIAGE"));
        assert_eq!(ticket.decision.likely.unwrap().as_str(), "PEMKAB3316");
        Ok(())
    };
    Rules::of(&world)?.during(story).await
}

#[tokio::test]
async fn a_bad_one_in_the_table_is_refused_by_all_and_the_old_one_stays() -> Result<()> {
    let world = world().await?;
    let story = async |rules: &Rules<'_>| {
        let good = rules.put("routing.toml", rules.shipped("routing.toml")?.replacen("[[rule]]", TO_THE_PROVINCE, 1));
        let old = format!("{}+{}", rules.version()?, good.await?.version);
        is_decided(&rules.ticket(JEPON).await?, "DPUBMCK", &old);

        let bad = rules.put("rules.toml", "[category.roads]\n".to_owned()).await?.version;
        is_decided(&rules.ticket(JEPON).await?, "DPUBMCK", &old);
        // The output of a function that is called by hand is in the emulator's log: what was refused, and what the alarm
        // waits for.
        world.round(Timestamp::now()).await?;
        let (log, line) = (world.local.log(), format!("code=\"override_refused\" version={bad} "));
        let refused = until("the refusal is logged and measured", async || {
            let log = fs::read_to_string(&log)?;
            let after = log.split_once(&line).map(|(_, after)| after);
            Ok(after.filter(|after| after.contains("\"OverridesRefused\":1.0")).map(drop))
        });
        refused.await?;

        // Who starts now knows nothing of the old one but what the table says.
        kill_workers(rules.world, "classification")?;
        is_decided(&rules.ticket(JEPON).await?, "DPUBMCK", &old);
        Ok(())
    };
    Rules::of(&world)?.during(story).await
}

#[tokio::test]
async fn a_new_holiday_moves_the_deadlines_of_a_new_ticket() -> Result<()> {
    let world = world().await?;
    let story = async |rules: &Rules<'_>| {
        let shipped = Jurisdiction::load(&rules.shipped).map_err(|errors| anyhow::anyhow!("{errors}"))?;
        let one = shipped.calendar.working_days(1);
        let tomorrow = shipped.calendar.add_working_time(Timestamp::now(), one).context("a working day")?;
        let holiday = shipped.calendar.local(tomorrow).date();
        let row = format!("{holiday},libur_nasional,Hari Uji,no\n");
        let over = rules.put("holidays.csv", format!("{}{row}", rules.shipped("holidays.csv")?)).await?;
        let changed = Jurisdiction::load_overridden(&rules.shipped, &over);
        let changed = changed.map_err(|errors| anyhow::anyhow!("{errors}"))?;

        let ticket = rules.ticket(JEPON).await?;
        let events = world.store.events(&ticket.id).await?;
        assert_eq!(ticket.due, changed.terms().next_due(&ticket, &events));
        assert!(ticket.due > shipped.terms().next_due(&ticket, &events), "{:?}", ticket.due);
        // The fan-out counts by the same calendar.
        let end = changed.terms().deadline(&ticket, Clock::Acknowledge);
        let message = rules.message(&ticket).await?;
        let told = message.data.ticket.deadlines.iter().find(|deadline| deadline.clock == Clock::Acknowledge);
        assert_eq!(told.map(|deadline| deadline.due_at), end);
        Ok(())
    };
    Rules::of(&world)?.during(story).await
}

#[tokio::test]
async fn of_two_who_change_the_rules_at_once_one_is_told() -> Result<()> {
    let world = world().await?;
    let story = async |rules: &Rules<'_>| {
        let seen = rules.rows.choice().await?;
        let over = rules.put("words.csv", rules.shipped("words.csv")?).await?;
        let same = rules.rows.put(&over, rules.rows.choice().await?).await;
        assert!(matches!(same, Err(WriteError::Conflict)), "a version is written once: {same:?}");
        let late = rules.rows.choose(None, seen).await;
        assert!(matches!(late, Err(WriteError::Conflict)), "{late:?}");
        let later = Override { version: over.version + 1, ..over };
        let late = rules.rows.put(&later, seen).await;
        assert!(matches!(late, Err(WriteError::Conflict)), "{late:?}");
        assert_eq!(rules.rows.get(later.version).await?, None, "both or neither");
        Ok(())
    };
    Rules::of(&world)?.during(story).await
}
