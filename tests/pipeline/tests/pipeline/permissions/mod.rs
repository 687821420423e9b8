//! Each permission is needed: without it, what the function is there for fails.
//!
//! A permission is taken out of the role on the running emulator, the role's exercises are done until one fails, and it
//! is put back. What the emulator does not check stands in [`UNCHECKED`], with the reason; the exact snapshot in
//! `tests/template` holds it.

mod exercises;
mod roles;
mod trust;

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};

use self::exercises::{EXERCISES, Exercise, REFUSED_BEFORE};
use self::roles::{Decision, Grant, Policy, Roles};
use crate::faults::kill_workers;
use crate::world::{World, world};

/// Role, action, the resource's short name, and why the emulator never asks for it.
const UNCHECKED: &[(&str, &str, &str, &str)] = &[
    ("webhook-intake", "logs:*", "", LOGS),
    ("classification", "logs:*", "", LOGS),
    ("skpd-fanout", "logs:*", "", LOGS),
    ("sla-escalation", "logs:*", "", LOGS),
    ("citizen-reply", "logs:*", "", LOGS),
    ("search-poll", "logs:*", "", LOGS),
    ("open311", "logs:*", "", LOGS),
    ("public-board", "logs:*", "", LOGS),
    ("agency-updates", "logs:*", "", LOGS),
    ("skpd-desk", "logs:*", "", LOGS),
    ("classification", "sqs:ReceiveMessage", "reports", POLLERS),
    ("classification", "sqs:DeleteMessage", "reports", POLLERS),
    ("classification", "sqs:GetQueueAttributes", "reports", POLLERS),
    ("citizen-reply", "sqs:ReceiveMessage", "replies.fifo", POLLERS),
    ("citizen-reply", "sqs:DeleteMessage", "replies.fifo", POLLERS),
    ("citizen-reply", "sqs:GetQueueAttributes", "replies.fifo", POLLERS),
    ("skpd-fanout", "dynamodb:DescribeStream", "", POLLERS),
    ("skpd-fanout", "dynamodb:GetRecords", "", POLLERS),
    ("skpd-fanout", "dynamodb:GetShardIterator", "", POLLERS),
    ("skpd-fanout", "dynamodb:ListStreams", "", POLLERS),
    ("skpd-fanout", "sqs:SendMessage", "failed-invocations", DESTINATIONS),
    ("sla-escalation", "sqs:SendMessage", "failed-invocations", DESTINATIONS),
    ("search-poll", "sqs:SendMessage", "failed-invocations", DESTINATIONS),
    ("webhook-intake", "sqs:SendMessage", "reports", BATCHES),
    ("webhook-intake", "sqs:SendMessage", "quarantine", BATCHES),
    ("search-poll", "sqs:SendMessage", "reports", BATCHES),
    ("search-poll", "sqs:SendMessage", "quarantine", BATCHES),
    ("open311", "sqs:SendMessage", "reports", BATCHES),
];
const LOGS: &str = "the emulator takes what functions print by itself";
const POLLERS: &str = "its pollers read queues and streams as nobody";
const DESTINATIONS: &str = "its destinations send as nobody";
const BATCHES: &str = "AWS checks a batch as SendMessage, the emulator as SendMessageBatch";

fn why_unchecked(grant: &Grant, stack: &str) -> Option<&'static str> {
    let fits = |(role, action, resource, _): &&(&str, &str, &str, &str)| {
        let action = action.strip_suffix('*').map_or(grant.action == *action, |start| grant.action.starts_with(start));
        *role == grant.role && action && (resource.is_empty() || *resource == grant.short_resource(stack))
    };
    UNCHECKED.iter().find(fits).map(|(.., why)| *why)
}

/// What became of an exercise.
struct Tried {
    name: &'static str,
    /// Why it failed; `None` where the function went on all the same, though it was refused something.
    error: Option<String>,
    refused: Vec<Decision>,
}

async fn tried(world: &World, role: &str, (name, exercise): &Exercise) -> Result<Tried> {
    let before = world.refusals(role)?.len();
    REFUSED_BEFORE.store(before, Ordering::Relaxed);
    // Else the next report would join what the last one opened, and nobody would be told.
    world.forget_incidents().await?;
    let error = exercise(world).await.err().map(|error| format!("{error:#}"));
    let refused = world.refusals(role)?.split_off(before);
    Ok(Tried { name, error, refused })
}

