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

/// Environments of samconfig.toml, each with the stage and pack that it deploys.
const ENVIRONMENTS: [(&str, &str, &str); 7] = [
    ("default", "dev", "jateng"),
    ("dev", "dev", "jateng"),
    ("staging", "staging", "jateng"),
    ("prod", "prod", "jateng"),
    ("dev-kota-yogyakarta", "dev", "kota-yogyakarta"),
    ("staging-kota-yogyakarta", "staging", "kota-yogyakarta"),
    ("prod-kota-yogyakarta", "prod", "kota-yogyakarta"),
];

#[test]
fn every_parameter_is_given_each_time_because_an_update_ignores_defaults() {
    let parameters = yaml("infra/template.yaml")["Parameters"].as_mapping().unwrap().clone();
    let config: toml::Table = toml::from_str(&read("samconfig.toml")).unwrap();
    for (environment, stage, pack) in ENVIRONMENTS {
        let overrides = config[environment]["global"]["parameters"]["parameter_overrides"].as_array().unwrap();
        let overrides: Vec<_> = overrides.iter().filter_map(toml::Value::as_str).collect();
        let of_the_pack: BTreeSet<_> =
            yaml(&format!("infra/packs/{pack}.yaml")).as_mapping().unwrap().keys().map(text).collect();
        let (file, given) = overrides.split_last().unwrap();
        assert_eq!(*file, format!("file://infra/packs/{pack}.yaml"), "{environment}");
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
fn every_pack_has_its_stacks_and_no_stack_has_two_environments() {
    let config: toml::Table = toml::from_str(&read("samconfig.toml")).unwrap();
    let named = |environment: &str, key: &str| {
        let parameters = config[environment].get("deploy").map(|deploy| &deploy["parameters"]);
        parameters.map(|parameters| parameters[key].as_str().unwrap().to_owned())
    };
    let mut deployed = BTreeSet::new();
    for (environment, stage, pack) in &ENVIRONMENTS[1..] {
        let stack = format!("kemala-{stage}-{pack}");
        assert_eq!(named(environment, "stack_name").as_ref(), Some(&stack), "{environment}");
        assert_eq!(named(environment, "s3_prefix").as_ref(), Some(&stack), "{environment}");
        assert_eq!(named(environment, "tags"), Some(format!("service=kemala stage={stage} pack={pack}")));
        assert!(deployed.insert(stack), "{environment} deploys what another deploys");
    }
    assert_eq!(deployed.len(), stacks().len() * 3, "a pack of infra/packs has no environment in samconfig.toml");
    let packs: BTreeSet<_> = fs::read_dir(root().join("shared/packs"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("pack.toml").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(packs, stacks().into_iter().map(|(pack, _)| pack).collect(), "packs and stack parameters");
}

#[test]
fn an_agency_that_leaves_takes_no_message_with_it() {
    let queues = resources("AWS::SQS::Queue");
    let queue = queues.iter().find(|queue| queue.id == "AgencyQueue${Code}").unwrap();
    assert_eq!(text(&queue.body["DeletionPolicy"]), "RetainExceptOnCreate");
}
