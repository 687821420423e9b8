//! The files of a new pack, each with a comment on what belongs into it where the format has comments.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::tables::Region;

/// What a pack begins with.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) name: String,
    /// The pack whose language it shares.
    pub(super) extends: String,
    pub(super) prefix: String,
    pub(super) hashtag: String,
    /// The province, regency or city itself.
    pub(super) jurisdiction: Region,
    /// It and all places in it.
    pub(super) regions: Vec<Region>,
    pub(super) areas: String,
    pub(super) outside: BTreeMap<String, String>,
    /// Regencies and cities around.
    pub(super) neighbours: Vec<Region>,
    /// What the extended pack's area is called.
    pub(super) base_area: String,
    pub(super) base_categories: String,
    pub(super) base_replies: String,
    pub(super) base_sla: String,
}

/// The head of a government: the code of the desk on the last rung, its name, the rung's.
struct Head {
    code: &'static str,
    title: &'static str,
    rung: &'static str,
}

impl Start {
    /// All files but the map.
    pub(super) fn files(&self) -> Vec<(&'static str, String)> {
        vec![
            ("pack.toml", self.pack()),
            ("agencies.csv", self.agencies()),
            ("categories.csv", self.categories()),
            ("routing.toml", ROUTING.to_owned()),
            ("regions.csv", self.regions()),
            ("aliases.csv", self.names_of_places("")),
            ("landmarks.csv", self.names_of_places("Kantor Pemerintah ")),
            ("outside.csv", self.outside()),
            ("neighbours.csv", self.neighbours()),
            ("areas.geojson", self.areas.clone()),
            ("replies.toml", self.base_replies.replace(&self.base_area, &self.jurisdiction.name)),
            ("sla.toml", self.sla()),
        ]
    }

    /// `infra/packs/<name>.yaml`.
    pub(super) fn stack_parameters(&self) -> String {
        format!(
            "# Stack parameters of the pack {name}; samconfig.toml hands them to its deployments.\n\
             # AgencyCodes must name the agencies of shared/packs/{name}/agencies.csv that have a queue (a test compares them).\n\
             Pack: {name}\n\
             # The same as hashtag_source in shared/packs/{name}/pack.toml (a test compares them).\n\
             HashtagSource: poll\n\
             AgencyCodes: [{codes}]\n",
            name = self.name,
            codes = self.codes().join(", "),
        )
    }

    /// Sections of samconfig.toml.
    pub(super) fn environments(&self) -> String {
        let mut text = String::new();
        for stage in ["dev", "staging", "prod"] {
            let (pack, environment) = (&self.name, format!("{stage}-{}", self.name));
            let _ = write!(
                text,
                "\n[{environment}.global.parameters]\n\
                 # all as in [{stage}.global.parameters], but file://infra/packs/{pack}.yaml\n\
                 \n[{environment}.deploy.parameters]\n\
                 # all as in [{stage}.deploy.parameters], but\n\
                 stack_name = \"kemala-{environment}\"\n\
                 tags = \"service=kemala stage={stage} pack={pack}\"\n\
                 s3_prefix = \"kemala-{environment}\"\n"
            );
        }
        text
    }

    /// What people do next.
    pub(super) fn next_steps(&self) -> String {
        let name = &self.name;
        format!(
            "  1. pack.toml: the account's id and handle, office hours and their source\n\
             \x20 2. agencies.csv and infra/packs/{name}.yaml: the agencies, live_from in the future; categories.csv and\n\
             \x20    routing.toml: who acts. Whatever has nobody lies on the triage desk\n\
             \x20 3. aliases.csv, landmarks.csv, outside.csv, neighbours.csv: what people call places, and where to turn\n\
             \x20 4. sla.toml and replies.toml: have them confirmed by the government\n\
             \x20 5. cargo kemala pack map shared/packs/{name} --regencies FILE\n\
             \x20 6. cargo kemala pack check shared/packs/{name}, and cargo kemala eval --pack … --gold … with posts of your own\n\
             \x20 7. infra/kemala/samples/{name}.toml, and cargo kemala demo --pack {name}\n"
        )
    }

    /// Codes of the bodies that have a queue.
    pub(super) fn codes(&self) -> [&'static str; 5] {
        ["INSPEKTORAT", "TRIAGE", "SEKDA", self.head().code, "OMBUDSMAN"]
    }

    fn head(&self) -> Head {
        let is_city = self.jurisdiction.name.starts_with("Kota ");
        match self.jurisdiction.code.as_str().len() {
            2 => Head { code: "GUBERNUR", title: "Gubernur", rung: "governor" },
            _ if is_city => Head { code: "WALIKOTA", title: "Wali Kota", rung: "mayor" },
            _ => Head { code: "BUPATI", title: "Bupati", rung: "regent" },
        }
    }

