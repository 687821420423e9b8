//! Figures are counted once, whatever comes twice.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::{SignedDuration, Timestamp};
use kemala::local::Workspace;
use kemala::webhook::{Family, Post};
use kemala_classifier::Pack;
use kemala_domain::TicketId;
use kemala_domain::figures::{Figure, Figures, FiguresKey, Format, Month, Sums, contribution};
use kemala_report::{Names, Report};
use kemala_store::figures::FiguresRows;
use serde_json::{Value, json};

use crate::calls::new_key;
use crate::world::{World, post, until, world};

/// The figures of the months that the tickets' events may lie in.
async fn counted(world: &World) -> Result<BTreeMap<FiguresKey, Figures>> {
    let rows = FiguresRows::new(&world.store, &world.local.names.pack);
    let month = Month::of(world.pack()?.calendar.local(Timestamp::now()).date());
    let mut counted = BTreeMap::new();
    for month in [month.before(), month] {
        counted.extend(rows.days(month).await?);
    }
    Ok(counted)
}

/// The figures of tickets, counted from all their events.
async fn recounted(world: &World, tickets: &[TicketId]) -> Result<BTreeMap<FiguresKey, Figures>> {
    let pack = world.pack()?;
    let mut recount: BTreeMap<FiguresKey, Figures> = BTreeMap::new();
    for ticket in tickets {
        let case = world.store.case(ticket).await?.unwrap();
        for count in 1..=case.events.len() {
            for (key, figures) in contribution(&case.ticket, &case.events[..count], pack.terms()).days {
                recount.entry(key).or_default().add(&figures);
            }
        }
    }
    Ok(recount)
}

/// What was counted between two looks, of the subjects of these figures alone.
fn between(
    before: &BTreeMap<FiguresKey, Figures>,
    after: &BTreeMap<FiguresKey, Figures>,
    of: &BTreeMap<FiguresKey, Figures>,
) -> BTreeMap<FiguresKey, Figures> {
    let nothing = Figures::default();
    let change = |key: &FiguresKey| {
        let mut change = after.get(key).unwrap_or(&nothing).clone();
        let earlier = before.get(key).unwrap_or(&nothing);
        earlier.counts().for_each(|(figure, count)| change.count(figure, -count));
        let buckets: Vec<_> = earlier.held.buckets().map(|(bucket, count)| (bucket, -count)).collect();
        change.held.add(&kemala_domain::figures::Held::from_buckets(buckets));
        change.normal()
    };
    of.keys().map(|key| (key.clone(), change(key))).collect()
}

fn normal(figures: BTreeMap<FiguresKey, Figures>) -> BTreeMap<FiguresKey, Figures> {
    figures.into_iter().map(|(key, figures)| (key, figures.normal())).collect()
}

/// The stream's record of an event's row.
fn record(ticket: &TicketId, seq: u32) -> Value {
    json!({
        "awsRegion": "x", "eventID": "1", "eventName": "INSERT", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": 0, "SequenceNumber": seq.to_string(), "SizeBytes": 1,
            "Keys": { "pk": { "S": format!("TICKET#{ticket}") }, "sk": { "S": format!("EVENT#{seq:06}") } },
        },
    })
}

