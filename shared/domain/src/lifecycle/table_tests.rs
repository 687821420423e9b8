//! The whole table: every state × everything that can happen.

use super::*;

type LeadsTo = Box<dyn Fn(Status) -> Option<Status>>;

/// A row for each thing that can happen, a column for each state; `.` where it is not possible, `=` where the state stays.
#[test]
fn every_state_and_action() {
    let columns: Vec<(String, LeadsTo)> = Action::ALL
        .into_iter()
        .map(|action| (action.to_string(), Box::new(move |from| action.leads_to(from)) as Box<_>))
        .chain(
            Word::ALL
                .into_iter()
                .map(|word| (format!("\"{word:?}\""), Box::new(move |from| word.leads_to(from)) as Box<_>)),
        )
        .chain(Timer::ALL.into_iter().map(|timer| {
            let name = format!("{timer:?}").chars().take_while(|c| c.is_alphabetic()).collect::<String>();
            (format!("⏲{name}"), Box::new(move |from| timer.leads_to(from)) as Box<_>)
        }))
        .collect();
    let mut table = String::new();
    for (name, leads_to) in &columns {
        let cells = Status::ALL.map(|from| match leads_to(from) {
            None => format!("{:9.9}", "."),
            Some(to) if to == from => format!("{:9.9}", "="),
            Some(to) => format!("{:9.9}", format!("{to:?}")),
        });
        table += format!("{name:12} {}", cells.join(" ")).trim_end();
        table += "\n";
    }
    let head = Status::ALL.map(|status| format!("{:9.9}", format!("{status:?}"))).join(" ");
    insta::assert_snapshot!(format!("{:12} {}\n{table}", "", head.trim_end()), @r#"
                 Triage    Assigned  Accepted  InProgres WaitingCi Resolved  Closed    Reopened  Joined    Withdrawn Rejected
    accept       Accepted  Accepted  .         .         .         .         .         Accepted  .         .         .
    start        .         InProgres InProgres .         InProgres .         .         InProgres .         .         .
    ask_citizen  .         WaitingCi WaitingCi WaitingCi .         .         .         WaitingCi .         .         .
    respond      .         InProgres InProgres =         InProgres .         .         InProgres .         .         .
    resolve      .         Resolved  Resolved  Resolved  Resolved  .         .         Resolved  .         .         .
    not_ours     .         =         Assigned  Assigned  Assigned  .         .         Assigned  .         .         .
    note         =         =         =         =         =         =         .         =         .         .         .
    assign       Assigned  =         Assigned  Assigned  Assigned  .         .         Assigned  .         .         .
    reject       Rejected  Rejected  Rejected  Rejected  Rejected  .         .         Rejected  .         .         .
    join         Joined    Joined    Joined    Joined    Joined    .         .         Joined    .         .         .
    unjoin       .         .         .         .         .         .         .         .         Assigned  .         .
    correct      =         =         =         =         =         .         .         =         .         .         .
    "Confirm"    .         .         .         .         .         Closed    .         .         .         .         .
    "Reopen"     .         .         .         .         .         Reopened  Reopened  .         .         .         .
    "Withdraw"   Withdrawn Withdrawn Withdrawn Withdrawn Withdrawn Withdrawn =         Withdrawn =         =         =
    "Stop"       =         =         =         =         =         =         =         =         =         =         =
    "Status"     =         =         =         =         =         =         =         =         =         =         =
    "Place"      =         =         =         =         InProgres =         .         =         .         .         .
    "Reply"      =         =         =         =         InProgres =         =         =         =         =         =
    ⏲Promise     =         =         =         =         =         .         .         =         .         .         .
    ⏲Place       Assigned  =         .         .         .         .         .         .         .         .         .
    ⏲Answer      .         .         .         .         InProgres .         .         .         .         .         .
    ⏲Close       .         .         .         .         .         Closed    .         .         .         .         .
    "#);
}

#[test]
fn agencies_are_offered_no_desk_actions() {
    for status in Status::ALL {
        assert!(Action::allowed_in(status, false).iter().all(|action| !action.is_for_desks()), "{status:?}");
    }
    assert_eq!(Action::allowed_in(Status::Joined, true), [Action::Unjoin]);
}
