//! Figures of places, as the public board shows them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Figure, Figures, Month};
use crate::ids::RegionCode;

/// Where an event counts on the board: the smallest place that is known, down to the subdistrict. Written `33.16.08`,
/// `33.16`, `-` where no place is known, and `SUPERVISORY`: accusations against officials count at no place, for in a small
/// one a number alone may tell who is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Spot {
    /// A subdistrict, or a regency where no more is known; `None` where nothing is.
    Place(Option<RegionCode>),
    /// Somewhere: an accusation.
    Supervisory,
}

/// A text that is no spot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a spot is the code of a place, - or SUPERVISORY")]
pub struct InvalidSpot;

impl Spot {
    /// Whether it lies in a place, or is it.
    pub fn is_in(&self, place: &RegionCode) -> bool {
        matches!(self, Self::Place(Some(code)) if code.is_in(place))
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(Some(code)) => code.fmt(f),
            Self::Place(None) => f.write_str("-"),
            Self::Supervisory => f.write_str("SUPERVISORY"),
        }
    }
}

impl FromStr for Spot {
    type Err = InvalidSpot;
    fn from_str(text: &str) -> Result<Self, InvalidSpot> {
        match text {
            "-" => Ok(Self::Place(None)),
            "SUPERVISORY" => Ok(Self::Supervisory),
            code => code.parse().map(|code| Self::Place(Some(code))).map_err(|_| InvalidSpot),
        }
    }
}

impl TryFrom<String> for Spot {
    type Error = InvalidSpot;
    fn try_from(text: String) -> Result<Self, InvalidSpot> {
        text.parse()
    }
}

impl From<Spot> for String {
    fn from(spot: Spot) -> String {
        spot.to_string()
    }
}

/// What figures of places count for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey {
    /// The month of the event's day.
    pub month: Month,
    /// Where.
    pub spot: Spot,
}

impl PlaceKey {
    /// The figures that are kept of places: what came, what became of it, what is open.
    pub const FIGURES: [Figure; 9] = [
        Figure::Opened,
        Figure::Joined,
        Figure::Answered,
        Figure::Resolved,
        Figure::PromiseKept,
        Figure::PromiseBroken,
        Figure::Ended,
        Figure::Voices,
        Figure::Open,
    ];

    /// These figures of others.
    pub fn figures(all: &Figures) -> Figures {
        let mut kept = Figures::default();
        Self::FIGURES.into_iter().for_each(|figure| kept.count(figure, all.get(figure)));
        kept.normal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::contribution;
    use crate::lifecycle;
    use crate::report::VoiceRole;
    use crate::samples::{Law, edited, monday, opened};

    #[test]
    fn an_accusation_counts_at_no_place() {
        let mut filed = crate::figures::Filed::of(&opened("DINKES").ticket);
        assert_eq!(filed.spot().to_string(), "33.16.08");
        // As events have it from before places were counted.
        filed.subdistrict = None;
        assert_eq!(filed.spot().to_string(), "33.16");
        filed.supervisory = true;
        assert_eq!(filed.spot(), Spot::Supervisory);
    }

    #[test]
    fn what_moves_within_a_regency_moves_on_the_board() {
        let law = Law::sample();
        let mut case = opened("DINKES");
        let mut decision = case.ticket.decision.clone();
        decision.place.code = Some("33.16.09".parse().unwrap());
        let voice = edited(VoiceRole::Opening, "100", 1);
        let change = lifecycle::edit(&case, voice, decision, law.terms(), monday());
        case = change.applied_to(case.events);
        let added = contribution(&case.ticket, &case.events, law.terms());
        let open = |(key, figures): (&PlaceKey, &Figures)| format!("{} {:+}", key.spot, figures.get(Figure::Open));
        assert_eq!(added.places.iter().map(open).collect::<Vec<_>>(), ["33.16.08 -1", "33.16.09 +1"]);
        assert!(added.days.is_empty());
    }

    #[test]
    fn a_spot_is_read_back_as_written() {
        for text in ["33.16.08", "33.16", "-", "SUPERVISORY"] {
            assert_eq!(text.parse::<Spot>().unwrap().to_string(), text);
        }
        for text in ["", "33.16.8", "supervisory", "SUMMARY"] {
            assert_eq!(text.parse::<Spot>(), Err(InvalidSpot), "{text}");
        }
        let jepon: Spot = "33.16.08".parse().unwrap();
        let is_in = |spot: &Spot, place: &str| spot.is_in(&place.parse().unwrap());
        assert!(is_in(&jepon, "33.16") && is_in(&jepon, "33.16.08") && !is_in(&jepon, "33.17"));
        assert!(!is_in(&"33.16".parse().unwrap(), "33.16.08") && !is_in(&Spot::Supervisory, "33"));
    }
}