    fn pack(&self) -> String {
        let Self { name, extends, prefix, hashtag, jurisdiction, .. } = self;
        format!(
            r#"# {area}. Fill in what is empty, and confirm the rest; `cargo kemala pack check` tells what is missing.
name = "{name}"
# Language and calendar are those of the pack beside it: commands.toml, holidays.csv, incident.toml, model.bin, rules.toml and
# words.csv, each as long as this folder has none of its own.
extends = "{extends}"
# A new one with each change; tickets name it.
version = "1"
# What people call the service.
title = "Kemala {area}"
timezone = "Asia/Jakarta"
ticket_prefix = "{prefix}"

# Without #, any case.
hashtags = ["{hashtag}"]

# The desk that takes what nobody may guess, and the body that takes accusations against officials.
triage_desk = "TRIAGE"
inspectorate = "INSPEKTORAT"

# Below this confidence (0 to 1) a human decides who acts.
triage_below = 0.5

# A post that is nothing to act on with at least this confidence (0 to 1) opens no ticket; a human looks at the others.
nothing_to_act_on_from = 0.95

# Texts, handles and media links are deleted after this many days.
report_retention_days = 365

# How posts with the hashtags come: "webhook" where X sends them (an Enterprise plan), "poll" where we search for them
# every minute (any plan). Set HashtagSource in infra/packs to the same; a test compares them.
hashtag_source = "poll"

# Posts of open tickets that X is asked about each night, whether they are still there. X charges 0.005 dollars for each.
look_ups_per_day = 100

# An account is known by its id (digits); the handle may change. FILL IN, here and in listen_to below.
answer_from = {{ id = "", handle = "" }}

# When a working day's time runs; all days have the same length. Confirm it with the government, and name the source.
[office_hours]
source = "unconfirmed"
monday = ["07:30-12:00", "13:00-16:00"]
tuesday = ["07:30-12:00", "13:00-16:00"]
wednesday = ["07:30-12:00", "13:00-16:00"]
thursday = ["07:30-12:00", "13:00-16:00"]
friday = ["07:30-11:30", "13:00-16:30"]

# Accounts whose mention makes a post a report.

[[listen_to]]
id = ""
handle = ""

# Two reports are one incident, and one ticket, from these scores (0 to 1) on.
[same_incident]
join_from = 0.5
join_from_in_regency = 0.9
category_from = 0.6
copy_from = 0.9
days = 30
emergency_days = 4
copy_hours = 24

# Reports of one account; those beyond go to the triage desk, and nothing is posted about them. Ids of blocked accounts.
[limits]
per_hour = 20
per_day = 60
blocked = []
"#,
            area = jurisdiction.name,
        )
    }

    fn agencies(&self) -> String {
        let Head { code, title, .. } = self.head();
        let area = &self.jurisdiction.name;
        // A CSV file has no comments: the README of shared/packs explains the columns.
        format!(
            "code,name,kind,region,consumer,live_from,contact,head,aliases,secretary\n\
             INSPEKTORAT,Inspektorat,municipal,,system,2026-01-01,,Inspektur,,\n\
             TRIAGE,Meja triase Kemala,desk,,desk,2026-01-01,,Kepala Dinas Komunikasi dan Informatika,,\n\
             SEKDA,Sekretaris Daerah (eskalasi),desk,,desk,2026-01-01,,Sekretaris Daerah,,\n\
             {code},Meja {title} (eskalasi),desk,,desk,2026-01-01,,{title} {area},,\n\
             OMBUDSMAN,Ombudsman RI (berkas),desk,,desk,2026-01-01,,Kepala Perwakilan,,\n"
        )
    }

    /// The categories that the model knows, in its order. Nobody leads yet: reports lie on the triage desk.
    fn categories(&self) -> String {
        let mut rows = csv::Reader::from_reader(self.base_categories.as_bytes());
        let mut written = csv::Writer::from_writer(Vec::new());
        let head = rows.headers().cloned().unwrap_or_default();
        let lead = head.iter().position(|column| column == "lead");
        // Into memory nothing fails.
        let _ = written.write_record(&head);
        for row in rows.records().flatten() {
            let cells = row.iter().enumerate().map(|(column, cell)| match cell {
                "" | "INSPEKTORAT" => cell,
                _ if Some(column) == lead => "TRIAGE",
                cell => cell,
            });
            let _ = written.write_record(cells);
        }
        written.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn regions(&self) -> String {
        self.regions.iter().fold("code,name,lat,lon,common\n".to_owned(), |text, place| text + &place.row())
    }

    /// A table with a first row, as an example.
    fn names_of_places(&self, before: &str) -> String {
        let Region { code, name, .. } = &self.jurisdiction;
        format!("name,code\n{before}{name},{code}\n")
    }

    fn outside(&self) -> String {
        self.outside.iter().fold("name,place\n".to_owned(), |text, (name, place)| text + &format!("{name},{place}\n"))
    }

    fn neighbours(&self) -> String {
        let all_others = "place,turn_to\n*,\"pemerintah daerah setempat, atau SP4N-LAPOR!\"\n".to_owned();
        let mut seen = BTreeSet::new();
        let rows = self.neighbours.iter().filter(|place| seen.insert(place.bare_name().to_owned()));
        rows.fold(all_others, |text, place| text + &format!("{},Pemerintah {}\n", place.bare_name(), place.name))
    }

    fn sla(&self) -> String {
        let Head { code, rung, .. } = self.head();
        self.base_sla.replace("\"GUBERNUR\"", &format!("\"{code}\"")).replace("\"governor\"", &format!("\"{rung}\""))
    }
}

const ROUTING: &str = r#"# Who acts. The first rule that fits decides, from the top; where none fits, the lead of the category (categories.csv).
#
# A rule fits when its category, one of "any" (if given), none of "none", the place (known: the regency or city is known)
# and the urgency (if given) fit. "first" gets the report, "others" may have to act too. "regency" is the government of the
# regency or city, "named" the body that the text names (aliases in agencies.csv). With the first rule delete the next line.
rule = []

# [[rule]]
# id = "road.national"
# categories = ["road_damage"]
# any = ["jalan nasional"]
# first = "EXTBBPJN"
# others = ["DPU"]
"#;
