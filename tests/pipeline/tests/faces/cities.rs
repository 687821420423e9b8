//! Another city, another stage, and an agency that comes or goes: all beside what is there, in one account.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use kemala::aws::elements;
use kemala::webhook::Family;
use kemala_messages::agency::MessageType;
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{World, post, until, world};

const CITY: &str = "kota-yogyakarta";

#[tokio::test]
async fn two_packs_and_two_stages_serve_side_by_side() -> Result<()> {
    let province = world().await?;
    let city = province.beside("dev", CITY).await?;
    let staging = province.beside("staging", "jateng").await?;
    assert_eq!((&city.local.emulator, &staging.local.emulator), (&province.local.emulator, &province.local.emulator));

    // A webhook that reaches all of them: each takes what bears its own hashtag.
    let in_city = post("Sampah menumpuk di Kelurahan Sorosutan Umbulharjo, bau sekali, tolong diangkut #KemalaJogja");
    for stack in [&province, &city, &staging] {
        stack.tweet(&in_city, Family::FilteredStream).await?;
    }
    let ticket = city.ticket(&in_city).await?;
    assert_eq!((&ticket.id.as_str()[..3], ticket.holder.as_str()), ("KY-", "DLH"));
    assert_eq!(city.told("DLH", &ticket.id).await?, [MessageType::Assigned]);
    province.no_ticket(&in_city).await?;
    staging.no_ticket(&in_city).await?;

    let in_province = post("Jalan rusak parah di Kec. Jepon Blora, tolong diperbaiki #KemalaJateng");
    for stack in [&province, &city] {
        stack.tweet(&in_province, Family::FilteredStream).await?;
    }
    let ticket = province.ticket(&in_province).await?;
    assert_eq!((&ticket.id.as_str()[..3], ticket.holder.as_str()), ("KJ-", "PEMKAB3316"));
    assert_eq!(province.told("PEMKAB3316", &ticket.id).await?, [MessageType::Assigned]);
    city.no_ticket(&in_province).await?;
    staging.no_ticket(&in_province).await?;

    let in_staging = post("Lampu jalan mati di Kec. Cepu Blora, gelap sekali #KemalaJateng");
    staging.tweet(&in_staging, Family::FilteredStream).await?;
    let ticket = staging.ticket(&in_staging).await?;
    assert_eq!(staging.told("PEMKAB3316", &ticket.id).await?, [MessageType::Assigned]);
    assert!(!province.drain("PEMKAB3316").await?.contains_key(&ticket.id), "staging's ticket is in dev's queue");
    province.no_ticket(&in_staging).await?;

    every_queue_is_of_one_stack(&[&province, &city, &staging]).await?;
    // Agencies of one name in two packs and two stages: the role of one opens its own queue only.
    for (own, other) in [(&city, &province), (&province, &city), (&province, &staging), (&staging, &province)] {
        let dinkes = own.as_agency("DINKES").await?;
        let queue = |stack: &World| -> Result<Value> {
            Ok(json!({ "QueueUrl": stack.local.target.queue_url(&stack.local.names.agency_queue(&"DINKES".parse()?)) }))
        };
        dinkes.operation("sqs", "AmazonSQS.ReceiveMessage", &queue(own)?).await.context("its own queue")?;
        let refused = dinkes.operation("sqs", "AmazonSQS.ReceiveMessage", &queue(other)?).await;
        let refused = refused.expect_err("another stack's queue").to_string();
        assert!(refused.contains("AccessDenied"), "{refused}");
    }
    Ok(())
}

/// No name of a queue belongs to two stacks.
async fn every_queue_is_of_one_stack(stacks: &[&World]) -> Result<()> {
    let [first, ..] = stacks else { bail!("no stacks") };
    let xml = first.http.query("sqs", "2012-11-05", "ListQueues", &[("QueueNamePrefix", "kemala-")]).await?;
    let names: BTreeSet<String> =
        elements(&xml, "QueueUrl").into_iter().filter_map(|url| Some(url.rsplit('/').next()?.to_owned())).collect();
    assert!(!names.is_empty(), "{xml}");
    for stack in stacks {
        let own = stack.local.names.queue("reports");
        assert!(names.contains(&own), "{own} in {names:?}");
    }
    for name in &names {
        let owners = stacks.iter().filter(|stack| name.starts_with(&format!("{}-", stack.local.names.stack())));
        assert!(owners.count() <= 1, "{name} belongs to two stacks");
    }
    Ok(())
}

#[tokio::test]
async fn a_post_about_a_neighbour_is_told_where_to_turn() -> Result<()> {
    let province = world().await?;
    let city = province.beside("dev", CITY).await?;
    for (stack, text, place, turn_to) in [
        (
            &city,
            "@KemalaJogja jalan berlubang di dekat pasar Godean Sleman, tolong ditambal",
            "Sleman",
            "Kabupaten Sleman",
        ),
        (
            &city,
            "@KemalaJogja lampu jalan mati di Wonosari Gunungkidul, gelap sekali",
            "Gunungkidul",
            "Kabupaten Gunungkidul",
        ),
        (
            &province,
            "@KemalaJateng sampah menumpuk di Malioboro Jogja, bau sekali, tolong diangkut",
            "Yogyakarta",
            "Kemala Kota Yogyakarta",
        ),
        (&province, "@KemalaJateng jalan rusak di Surabaya, tolong diperbaiki", "Surabaya", "Pemerintah Kota Surabaya"),
    ] {
        let report = post(text);
        stack.tweet(&report, Family::Activity).await?;
        let ticket = stack.ticket(&report).await?;
        assert_eq!(ticket.holder.as_str(), "TRIAGE", "{text}");
        assert_eq!(ticket.decision.place.outside.as_deref(), Some(place), "{text}");
        let answers = stack.answers(&report, 1).await?;
        let [answer] = answers.as_slice() else { bail!("{answers:?}") };
        assert!(answer.text.contains(turn_to) && answer.text.contains("di luar"), "{}", answer.text);
        assert!(answer.text.contains(ticket.id.as_str()), "{}", answer.text);
    }
    Ok(())
}

