//! The search for posts: from where the last one ended, a page at a time. The cursor moves only after the queue has
//! every post of a page; a run that is stopped in between reads that page again, and a post twice is one report.

use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::polling::{Missed, PageRead, SnowflakeId, Window};
use kemala_intake::{Queue, Queues, send_all, sort_incoming};
use kemala_messages::report::Channel;
use kemala_messages::x::Listening;
use kemala_messages::x::search::{FIELDS, NotUnderstood, Page, read_page};
use kemala_runtime::deadline::Deadline;
use kemala_runtime::metrics::Metrics;
use kemala_store::WriteError;
use kemala_store::cursors::Cursors;
use kemala_x_api::{Auth, Problem, XApi};
use serde::Serialize;

use crate::{PollError, metrics};

const PATH: &str = "/2/tweets/search/recent";

/// Posts on a page, X's most.
const PAGE: &str = "100";

/// Pages that one run reads at most: ten thousand posts. The next run, a minute later, goes on.
const MOST_PAGES: usize = 100;

/// What a run did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Searched {
    /// Pages read.
    pub pages: usize,
    /// Reports that are on the queue now.
    pub reports: usize,
    /// Whether older posts are left for the next run.
    pub is_unfinished: bool,
    /// Spans of time whose posts can no longer be found.
    pub missed: usize,
}

/// Who is asked, by whom, and for what.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// X.
    pub x: &'a XApi,
    /// The account.
    pub auth: Auth<'a>,
    /// What to search for.
    pub query: &'a str,
    /// What of it is for us.
    pub listening: &'a Listening,
}

/// Reads on from the cursor until there is nothing new, or time is over.
///
/// # Errors
/// [`PollError`]; what was read stays read.
pub async fn search(
    asked: &Asked<'_>,
    cursors: &Cursors<'_>,
    queues: &impl Queues,
    metrics: &Metrics,
    deadline: Deadline,
) -> Result<Searched, PollError> {
    let mut searched = Searched::default();
    let mut cursor = cursors.search().await?;
    while searched.pages < MOST_PAGES && !deadline.has_passed() {
        let now = Timestamp::now();
        let (window, missed) = cursor.next(now);
        if let Some(Missed { from, to }) = missed {
            tracing::error!(%from, %to, "search gap: posts between are out of X's reach; ask for a replay, or for the reports again");
            searched.missed += 1;
            metrics::gap(metrics);
        }
        let body = ask(asked, window).await?;
        let Page { incoming, newest, oldest, has_more } = read_page(&body, asked.listening)?;
        let outgoing = sort_incoming(incoming, Channel::XSearch, &body, now)?;
        let reports = outgoing.reports.len();
        send_all(queues, Queue::Reports, outgoing.reports).await?;
        send_all(queues, Queue::Quarantine, outgoing.quarantine.into_iter().collect()).await?;
        if let Some(reason) = outgoing.reason {
            metrics::quarantined(metrics, reason);
        }
        searched.pages += 1;
        searched.reports += reports;
        let id = |id: Option<String>| id.map(SnowflakeId::try_from).transpose().map_err(|_| NotUnderstood);
        let ends = id(newest)?.zip(id(oldest)?);
        if ends.is_none() && missed.is_none() && cursor.unfinished.is_none() {
            return Ok(searched);
        }
        cursor = cursor.after(PageRead { ends, has_more });
        match cursors.move_search(&cursor).await {
            Ok(()) => {}
            // Another run is at work; it reads what is left.
            Err(WriteError::Conflict) => return Ok(searched),
            Err(error) => return Err(error.into()),
        }
        searched.is_unfinished = cursor.unfinished.is_some();
        if !searched.is_unfinished {
            return Ok(searched);
        }
    }
    Ok(searched)
}

async fn ask(Asked { x, auth, query, .. }: &Asked<'_>, window: Window) -> Result<Vec<u8>, Problem> {
    let since = window.since.map(String::from);
    let until = window.until.map(String::from);
    let ids = [("since_id", &since), ("until_id", &until)];
    let ids = ids.iter().filter_map(|(name, id)| Some((*name, id.as_deref()?)));
    let parameters: Vec<(&str, &str)> =
        [("query", *query), ("max_results", PAGE)].into_iter().chain(FIELDS).chain(ids).collect();
    x.get(*auth, PATH, &parameters).await
}

/// What to search for: the pack's hashtags and accounts, without reposts.
pub fn query(jurisdiction: &Jurisdiction) -> String {
    let hashtags = jurisdiction.hashtags.iter().map(|tag| format!("#{tag}"));
    let accounts = jurisdiction.listen_to.iter().map(|account| format!("@{}", account.handle));
    let terms: Vec<String> = hashtags.chain(accounts).collect();
    format!("({}) -is:retweet", terms.join(" OR "))
}