#[tokio::test]
async fn a_tickets_life_is_counted_once() -> Result<()> {
    let world = world().await?;
    let before = counted(&world).await?;
    let report = post("Sampah menumpuk di Kec. Sidorejo Kota Salatiga, bau sekali #KemalaJateng");
    world.tweet(&report, Family::FilteredStream).await?;
    let ticket = world.ticket(&report).await?;
    let salatiga = world.agency(ticket.holder.as_str()).await?;
    salatiga.must(&ticket.id, json!({"action": "accept"})).await?;
    let answer = json!({"action": "respond", "reply_text": "Petugas kami kirim besok pagi."});
    salatiga.must(&ticket.id, answer).await?;
    let photo = format!("https://foto.example.go.id/{}.jpg", new_key());
    let resolved = json!({"action": "resolve", "reply_text": "Sampah sudah kami angkut pagi ini.", "photo": photo});
    salatiga.must(&ticket.id, resolved).await?;
    world.all_delivered(&ticket.id).await?;

    let recount = normal(recounted(&world, std::slice::from_ref(&ticket.id)).await?);
    assert_eq!(between(&before, &counted(&world).await?, &recount), recount);
    let mut sums = Sums::default();
    recount.iter().for_each(|(key, figures)| sums.add(&key.subject, figures));
    let total = sums.total();
    let shown: Vec<String> = total.counts().map(|(figure, count)| format!("{} {count}", figure.name())).collect();
    assert_eq!(
        shown.join(", "),
        "opened 1, received 1, first_hop_known 1, first_hop_right 1, acknowledged 1, answered 1, resolved 1, \
         promise_kept 1, voices 1, open 1"
    );
    assert_eq!(total.held.count(), 1);

    // The stream brings everything again, twice at once, and the sweep looks.
    let events = world.store.events(&ticket.id).await?;
    let again = json!({ "Records": events.iter().map(|event| record(&ticket.id, event.seq)).collect::<Vec<_>>() });
    let fanout = world.local.names.function("skpd-fanout");
    futures::future::try_join_all([world.http.invoke(&fanout, &again), world.http.invoke(&fanout, &again)]).await?;
    world.round(Timestamp::now() + SignedDuration::from_mins(5)).await?;
    assert_eq!(between(&before, &counted(&world).await?, &recount), recount);
    Ok(())
}

#[tokio::test]
async fn many_at_once_add_up() -> Result<()> {
    let world = world().await?;
    let before = counted(&world).await?;
    let places = ["Argomulyo", "Tingkir", "Sidomukti", "Sidorejo"];
    let matters = ["Jalan berlubang", "Lampu jalan mati", "Sampah menumpuk", "Saluran air tersumbat", "Pohon tumbang"];
    let reports: Vec<Post> = places
        .iter()
        .flat_map(|place| matters.map(|what| post(&format!("{what} di Kec. {place} Kota Salatiga #KemalaJateng"))))
        .collect();
    futures::future::try_join_all(reports.iter().map(|report| world.tweet(report, Family::FilteredStream))).await?;
    let mut tickets = Vec::new();
    for report in &reports {
        let ticket = world.ticket(report).await?.id;
        if !tickets.contains(&ticket) {
            tickets.push(ticket);
        }
    }
    world.all_reports_read().await?;
    // What collided too often is the sweep's.
    world.round(Timestamp::now() + SignedDuration::from_mins(5)).await?;
    for ticket in &tickets {
        world.all_delivered(ticket).await?;
    }
    let recount = normal(recounted(&world, &tickets).await?);
    assert_eq!(between(&before, &counted(&world).await?, &recount), recount);
    let received: i64 = recount.values().map(|figures| figures.get(Figure::Received)).sum();
    assert!(received >= tickets.len() as i64, "{received} of {}", tickets.len());
    Ok(())
}

#[tokio::test]
async fn a_month_that_is_over_is_closed_once() -> Result<()> {
    let world = world().await?;
    let rows = FiguresRows::new(&world.store, &world.local.names.pack);
    let now = world.pack()?.calendar.local(Timestamp::now());
    // The schedule may have been quicker, or is it this round; in the month's first two days it is the one before.
    let over = Month::of(now.date()).before();
    let month = if now.day() > 2 { over } else { over.before() };
    world.round(now.timestamp()).await?;
    let closed = until("the month is closed", async || rows.closed(month).await.map_err(Into::into)).await?;
    let again = world.round(now.timestamp()).await?;
    assert_eq!((rows.closed(month).await?, &again["closed"]), (Some(closed), &Value::Null));
    // A drill that is ahead of time closes nothing that is not over.
    let ahead = now.timestamp() + SignedDuration::from_hours(60 * 24);
    assert_eq!(world.round(ahead).await?["closed"], Value::Null);
    assert_eq!(rows.closed(month.after().after()).await?, None);
    Ok(())
}

