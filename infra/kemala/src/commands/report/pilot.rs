//! Whether a pilot helped: as many days before its first day as since.

use std::io::Write;

use anyhow::Result;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use kemala_domain::figures::{Figure, Figures, Ratio, Share};
use kemala_report::{FEW, Period, Report, hours, percent};
use serde::Serialize;

use crate::terminal::{BOLD, DIM, GOOD, Table, WARN, styled};

/// A share before and since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Compared {
    pub(super) name: &'static str,
    #[serde(skip)]
    pub(super) share: Share,
    pub(super) before: Side,
    pub(super) since: Side,
    /// Since less before; of shares in percentage points.
    pub(super) difference: Option<f64>,
    /// Whether one of the two is of fewer than [`FEW`]: then the difference may well be chance.
    pub(super) is_of_few: bool,
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Side {
    pub(super) part: i64,
    pub(super) whole: i64,
    pub(super) value: Option<f64>,
}

/// Working minutes before and since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Times {
    pub(super) name: &'static str,
    pub(super) before: Option<f64>,
    pub(super) since: Option<f64>,
    pub(super) difference: Option<f64>,
    pub(super) is_of_few: bool,
}

/// A count before and since.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Counts {
    pub(super) name: &'static str,
    pub(super) before: i64,
    pub(super) since: i64,
    pub(super) difference: i64,
}

/// What a pilot changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Pilot {
    pub(super) before: [Date; 2],
    pub(super) since: [Date; 2],
    pub(super) counts: Vec<Counts>,
    pub(super) shares: Vec<Compared>,
    pub(super) held_minutes: Vec<Times>,
}

/// Whole days since a pilot began, and as many before; `None` where there are none.
pub(super) fn periods(from: Date, today: Date) -> Option<(Period, Period)> {
    let yesterday = today.yesterday().ok()?;
    let days = from.until(yesterday).ok()?.get_days();
    if yesterday < from {
        return None;
    }
    let span: Span = days.days();
    let last = from.yesterday().ok()?;
    Some((Period { first: last.checked_sub(span).ok()?, last }, Period { first: from, last: yesterday }))
}

impl Pilot {
    pub(super) fn new(before: &Report, since: &Report) -> Self {
        let (earlier, later) = (&before.total.figures, &since.total.figures);
        let count = |name, before: i64, since: i64| Counts { name, before, since, difference: since - before };
        let figures = [Figure::Opened, Figure::Received, Figure::Resolved, Figure::Ended];
        let mut counts: Vec<Counts> =
            figures.map(|figure| count(figure.name(), earlier.get(figure), later.get(figure))).into();
        counts.push(count("open_at_end", before.total.open, since.total.open));
        let few_times = earlier.held.count() < FEW || later.held.count() < FEW;
        let times = |name, percent| {
            let [before, since] = [earlier, later].map(|figures: &Figures| figures.held.percentile(percent));
            Times { name, before, since, difference: difference(before, since), is_of_few: few_times }
        };
        Self {
            before: [before.period.first, before.period.last],
            since: [since.period.first, since.period.last],
            counts,
            shares: Share::ALL.map(|share| Compared::new(share, share.of(earlier), share.of(later))).into(),
            held_minutes: vec![times("held_median", 50), times("held_p90", 90)],
        }
    }

    /// Whether anything was counted before: figures begin with the system.
    pub(super) fn has_figures_before(&self) -> bool {
        self.counts.iter().any(|counts| counts.before != 0)
    }

    /// Shows it on the terminal.
    pub(super) fn show(&self, out: &mut impl Write) -> Result<()> {
        let days = |[first, last]: [Date; 2]| format!("{first} to {last}");
        let (before, since) = (days(self.before), days(self.since));
        writeln!(out, "{} against {}", styled(BOLD, since), styled(BOLD, before))?;
        let mut table = Table::with_head(&["figure", "before", "since", "difference", ""]);
        for Counts { name, before, since, difference } in &self.counts {
            table.row([name.replace('_', " "), before.to_string(), since.to_string(), format!("{difference:+}")]);
        }
        for compared in &self.shares {
            let sides = [compared.before, compared.since].map(|side| compared.shown(side));
            let [before, since] = sides;
            let difference = compared.difference.map_or("-".to_owned(), |difference| match compared.share {
                Share::VoicesPerTicket => format!("{difference:+.1}"),
                _ => format!("{difference:+.0} points"),
            });
            table.row([compared.name.replace('_', " "), before, since, difference, compared.verdict()]);
        }
        for Times { name, before, since, difference, is_of_few } in &self.held_minutes {
            let shown = difference.map_or("-".to_owned(), |minutes| format!("{:+.1} h", minutes / 60.0));
            let verdict = verdict(*difference, Some(false), *is_of_few);
            table.row([name.replace('_', " "), hours(*before), hours(*since), shown, verdict]);
        }
        table.write(out)?;
        if !self.has_figures_before() {
            writeln!(
                out,
                "{}",
                styled(WARN, format!("nothing was counted before {}: there is nothing to compare with", self.since[0]))
            )?;
        }
        let note = format!("few: one side is of fewer than {FEW}, and the difference may well be chance");
        writeln!(out, "{}", styled(DIM, note))?;
        Ok(())
    }
}

impl Compared {
    fn new(share: Share, before: Ratio, since: Ratio) -> Self {
        let scale = if share == Share::VoicesPerTicket { 1.0 } else { 100.0 };
        let side = |ratio: Ratio| Side { part: ratio.part, whole: ratio.whole, value: ratio.value() };
        Self {
            name: share.name(),
            share,
            before: side(before),
            since: side(since),
            difference: difference(before.value(), since.value()).map(|difference| difference * scale),
            is_of_few: before.whole < FEW || since.whole < FEW,
        }
    }

    fn shown(&self, side: Side) -> String {
        let ratio = Ratio { part: side.part, whole: side.whole };
        match self.share {
            Share::VoicesPerTicket => side.value.map_or("-".to_owned(), |value| format!("{value:.1}")),
            _ => format!("{} ({}/{})", percent(ratio).trim_end_matches('*'), side.part, side.whole),
        }
    }

    fn verdict(&self) -> String {
        verdict(self.difference, self.is_better_high(), self.is_of_few)
    }

    /// Whether more of it is better; `None` where neither is.
    pub(super) fn is_better_high(&self) -> Option<bool> {
        match self.share {
            Share::FirstHopRight | Share::Acknowledged | Share::Answered | Share::ResolvedInTime | Share::Confirmed => {
                Some(true)
            }
            Share::Reopened | Share::HandedBack | Share::Unreachable => Some(false),
            Share::ClosedWithoutAction | Share::VoicesPerTicket => None,
        }
    }
}

fn difference(before: Option<f64>, since: Option<f64>) -> Option<f64> {
    Some(since? - before?)
}

fn verdict(difference: Option<f64>, is_better_high: Option<bool>, is_of_few: bool) -> String {
    match (difference, is_better_high) {
        (Some(_), Some(_)) if is_of_few => styled(DIM, "few"),
        (Some(difference), Some(high)) if difference != 0.0 => match (difference > 0.0) == high {
            true => styled(GOOD, "better"),
            false => styled(WARN, "worse"),
        },
        _ => String::new(),
    }
}
