//! Who may take on an agency's role.

use anyhow::{Context, Result};
use kemala::aws::elements;
use serde_json::{Value, json};

use super::exercises::{AGENCY, POLLING};
use crate::world::{World, world};

/// Gives the role this trust, as `Pollers` in the template would for an agency that names who polls.
async fn trust_only(world: &World, poller: &str) -> Result<()> {
    let role = world.local.names.function(POLLING);
    let document = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": format!("arn:aws:iam::{}:root", world.local.target.account)},
        "Condition": {"StringEquals": {"sts:ExternalId": role}, "ArnLike": {"aws:PrincipalArn": poller}},
    }]})
    .to_string();
    world.iam("UpdateAssumeRolePolicy", &[("RoleName", &role), ("PolicyDocument", &document)]).await.map(drop)
}

#[tokio::test]
async fn an_agency_s_role_is_taken_on_by_who_is_named_and_knows_the_external_id() -> Result<()> {
    let world = world().await?;
    let role = world.local.names.function(POLLING);
    let arn = world.local.target.role_arn(&role);
    let poller = world.user_who_may_only_assume(&arn).await?;
    let stranger = world.user_who_may_only_assume(&arn).await?;
    let poller = world.http.with_keys(poller);

    // As it is deployed without a line in Pollers: anybody of this account who may take on roles, with the id.
    poller.assume_role(&arn, "uji", Some(&role)).await.context("the right external id")?;
    for wrong in [None, Some("kemala"), Some("kemala-dev-jateng-skpd-DINKES")] {
        assert!(poller.assume_role(&arn, "uji", wrong).await.is_err(), "{wrong:?}");
    }
    // Another agency's role is not theirs to take on, whatever they know.
    let other = world.local.names.agency_role(&"DINKES".parse()?);
    let other = (world.local.target.role_arn(&other), other);
    assert!(poller.assume_role(&other.0, "uji", Some(&other.1)).await.is_err());

    let got = world.iam("GetRole", &[("RoleName", &role)]).await?;
    let deployed = elements(&got, "AssumeRolePolicyDocument").into_iter().next().context("no trust")?;
    let me = poller.query("sts", "2011-06-15", "GetCallerIdentity", &[]).await?;
    let me = elements(&me, "Arn").into_iter().next().context("no name")?;
    trust_only(&world, &me).await?;
    let named = poller.assume_role(&arn, "uji", Some(&role)).await;
    let unnamed = world.http.with_keys(stranger).assume_role(&arn, "uji", Some(&role)).await;
    let deployed: Value = super::roles::document(&deployed)?;
    let back = [("RoleName", role.as_str()), ("PolicyDocument", &deployed.to_string())];
    world.iam("UpdateAssumeRolePolicy", &back).await?;
    named.context("who is named")?;
    assert!(unnamed.is_err(), "a stranger took on the role of {AGENCY}");
    Ok(())
}
