//! What of a ticket is public.

use crate::event::{Event, EventBody};
use crate::ticket::{Status, Ticket};

/// Whether the public may hear of a ticket at all. One that is not looks as if it did not exist.
pub fn is_public(ticket: &Ticket) -> bool {
    !ticket.decision.supervisory && !ticket.once_supervisory && !ticket.quiet
}

/// Whether it may with this history: what was an accusation once stays out of sight.
pub fn was_always_public(events: &[Event]) -> bool {
    events.iter().all(|event| event.filed.as_ref().is_none_or(|filed| !filed.supervisory))
}

/// Whether it stands in lists. Who withdraws a report wants it forgotten; one that was joined goes on as another.
pub fn is_listed(ticket: &Ticket) -> bool {
    is_public(ticket) && !matches!(ticket.status, Status::Withdrawn | Status::Joined)
}

/// Whether an event is news for everybody: how the ticket goes on, and what the agency says to the citizen. Notes, reasons
/// of refusals and all that passes between bodies is none.
pub fn is_news(body: &EventBody) -> bool {
    match body {
        EventBody::Opened { .. }
        | EventBody::Reassigned { .. }
        | EventBody::Accepted
        | EventBody::Started
        | EventBody::CitizenAsked { .. }
        | EventBody::Responded { .. }
        | EventBody::Resolved { .. }
        | EventBody::Rejected { .. }
        | EventBody::Confirmed { .. }
        | EventBody::Reopened { .. }
        | EventBody::Joined { .. }
        | EventBody::Unjoined { .. }
        | EventBody::Withdrawn
        | EventBody::Closed { .. } => true,
        EventBody::VoiceAdded { .. }
        | EventBody::CitizenReplied { .. }
        | EventBody::Edited { .. }
        | EventBody::VoiceWithdrawn { .. }
        | EventBody::TicketJoined { .. }
        | EventBody::PhotoReused { .. }
        | EventBody::Refused { .. }
        | EventBody::Noted { .. }
        | EventBody::Corrected { .. }
        | EventBody::WithdrawalAsked { .. }
        | EventBody::Stopped { .. }
        | EventBody::StatusAsked { .. }
        | EventBody::Placed { .. }
        | EventBody::PlaceOverdue
        | EventBody::AnswerOverdue
        | EventBody::ReplySent { .. }
        | EventBody::ReplyFailed { .. }
        | EventBody::ClockStep { .. }
        | EventBody::AgencySilent { .. } => false,
    }
}

/// A citizen's or agency's text for everybody: accounts and links, which lead to who wrote it, are taken out, and so are
/// characters that are not seen and change how others read.
pub fn plain(text: &str) -> String {
    let seen: String = text.replace('\t', " ").chars().filter(|c| !is_unseen(*c)).collect();
    let lines: Vec<String> =
        seen.lines().map(|line| line.split(' ').map(without_accounts).collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n")
}

fn without_accounts(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let is_link =
        ["http:", "https:", "www.", "t.co/", "x.com/", "twitter.com/", "pic."].iter().any(|link| lower.contains(link));
    if is_link {
        return "[tautan]".to_owned();
    }
    let mut plain = String::new();
    let mut rest = word;
    while let Some(at) = rest.find(['@', '＠']) {
        let (before, from) = rest.split_at(at);
        let name = from.trim_start_matches(['@', '＠']);
        let after = name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        plain.push_str(before);
        plain.push_str(if after.len() < name.len() { "[akun]" } else { "@" });
        rest = after;
    }
    plain + rest
}

/// Controls, direction marks, and signs without width.
fn is_unseen(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::opened;

    #[test]
    fn accounts_links_and_unseen_signs_are_taken_out() {
        for (text, expected) in [
            ("Jalan rusak @warga_16 tolong", "Jalan rusak [akun] tolong"),
            ("cc:@a,@b. @ x ＠c", "cc:[akun],[akun]. @ x [akun]"),
            ("lihat https://t.co/abc ya", "lihat [tautan] ya"),
            ("abc\u{202e}def\u{200b}g\u{feff}\u{7}", "abcdefg"),
            ("a\nb", "a\nb"),
            ("@@@", "@"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn accusations_and_quiet_tickets_are_not_public_nor_what_was_one() {
        let case = opened("DINKES");
        assert!(is_public(&case.ticket) && is_listed(&case.ticket) && was_always_public(&case.events));
        let mut accusation = opened("DINKES");
        accusation.ticket.decision.supervisory = true;
        accusation.events[0].filed.as_mut().unwrap().supervisory = true;
        assert!(!is_public(&accusation.ticket) && !was_always_public(&accusation.events));
        let quiet = Ticket { quiet: true, ..case.ticket.clone() };
        assert!(!is_public(&quiet) && !is_listed(&quiet));
        assert!(!is_listed(&Ticket { status: Status::Withdrawn, ..case.ticket }));
    }
}
