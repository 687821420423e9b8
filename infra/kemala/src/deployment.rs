//! Where a command acts: the local system, or what is deployed on AWS as an environment of `samconfig.toml`. Both give
//! the same things, so no command cares which it is.

mod credentials;
mod environment;

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use kemala_delivery::AgencyQueues;
use kemala_store::Store;

pub use environment::Environment;

use crate::aws::SignedHttp;
use crate::local::{Local, Workspace};
use crate::names::Names;
use crate::problem::Problem;
use crate::queue::Queue;
use crate::target::Target;

/// A deployed system.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Where requests to it go.
    pub target: Target,
    /// Names of its resources.
    pub names: Names,
    /// Base of X's API, as its functions call it.
    pub x_api_url: String,
    /// Whether it is the local system of this clone, which nobody else uses.
    pub is_local: bool,
    outputs: BTreeMap<String, String>,
}

impl Deployment {
    /// The local system.
    ///
    /// # Errors
    /// Where nothing plays X for it.
    pub fn local(local: &Local) -> Result<Self> {
        Ok(Self {
            target: local.target.clone(),
            names: local.names.clone(),
            x_api_url: local.x()?.url(),
            is_local: true,
            outputs: local.outputs.clone(),
        })
    }

    /// What is deployed on AWS as an environment of `samconfig.toml`, with the user's own credentials. Says on stderr
    /// where that is, before anything else is done there.
    ///
    /// # Errors
    /// Where there is no such environment, no credentials, or no such stack in the account.
    pub async fn on_aws(workspace: &Workspace, environment: &str) -> Result<Self> {
        let environment = Environment::read(workspace, environment)?;
        let keys = credentials::of_user().await?;
        let mut target = Target::aws(&environment.region, "", keys);
        // The variable of all AWS tools: tests point it at an emulator.
        if let Ok(endpoint) = std::env::var("AWS_ENDPOINT_URL")
            && !endpoint.is_empty()
        {
            target.endpoint = endpoint.trim_end_matches('/').to_owned();
        }
        let caller = SignedHttp::new(&target)?.caller().await.map_err(|error| {
            let remedy = "sign in again (aws sso login), or name another profile in AWS_PROFILE";
            anyhow!(Problem::new(format!("AWS does not take your credentials ({error:#})"), remedy))
        })?;
        target.account = caller.account;
        let Environment { name, region, names } = environment;
        let stack = names.stack();
        let place = if target.is_aws() { String::new() } else { format!(", at {}", target.endpoint) };
        anstream::eprintln!("{name}: account {}, {region}, stack {stack}{place}, as {}", target.account, caller.arn);
        let found = SignedHttp::new(&target)?.stack(&stack).await.map_err(|error| {
            let what = format!("there is no stack {stack} in account {}, {region} ({error:#})", target.account);
            anyhow!(Problem::new(
                what,
                format!("deploy it with: sam deploy --config-env {name}, or change AWS_PROFILE")
            ))
        })?;
        let x_api_url = found.parameters.into_iter().find(|(key, _)| key == "XApiUrl");
        let (_, x_api_url) = x_api_url.context("the stack has no parameter XApiUrl")?;
        Ok(Self { target, names, x_api_url, is_local: false, outputs: found.outputs.into_iter().collect() })
    }

    /// An output of the stack.
    ///
    /// # Errors
    /// Where it has none of that name.
    pub fn output(&self, name: &str) -> Result<&str> {
        self.outputs.get(name).map(String::as_str).with_context(|| format!("the stack has no output {name}"))
    }

    /// Its table.
    pub fn store(&self) -> Store {
        Store::new(&self.target.sdk_config(), self.names.table())
    }

    /// The agencies' queues, for who sends to them.
    pub fn agency_queues(&self) -> AgencyQueues {
        AgencyQueues::new(&self.target.sdk_config(), self.target.queue_url(&self.names.agency_queues()))
    }

    /// A queue of ours, such as `reports`.
    pub fn queue(&self, name: &str) -> Queue {
        Queue::internal(&self.target, &self.names, name)
    }
}
