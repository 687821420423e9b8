//! A message, as people read it.

use std::io::Write;

use anyhow::Result;
use kemala_domain::Calendar;
use kemala_messages::agency::AgencyMessage;
use kemala_messages::in_queue::InQueue;

use crate::commands::words;
use crate::terminal::{BOLD, DIM, out, styled};

/// Writes a message and how often it has been received.
pub(super) fn message(message: &InQueue, receive_count: u32, calendar: &Calendar) -> Result<()> {
    let mut out = out();
    match message {
        InQueue::Ticket(message) => ticket(message, calendar)?,
        InQueue::Ping(ping) => {
            writeln!(out, "{}  ping for {}, to be acknowledged", styled(BOLD, &ping.id), ping.subject)?;
        }
    }
    if receive_count > 1 {
        writeln!(out, "  {}", styled(DIM, format!("received {receive_count} times")))?;
    }
    writeln!(out)?;
    Ok(())
}

fn ticket(message: &AgencyMessage, calendar: &Calendar) -> Result<()> {
    let ticket = &message.data.ticket;
    let mut out = out();
    writeln!(out, "{}  {}", styled(BOLD, &message.id), words::code(&message.message_type))?;
    let category = ticket.category.as_ref().map_or("unknown", |category| category.as_str());
    let place = ticket.place.name.as_deref().or(ticket.place.outside.as_deref()).unwrap_or("place unknown");
    writeln!(out, "  {category}, {}, {place}", words::code(&ticket.urgency))?;
    if let Some(text) = &ticket.text {
        writeln!(out, "  “{text}”")?;
    }
    let by = |at| calendar.local(at).strftime("%Y-%m-%d %H:%M");
    let deadlines =
        ticket.deadlines.iter().map(|promise| format!("{} by {}", words::code(&promise.clock), by(promise.due_at)));
    let deadlines: Vec<String> = deadlines.collect();
    if !deadlines.is_empty() {
        writeln!(out, "  {}", styled(DIM, deadlines.join(", ")))?;
    }
    if let Some(link) = &ticket.permalink {
        writeln!(out, "  {}", styled(DIM, link))?;
    }
    Ok(())
}