/// Counts something in a month's day, as root: no citizen can report in a month that is over.
async fn counted_then(world: &World, month: Month, subject: &str, counts: Value) -> Result<()> {
    let pk = format!("FIGURES#{}#{month}", world.local.names.pack);
    let mut item = json!({ "pk": { "S": pk }, "sk": { "S": format!("05#{subject}") } });
    for (name, count) in counts.as_object().into_iter().flatten() {
        item[name] = json!({ "N": count.to_string() });
    }
    let put = json!({ "TableName": world.local.names.table(), "Item": item });
    world.http.operation("dynamodb", "DynamoDB_20120810.PutItem", &put).await?;
    Ok(())
}

#[tokio::test]
async fn desks_get_the_report_of_a_month_that_is_over() -> Result<()> {
    let world = world().await?;
    let rows = FiguresRows::new(&world.store, &world.local.names.pack);
    let calendar = &world.pack()?.calendar;
    // A month that no round of today closes, nor has one of an earlier run.
    let mut month = Month::of(calendar.local(Timestamp::now()).date()).before().before().before();
    while rows.closed(month).await?.is_some() {
        month = month.before();
    }
    let blora =
        json!({"opened": 12, "received": 12, "resolved": 9, "promise_kept": 8, "promise_broken": 2, "voices": 15});
    counted_then(&world, month, "PEMKAB3316#road_damage#33.16", blora).await?;
    counted_then(&world, month, "DINKES#health#-", json!({"opened": 3, "received": 3, "h47": 1})).await?;
    let (governor, secretary) = (world.agency("GUBERNUR").await?, world.agency("SEKDA").await?);
    let path = format!("reports/{month}");
    assert_eq!(secretary.get(&path).await?.status, 404);

    let third_day = month.closes_on().at(9, 0, 0, 0);
    let third_day = calendar.local(Timestamp::now()).time_zone().to_timestamp(third_day)?;
    assert_eq!(world.round(third_day).await?["closed"], json!(month));
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        let answer = governor.get(&format!("{path}?format={format}")).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        files.insert(format, answer.body);
    }

    // What `cargo kemala report` makes of the same month, from the daily rows.
    let pack = Pack::load_untrained(&Workspace::find()?.pack(&world.local.names.pack)).unwrap();
    let report = Report::new(&kemala_report::counted(&rows, month.into()).await?, &Names { pack: Some(&pack) });
    let closed = rows.closed(month).await?.unwrap();
    let again = kemala_report::files(&report, &calendar.local(closed.closed_at))?;
    assert_eq!(files, again);
    assert_eq!(closed.total, report.total.figures);
    let json: Value = serde_json::from_str(&files[&Format::Json])?;
    assert_eq!(json["total"]["counts"]["received"], 15);
    let mut csv = csv::Reader::from_reader(files[&Format::Csv].as_bytes());
    let column = csv.headers()?.iter().position(|name| name == "received").unwrap();
    let received: Vec<i64> = csv.records().map(|row| Ok(row?[column].parse()?)).collect::<Result<_>>()?;
    assert_eq!(received, [3, 12]);
    for named in ["Pemerintah Kabupaten Blora", "Dinas Kesehatan"] {
        assert!(files[&Format::Html].contains(named) && files[&Format::Txt].contains(named), "{named}");
    }
    // JSON is what is meant where nothing is said; a later round changes nothing.
    assert_eq!(world.round(third_day + SignedDuration::from_hours(2)).await?["closed"], Value::Null);
    assert_eq!(secretary.get(&path).await?.body, files[&Format::Json]);

    let list: Value = serde_json::from_str(&secretary.get("reports").await?.body)?;
    let listed = list["reports"].as_array().unwrap();
    assert!(listed.contains(&json!({ "month": month, "closed_at": closed.closed_at })), "{list}");
    // Agencies get none; what is no format is no question; a month that goes on has none yet.
    let agency = world.agency("PEMKAB3316").await?;
    assert_eq!((agency.get(&path).await?.status, agency.get("reports").await?.status), (403, 403));
    assert_eq!(secretary.get(&format!("{path}?format=xlsx")).await?.status, 400);
    let now = Month::of(calendar.local(Timestamp::now()).date());
    let early = secretary.get(&format!("reports/{now}")).await?;
    assert!(early.status == 404 && early.body.contains(&now.closes_on().to_string()), "{}", early.body);
    Ok(())
}
