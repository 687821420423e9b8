//! The part of a pack that every function needs: names, accounts, agencies, law and calendar.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use kemala_domain::author::Limits;
use kemala_domain::clocks::Terms;
use kemala_domain::ids::TicketPrefix;
use kemala_domain::ladder::Hierarchy;
use kemala_domain::lifecycle::Bodies;
use kemala_domain::office_hours::{OfficeHours, Opening};
use kemala_domain::{AgencyCode, Calendar, Override, Policies};
use serde::Deserialize;

use super::Pack;
use super::agencies::{self, Agencies, Agency, Consumer};
use super::base;
use super::errors::PackErrors;
use super::folder::{Document, Folder, Row};
use super::{policy, replies};
use crate::incident::SameIncident;
use crate::replies::Replies;

pub(super) const PACK: &str = "pack.toml";
pub(super) const HOLIDAYS: &str = "holidays.csv";

/// Who acts in a jurisdiction, by which clocks, and where it listens.
#[derive(Debug, Clone)]
pub struct Jurisdiction {
    /// Name of the pack, such as `jateng`.
    pub name: String,
    /// What people call the service, such as "Kemala Jawa Tengah".
    pub title: String,
    /// Name and version, such as `jateng/2026-11-24`, and with the number of an override `jateng/2026-11-24+3`.
    pub version: String,
    /// What ticket numbers begin with.
    pub ticket_prefix: TicketPrefix,
    /// Hashtags without `#` that make a post a report, whatever their case.
    pub hashtags: Vec<String>,
    /// Accounts whose mention makes a post a report.
    pub listen_to: Vec<Account>,
    /// The account that answers.
    pub answer_from: Account,
    /// The desk that takes what nobody may guess.
    pub triage_desk: AgencyCode,
    /// Who takes accusations against officials.
    pub inspectorate: AgencyCode,
    /// How sure the classifier must be (0 to 1) for an agency to get a report without a human.
    pub triage_below: f32,
    /// From when on two reports are one incident.
    pub same_incident: SameIncident,
    /// How much one author may report.
    pub limits: Limits,
    /// How sure (0 to 1) it must be that there is nothing to act on, for a post to open no ticket.
    pub nothing_to_act_on_from: f32,
    /// How posts with the hashtags come.
    pub hashtag_source: HashtagSource,
    /// Posts of open tickets that X is asked about in a day, whether they are still there. X charges for each.
    pub look_ups_per_day: u32,
    /// Days for which the texts of reports are kept.
    pub report_retention_days: u32,
    /// All bodies.
    pub agencies: Agencies,
    /// The clocks of the law, as they are and as they were.
    pub policies: Policies,
    /// The working time.
    pub calendar: Calendar,
    /// Who stands above whom.
    pub hierarchy: Hierarchy,
    /// What is said to citizens.
    pub replies: Replies,
}

/// How posts with the pack's hashtags come: it depends on the plan with X.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HashtagSource {
    /// X sends them (an Enterprise plan's filtered stream).
    Webhook,
    /// We search for them every minute (any plan).
    Poll,
}

/// An account on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The platform's id, which stays when the handle changes.
    pub id: String,
    /// The name after the `@`.
    pub handle: String,
}

impl Jurisdiction {
    /// Reads and checks the files of a pack that do not serve the classifier.
    pub fn load(dir: &Path) -> Result<Self, PackErrors> {
        let mut folder = Folder::new(dir);
        let agencies = Agencies::read(&mut folder);
        let jurisdiction = Self::read(&mut folder, &agencies);
        folder.finish(jurisdiction)
    }

    /// The same of a pack with an override, checked as a whole: no function uses what another would refuse.
    pub fn load_overridden(dir: &Path, over: &Override) -> Result<Self, PackErrors> {
        Pack::load_overridden(dir, over).map(|pack| pack.jurisdiction)
    }

