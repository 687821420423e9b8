//! What an agency does with a ticket in its hands: once for each `Idempotency-Key`, whoever else is at it.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use kemala_domain::decision::{Place, Reason};
use kemala_domain::lifecycle::{self, Case, Change, Deed, Join, Label, Refused, Unjoin};
use kemala_domain::{AgencyCode, Decision, TicketId};
use kemala_messages::agency::TicketView;
use kemala_messages::agency_api::{Problem, Update};
use kemala_store::audit::OfficerDeed;
use kemala_store::idempotency::Answered;
use kemala_store::{JoinError, ReadError, WriteError};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::tickets::{allowed, in_hands, to_json, view};
use crate::{Casework, problem};

/// How often a change is tried when somebody else was first.
const ATTEMPTS: u32 = 4;

/// What is to be written.
enum Plan {
    One(Box<Change>),
    Join(Box<Join>),
    Unjoin(Box<Unjoin>),
}

/// How an update was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked<'a> {
    /// Under which `Idempotency-Key`.
    pub key: &'a str,
    /// By which officer, where a person did at the desk; noted in what the desk shows of its own doings.
    pub officer: Option<&'a str>,
}

/// Does an update, once for each key.
///
/// # Errors
/// 403 for what is for desks, 404 for a ticket that is not theirs, 409 for what is not possible now, 422 for what does not
/// fit or a key that stands for another request, 503 where the table does not answer.
pub async fn apply(
    work: &Casework<'_>,
    agency: &AgencyCode,
    id: &TicketId,
    update: &Update,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<TicketView, Problem> {
    let unavailable = |error: ReadError| problem::unavailable(&error);
    let request_hash = hash(&(id, update))?;
    for _ in 0..ATTEMPTS {
        if let Some(answered) = work.store.answered(agency, asked.key).await.map_err(unavailable)? {
            let response = serde_json::from_str(&answered.response).map_err(|error| problem::unavailable(&error));
            return if answered.request_hash == request_hash { response } else { Err(problem::key_used()) };
        }
        let case = in_hands(work, agency, id).await?;
        let plan = work.plan(&case, agency, update, now).await?;
        let ticket = match &plan {
            Plan::One(change) => &change.ticket,
            Plan::Join(join) => &join.from.ticket,
            Plan::Unjoin(unjoin) => &unjoin.from.ticket,
        };
        let answer = view(ticket, None, work.terms());
        let deed = asked.officer.map(|officer| OfficerDeed {
            officer: officer.to_owned(),
            action: update.action(),
            ticket: id.clone(),
            at: now,
        });
        let (agency, key, request_hash) = (agency.clone(), asked.key.to_owned(), request_hash.clone());
        let answered = Answered { agency, key, request_hash, response: to_json(&answer)?, deed };
        match work.write(&plan, &answered, now).await {
            Ok(()) => {
                let action = update.action();
                tracing::info!(ticket.id = %id, agency.code = %answered.agency, %action, "updated");
                return Ok(answer);
            }
            Err(WriteError::Conflict) => {}
            Err(error) => return Err(problem::unavailable(&error)),
        }
    }
    Err(problem::unavailable(&WriteError::Conflict))
}

/// What tells a repeat from another request under the same key: not how the body was written, but what it says.
fn hash(request: &impl Serialize) -> Result<String, Problem> {
    Ok(HEXLOWER.encode(&Sha256::digest(to_json(request)?)))
}

impl Casework<'_> {
    /// What an update changes as things stand.
    async fn plan(&self, case: &Case, agency: &AgencyCode, update: &Update, now: Timestamp) -> Result<Plan, Problem> {
        let may = |refused: Refused| problem::refused(&refused, allowed(self, agency, &case.ticket));
        let unavailable = |error: ReadError| problem::unavailable(&error);
        let (bodies, terms) = (&self.bodies, self.terms());
        let mut beside_photo = None;
        let deed = match update {
            Update::Join { into } => {
                // The same answer for what is not there, so that numbers cannot be tried out.
                let no_such = || may(Refused::CannotJoin { into: into.clone() });
                let into = self.store.case(into).await.map_err(unavailable)?.ok_or_else(no_such)?;
                let mut join = lifecycle::desk_join(&into, case, agency, bodies, terms, now).map_err(may)?;
                if let Some(key) = &case.ticket.incident {
                    let remembered = self.store.incidents(key).await.map_err(unavailable)?;
                    join.from.beside.incidents.extend(remembered.without(&case.ticket.id));
                }
                return Ok(Plan::Join(Box::new(join)));
            }
            Update::Unjoin {} => {
                let into = match &case.ticket.joined_to {
                    Some(into) => self.store.case(into).await.map_err(unavailable)?.ok_or_else(problem::no_ticket)?,
                    None => case.clone(),
                };
                let unjoin = lifecycle::unjoin(&into, case, agency, bodies, terms, now).map_err(may)?;
                return Ok(Plan::Unjoin(Box::new(unjoin)));
            }
            Update::Accept {} => Deed::Accept,
            Update::Start {} => Deed::Start,
            Update::AskCitizen { reply_text } => Deed::AskCitizen { text: reply_text.clone() },
            Update::Respond { reply_text } => Deed::Respond { text: reply_text.clone() },
            Update::Resolve { reply_text, photo } => {
                self.check_photo(&case.ticket.decision, photo.as_deref())?;
                let shown_for = match photo {
                    Some(photo) => self.store.photo(photo).await.map_err(unavailable)?,
                    None => None,
                };
                beside_photo = photo.clone().filter(|_| shown_for.is_none());
                let shown_for = shown_for.filter(|shown| *shown != case.ticket.id);
                Deed::Resolve { text: reply_text.clone(), photo: photo.clone(), shown_for }
            }
            Update::NotOurs { reason, to } => {
                if to.as_ref() == Some(agency) {
                    return Err(problem::bad_field("/to", "name another body than yourselves"));
                }
                self.check_known("/to", to.as_ref())?;
                Deed::NotOurs { reason: reason.clone(), named: to.clone() }
            }
            Update::Note { text } => Deed::Note { text: text.clone() },
            Update::Assign { to } => {
                self.check_known("/to", Some(to))?;
                Deed::Assign { to: to.clone() }
            }
            Update::Reject { reason } => Deed::Reject { reason: reason.clone() },
            Update::Correct { .. } => {
                Deed::Correct { decision: Box::new(self.corrected(&case.ticket.decision, update)?) }
            }
        };
        let mut change = lifecycle::act(case, agency, deed, bodies, terms, now).map_err(may)?;
        change.beside.photo = beside_photo;
        if let Update::Correct { .. } = update {
            change.beside.label = Some(Label {
                ticket: case.ticket.id.clone(),
                post: case.ticket.origin.clone(),
                decision: change.ticket.decision.clone(),
                at: now,
            });
        }
        Ok(Plan::One(Box::new(change)))
    }

    fn check_known(&self, pointer: &str, agency: Option<&AgencyCode>) -> Result<(), Problem> {
        let is_unknown = |agency: &&AgencyCode| self.pack.jurisdiction.agencies.get(agency).is_none();
        match agency.filter(is_unknown) {
            Some(agency) => Err(problem::bad_field(pointer, format!("{agency} is no body of this jurisdiction"))),
            None => Ok(()),
        }
    }

    fn check_photo(&self, decision: &Decision, photo: Option<&str>) -> Result<(), Problem> {
        let category = decision.category.as_ref().and_then(|category| self.pack.categories.get(category));
        match category.filter(|category| category.photo_on_resolve && photo.is_none()) {
            Some(category) => {
                let wants = format!("is missing: a resolution about {} shows a photo", category.code);
                Err(problem::bad_field("/photo", wants))
            }
            None => Ok(()),
        }
    }

    /// The decision with what a desk says instead.
    fn corrected(&self, decision: &Decision, update: &Update) -> Result<Decision, Problem> {
        let mut decision = decision.clone();
        let Update::Correct { category, place, kind, urgency, supervisory } = update else { return Ok(decision) };
        let mut why = |about: &str, concluded: String| {
            let matched = "corrected".to_owned();
            decision.reasons.push(Reason { about: about.to_owned(), concluded, matched });
        };
        if let Some(category) = category {
            if self.pack.categories.get(category).is_none() {
                return Err(problem::bad_field("/category", format!("{category} is no category of the pack")));
            }
            why("category", category.to_string());
        }
        let place: Option<Place> = match place {
            Some(code) => {
                why("place", code.to_string());
                let unknown = || problem::bad_field("/place", format!("{code} is no place of this jurisdiction"));
                Some(self.pack.place_of(code).ok_or_else(unknown)?)
            }
            None => None,
        };
        decision.category = category.clone().or(decision.category);
        if let Some(place) = place {
            (decision.place, decision.needs_location) = (place, false);
        }
        decision.kind = kind.unwrap_or(decision.kind);
        decision.urgency = urgency.unwrap_or(decision.urgency);
        decision.supervisory = supervisory.unwrap_or(decision.supervisory);
        Ok(decision)
    }

    async fn write(&self, plan: &Plan, answered: &Answered, now: Timestamp) -> Result<(), WriteError> {
        let moved = match plan {
            Plan::One(change) => return self.store.write(change, Some(answered), now).await,
            Plan::Join(join) => {
                self.store.write_join(join, Some(answered), now).await.map_err(write_error)?;
                self.store.move_voices(&join.from.ticket.id, &join.into.ticket.id).await
            }
            Plan::Unjoin(unjoin) => {
                self.store.write_unjoin(unjoin, answered, now).await.map_err(write_error)?;
                self.store.move_posts(&unjoin.into.ticket.id, &unjoin.from.ticket.id, &unjoin.posts).await
            }
        };
        if let Err(error) = moved {
            // The join stands; the sweep moves the voices that are left.
            tracing::warn!(%error, "voices are still to move");
        }
        Ok(())
    }
}

fn write_error(error: JoinError) -> WriteError {
    match error {
        JoinError::Write(error) => error,
        // Read again, decide again.
        JoinError::Read(_) => WriteError::Conflict,
    }
}
