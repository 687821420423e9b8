//! `tweet`: post a text as a citizen would, and follow it into the agency's queue.

use std::io::Write;
use std::slice;
use std::time::Duration;

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::reply::{Reply, ReplyState};
use kemala_domain::report::VoiceRole;

use super::{Outcome, running, words};
use crate::cli;
use crate::follow::{Arrival, Followed, Follower, Joined, Ticketed};
use crate::terminal::{BAD, BOLD, DIM, GOOD, WARN, json_line, out, styled};
use crate::webhook::{Post, User};

/// How long a ticket and then its message may take before we give up; they take less than a second.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) async fn run(arguments: cli::Tweet) -> Result<Outcome> {
    let (workspace, local) = running()?;
    let folder = workspace.pack(&local.names.pack);
    let pack = Jurisdiction::load(&folder).map_err(|errors| anyhow!("the pack is broken:\n{errors}"))?;
    warn_if_not_for_us(&arguments.text, &pack);

    let follower = Follower::new(&local, &folder)?;
    let live = !arguments.json;
    let post = Post::new(&arguments.text, User::sample(&author(&arguments)));
    let posted = follower.post(post, arguments.family).await?;
    if live {
        writeln!(out(), "{} posted   {} ({} ms)", styled(GOOD, "✓"), posted.post.id(), posted.answered_in.as_millis())?;
    }
    let all_read = follower.all_reports_read(PATIENCE);
    let followed = follower.ticket(&posted, PATIENCE, all_read).await?;
    let Followed::Ticket(ticketed) = followed else {
        let refusals = follower.refusals(&[&posted]).await?;
        let refused = refusals.values().next();
        let why = match (&followed, refused) {
            (_, Some(reason)) => format!("{reason}, so the report is in quarantine"),
            (Followed::NoTicket, None) => "the post is for nobody".to_owned(),
            (..) => format!("not read within {} s; see {}", PATIENCE.as_secs(), local.log().display()),
        };
        match live {
            true => writeln!(out(), "{} ticket   none: {why}", styled(WARN, "–"))?,
            false => json_line(&Arrival::without_ticket(&posted, refused))?,
        }
        return Ok(Outcome::good_if(matches!(followed, Followed::NoTicket)));
    };
    if live {
        show_ticket(&ticketed, &pack)?;
    }
    if let Some(joined) = ticketed.joined.filter(|joined| !joined.is_told()) {
        let arrival = Arrival::of(&ticketed, None);
        match live {
            true => writeln!(out(), "{} message  none: {}", styled(GOOD, "✓"), way_in(joined))?,
            false => json_line(&arrival)?,
        }
        return Ok(Outcome::Good);
    }
    let found = follower.messages(slice::from_ref(&*ticketed), PATIENCE).await?;
    let found = found.get(&ticketed.ticket.id);
    let arrival = Arrival::of(&ticketed, found);
    if !live {
        json_line(&arrival)?;
    } else if let Some(found) = found {
        let queue = local.names.agency_queue(&ticketed.ticket.holder);
        writeln!(
            out(),
            "{} message  {} {}",
            styled(GOOD, "✓"),
            found.message.id,
            words::code(&found.message.message_type)
        )?;
        writeln!(out(), "           in {queue} after {:.2} s, read with the agency's own role", arrival.seconds)?;
        show_receipt(follower.receipt(&ticketed, PATIENCE).await?.as_ref())?;
    } else {
        let log = local.log();
        writeln!(out(), "{} message  none within {} s; see {}", styled(BAD, "✗"), PATIENCE.as_secs(), log.display())?;
    }
    Ok(Outcome::good_if(found.is_some()))
}

/// Who posts; somebody else each time unless the caller says who, for one account may report only so much.
fn author(arguments: &cli::Tweet) -> String {
    arguments.from.clone().unwrap_or_else(|| format!("warga_contoh_{}", Timestamp::now().as_millisecond()))
}

/// Intake drops a post that has neither hashtag nor mention; better said before one waits for it.
fn warn_if_not_for_us(text: &str, pack: &Jurisdiction) {
    let text = text.to_lowercase();
    let tagged = pack.hashtags.iter().any(|tag| text.contains(&format!("#{}", tag.to_lowercase())));
    let named = pack.listen_to.iter().any(|account| text.contains(&format!("@{}", account.handle.to_lowercase())));
    if !tagged && !named {
        let tag = pack.hashtags.first().map(String::as_str).unwrap_or_default();
        anstream::eprintln!(
            "{} the text has neither #{tag} nor a mention, so nobody will take it",
            styled(WARN, "warning:")
        );
    }
}

/// How a post came to a ticket that was open before.
fn way_in(joined: Joined) -> &'static str {
    match joined.role {
        VoiceRole::SameIncident => "it tells of the same incident as this ticket, which was open before",
        VoiceRole::Copy => "its text is on this ticket already, and copies count once and tell nothing",
        _ => "it belongs to the thread of this ticket, which was open before",
    }
}

/// What the citizen reads. On this machine it stands with what plays X, not on X.
fn show_receipt(receipt: Option<&Reply>) -> Result<()> {
    let text = receipt.and_then(|reply| reply.text.as_deref()).unwrap_or_default();
    match receipt.map(|reply| &reply.state) {
        Some(ReplyState::Sent { .. }) => writeln!(out(), "{} answer   {text}", styled(GOOD, "✓"))?,
        Some(state) => writeln!(out(), "{} answer   not yet: {state:?}", styled(WARN, "–"))?,
        None => writeln!(
            out(),
            "{} answer   none: X lets us answer who mentions the account, not who writes only the hashtag",
            styled(WARN, "–")
        )?,
    }
    Ok(())
}

fn show_ticket(ticketed: &Ticketed, pack: &Jurisdiction) -> Result<()> {
    let ticket = &ticketed.ticket;
    let decision = &ticket.decision;
    let mut out = out();
    let after = ticketed.after.as_secs_f64();
    writeln!(out, "{} ticket   {} ({after:.2} s)", styled(GOOD, "✓"), styled(BOLD, &ticket.id))?;
    if let Some(joined) = ticketed.joined {
        writeln!(out, "  joined   {}; {} voices now", way_in(joined), ticket.voices)?;
    }
    writeln!(out, "  place    {}", words::place(&decision.place))?;
    writeln!(out, "  about    {}", words::matter(decision))?;
    let name = |code| pack.agencies.get(code).map_or("", |agency| agency.name.as_str());
    writeln!(out, "  agency   {} {}", styled(BOLD, &ticket.holder), name(&ticket.holder))?;
    if let Some(likely) = &decision.likely {
        writeln!(out, "           likely for {likely} {}", name(likely))?;
    }
    for reason in words::reasons(&decision.reasons) {
        writeln!(out, "           {}", styled(DIM, reason))?;
    }
    Ok(())
}
