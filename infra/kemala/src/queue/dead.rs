//! Dead letter queues, and where what is in them came from.

use clap::ValueEnum;
use jiff::Timestamp;
use kemala_domain::AgencyCode;

use super::{Fifo, Held};

/// A dead letter queue whose messages can be sent on their way again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeadLetters {
    /// Reports that classification failed on
    Reports,
    /// Messages that agencies took 50 times and did not delete
    Skpd,
    /// Wake-ups for posts to citizens; the table knows them, so the sweep has woken again since
    Replies,
}

/// Where a message goes again, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The queue, as in [`crate::names::Names::queue`].
    pub queue: String,
    /// The agency whose queue it is.
    pub agency: Option<AgencyCode>,
    /// Of a FIFO queue: its group as before, and a new deduplication id.
    pub fifo: Option<Fifo>,
}

impl DeadLetters {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Reports, Self::Skpd, Self::Replies];

    /// The queue's name, as in [`crate::names::Names::queue`].
    pub fn queue(self) -> &'static str {
        match self {
            Self::Reports => "reports-dlq",
            Self::Skpd => "skpd-dlq.fifo",
            Self::Replies => "replies-dlq.fifo",
        }
    }

    /// Where a message came from, and goes again at `now`; `None` where that cannot be told.
    pub fn way(self, held: &Held, now: Timestamp) -> Option<Way> {
        let fifo = || {
            let Fifo { group, deduplication } = held.fifo.clone()?;
            Some(Fifo { group, deduplication: fresh(&deduplication, now) })
        };
        Some(match self {
            Self::Reports => Way { queue: "reports".to_owned(), agency: None, fifo: None },
            Self::Replies => Way { queue: "replies.fifo".to_owned(), agency: None, fifo: Some(fifo()?) },
            Self::Skpd => {
                let code = agency_of(held)?;
                Way { queue: format!("skpd-{code}.fifo"), agency: Some(code), fifo: Some(fifo()?) }
            }
        })
    }
}

/// Whose queue it was in: the service tells by the queue's ARN, else by the deduplication id `<event>/<code>[/r<n>]`.
fn agency_of(held: &Held) -> Option<AgencyCode> {
    let by_arn =
        held.given_up_by.as_ref().and_then(|arn| arn.rsplit_once("-skpd-")?.1.strip_suffix(".fifo")?.parse().ok());
    by_arn.or_else(|| without_repeat(&held.fifo.as_ref()?.deduplication).rsplit('/').next()?.parse().ok())
}

/// A deduplication id under which SQS takes a message once more: `…/r<n>`, of which `n` is the second of the send. A number
/// of its own without a row that counts.
fn fresh(deduplication: &str, now: Timestamp) -> String {
    format!("{}/r{}", without_repeat(deduplication), now.as_second())
}

fn without_repeat(deduplication: &str) -> &str {
    match deduplication.rsplit_once("/r") {
        Some((first, n)) if !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()) => first,
        _ => deduplication,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(deduplication: &str, given_up_by: Option<&str>) -> Held {
        Held {
            id: "1".into(),
            body: "{}".into(),
            fifo: Some(Fifo { group: "KJ-45RQ0X8XD".into(), deduplication: deduplication.into() }),
            given_up_by: given_up_by.map(str::to_owned),
            receive_count: 1,
            queued_at: Timestamp::UNIX_EPOCH,
            receipt: String::new(),
        }
    }

    #[test]
    fn a_message_goes_to_the_agency_it_came_from_under_a_new_number() {
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let arn = "arn:aws:sqs:ap-southeast-3:000000000000:kemala-dev-jateng-skpd-DINKES.fifo";
        for (deduplication, given_up_by, code) in [
            ("KJ-45RQ0X8XD/3/PEMKAB3316", None, "PEMKAB3316"),
            ("KJ-45RQ0X8XD/3/PEMKAB3316/r2", None, "PEMKAB3316"),
            ("KJ-45RQ0X8XD/3/PEMKAB3316", Some(arn), "DINKES"),
        ] {
            let way = DeadLetters::Skpd.way(&held(deduplication, given_up_by), now).unwrap();
            assert_eq!((way.queue, way.agency.unwrap().as_str()), (format!("skpd-{code}.fifo"), code));
            let Fifo { group, deduplication } = way.fifo.unwrap();
            assert_eq!(
                (group.as_str(), deduplication.as_str()),
                ("KJ-45RQ0X8XD", "KJ-45RQ0X8XD/3/PEMKAB3316/r1795000000")
            );
        }
    }

    #[test]
    fn what_names_no_agency_goes_nowhere() {
        assert_eq!(DeadLetters::Skpd.way(&held("nobody knows", None), Timestamp::UNIX_EPOCH), None);
        let no_fifo = Held { fifo: None, ..held("", None) };
        assert_eq!(DeadLetters::Replies.way(&no_fifo, Timestamp::UNIX_EPOCH), None);
        assert_eq!(DeadLetters::Reports.way(&no_fifo, Timestamp::UNIX_EPOCH).unwrap().fifo, None);
    }
}
