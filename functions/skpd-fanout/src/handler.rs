//! Stream records to deliveries. The stream is the fast way; what it misses, the sweep delivers.

use std::collections::BTreeMap;

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use futures::future::join_all;
use jiff::Timestamp;
use kemala_delivery::Courier;
use kemala_domain::EventId;
use kemala_runtime::deadline::Deadline;
use kemala_runtime::guard::guarded;
use kemala_store::keys;
use lambda_runtime::LambdaEvent;

/// The function.
pub struct Fanout<'a> {
    courier: Courier<'a>,
}

/// An event row that is new, and where it stands in the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NewEvent {
    id: EventId,
    position: String,
}

impl<'a> Fanout<'a> {
    /// The function over a courier.
    pub fn new(courier: Courier<'a>) -> Self {
        Self { courier }
    }

    /// Delivers the new events of a batch: tickets side by side, the events of one ticket in order.
    ///
    /// What cannot be asked of the table at all is returned, and comes again; what a queue did not take is postponed.
    pub async fn take(&self, event: LambdaEvent<Event>, now: Timestamp) -> DynamoDbEventResponse {
        let deadline = Deadline::of(&event.context);
        let mut by_ticket: BTreeMap<_, Vec<NewEvent>> = BTreeMap::new();
        for new in event.payload.records.iter().filter_map(new_event) {
            by_ticket.entry(new.id.ticket.clone()).or_default().push(new);
        }
        let failed = join_all(by_ticket.into_values().map(|events| self.deliver_in_order(events, deadline, now))).await;
        let mut response = DynamoDbEventResponse::default();
        response.batch_item_failures = failed
            .into_iter()
            .flatten()
            .map(|position| {
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier = Some(position);
                failure
            })
            .collect();
        response
    }

    /// Delivers events of one ticket until one fails; returns the position of that one.
    async fn deliver_in_order(&self, events: Vec<NewEvent>, deadline: Deadline, now: Timestamp) -> Option<String> {
        for NewEvent { id, position } in events {
            let delivered = guarded(deadline, self.courier.deliver(&id, now)).await;
            if let Err(error) = delivered {
                tracing::error!(event.id = %id, %error, "stream record comes again");
                return Some(position);
            }
        }
        None
    }
}

/// The event that a record tells of, where it tells of a new one. Rows of other kinds and later changes of event
/// rows are none of our business; the event source's filter keeps them away, and so does this.
fn new_event(record: &EventRecord) -> Option<NewEvent> {
    if record.event_name != "INSERT" {
        return None;
    }
    let key = |name| match record.change.keys.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    let id = EventId { ticket: keys::ticket_of(key("pk")?)?, seq: keys::seq_of(key("sk")?)? };
    Some(NewEvent { id, position: record.change.sequence_number.clone().unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(event_name: &str, pk: &str, sk: &str) -> EventRecord {
        let json = format!(
            r#"{{"awsRegion":"x","eventID":"1","eventName":"{event_name}","dynamodb":{{"ApproximateCreationDateTime":0,
                "Keys":{{"pk":{{"S":"{pk}"}},"sk":{{"S":"{sk}"}}}},"SequenceNumber":"7","SizeBytes":1}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn only_new_event_rows_are_delivered() {
        let ticket = "TICKET#KJ-45RQ0X8XD";
        let new = new_event(&record("INSERT", ticket, "EVENT#000002")).unwrap();
        assert_eq!((new.id.to_string(), new.position), ("KJ-45RQ0X8XD/2".to_owned(), "7".to_owned()));
        for (name, pk, sk) in [
            ("MODIFY", ticket, "EVENT#000002"),
            ("REMOVE", ticket, "EVENT#000002"),
            ("INSERT", ticket, "TICKET"),
            ("INSERT", ticket, "REPORT#x#1"),
            ("INSERT", "POST#x#1", "POST"),
            ("INSERT", "TICKET#KJ-45RQ0X8XE", "EVENT#000002"),
        ] {
            assert_eq!(new_event(&record(name, pk, sk)), None, "{name} {pk} {sk}");
        }
    }
}
