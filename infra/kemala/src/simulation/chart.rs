//! A line for each clock, from left to right as time goes.

use jiff::{SignedDuration, Timestamp};
use kemala_domain::EventBody;
use kemala_domain::clocks::{Clock, State};

use super::Simulation;

/// Columns of a line.
const WIDTH: usize = 72;

/// How a clock stands in the stretch of time of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// The promise is broken.
    Broken,
    /// A rung is reached in this stretch, the lowest being 1.
    Rung(usize),
    /// It has been kept in the stretch before.
    Kept,
    /// It is kept, or has ended.
    Over,
}

impl Cell {
    pub(crate) fn sign(self) -> char {
        match self {
            Self::Running => '─',
            Self::Paused => '░',
            Self::Broken => '━',
            Self::Rung(number) => u32::try_from(number).ok().and_then(|n| char::from_digit(n, 10)).unwrap_or('+'),
            Self::Kept => '✓',
            Self::Over => ' ',
        }
    }
}

/// All clocks over one stretch of time.
pub(crate) struct Chart {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    pub(crate) lines: Vec<(Clock, Vec<Cell>)>,
}

impl Chart {
    /// The clocks of a ticket until the last that happened to it.
    pub(crate) fn of(simulation: &Simulation<'_>) -> Option<Self> {
        let (first, last) = (simulation.moments().first()?, simulation.moments().last()?);
        let (from, until) = (first.at, last.at.max(first.at + SignedDuration::from_mins(1)));
        let width = until.duration_since(from) / WIDTH as i32;
        let column = |at: Timestamp| {
            let columns = at.duration_since(from).as_millis() / width.as_millis().max(1);
            usize::try_from(columns).unwrap_or(0).min(WIDTH - 1)
        };
        let clocks = Clock::ALL
            .into_iter()
            .filter(|clock| simulation.standing(until).iter().any(|standing| standing.clock == *clock));
        let line = |clock| {
            let mut before = Cell::Over;
            let mut cells: Vec<Cell> = (0..WIDTH as i32)
                .map(|n| {
                    let now = cell(simulation, clock, from + width * n);
                    let is_kept = now == Cell::Kept && matches!(before, Cell::Kept | Cell::Over);
                    before = now;
                    if is_kept { Cell::Over } else { now }
                })
                .collect();
            for (at, number) in rungs(simulation, clock) {
                if let Some(cell) = cells.get_mut(column(at)) {
                    *cell = Cell::Rung(number);
                }
            }
            (clock, cells)
        };
        Some(Self { from, until, lines: clocks.map(line).collect() })
    }
}

fn cell(simulation: &Simulation<'_>, clock: Clock, at: Timestamp) -> Cell {
    let standing = simulation.standing(at).into_iter().find(|standing| standing.clock == clock);
    match standing.map(|standing| standing.state) {
        Some(State::Running) => Cell::Running,
        Some(State::Paused) => Cell::Paused,
        Some(State::Breached) => Cell::Broken,
        Some(State::Met | State::MetLate) => Cell::Kept,
        Some(State::Ended) | None => Cell::Over,
    }
}

/// When a clock's rungs were reached, and their place on the ladder of that time.
fn rungs(simulation: &Simulation<'_>, clock: Clock) -> Vec<(Timestamp, usize)> {
    let terms = simulation.pack.terms();
    let mut reached = Vec::new();
    for moment in simulation.moments() {
        let decision = &moment.case.ticket.decision;
        let class = kemala_domain::clocks::Class::of(decision);
        let promise = terms.policy(&moment.case.ticket).promise(class, decision.category.as_ref(), clock);
        for event in moment.events() {
            if let (EventBody::ClockStep { clock: of, rung, .. }, Some((_, ladder))) = (&event.body, promise)
                && *of == clock
                && let Some(index) = ladder.rungs.iter().position(|candidate| candidate.rung == *rung)
            {
                reached.push((event.at, index + 1));
            }
        }
    }
    reached
}
