//! What people are to do, and when, as it is given on a command line: `"2d3h accept"`.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use kemala_domain::{AgencyCode, Calendar};

/// Something that somebody does at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// When.
    pub after: Offset,
    /// What.
    pub deed: Deeds,
}

/// A moment, or how long after the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// That moment.
    At(Timestamp),
    /// So many days, and so long: working days and working time, or around the clock.
    After(u32, SignedDuration),
}

/// What agencies, desks and citizens can do to the clocks of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deeds {
    /// The holder accepts.
    Accept,
    /// The holder starts.
    Start,
    /// The holder asks the citizen.
    Ask,
    /// The citizen answers.
    Answer,
    /// The holder answers the citizen.
    Respond,
    /// The holder says that it is settled.
    Resolve,
    /// The citizen says so, too.
    Confirm,
    /// The citizen objects.
    Reopen,
    /// The holder says that it is not theirs, and perhaps whose.
    Refuse(Option<AgencyCode>),
    /// A desk hands it to an agency.
    Assign(AgencyCode),
}

impl Offset {
    /// The moment, for a ticket of `from`; `None` where time ends. `is_working`: whether working time is counted.
    pub fn moment(self, from: Timestamp, calendar: &Calendar, is_working: bool) -> Option<Timestamp> {
        match self {
            Self::At(moment) => Some(moment),
            Self::After(days, time) if is_working => {
                calendar.add_working_time(from, calendar.working_days(days).checked_add(time)?)
            }
            Self::After(days, time) => {
                let days = SignedDuration::from_hours(i64::from(days).checked_mul(24)?);
                from.checked_add(days.checked_add(time)?).ok()
            }
        }
    }
}

impl FromStr for Planned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (after, deed, named) = match words.as_slice() {
            [after, deed] => (after, *deed, None),
            [after, deed, named] => (after, *deed, Some(named.parse().map_err(|_| format!("{named:?} is no agency"))?)),
            _ => return Err("write a time and what happens then, such as \"2d3h accept\"".to_owned()),
        };
        let deed = match (deed, named) {
            ("accept", None) => Deeds::Accept,
            ("start", None) => Deeds::Start,
            ("ask", None) => Deeds::Ask,
            ("answer", None) => Deeds::Answer,
            ("respond", None) => Deeds::Respond,
            ("resolve", None) => Deeds::Resolve,
            ("confirm", None) => Deeds::Confirm,
            ("reopen", None) => Deeds::Reopen,
            ("refuse", named) => Deeds::Refuse(named),
            ("assign", Some(to)) => Deeds::Assign(to),
            _ => {
                let known =
                    "accept, start, ask, answer, respond, resolve, confirm, reopen, refuse [AGENCY], assign AGENCY";
                return Err(format!("{text:?} is nothing that happens; write one of {known}"));
            }
        };
        Ok(Self { after: after.parse()?, deed })
    }
}

impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(moment) = text.parse() {
            return Ok(Self::At(moment));
        }
        after(text).ok_or_else(|| {
            format!("{text:?} is no time; write 2d, 3h, 30m or 2d3h after the report, or 2026-11-26T10:00+07:00")
        })
    }
}

/// `2d3h30m`, each part at most once and in this order.
fn after(text: &str) -> Option<Offset> {
    let mut rest = text;
    let mut part = |unit: char| -> Option<u32> {
        match rest.split_once(unit) {
            Some((number, after)) => {
                let number = number.parse().ok()?;
                rest = after;
                Some(number)
            }
            None => Some(0),
        }
    };
    let (days, hours, minutes) = (part('d')?, part('h')?, part('m')?);
    let time = SignedDuration::from_mins(i64::from(hours) * 60 + i64::from(minutes));
    (rest.is_empty() && !text.is_empty()).then_some(Offset::After(days, time))
}

#[cfg(test)]
mod tests {
    use kemala_domain::samples::{Law, agency, monday};

    use super::*;

    fn planned(text: &str) -> Planned {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_and_what_happens() {
        let time = SignedDuration::from_mins(90);
        assert_eq!(planned("2d1h30m accept"), Planned { after: Offset::After(2, time), deed: Deeds::Accept });
        assert_eq!(planned("90m refuse DINSOS").deed, Deeds::Refuse(Some(agency("DINSOS"))));
        assert_eq!(planned("0d refuse").deed, Deeds::Refuse(None));
        assert_eq!(planned("2026-11-23T10:00+07:00 ask").after, Offset::At(monday() + SignedDuration::from_hours(1)));
        for wrong in ["", "accept", "2d", "2d dance", "d accept", "2w accept", "-1d accept", "3h2d accept", "2d assign"]
        {
            assert!(wrong.parse::<Planned>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn working_days_pass_over_nights_and_weekends() {
        let calendar = Law::sample().calendar;
        let moment = |is_working| planned("1d6h accept").after.moment(monday(), &calendar, is_working).unwrap();
        assert_eq!(moment(true).to_string(), "2026-11-24T09:00:00Z");
        assert_eq!(moment(false).to_string(), "2026-11-24T08:00:00Z");
    }
}