    /// What deadlines follow from.
    pub fn terms(&self) -> Terms<'_> {
        Terms {
            policies: &self.policies,
            calendar: &self.calendar,
            hierarchy: &self.hierarchy,
            triage_desk: &self.triage_desk,
        }
    }

    /// Who may have tickets on a day.
    pub fn bodies(&self, today: Date) -> Bodies {
        let codes = |fits: &dyn Fn(&Agency) -> bool| {
            self.agencies.iter().filter(|agency| fits(agency)).map(|agency| agency.code.clone()).collect()
        };
        Bodies {
            live: codes(&|agency| agency.is_live(today)),
            desks: codes(&|agency| agency.consumer == Consumer::Desk),
            inspectorate: self.inspectorate.clone(),
        }
    }

    /// Reads what can be read; `None`, or errors in the folder, where something is wrong.
    pub(super) fn read(folder: &mut Folder<'_>, agencies: &Agencies) -> Option<Self> {
        let policies = policy::read(folder, agencies);
        let holidays = read_holidays(folder);
        let settings = read_settings(folder, agencies);
        let replies = replies::read(folder, agencies, settings.as_ref().map(|settings| &settings.ticket_prefix));
        let settings = settings?;
        let hours = settings.office_hours.read().ok()?;
        Some(Self {
            version: format!("{}/{}", settings.name, settings.version),
            name: settings.name,
            title: settings.title,
            ticket_prefix: settings.ticket_prefix,
            hashtags: settings.hashtags,
            listen_to: settings.listen_to,
            answer_from: settings.answer_from,
            triage_desk: settings.triage_desk,
            inspectorate: settings.inspectorate,
            triage_below: settings.triage_below,
            same_incident: settings.same_incident,
            limits: settings.limits,
            nothing_to_act_on_from: settings.nothing_to_act_on_from,
            hashtag_source: settings.hashtag_source,
            look_ups_per_day: settings.look_ups_per_day,
            report_retention_days: settings.report_retention_days,
            agencies: agencies.clone(),
            policies: policies?,
            calendar: Calendar::new(TimeZone::get(&settings.timezone).ok()?, hours, holidays),
            hierarchy: agencies.hierarchy(),
            replies: replies?,
        })
    }
}

/// `pack.toml` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    name: String,
    /// The pack beside it whose files of language and calendar it takes where it has none.
    extends: Option<String>,
    title: String,
    version: String,
    timezone: String,
    ticket_prefix: TicketPrefix,
    hashtags: Vec<String>,
    triage_desk: AgencyCode,
    inspectorate: AgencyCode,
    triage_below: f32,
    nothing_to_act_on_from: f32,
    report_retention_days: u32,
    hashtag_source: HashtagSource,
    look_ups_per_day: u32,
    office_hours: Hours,
    same_incident: SameIncident,
    limits: Limits,
    listen_to: Vec<Account>,
    answer_from: Account,
}

/// `[office_hours]`: for each working day its stretches, such as `"07:30-12:00"`.
#[derive(PartialEq, Deserialize)]
struct Hours {
    /// Where they come from.
    source: String,
    #[serde(flatten)]
    days: BTreeMap<String, Vec<String>>,
}

