//! To whom a report goes: an agency where that is no guess, else the triage desk.

use jiff::civil::Date;
use kemala_domain::AgencyCode;
use kemala_domain::decision::Reason;

use crate::explain::reason;
use crate::pack::Pack;
use crate::place::Located;
use crate::routing::Route;
use crate::verdict::Accusation;

/// Who gets a report first, and why.
pub(crate) struct Assignment {
    pub(crate) addressee: AgencyCode,
    pub(crate) likely: Option<AgencyCode>,
    pub(crate) others: Vec<AgencyCode>,
    pub(crate) reasons: Vec<Reason>,
}

impl Pack {
    /// Sends a matter to an agency only where that is no guess.
    pub(crate) fn assign(
        &self,
        route: Option<Route>,
        is_report: bool,
        accusation: Accusation,
        confidence: f32,
        located: &Located,
        today: Date,
    ) -> Assignment {
        let jurisdiction = &self.jurisdiction;
        let triage = |why: &str, mut agencies: std::vec::IntoIter<AgencyCode>, mut reasons: Vec<Reason>| {
            reasons.push(reason("triage", jurisdiction.triage_desk.as_str(), why));
            let likely = agencies.next();
            Assignment { addressee: jurisdiction.triage_desk.clone(), likely, others: agencies.collect(), reasons }
        };
        if located.outside.is_some() {
            return triage("outside", Vec::new().into_iter(), Vec::new());
        }
        let Some(route) = route else { return triage("nothing_to_act_on", Vec::new().into_iter(), Vec::new()) };
        if accusation == Accusation::Made {
            // Never to the accused: nobody else gets to see it.
            let inspectorate = jurisdiction.inspectorate.clone();
            let reasons = vec![reason("agency", inspectorate.as_str(), "supervisory")];
            return Assignment { addressee: inspectorate, likely: None, others: Vec::new(), reasons };
        }
        let Route { rule, agencies } = route;
        let mut agencies = agencies.into_iter();
        let Some(first) = agencies.as_slice().first().cloned() else {
            return triage("no_agency", agencies, Vec::new());
        };
        let reasons = vec![reason("agency", first.as_str(), &rule)];
        let is_live = jurisdiction.agencies.get(&first).is_some_and(|agency| agency.is_live(today));
        if !is_report {
            return triage("nothing_to_act_on", agencies, reasons);
        }
        if accusation == Accusation::Doubtful {
            // The likely agency may be the accused.
            return triage("may_be_accusation", agencies, reasons);
        }
        if confidence < jurisdiction.triage_below {
            return triage("unsure", agencies, reasons);
        }
        if !is_live {
            return triage("no_live_queue", agencies, reasons);
        }
        agencies.next();
        Assignment { addressee: first, likely: None, others: agencies.collect(), reasons }
    }
}
