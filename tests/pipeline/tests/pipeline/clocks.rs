//! Deadlines and what the stream missed.

use anyhow::{Context, Result};
use aws_sdk_sqs::types::QueueAttributeName;
use jiff::{SignedDuration, Timestamp};
use kemala::webhook::Family;
use kemala_domain::clocks::{Clock, Step, Timer};
use kemala_domain::ladder::Target;
use kemala_domain::{Destination, EventBody, TicketId, Urgency};
use kemala_messages::agency::MessageType;

use serde_json::json;

use crate::world::{World, post, until, world};

async fn steps(world: &World, ticket: &TicketId) -> Result<Vec<(Clock, Step)>> {
    let events = world.store.events(ticket).await?;
    let steps = events.iter().filter_map(|event| match event.body {
        EventBody::ClockStep { clock, step, .. } => Some((clock, step)),
        _ => None,
    });
    Ok(steps.collect())
}

#[tokio::test]
async fn each_rung_is_reached_once_whatever_overlaps() -> Result<()> {
    let world = world().await?;
    let report = post("Jembatan rusak di Kec. Jepon Blora #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    world.drain("SEKDA").await?;
    world.round(Timestamp::now()).await?;
    assert_eq!(steps(&world, &ticket.id).await?, [], "nothing is due yet");

    // Each moment is visited by overlapping rounds, twice.
    let mut due = ticket.due;
    let mut taken = Vec::new();
    for _ in 0..2 {
        let at = due.unwrap().at + SignedDuration::from_secs(1);
        futures::future::try_join_all([world.round(at), world.round(at), world.round(at)]).await?;
        world.round(at).await?;
        let Timer::Promise { clock, step, .. } = due.unwrap().timer else { panic!("{due:?}") };
        taken.push((clock, step));
        assert_eq!(steps(&world, &ticket.id).await?, taken);
        due = world.store.ticket(&ticket.id).await?.unwrap().due;
    }
    assert_eq!(taken, [(Clock::Acknowledge, Step::Reminder), (Clock::Acknowledge, Step::Breach)]);
    assert_eq!(
        world.told("PEMKAB3316", &ticket.id).await?,
        [MessageType::Assigned, MessageType::Escalated, MessageType::Escalated]
    );
    // Nobody has given the secretary's address: the rung above is told, without the citizen's text.
    let message = world.messages("SEKDA", &ticket.id).await?.remove(0);
    let event = &message.data.event;
    assert_eq!((event.rung.as_deref(), &event.unreached), (Some("head"), &vec![Target::Secretary]));
    assert_eq!((message.data.ticket.text, message.data.ticket.category.is_some()), (None, true));
    Ok(())
}

#[tokio::test]
async fn an_agency_that_acknowledges_nothing_is_told_of_once() -> Result<()> {
    let world = world().await?;
    world.drain("SEKDA").await?;
    // An agency that no other story tells of; what an earlier run left there is acknowledged.
    let agency = world.agency("PEMKAB3312").await?;
    for left in world.store.agency_tickets(&"PEMKAB3312".parse()?, None, None, 100).await?.tickets {
        agency.does(&left.id, json!({"action": "accept"})).await?;
    }
    let report = post("Lampu jalan mati di Kec. Pracimantoro Wonogiri #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert_eq!(ticket.holder.as_str(), "PEMKAB3312");
    // A week later, in the morning: at night nobody is told.
    let calendar = world.pack()?.calendar;
    let day = calendar.civil(Timestamp::now() + SignedDuration::from_hours(24 * 7)).date();
    let night = calendar.moment(day.at(2, 0, 0, 0)).context("a moment")?;
    let later = calendar.moment(day.at(10, 0, 0, 0)).context("a moment")?;
    world.round(night).await?;
    assert_eq!(steps(&world, &ticket.id).await?, [], "quiet hours");
    futures::future::try_join_all([world.round(later), world.round(later)]).await?;
    world.round(later).await?;
    let what: Vec<String> =
        world.messages("SEKDA", &ticket.id).await?.into_iter().map(|message| message.data.event.what).collect();
    assert_eq!(what.iter().filter(|what| *what == "agency_silent").count(), 1, "{what:?}");
    Ok(())
}

#[tokio::test]
async fn an_emergency_that_nobody_acknowledges_rings_after_five_minutes() -> Result<()> {
    let world = world().await?;
    let telephone = Telephone::subscribed(&world).await?;
    let report = post("Banjir bandang di Kec. Jepon Blora, warga terjebak di atap, tolong segera! #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert_eq!(ticket.decision.urgency, Urgency::Emergency);
    let early = ticket.opened_at + SignedDuration::from_secs(299);
    world.round(early).await?;
    assert_eq!(steps(&world, &ticket.id).await?, []);
    let at = ticket.opened_at + SignedDuration::from_mins(5);
    futures::future::try_join_all([world.round(at), world.round(at)]).await?;
    world.all_delivered(&ticket.id).await?;
    let rings = telephone.rings_about(&ticket.id).await?;
    assert_eq!(rings.len(), 1, "{rings:?}");
    assert!(rings[0].contains("belum diterima"), "{rings:?}");
    Ok(())
}

/// Who is on duty: a queue that the topic fills.
struct Telephone {
    sqs: aws_sdk_sqs::Client,
    url: String,
}

impl Telephone {
    async fn subscribed(world: &World) -> Result<Self> {
        let sqs = aws_sdk_sqs::Client::new(&world.local.target.sdk_config());
        let topic = world.local.outputs.get("PeopleTopicArn").context("a topic")?;
        let queue = format!("arn:aws:sqs:{}:{}:telephone", world.local.target.region, world.local.target.account);
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": queue, "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }]});
        let url = sqs.create_queue().queue_name("telephone").send().await?.queue_url.context("a queue")?;
        let open = sqs.set_queue_attributes().queue_url(&url);
        open.attributes(QueueAttributeName::Policy, policy.to_string()).send().await?;
        let fields = [("TopicArn", topic.as_str()), ("Protocol", "sqs"), ("Endpoint", &queue)];
        world.http.query("sns", "2010-03-31", "Subscribe", &fields).await?;
        Ok(Self { sqs, url })
    }

    /// What was said about a ticket.
    async fn rings_about(&self, ticket: &TicketId) -> Result<Vec<String>> {
        let mut rings = Vec::new();
        loop {
            let receive = self.sqs.receive_message().queue_url(&self.url).max_number_of_messages(10);
            let page = receive.wait_time_seconds(1).visibility_timeout(60).send().await?.messages.unwrap_or_default();
            if page.is_empty() {
                return Ok(rings);
            }
            let texts = page.into_iter().filter_map(|message| message.body);
            rings.extend(texts.filter(|text| text.contains(ticket.as_str())));
        }
    }
}

