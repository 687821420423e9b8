//! Figures of many keys, and what is read from them.

use std::collections::BTreeMap;

use super::{Figure, Figures, Subject};

/// Figures by whatever they are counted for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Subject, Figures>);

impl Sums {
    /// Adds figures to what is counted of a subject.
    pub fn add(&mut self, subject: &Subject, figures: &Figures) {
        match self.0.get_mut(subject) {
            Some(sum) => sum.add(figures),
            None => {
                self.0.insert(subject.clone(), figures.clone());
            }
        }
    }

    /// Every subject with its figures, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Subject, &Figures)> {
        self.0.iter()
    }

    /// The sum over all.
    pub fn total(&self) -> Figures {
        self.by(|_| ()).remove(&()).unwrap_or_default()
    }

    /// Sums by a part of the subject.
    pub fn by<K: Ord>(&self, part: impl Fn(&Subject) -> K) -> BTreeMap<K, Figures> {
        let mut sums: BTreeMap<K, Figures> = BTreeMap::new();
        self.iter().for_each(|(subject, figures)| sums.entry(part(subject)).or_default().add(figures));
        sums
    }

    /// The same without what counts nothing, so that equal sums are equal values.
    #[must_use]
    pub fn normal(&self) -> Self {
        let kept = self.iter().filter(|(_, figures)| !figures.is_nothing());
        Self(kept.map(|(subject, figures)| (subject.clone(), figures.normal())).collect())
    }
}

/// A figure with what it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// [`Figure::FirstHopRight`] of [`Figure::FirstHopKnown`].
    FirstHopRight,
    /// [`Figure::Acknowledged`] of [`Figure::Received`].
    Acknowledged,
    /// [`Figure::Answered`] of [`Figure::Received`].
    Answered,
    /// [`Figure::PromiseKept`] of [`Figure::PromiseKept`] and [`Figure::PromiseBroken`].
    ResolvedInTime,
    /// [`Figure::Reopened`] of [`Figure::Resolved`].
    Reopened,
    /// [`Figure::Confirmed`] of [`Figure::Resolved`].
    Confirmed,
    /// [`Figure::ClosedWithoutAction`] of [`Figure::Ended`].
    ClosedWithoutAction,
    /// [`Figure::HandedBack`] of [`Figure::Received`].
    HandedBack,
    /// [`Figure::Unreachable`] of [`Figure::Opened`].
    Unreachable,
    /// [`Figure::Voices`] of [`Figure::Opened`] without [`Figure::Joined`]: no share, but so many posts a ticket.
    VoicesPerTicket,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// The part.
    pub part: i64,
    /// The whole, its denominator.
    pub whole: i64,
}

impl Share {
    /// Every share, in the order in which people read them.
    pub const ALL: [Share; 10] = [
        Share::FirstHopRight,
        Share::Acknowledged,
        Share::Answered,
        Share::ResolvedInTime,
        Share::Reopened,
        Share::Confirmed,
        Share::ClosedWithoutAction,
        Share::HandedBack,
        Share::Unreachable,
        Share::VoicesPerTicket,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstHopRight => "first_hop_right",
            Self::Acknowledged => "acknowledged",
            Self::Answered => "answered",
            Self::ResolvedInTime => "resolved_in_time",
            Self::Reopened => "reopened",
            Self::Confirmed => "confirmed",
            Self::ClosedWithoutAction => "closed_without_action",
            Self::HandedBack => "handed_back",
            Self::Unreachable => "unreachable",
            Self::VoicesPerTicket => "voices_per_ticket",
        }
    }

    /// What these figures say.
    pub fn of(self, figures: &Figures) -> Ratio {
        let get = |figure| figures.get(figure);
        let (part, whole) = match self {
            Self::FirstHopRight => (get(Figure::FirstHopRight), get(Figure::FirstHopKnown)),
            Self::Acknowledged => (get(Figure::Acknowledged), get(Figure::Received)),
            Self::Answered => (get(Figure::Answered), get(Figure::Received)),
            Self::ResolvedInTime => (get(Figure::PromiseKept), get(Figure::PromiseKept) + get(Figure::PromiseBroken)),
            Self::Reopened => (get(Figure::Reopened), get(Figure::Resolved)),
            Self::Confirmed => (get(Figure::Confirmed), get(Figure::Resolved)),
            Self::ClosedWithoutAction => (get(Figure::ClosedWithoutAction), get(Figure::Ended)),
            Self::HandedBack => (get(Figure::HandedBack), get(Figure::Received)),
            Self::Unreachable => (get(Figure::Unreachable), get(Figure::Opened)),
            Self::VoicesPerTicket => (get(Figure::Voices), get(Figure::Opened) - get(Figure::Joined)),
        };
        Ratio { part, whole }
    }
}

impl Ratio {
    /// The quotient; `None` of none, and where a time took back more than it added.
    pub fn value(self) -> Option<f64> {
        (self.whole > 0 && self.part >= 0).then(|| self.part as f64 / self.whole as f64)
    }
}