#[tokio::test]
async fn an_agency_that_leaves_and_one_that_comes_touch_no_other() -> Result<()> {
    let province = world().await?;
    let city = province.beside("staging", CITY).await?;
    let agencies = city.pack()?.agencies;
    let codes: Vec<String> =
        agencies.iter().filter(|agency| agency.has_queue()).map(|agency| agency.code.to_string()).collect();
    set_agencies(&city, &codes).await?;
    let stays = city.queue("DLH").await?;
    for queue in ["skpd-DLH.fifo", "skpd-DISPUSIP.fifo"] {
        city.put_into_agency_queue(queue, "what lay there before").await?;
    }
    let born = created(&city, "DLH").await?;

    let others = codes.iter().filter(|code| *code != "DISPUSIP").cloned();
    let changed: Vec<String> = others.chain(["KEMANTREN01".to_owned()]).collect();
    set_agencies(&city, &changed).await?;

    assert_eq!(created(&city, "DLH").await?, born, "the queue of an agency that stays was replaced");
    assert_eq!(stays.length().await?, 1, "the messages of an agency that stays are there");
    city.queue("KEMANTREN01").await?.length().await.context("the agency that came can poll")?;
    // Retained, with what is in it: ops hand that on. Its role is gone.
    assert_eq!(city.length("skpd-DISPUSIP.fifo").await?, 1, "the messages of the agency that left are there");
    let gone = city.http.agency_keys(&city.local.names, &"DISPUSIP".parse()?).await;
    assert!(gone.is_err(), "the role of the agency that left is still there");

    for queue in ["skpd-DLH.fifo", "skpd-DISPUSIP.fifo"] {
        city.take_all(queue).await?;
    }
    set_agencies(&city, &codes).await
}

/// When an agency's queue was made.
async fn created(city: &World, agency: &str) -> Result<Value> {
    let url = city.local.target.queue_url(&city.local.names.agency_queue(&agency.parse()?));
    let input = json!({ "QueueUrl": url, "AttributeNames": ["CreatedTimestamp", "QueueArn"] });
    Ok(city.http.operation("sqs", "AmazonSQS.GetQueueAttributes", &input).await?["Attributes"].clone())
}

/// Puts a template into the bucket that `sam deploy` made, for it is too long for a request; its address.
async fn put_beside_the_functions(city: &World, template: &str) -> Result<String> {
    let outputs = city.http.stack_outputs("aws-sam-cli-managed-default").await?;
    let bucket = outputs.into_iter().find(|(name, _)| name == "SourceBucket").context("there is no bucket")?.1;
    let url = format!("{}/{bucket}/agencies.template", city.local.target.endpoint);
    city.http.call("s3", Method::PUT, &url, &[], template.as_bytes()).await?.success("the template")?;
    Ok(url)
}

/// Updates the stack in place with other agencies and all else as it is.
async fn set_agencies(city: &World, codes: &[String]) -> Result<()> {
    let (stack, codes) = (city.local.names.stack(), codes.join(","));
    // With the loop in it, which the parameter drives.
    let fields = [("StackName", stack.as_str()), ("TemplateStage", "Original")];
    let template = city.http.query("cloudformation", "2010-05-15", "GetTemplate", &fields).await?;
    let template = elements(&template, "TemplateBody").into_iter().next().context("no template")?;
    let template = put_beside_the_functions(city, &template).await?;
    let described = city.http.query("cloudformation", "2010-05-15", "DescribeStacks", &[("StackName", &stack)]).await?;
    let kept = elements(&described, "ParameterKey").into_iter().filter(|parameter| parameter != "AgencyCodes");
    let mut fields = vec![
        ("StackName".to_owned(), stack.clone()),
        ("TemplateURL".to_owned(), template),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_NAMED_IAM".to_owned()),
        ("Capabilities.member.2".to_owned(), "CAPABILITY_AUTO_EXPAND".to_owned()),
        ("Parameters.member.1.ParameterKey".to_owned(), "AgencyCodes".to_owned()),
        ("Parameters.member.1.ParameterValue".to_owned(), codes.clone()),
    ];
    for (parameter, n) in kept.zip(2..) {
        fields.push((format!("Parameters.member.{n}.ParameterKey"), parameter));
        fields.push((format!("Parameters.member.{n}.UsePreviousValue"), "true".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let update = city.http.query("cloudformation", "2010-05-15", "UpdateStack", &fields).await;
    if update.as_ref().is_err_and(|error| error.to_string().contains("No updates are to be performed")) {
        return Ok(());
    }
    update?;
    until("the stack is updated", || async {
        let fields = [("StackName", stack.as_str())];
        let xml = city.http.query("cloudformation", "2010-05-15", "DescribeStacks", &fields).await?;
        let status = elements(&xml, "StackStatus").into_iter().next().unwrap_or_default();
        match status.as_str() {
            "UPDATE_COMPLETE" | "CREATE_COMPLETE" => Ok(Some(())),
            status if status.ends_with("IN_PROGRESS") => Ok(None),
            status => bail!("the update ended as {status}: {xml}"),
        }
    })
    .await
}