/// Does what a role is for while it lacks a permission; the first exercise in which it was missed.
async fn missed(world: &World, grant: &Grant, exercises: &[Exercise]) -> Result<Option<Tried>> {
    for exercise in exercises {
        let tried = tried(world, &grant.role, exercise).await?;
        if tried.refused.iter().any(|refused| grant.covers(refused)) {
            return Ok(Some(tried));
        }
    }
    Ok(None)
}

/// A line of the table: what is missed, where, and what came of it.
async fn line_of(world: &World, policy: &Policy, grant: &Grant, exercises: &[Exercise]) -> Result<Option<String>> {
    // What runs has read its secret already, or remembers for a while that it could not.
    let forget_secret = || match grant.action.starts_with("secretsmanager:") {
        true => kill_workers(world, &grant.role).map(drop),
        false => Ok(()),
    };
    world.put_policy(&policy.without(grant)).await?;
    forget_secret()?;
    let missed = missed(world, grant, exercises).await;
    world.put_policy(policy).await?;
    forget_secret()?;
    // What failed meanwhile would come again, and hold up the exercises after it.
    world.purge_internal("replies.fifo").await?;
    let stack = world.local.names.stack();
    Ok(missed?.map(|tried| {
        let outcome = tried
            .error
            .map_or("refused, and goes on".to_owned(), |error| error.lines().next().unwrap_or("").to_owned());
        format!("| {} | {} | {} | {} | {outcome} |", grant.role, grant.action, grant.short_resource(&stack), tried.name)
    }))
}

#[tokio::test]
#[ignore = "takes minutes; runs at the end of: cargo kemala test --only permissions"]
async fn without_any_one_of_its_permissions_a_function_fails() -> Result<()> {
    let world = world().await?;
    let stack = world.local.names.stack();
    let (mut table, mut unneeded, mut unchecked) = (Vec::new(), Vec::new(), 0);
    println!("| role | action | on | fails without it | how |\n|---|---|---|---|---|");
    for (role, exercises) in EXERCISES {
        let policy = world.policy(role).await?;
        for exercise in *exercises {
            let whole = tried(&world, role, exercise).await?;
            if let Some(error) = whole.error {
                bail!("{role}: {} fails with all permissions: {error}", whole.name);
            }
            assert!(whole.refused.is_empty(), "{role}: {:?}", whole.refused);
        }
        for grant in policy.grants() {
            if why_unchecked(&grant, &stack).is_some() {
                unchecked += 1;
                continue;
            }
            match line_of(&world, &policy, &grant, exercises).await? {
                Some(line) => {
                    println!("{line}");
                    table.push(line);
                }
                None => unneeded.push(grant),
            }
        }
    }
    println!("{} permissions are needed; {unchecked} are not checked by the emulator", table.len());
    assert!(unneeded.is_empty(), "nothing fails without: {unneeded:#?}");
    Ok(())
}

#[tokio::test]
#[ignore = "means something only when all stories have been told; runs at the end of: cargo kemala test --only pipeline"]
async fn nothing_is_granted_that_nobody_has_used() -> Result<()> {
    let world = world().await?;
    let stack = world.local.names.stack();
    let decisions = world.all_decisions()?;
    let mut unused = BTreeSet::new();
    let mut grants = 0;
    for (role, _) in EXERCISES {
        for grant in world.policy(role).await?.grants() {
            let is_used = decisions.iter().any(|one| one.decision == "allowed" && grant.covers(one));
            let is_checked = why_unchecked(&grant, &stack).is_none();
            assert!(is_checked || !is_used, "the emulator does check {grant:?}");
            grants += usize::from(is_checked);
            if is_checked && !is_used {
                unused.insert(grant);
            }
        }
    }
    println!("{grants} permissions that the emulator checks, {} unused", unused.len());
    assert!(unused.is_empty(), "{unused:#?}");
    Ok(())
}

#[tokio::test]
async fn what_the_emulator_does_not_check_is_granted_all_the_same() -> Result<()> {
    let world = world().await?;
    let stack = world.local.names.stack();
    let mut grants = BTreeSet::new();
    for (role, _) in EXERCISES {
        grants.extend(world.policy(role).await?.grants());
    }
    for line in UNCHECKED {
        let (role, action, ..) = line;
        let fits = |grant: &&Grant| grant.role == *role && why_unchecked(grant, &stack) == Some(line.3);
        assert!(grants.iter().any(|grant| fits(&grant)), "{role} {action} is granted no more");
    }
    Ok(())
}