impl Hours {
    fn read(&self) -> Result<OfficeHours, String> {
        let day = |(name, stretches): (&String, &Vec<String>)| {
            let weekday = WEEKDAYS.iter().find(|(of, _)| of == name).map(|(_, weekday)| *weekday);
            let weekday = weekday.ok_or_else(|| format!("{name} is no day; write monday to sunday"))?;
            Ok((weekday, stretches.iter().map(|text| stretch(text)).collect::<Result<_, String>>()?))
        };
        let days = self.days.iter().map(day).collect::<Result<Vec<_>, String>>()?;
        OfficeHours::new(days).map_err(|error| error.to_string())
    }
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

fn stretch(text: &str) -> Result<Opening, String> {
    let times = text.split_once('-').and_then(|(from, until)| {
        let time = |text: &str| text.trim().parse::<Time>().ok();
        Some(Opening { from: time(from)?, until: time(until)? })
    });
    times.ok_or_else(|| format!("{text:?} is no stretch of a day; write it like 07:30-12:00"))
}

/// Above this it is a slip of the pen: X asks 0.005 dollars a post (docs.x.com, pricing, 2026-08).
const MOST_LOOK_UPS: u32 = 100_000;

fn read_settings(folder: &mut Folder<'_>, agencies: &Agencies) -> Option<Settings> {
    let document: Document<Settings> = folder.document(PACK)?;
    let settings = &document.value;
    let is_tag = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    let is_account = |account: &Account| !account.handle.is_empty() && is_id(&account.id);
    let is_desk = |code| agencies.get(code).is_some_and(|agency| agency.consumer == Consumer::Desk);
    let has_queue = |code| agencies.get(code).is_some_and(Agency::has_queue);
    let are_agencies_known = folder.is_sound(agencies::FILE);
    let problems = [
        (
            !base::is_name(&settings.name),
            "name",
            "use a-z, 0-9 and single hyphens between, at most 20; names of resources carry it",
        ),
        (settings.version.is_empty(), "version", "is empty; tickets name it"),
        (
            TimeZone::get(&settings.timezone).is_err(),
            "timezone",
            "is not in the IANA database; write it like Asia/Jakarta",
        ),
        (
            settings.look_ups_per_day > MOST_LOOK_UPS,
            "look_ups_per_day",
            "is more than 100000, which costs 500 dollars a day",
        ),
        (settings.hashtags.is_empty(), "hashtags", "is empty; give at least one"),
        (!settings.hashtags.iter().all(is_tag), "hashtags", "use letters, digits and _ only, without #"),
        (settings.listen_to.is_empty(), "listen_to", "is empty; give at least one account"),
        (!settings.listen_to.iter().all(is_account), "listen_to", "give a handle, and an id of digits"),
        (!is_account(&settings.answer_from), "answer_from", "give a handle, and an id of digits"),
        (
            are_agencies_known && !is_desk(&settings.triage_desk),
            "triage_desk",
            "is no desk of agencies.csv; add or correct it",
        ),
        (
            are_agencies_known && !has_queue(&settings.inspectorate),
            "inspectorate",
            "has no queue in agencies.csv; correct it",
        ),
        (!(0.0..=1.0).contains(&settings.triage_below), "triage_below", "must lie between 0 and 1"),
        (!(0.0..=1.0).contains(&settings.nothing_to_act_on_from), "nothing_to_act_on_from", "must lie between 0 and 1"),
        (settings.office_hours.source.is_empty(), "office_hours", "source is empty; write the law, or \"unconfirmed\""),
        (settings.report_retention_days == 0, "report_retention_days", "must be at least 1"),
        (
            !are_shares(&settings.same_incident),
            "same_incident",
            "join_from, join_from_in_regency, category_from and copy_from lie between 0 and 1, and join_from is at most \
             join_from_in_regency",
        ),
        (
            !are_windows(&settings.same_incident),
            "same_incident",
            "days and emergency_days lie between 1 and 60, copy_hours between 1 and 72",
        ),
        (!are_limits(&settings.limits), "limits", "per_hour is at least 1 and at most per_day, which is at most 1000"),
        (
            !settings.limits.blocked.iter().all(|id| is_id(id)),
            "limits",
            "blocked: give ids of accounts, digits only, not handles",
        ),
    ];
    for (_, key, problem) in problems.into_iter().filter(|(is_wrong, ..)| *is_wrong) {
        folder.error_at(PACK, document.line_of_key(key), format!("{key}: {problem}"));
    }
    if let Err(problem) = settings.office_hours.read() {
        folder.error_at(PACK, document.line_of_key("office_hours"), format!("office_hours: {problem}"));
    }
    if let Some(Err(problem)) = settings.extends.as_ref().map(|name| folder.extends(name)) {
        folder.error_at(PACK, document.line_of_key("extends"), format!("extends: {problem}; correct it"));
    }
    check_fixed(folder, &document);
    Some(document.value)
}

fn are_shares(same: &SameIncident) -> bool {
    let share = 0.0..=1.0;
    share.contains(&same.join_from)
        && (same.join_from..=1.0).contains(&same.join_from_in_regency)
        && share.contains(&same.category_from)
        && share.contains(&same.copy_from)
}

fn are_windows(same: &SameIncident) -> bool {
    (1..=60).contains(&same.days) && (1..=60).contains(&same.emergency_days) && (1..=72).contains(&same.copy_hours)
}

fn are_limits(limits: &Limits) -> bool {
    (1..=limits.per_day).contains(&limits.per_hour) && limits.per_day <= 1000
}

/// An override changes thresholds and limits only: on all else depend the names of resources, tickets that are open,
/// what is listened to, and a promise about personal data. That takes a deployment.
fn check_fixed(folder: &mut Folder<'_>, document: &Document<Settings>) {
    if !folder.is_replaced(PACK) {
        return;
    }
    let mut shipped = folder.shipped();
    let Some(Document { value: shipped, .. }) = shipped.document::<Settings>(PACK) else {
        folder.error(PACK, "the shipped one cannot be read; take the pack from the repository again");
        return;
    };
    let settings = &document.value;
    let changes = [
        (settings.name != shipped.name, "name"),
        (settings.extends != shipped.extends, "extends"),
        (settings.title != shipped.title, "title"),
        (settings.version != shipped.version, "version"),
        (settings.timezone != shipped.timezone, "timezone"),
        (settings.office_hours != shipped.office_hours, "office_hours"),
        (settings.ticket_prefix != shipped.ticket_prefix, "ticket_prefix"),
        (settings.hashtags != shipped.hashtags, "hashtags"),
        (settings.triage_desk != shipped.triage_desk, "triage_desk"),
        (settings.inspectorate != shipped.inspectorate, "inspectorate"),
        (settings.hashtag_source != shipped.hashtag_source, "hashtag_source"),
        (settings.report_retention_days != shipped.report_retention_days, "report_retention_days"),
        (settings.listen_to != shipped.listen_to, "listen_to"),
        (settings.answer_from != shipped.answer_from, "answer_from"),
    ];
    for (_, key) in changes.into_iter().filter(|(is_changed, _)| *is_changed) {
        let problem = format!("{key}: an override cannot change it; leave it as shipped, or deploy the change");
        folder.error_at(PACK, document.line_of_key(key), problem);
    }
}

/// A day on which government offices are closed.
#[derive(Deserialize)]
struct Holiday {
    date: Date,
    name: String,
}

fn read_holidays(folder: &mut Folder<'_>) -> Vec<Date> {
    let rows: Vec<Row<Holiday>> = folder.table(HOLIDAYS);
    folder.check_unique(HOLIDAYS, rows.iter().map(|row| (row.line, format!("{} {}", row.value.date, row.value.name))));
    rows.into_iter().map(|row| row.value.date).collect()
}
