//! The agencies of the stack are the agencies of the pack.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::template::{read, resources, root, text, yaml};

/// Packs that have stack parameters, with the agency codes given there.
fn stacks() -> Vec<(String, Vec<String>)> {
    let mut stacks: Vec<_> = fs::read_dir(root().join("infra/packs"))
        .unwrap()
        .map(|entry| {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let parameters = yaml(&format!("infra/packs/{file}"));
            assert_eq!(file, format!("{}.yaml", text(&parameters["Pack"])), "a file is named after its pack");
            let codes = parameters["AgencyCodes"].as_sequence().unwrap().iter().map(text).collect();
            (text(&parameters["Pack"]), codes)
        })
        .collect();
    stacks.sort();
    stacks
}

/// Codes of a pack's agencies that read a queue, by a system or at a desk.
fn with_queue(pack: &str) -> BTreeSet<String> {
    let file = read(&format!("shared/packs/{pack}/agencies.csv"));
    let mut rows = csv::Reader::from_reader(file.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (code, consumer) = (column("code"), column("consumer"));
    rows.records()
        .map(Result::unwrap)
        .filter(|row| matches!(&row[consumer], "system" | "desk"))
        .map(|row| row[code].to_owned())
        .collect()
}

#[test]
fn a_stack_has_a_queue_for_exactly_the_agencies_of_its_pack() {
    for (pack, codes) in stacks() {
        let unique: BTreeSet<_> = codes.iter().cloned().collect();
        assert_eq!(unique.len(), codes.len(), "{pack}: a code is named twice");
        assert_eq!(unique, with_queue(&pack), "infra/packs/{pack}.yaml against shared/packs/{pack}/agencies.csv");
    }
}

#[test]
fn names_and_numbers_fit_the_limits_of_aws() {
    let template = yaml("infra/template.yaml");
    // A loop over a list that stands in the template makes a resource for each value.
    let made = |(id, body): (&yaml_serde::Value, &yaml_serde::Value)| match text(id).starts_with("Fn::ForEach::") {
        true => body[1].as_sequence().map_or(0, Vec::len),
        false => 1,
    };
    let fixed: usize = template["Resources"].as_mapping().unwrap().iter().map(made).sum();
    for (pack, codes) in stacks() {
        // 500 resources a template; each agency adds a queue, its policy and a role. SAM adds a dozen of its own.
        assert!(codes.len() * 3 + fixed + 12 <= 500, "{pack}: too many agencies for one template");
        // A list parameter holds 4,096 bytes, a role's name 64 characters (a queue's 80).
        assert!(codes.join(",").len() <= 4096, "{pack}: the list of agencies is too long for a parameter");
        for code in codes {
            let role = format!("kemala-staging-{pack}-skpd-{code}");
            assert!(role.len() <= 64, "{role} is too long for the name of a role");
        }
    }
}

#[test]
fn hashtags_come_as_the_pack_says() {
    for (pack, _) in stacks() {
        let settings: toml::Table = toml::from_str(&read(&format!("shared/packs/{pack}/pack.toml"))).unwrap();
        let parameters = yaml(&format!("infra/packs/{pack}.yaml"));
        assert_eq!(settings["hashtag_source"].as_str().unwrap(), text(&parameters["HashtagSource"]), "{pack}");
    }
}

#[test]
fn every_parameter_is_given_each_time_because_an_update_ignores_defaults() {
    let parameters = yaml("infra/template.yaml")["Parameters"].as_mapping().unwrap().clone();
    let of_the_pack: BTreeSet<_> = yaml("infra/packs/jateng.yaml").as_mapping().unwrap().keys().map(text).collect();
    let config: toml::Table = toml::from_str(&read("samconfig.toml")).unwrap();
    for (environment, stage) in [("default", "dev"), ("dev", "dev"), ("staging", "staging"), ("prod", "prod")] {
        let overrides = config[environment]["global"]["parameters"]["parameter_overrides"].as_array().unwrap();
        let overrides: Vec<_> = overrides.iter().filter_map(toml::Value::as_str).collect();
        let (pack, given) = overrides.split_last().unwrap();
        assert_eq!(*pack, "file://infra/packs/jateng.yaml", "{environment}");
        let given: BTreeMap<_, _> = given.iter().map(|given| given.split_once('=').unwrap()).collect();
        assert_eq!(given["Stage"], stage);
        for (name, parameter) in &parameters {
            let name = text(name);
            if of_the_pack.contains(&name) || name == "Stage" {
                continue;
            }
            let default = text(&parameter["Default"]);
            assert_eq!(given.get(name.as_str()).copied(), Some(default.as_str()), "{environment}: {name}");
        }
        assert_eq!(given.len() + of_the_pack.len(), parameters.len(), "{environment}: {given:?}");
    }
}

#[test]
fn an_agency_that_leaves_takes_no_message_with_it() {
    let queues = resources("AWS::SQS::Queue");
    let queue = queues.iter().find(|queue| queue.id == "AgencyQueue${Code}").unwrap();
    assert_eq!(text(&queue.body["DeletionPolicy"]), "RetainExceptOnCreate");
}
