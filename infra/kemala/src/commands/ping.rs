//! `ping`: the handshake with an agency, before the first day of its queue.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Result;
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::Ping;
use kemala_messages::ping::PingMessage;

use super::agency::has_queue;
use super::{Outcome, deployed_with_pack, say_only_told};
use crate::cli;
use crate::terminal::{BOLD, GOOD, WARN, json_line, out, styled};

/// Between two looks at the row.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(super) async fn run(arguments: cli::Ping) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.writes.place).await?;
    has_queue(&arguments.code, &pack)?;
    let store = deployment.store();
    let code = &arguments.code;
    if arguments.status {
        let ping = store.ping(code).await?;
        let is_well = ping.as_ref().is_some_and(|ping| ping.acknowledged_at.is_some());
        match (&ping, arguments.json) {
            (ping, true) => json_line(ping)?,
            (Some(ping), false) => tell(ping, &pack)?,
            (None, false) => writeln!(out(), "{code} was never sent a ping; send one with: cargo kemala ping {code}")?,
        }
        return Ok(Outcome::good_if(is_well));
    }
    if !arguments.writes.may_write() {
        say_only_told();
        return Ok(Outcome::Bad);
    }
    // The row first: an acknowledgement that overtakes us finds it.
    let mut ping = Ping::new(code.clone(), Timestamp::now())?;
    store.keep_ping(&ping).await?;
    let queues = deployment.agency_queues();
    queues.ping(&PingMessage::new(&ping, &deployment.names.pack)).await?;
    let started = Instant::now();
    while ping.acknowledged_at.is_none() && started.elapsed().as_secs() < arguments.wait {
        tokio::time::sleep(LOOK_EVERY).await;
        // Another ping may have taken its place meanwhile.
        ping = store.ping(code).await?.filter(|read| read.id == ping.id).unwrap_or(ping);
    }
    match arguments.json {
        true => json_line(&ping)?,
        false => tell(&ping, &pack)?,
    }
    Ok(Outcome::good_if(arguments.wait == 0 || ping.acknowledged_at.is_some()))
}

fn tell(ping: &Ping, pack: &Jurisdiction) -> Result<()> {
    let local_time = |at| pack.calendar.local(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let Ping { id, agency, sent_at, acknowledged_at } = ping;
    let mut out = out();
    writeln!(out, "{}  sent to {} at {}", styled(BOLD, id), styled(BOLD, agency), local_time(*sent_at))?;
    match acknowledged_at {
        Some(at) => writeln!(out, "{} acknowledged at {}", styled(GOOD, "✓"), local_time(*at))?,
        None => writeln!(
            out,
            "{}: POST /agencies/{agency}/pings/{id}; look again with: cargo kemala ping {agency} --status",
            styled(WARN, "not acknowledged yet"),
        )?,
    }
    Ok(())
}
