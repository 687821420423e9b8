//! Sample posts of a pack, each with where it must end.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use kemala_domain::report::VoiceRole;
use kemala_domain::{AgencyCode, RegionCode};
use serde::Deserialize;

use crate::follow::Arrival;
use crate::local::Workspace;
use crate::problem::Problem;
use crate::webhook::Family;

/// A sample post.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What it shows.
    pub title: String,
    /// What is posted.
    pub text: String,
    /// How X wraps it.
    pub family: Family,
    /// In whose queue it must be.
    #[serde(default)]
    pub agency: Option<AgencyCode>,
    /// On the triage desk: who it must be likely for.
    #[serde(default)]
    pub likely: Option<AgencyCode>,
    /// The regency or city that must be found.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// The subdistrict that must be found.
    #[serde(default)]
    pub subdistrict: Option<RegionCode>,
    /// What no agency may read.
    #[serde(default)]
    pub hidden: Option<String>,
    /// Whether it must open a ticket.
    #[serde(default = "yes")]
    pub ticket: bool,
}

fn yes() -> bool {
    true
}

/// The samples of a pack: `infra/kemala/samples/<pack>.toml`.
pub fn of_pack(workspace: &Workspace, pack: &str) -> Result<Vec<Sample>> {
    let path = workspace.root().join("infra/kemala/samples").join(format!("{pack}.toml"));
    if !path.is_file() {
        let what = format!("there are no samples for the pack '{pack}'");
        return Err(anyhow!(Problem::new(what, format!("write {}, as jateng.toml beside it", path.display()))));
    }
    read(&path)
}

