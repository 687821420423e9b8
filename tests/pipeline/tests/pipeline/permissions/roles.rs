//! Roles as they are deployed, permissions taken out of them and put back, and what the emulator decided.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use kemala::aws::elements;
use kemala::local::{Local, Workspace};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::world::World;

/// One action on one resource that a role may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The role's name without stage and pack, such as `skpd-fanout`.
    pub role: String,
    /// Such as `sqs:SendMessage`.
    pub action: String,
    /// An ARN, or a pattern of ARNs.
    pub resource: String,
}

/// A decision that the emulator has noted.
#[derive(Debug, Clone, Deserialize)]
pub struct Decision {
    /// The role's whole name.
    pub role: String,
    /// The action as it was checked.
    pub action: String,
    /// The resource as it was checked.
    pub resource: String,
    /// `allowed` or `refused`.
    pub decision: String,
}

/// The one inline policy of a role.
#[derive(Debug, Clone)]
pub struct Policy {
    role: String,
    name: String,
    document: Value,
}

/// What a system says of its roles.
pub trait Roles {
    /// The policy of a role of ours, by the role's name without stage and pack.
    async fn policy(&self, role: &str) -> Result<Policy>;
    /// Gives a role this policy, as root and at once.
    async fn put_policy(&self, policy: &Policy) -> Result<()>;
    /// All that this emulator has decided about roles of ours since it started.
    fn decisions(&self) -> Result<Vec<Decision>>;
    /// The same, with what the emulators of other stories beside it have decided.
    fn all_decisions(&self) -> Result<Vec<Decision>>;
    /// How often a role was refused something.
    fn refusals(&self, role: &str) -> Result<Vec<Decision>>;
}

impl Roles for World {
    async fn policy(&self, role: &str) -> Result<Policy> {
        let full = self.local.names.function(role);
        let listed = self.iam("ListRolePolicies", &[("RoleName", &full)]).await?;
        let name = elements(&listed, "member").into_iter().next().with_context(|| format!("{role} has no policy"))?;
        let got = self.iam("GetRolePolicy", &[("RoleName", &full), ("PolicyName", &name)]).await?;
        let document = elements(&got, "PolicyDocument").into_iter().next().context("no document")?;
        Ok(Policy { role: role.to_owned(), name, document: self::document(&document)? })
    }

    async fn put_policy(&self, policy: &Policy) -> Result<()> {
        let (role, document) = (self.local.names.function(&policy.role), policy.document.to_string());
        let fields = [("RoleName", role.as_str()), ("PolicyName", &policy.name), ("PolicyDocument", &document)];
        self.iam("PutRolePolicy", &fields).await.map(drop)
    }

    fn decisions(&self) -> Result<Vec<Decision>> {
        read(&self.local.decisions())
    }

    fn all_decisions(&self) -> Result<Vec<Decision>> {
        let mut all = self.decisions()?;
        for other in Local::all(&Workspace::find()?.home())? {
            if other.names == self.local.names && other.emulator != self.local.emulator {
                all.extend(read(&other.decisions())?);
            }
        }
        Ok(all)
    }

    fn refusals(&self, role: &str) -> Result<Vec<Decision>> {
        let role = self.local.names.function(role);
        let refused = |decision: &Decision| decision.role == role && decision.decision == "refused";
        Ok(self.decisions()?.into_iter().filter(refused).collect())
    }
}

impl Policy {
    /// What it allows, one by one.
    pub fn grants(&self) -> BTreeSet<Grant> {
        let mut grants = BTreeSet::new();
        for statement in items(&self.document["Statement"]).iter().filter(|one| one["Effect"] == "Allow") {
            for action in texts(&statement["Action"]) {
                for resource in texts(&statement["Resource"]) {
                    grants.insert(Grant { role: self.role.clone(), action: action.clone(), resource });
                }
            }
        }
        grants
    }

    /// The same policy without one action on one resource.
    pub fn without(&self, grant: &Grant) -> Self {
        let mut kept = Vec::new();
        for statement in items(&self.document["Statement"]) {
            let (mut actions, mut resources) = (texts(&statement["Action"]), texts(&statement["Resource"]));
            let has_it = actions.contains(&grant.action) && resources.contains(&grant.resource);
            if statement["Effect"] != "Allow" || !has_it {
                kept.push(statement);
                continue;
            }
            let mut with = |actions: &[String], resources: &[String]| {
                if !actions.is_empty() && !resources.is_empty() {
                    let mut part = statement.clone();
                    (part["Action"], part["Resource"]) = (json!(actions), json!(resources));
                    kept.push(part);
                }
            };
            actions.retain(|action| *action != grant.action);
            with(&actions, &resources);
            resources.retain(|resource| *resource != grant.resource);
            with(std::slice::from_ref(&grant.action), &resources);
        }
        let document = json!({"Version": "2012-10-17", "Statement": kept});
        Self { document, ..self.clone() }
    }
}

impl Grant {
    /// Whether a decision is about what this allows.
    pub fn covers(&self, decision: &Decision) -> bool {
        decision.role.ends_with(&format!("-{}", self.role))
            && decision.action == self.action
            && match self.resource.split_once('*') {
                None => decision.resource == self.resource,
                Some((before, after)) => decision.resource.starts_with(before) && decision.resource.ends_with(after),
            }
    }

    /// The resource's name without what is the same for all: `skpd-*.fifo`, `index/due`.
    pub fn short_resource(&self, stack: &str) -> String {
        let last = self.resource.rsplit(':').next().unwrap_or_default();
        let last = last.strip_prefix("table/").unwrap_or(last);
        match last.strip_prefix(stack).map(|rest| rest.trim_start_matches(['-', '/'])) {
            Some("") => "table".to_owned(),
            Some(rest) => rest.to_owned(),
            None => last.split_once('/').map_or(last, |(_, path)| path).to_owned(),
        }
    }
}

/// A policy as IAM's answers have it.
pub fn document(encoded: &str) -> Result<Value> {
    Ok(serde_json::from_str(&percent_decode_str(encoded).decode_utf8()?)?)
}

fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        single => vec![single.clone()],
    }
}

fn texts(value: &Value) -> Vec<String> {
    items(value).iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

#[test]
fn one_permission_is_taken_out_and_no_other() {
    let document = json!({"Statement": [
        {"Effect": "Allow", "Action": ["a:1", "a:2"], "Resource": ["x", "y"]},
        {"Effect": "Deny", "Action": "a:1", "Resource": "x"},
        {"Effect": "Allow", "Action": "a:1", "Resource": "z"},
    ]});
    let policy = Policy { role: "r".into(), name: "p".into(), document };
    for grant in policy.grants() {
        let mut rest = policy.grants();
        rest.remove(&grant);
        let without = policy.without(&grant);
        assert_eq!(without.grants(), rest);
        assert!(without.document.to_string().contains("Deny"));
    }
    assert_eq!(policy.grants().len(), 5);
}

fn read(file: &Path) -> Result<Vec<Decision>> {
    let text = std::fs::read_to_string(file)?;
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}
