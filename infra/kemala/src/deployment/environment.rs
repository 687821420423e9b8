//! The environments of `samconfig.toml`: what `sam deploy --config-env NAME` deploys is what `--env NAME` means.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::local::Workspace;
use crate::names::Names;
use crate::problem::Problem;

const FILE: &str = "samconfig.toml";

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name in the file.
    pub name: String,
    /// The region it is deployed to.
    pub region: String,
    /// What its stack's name says.
    pub names: Names,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Section {
    Environment(Settings),
    /// Such as the file's version.
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Settings {
    global: Parameters<Global>,
    deploy: Parameters<Deploy>,
}

#[derive(Deserialize)]
struct Parameters<T> {
    parameters: T,
}

#[derive(Deserialize)]
struct Global {
    region: String,
}

#[derive(Deserialize)]
struct Deploy {
    stack_name: String,
}

impl Environment {
    /// The environment of that name.
    ///
    /// # Errors
    /// Where the file has none; it tells those that there are.
    pub fn read(workspace: &Workspace, name: &str) -> Result<Self> {
        let path = workspace.root().join(FILE);
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::of(&text, name)
    }

    fn of(text: &str, name: &str) -> Result<Self> {
        let sections: BTreeMap<String, Section> =
            toml::from_str(text).with_context(|| format!("{FILE} cannot be read"))?;
        let mut known = Vec::new();
        for (section, content) in sections {
            let Section::Environment(Settings { global, deploy }) = content else { continue };
            if section == name {
                let stack = deploy.parameters.stack_name;
                let names = Names::of_stack(&stack).with_context(|| {
                    format!("{FILE}: {stack} is no kemala-<stage>-<pack>, in [{name}.deploy.parameters]")
                })?;
                return Ok(Self { name: section, region: global.parameters.region, names });
            }
            known.push(section);
        }
        let what = format!("{FILE} has no environment {name}");
        Err(anyhow!(Problem::new(what, format!("name one that is there: {}", known.join(", ")))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        version = 0.1
        [default.global.parameters]
        region = "ap-southeast-3"
        [prod.global.parameters]
        region = "ap-southeast-3"
        parameter_overrides = ["Stage=prod"]
        [prod.deploy.parameters]
        stack_name = "kemala-prod-kota-yogyakarta"
        [odd.global.parameters]
        region = "ap-southeast-3"
        [odd.deploy.parameters]
        stack_name = "something"
    "#;

    #[test]
    fn an_environment_says_region_stage_and_pack() {
        let prod = Environment::of(CONFIG, "prod").unwrap();
        let names = Names { stage: "prod".into(), pack: "kota-yogyakarta".into() };
        assert_eq!(prod, Environment { name: "prod".into(), region: "ap-southeast-3".into(), names });
        assert!(Environment::of(CONFIG, "odd").unwrap_err().to_string().contains("something"));
    }

    #[test]
    fn the_ones_of_this_clone_are_read() {
        let workspace = Workspace::find().unwrap();
        for name in ["dev", "staging", "prod"] {
            assert_eq!(Environment::read(&workspace, name).unwrap().names.stage, name);
        }
    }

    #[test]
    fn those_that_there_are_are_told() {
        insta::assert_snapshot!(Environment::of(CONFIG, "live").unwrap_err(), @"
        samconfig.toml has no environment live
          what to do: name one that is there: odd, prod
        ");
    }
}
