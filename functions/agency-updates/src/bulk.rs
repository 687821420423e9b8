//! Many tickets at once, for desks: each update stands for itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use kemala_casework::tickets::to_json;
use kemala_casework::updates::{Asked, apply};
use kemala_casework::{Casework, body, problem};
use kemala_domain::{AgencyCode, TicketId};
use kemala_messages::agency_api::{BulkAnswer, BulkItem, Fault, MOST_IN_BULK, Outcome, Problem};
use kemala_runtime::request::Request;
use serde_json::Value;

use crate::updates::{idempotency_key, request_body};

/// Does the updates of a body, one after the other. A repeat does what is left, and answers the rest as before.
///
/// # Errors
/// 400 without a usable key, 403 for who is no desk, 422 for a body that does not fit.
pub async fn bulk(
    work: &Casework<'_>,
    agency: &AgencyCode,
    request: &Request,
    now: Timestamp,
) -> Result<String, Problem> {
    if !work.bodies.desks.contains(agency) {
        return Err(problem::for_desks("bulk"));
    }
    let key = idempotency_key(request)?;
    let items = read(&request_body(request)?)?;
    let mut outcomes = Vec::with_capacity(items.len());
    for BulkItem { ticket, update } in items {
        // A key holds no space, so nobody can choose one that means this.
        let own_key = format!("{key} {ticket}");
        outcomes.push(
            match apply(work, agency, &ticket, &update, &Asked { key: &own_key, officer: None }, now).await {
                Ok(done) => Outcome { ticket, status: 200, done: Some(Box::new(done)), problem: None },
                Err(problem) => Outcome { ticket, status: problem.status, done: None, problem: Some(problem) },
            },
        );
    }
    to_json(&BulkAnswer { outcomes })
}

fn read(body: &[u8]) -> Result<Vec<BulkItem>, Problem> {
    let expected = || problem::bad_field("", "the body must be {\"updates\": [{\"ticket\": …, \"update\": {…}}, …]}");
    let body: Value = serde_json::from_slice(body).map_err(|_| expected())?;
    let is_alone = |fields: &serde_json::Map<String, Value>| fields.keys().eq(["updates"]);
    let fields = body.as_object().filter(|fields| is_alone(fields)).ok_or_else(expected)?;
    let updates = fields.get("updates").and_then(Value::as_array).ok_or_else(expected)?;
    if !(1..=MOST_IN_BULK).contains(&updates.len()) {
        return Err(problem::bad_field("/updates", format!("must have 1 to {MOST_IN_BULK} updates")));
    }
    let mut faults = Vec::new();
    let mut items = Vec::new();
    let mut seen: BTreeSet<TicketId> = BTreeSet::new();
    for (n, item) in updates.iter().enumerate() {
        let at = format!("/updates/{n}");
        let mut fault = |field: &str, detail: &str| {
            faults.push(Fault { pointer: format!("{at}{field}"), detail: detail.to_owned() });
        };
        let ticket = item.get("ticket").and_then(Value::as_str).and_then(|ticket| ticket.parse::<TicketId>().ok());
        match &ticket {
            None => fault("/ticket", "must be the number of a ticket, such as KJ-45RQ0X8XD"),
            Some(ticket) if !seen.insert(ticket.clone()) => fault("/ticket", "is there twice; one update a ticket"),
            Some(_) => {}
        }
        let other =
            item.as_object().into_iter().flat_map(|fields| fields.keys()).any(|key| key != "ticket" && key != "update");
        if other {
            fault("", "has fields beside ticket and update");
        }
        match (ticket, body::of_value(item.get("update").unwrap_or(&Value::Null), &format!("{at}/update"))) {
            (Some(ticket), Ok(update)) => items.push(BulkItem { ticket, update }),
            (None, Ok(_)) => {}
            (_, Err(more)) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(items) } else { Err(problem::bad_body(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_every_update_is_told() {
        let body = br#"{"updates":[
            {"ticket":"KJ-45RQ0X8XD","update":{"action":"assign","to":"DINKES"}},
            {"ticket":"KJ-45RQ0X8XD","update":{"action":"assign"},"more":1},
            {"ticket":"?"}
        ]}"#;
        let problem = read(body).unwrap_err();
        let told: String = problem.errors.iter().map(|fault| format!("{} {}\n", fault.pointer, fault.detail)).collect();
        insta::assert_snapshot!(told, @"
        /updates/1/ticket is there twice; one update a ticket
        /updates/1 has fields beside ticket and update
        /updates/1/update/to is missing: the code of an agency, such as DINKES
        /updates/2/ticket must be the number of a ticket, such as KJ-45RQ0X8XD
        /updates/2/update must be a JSON object
        ");
        for body in ["", "[]", "{}", r#"{"updates":{}}"#, r#"{"updates":[]}"#, r#"{"updates":[],"more":1}"#] {
            assert_eq!(read(body.as_bytes()).unwrap_err().status, 422, "{body}");
        }
        let many = format!(r#"{{"updates":[{}]}}"#, vec!["{}"; 26].join(","));
        assert_eq!(read(many.as_bytes()).unwrap_err().errors.len(), 1);
    }
}