fn read(path: &Path) -> Result<Vec<Sample>> {
    #[derive(Deserialize)]
    struct File {
        sample: Vec<Sample>,
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file: File = toml::from_str(&text).with_context(|| format!("{} is not as it should be", path.display()))?;
    Ok(file.sample)
}

impl Sample {
    /// What is not as it must be; nothing if all is well.
    pub fn differences(&self, arrival: &Arrival) -> Vec<String> {
        match (&arrival.ticket, self.ticket) {
            (None, false) if arrival.refused.is_some() => return Vec::new(),
            (None, false) => return vec!["not found in quarantine".to_owned()],
            (Some(ticket), false) => return vec![format!("opened {ticket}, expected no ticket")],
            (None, true) => return vec!["no ticket was opened".to_owned()],
            (Some(_), true) => {}
        }
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: Option<String>, found: Option<String>| {
            if expected.is_some() && expected != found {
                let said = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
                differences.push(format!("{what} is {}, expected {}", said(found), said(expected)));
            }
        };
        let text = |code: &Option<AgencyCode>| code.as_ref().map(ToString::to_string);
        let place = |code: &Option<RegionCode>| code.as_ref().map(ToString::to_string);
        compare("agency", text(&self.agency), text(&arrival.agency));
        compare("likely agency", text(&self.likely), text(&arrival.likely_agency));
        compare("region", place(&self.region), place(&arrival.region));
        compare("subdistrict", place(&self.subdistrict), place(&arrival.subdistrict));
        let shown = |hidden: &&String| arrival.text_sent.as_ref().is_some_and(|text| text.contains(hidden.as_str()));
        if let Some(hidden) = self.hidden.as_ref().filter(shown) {
            differences.push(format!("the agency reads {hidden}"));
        }
        // On a system that has seen the samples before, each is a copy, of which nobody is told.
        if arrival.event.is_none() && arrival.joined != Some(VoiceRole::Copy) {
            differences.push("no message was found in the agency's queue".to_owned());
        }
        differences
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;
    use kemala_classifier::Jurisdiction;

    use super::*;
    use crate::follow::Posted;
    use crate::webhook::{Post, User};

    #[test]
    fn the_samples_are_as_the_pack_is() {
        let workspace = Workspace::find().unwrap();
        for pack in workspace.packs().unwrap() {
            check(&of_pack(&workspace, &pack).unwrap(), &Jurisdiction::load(&workspace.pack(&pack)).unwrap());
        }
    }

    fn check(samples: &[Sample], pack: &Jurisdiction) {
        assert!(samples.len() >= 10, "{}: only {} samples", pack.name, samples.len());
        let families: BTreeSet<String> = samples.iter().map(|sample| sample.family.to_string()).collect();
        assert_eq!(families.len(), 3, "all families are used: {families:?}");
        for sample in samples {
            let text = sample.text.to_lowercase();
            let tag = pack.hashtags.iter().any(|tag| text.contains(&format!("#{}", tag.to_lowercase())));
            let mention = pack.listen_to.iter().any(|a| text.contains(&format!("@{}", a.handle.to_lowercase())));
            assert!(tag || mention, "intake takes: {}", sample.title);
            assert!(sample.text.chars().count() <= 280, "X takes: {}", sample.title);
            assert_eq!(sample.ticket, sample.agency.is_some(), "{} says who gets it", sample.title);
            for code in sample.agency.iter() {
                assert!(pack.agencies.get(code).is_some_and(|agency| agency.has_queue()), "{code} has a queue");
            }
            for code in sample.likely.iter() {
                assert!(pack.agencies.get(code).is_some(), "{code} is in the pack");
            }
        }
    }

    fn arrival() -> Arrival {
        let post = Post::new("Lampu mati #KemalaJateng", User::sample("warga"));
        let posted =
            Posted { post, family: Family::Activity, at: Timestamp::now(), answered_in: std::time::Duration::ZERO };
        Arrival::without_ticket(&posted, None)
    }

    fn sample(expectations: &str) -> Sample {
        toml::from_str(&format!("title = ''\ntext = ''\nfamily = 'activity'\n{expectations}")).unwrap()
    }

    #[test]
    fn a_ticket_is_compared_with_what_is_expected() {
        let ticket = "KJ-1ZW44F9EN".parse().ok();
        let opened = Arrival {
            ticket,
            agency: "PEMKAB3316".parse().ok(),
            region: "33.16".parse().ok(),
            event: Some("KJ-1ZW44F9EN/1".into()),
            ..arrival()
        };
        assert!(sample("agency = 'PEMKAB3316'\nregion = '33.16'").differences(&opened).is_empty());
        let differences = sample("agency = 'DPUBMCK'\nregion = '33.16'\nsubdistrict = '33.16.08'").differences(&opened);
        assert_eq!(
            differences,
            ["agency is PEMKAB3316, expected DPUBMCK", "subdistrict is nothing, expected 33.16.08"]
        );
        assert_eq!(sample("ticket = false").differences(&opened), ["opened KJ-1ZW44F9EN, expected no ticket"]);
        let with_number = Arrival { text_sent: Some("hubungi 0812".into()), ..opened.clone() };
        assert_eq!(
            sample("agency = 'PEMKAB3316'\nhidden = '0812'").differences(&with_number),
            ["the agency reads 0812"]
        );
        let unread = Arrival { event: None, ..opened };
        assert_eq!(
            sample("agency = 'PEMKAB3316'").differences(&unread),
            ["no message was found in the agency's queue"]
        );
    }

    #[test]
    fn no_ticket_is_right_only_where_it_is_expected_and_explained() {
        let refused = Arrival { refused: Some("nothing_to_act_on".into()), ..arrival() };
        assert!(sample("ticket = false").differences(&refused).is_empty());
        assert_eq!(sample("ticket = false").differences(&arrival()), ["not found in quarantine"]);
        assert_eq!(sample("agency = 'BPBD'").differences(&refused), ["no ticket was opened"]);
    }

    #[test]
    fn a_pack_without_samples_is_told() {
        let error = of_pack(&Workspace::find().unwrap(), "atlantis").unwrap_err().to_string();
        assert!(error.contains("no samples for the pack 'atlantis'"), "{error}");
    }
}
