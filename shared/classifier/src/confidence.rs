//! How often an answer like this one is right.

/// How sure the parts of an answer are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sureness {
    /// Share of the votes for the kind, 0 to 1.
    pub(crate) kind: f32,
    /// Share of the votes for the category, 0 to 1; `None` of a post that needs none.
    pub(crate) category: Option<f32>,
    /// Whether the regency or city is known.
    pub(crate) knows_place: bool,
}

/// Weight of a part's log-odds, and what a known place adds: a logistic fit to whether the first agency is one that
/// the labellers accept (3,531 labelled training texts; expected calibration error 0.05 on the development texts).
const PART: f32 = 0.23;
const KNOWN_PLACE: f32 = 1.1;

/// No vote is closer to certain than this: word lists are not.
const MOST: f32 = 0.95;

/// The confidence of an answer, 0 to 1.
pub(crate) fn confidence(sureness: Sureness) -> f32 {
    let parts = log_odds(sureness.kind) + sureness.category.map_or(0.0, log_odds);
    let place = if sureness.knows_place && sureness.category.is_some() { KNOWN_PLACE } else { 0.0 };
    (1.0 / (1.0 + (-(PART * parts + place)).exp())).min(MOST)
}

fn log_odds(share: f32) -> f32 {
    const EDGE: f32 = 1e-4;
    let share = share.clamp(EDGE, 1.0 - EDGE);
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_every_part() {
        let of = |kind, category, knows_place| confidence(Sureness { kind, category: Some(category), knows_place });
        assert!(of(0.9, 0.9, true) > of(0.9, 0.9, false));
        assert!(of(0.9, 0.9, true) > of(0.9, 0.2, true));
        assert!(of(0.9, 0.9, true) > of(0.4, 0.9, true));
        assert_eq!(of(1.0, 1.0, true), MOST);
        assert!(of(0.0, 0.0, false) > 0.0);
    }
}