/// A ticket whose agency has no queue at this moment, after the fan-out has tried in vain to deliver it.
async fn undeliverable(world: &World, agency: &str, text: &str) -> Result<TicketId> {
    world.drain(agency).await?;
    world.delete_queue(agency).await?;
    let report = post(text);
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    assert_eq!(ticket.holder.as_str(), agency);
    let refusal = format!("not delivered event.id={}/1", ticket.id);
    let log = world.local.log();
    until("the fan-out has tried in vain", async || {
        Ok(std::fs::read_to_string(&log)?.contains(&refusal).then_some(()))
    })
    .await?;
    // Citizens are told and it is counted all the same.
    until("nobody but the agency has to hear of it", async || {
        let undelivered = &world.store.events(&ticket.id).await?[0].undelivered;
        Ok((*undelivered == [Destination::Agency(agency.parse()?)].into()).then_some(()))
    })
    .await?;
    Ok(ticket.id)
}

#[tokio::test]
async fn the_schedule_delivers_by_itself_what_the_stream_could_not() -> Result<()> {
    let world = world().await?;
    let ticket = undeliverable(&world, "PEMKOT3376", "Lampu jalan mati di Kota Tegal #KemalaJateng").await?;
    world.create_queue("PEMKOT3376").await?;
    // Nobody calls the function here: only the schedule can bring the message.
    world.all_delivered(&ticket).await?;
    assert_eq!(world.told("PEMKOT3376", &ticket).await?, [MessageType::Assigned]);
    Ok(())
}

#[tokio::test]
async fn the_sweep_delivers_what_a_queue_did_not_take() -> Result<()> {
    let world = world().await?;
    let ticket = undeliverable(&world, "PEMKOT3371", "Lampu jalan mati di Kota Magelang #KemalaJateng").await?;
    let soon = Timestamp::now() + SignedDuration::from_mins(5);
    let done = world.round(soon).await?;
    assert!(done["postponed"].as_u64() >= Some(1), "{done}");

    world.create_queue("PEMKOT3371").await?;
    let later = soon + SignedDuration::from_hours(2);
    let done = world.round(later).await?;
    assert!(done["delivered"].as_u64() >= Some(1), "{done}");
    world.all_delivered(&ticket).await?;
    assert_eq!(world.told("PEMKOT3371", &ticket).await?, [MessageType::Assigned]);
    Ok(())
}
