//! A small month for tests.

#![expect(clippy::unwrap_used, reason = "constants of tests")]

use kemala_domain::figures::{Figure, Figures, FiguresKey, Held, Month, Subject};

use crate::{Counted, Names, Report};

/// Who, and of road damage in Blora where the category is given.
pub fn subject(agency: &str, category: Option<&str>) -> Subject {
    let regency = category.map(|_| "33.16".parse().unwrap());
    Subject { agency: agency.parse().unwrap(), category: category.map(|code| code.parse().unwrap()), regency }
}

/// Figures of counts, and of hours held.
pub fn figures(counts: &[(Figure, i64)], hours: &[u64]) -> Figures {
    let mut figures = Figures::default();
    counts.iter().for_each(|(figure, count)| figures.count(*figure, *count));
    hours.iter().for_each(|hours| figures.held.add(&Held::of_minutes(hours * 60)));
    figures
}

/// A month in which Blora does 40 tickets well, and one lies on the triage desk from before.
pub fn november() -> Report {
    Report::new(&november_counted(), &Names { pack: None })
}

/// What was counted in it.
pub fn november_counted() -> Counted {
    let month: Month = "2026-11".parse().unwrap();
    let key = |day: &str, subject: &Subject| FiguresKey { day: day.parse().unwrap(), subject: subject.clone() };
    let blora = subject("PEMKAB3316", Some("road_damage"));
    let opened = [
        (Figure::Opened, 40),
        (Figure::Received, 40),
        (Figure::FirstHopKnown, 40),
        (Figure::FirstHopRight, 38),
        (Figure::Acknowledged, 38),
        (Figure::Voices, 60),
        (Figure::Open, 40),
    ];
    let resolved = [
        (Figure::Answered, 30),
        (Figure::Resolved, 30),
        (Figure::PromiseKept, 27),
        (Figure::PromiseBroken, 5),
        (Figure::HandedBack, 2),
        (Figure::Confirmed, 10),
        (Figure::Ended, 10),
        (Figure::Open, -10),
    ];
    let days = vec![
        (key("2026-11-02", &blora), figures(&opened, &[])),
        (key("2026-11-20", &blora), figures(&resolved, &[10, 20, 30, 40, 50, 60, 70, 80, 90, 100])),
    ];
    let open_before = [(subject("TRIAGE", None), 1), (subject("DINKES", None), 0)].into();
    Counted { period: month.into(), days, open_before }
}
