//! One request: what it asks for is read, and made into a page or a file.

use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use http::{HeaderName, HeaderValue, Method, header};
use jiff::{SignedDuration, Timestamp};
use kemala_domain::figures::{Board, Month};
use kemala_domain::public::{is_listed, is_public, was_always_public};
use kemala_domain::{RegionCode, Ticket, TicketId};
use kemala_runtime::request::Request;
use kemala_store::figures::FiguresRows;
use kemala_store::{ReadError, Store};
use kemala_web::ICON;
use kemala_web::answer::{Answer, KEPT_FOR_EVER};
use kemala_web::language::Language;

use crate::pages::ticket::Known;
use crate::pages::{View, agencies, board, data, feed, message, regency, ticket};
use crate::route::Route;
use crate::site::Site;

/// Within the function's own time.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// Stricter than the policy of all pages: there are no scripts.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Pages of numbers.
const A_MINUTE: &str = "public, max-age=60, stale-while-revalidate=300";
/// Files of many rows.
const TEN_MINUTES: &str = "public, max-age=600, stale-while-revalidate=600";

/// How far files and feeds go back.
const LATELY: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most tickets of the file, and of a feed.
const MOST_IN_FILE: usize = 5_000;
const MOST_IN_FEED: usize = 50;

/// The function.
pub struct Handler {
    store: Store,
    site: Site,
}

impl Handler {
    /// The function over a table and a pack.
    pub fn new(store: Store, site: Site) -> Self {
        Self { store, site }
    }

    /// Answers a request, in time whatever happens.
    pub async fn answer(&self, request: &Request, now: Timestamp) -> Response {
        let view = View { site: &self.site, language: Language::of(request), now };
        let calls_before = self.store.calls();
        let answer = match request.request_context.http.method {
            Method::GET | Method::HEAD => {
                let made = tokio::time::timeout(ANSWER_WITHIN, self.page(request, &view)).await;
                made.unwrap_or_else(|_| {
                    tracing::error!("no answer in time");
                    Ok(Answer::page(503, message::unavailable(&view)))
                })
            }
            _ => Ok(Answer::page(405, message::not_found(&view))
                .header(header::ALLOW, HeaderValue::from_static("GET, HEAD"))),
        };
        let answer = answer.unwrap_or_else(|error| {
            tracing::error!(%error, "not read");
            Answer::page(503, message::unavailable(&view))
        });
        let policy = HeaderValue::from_static(POLICY);
        let mut response = answer.header(header::CONTENT_SECURITY_POLICY, policy).answer_to(request);
        let table_calls = self.store.calls().saturating_sub(calls_before);
        // For who looks at what a page costs; of what is not there it would tell what was read.
        let timing = HeaderValue::from_str(&format!("table;desc=\"{table_calls}\"")).ok();
        if let Some(timing) = timing.filter(|_| response.status_code == 200) {
            response.headers.insert(HeaderName::from_static("server-timing"), timing);
        }
        tracing::info!(status = response.status_code, table_calls, "answered");
        response
    }

    async fn page(&self, request: &Request, view: &View<'_>) -> Result<Answer, ReadError> {
        let Some(route) = Route::of(request) else { return Ok(Answer::page(404, message::not_found(view))) };
        let this_month = self.site.month(view.now);
        let month = |month: Option<Month>| month.unwrap_or(this_month);
        Ok(match route {
            Route::Board(asked) => {
                let board = self.board(month(asked)).await?;
                Answer::page(200, board::board(view, month(asked), board.as_ref())).caching(A_MINUTE)
            }
            Route::Regency(code, asked) => {
                let board = self.board(month(asked)).await?;
                match regency::regency(view, &code, month(asked), board.as_ref()) {
                    Some(page) => Answer::page(200, page).caching(A_MINUTE),
                    None => Answer::page(404, message::not_found(view)),
                }
            }
            Route::Agencies(asked) => {
                let board = self.board(month(asked)).await?;
                Answer::page(200, agencies::agencies(view, month(asked), board.as_ref())).caching(A_MINUTE)
            }
            Route::LookUp(None) => Answer::page(200, ticket::form(view, None)).caching(A_MINUTE),
            Route::LookUp(Some(number)) => match number.parse::<TicketId>() {
                Ok(id) => Answer::redirect(&view.language.link(&format!("/laporan/{id}"))),
                Err(_) => Answer::page(404, ticket::form(view, Some(&number))),
            },
            Route::Ticket(id) => match self.known(&id).await? {
                Some(known) => Answer::page(200, ticket::ticket(view, &known)),
                None => Answer::page(404, ticket::unknown(view)),
            },
            Route::PlacesCsv(asked) => {
                let board = self.board(month(asked)).await?;
                let csv = data::places_csv(view, month(asked), board.as_ref());
                Answer::file("text/csv; charset=utf-8", csv).caching(A_MINUTE)
            }
            Route::PlacesGeoJson(asked) => {
                let board = self.board(month(asked)).await?;
                match data::places_geojson(view, month(asked), board.as_ref()) {
                    Some(geojson) => Answer::file("application/geo+json", geojson).caching(A_MINUTE),
                    None => Answer::page(404, message::not_found(view)),
                }
            }
            Route::TicketsCsv => {
                let tickets = self.lately(None, MOST_IN_FILE, view.now).await?;
                Answer::file("text/csv; charset=utf-8", data::tickets_csv(view, &tickets)).caching(TEN_MINUTES)
            }
            Route::Feed(regency) => {
                let tickets = self.lately(Some(&regency), MOST_IN_FEED, view.now).await?;
                let host = request.request_context.domain_name.as_deref().unwrap_or("localhost");
                let feed = feed::feed(view, &regency, host, &tickets);
                Answer::file("application/atom+xml; charset=utf-8", feed).caching(TEN_MINUTES)
            }
            Route::Icon => Answer::file("image/svg+xml", ICON).caching(KEPT_FOR_EVER),
            Route::Robots => {
                let robots = "User-agent: *\nDisallow: /lapor\nDisallow: /laporan/\n";
                Answer::file("text/plain; charset=utf-8", robots).caching(TEN_MINUTES)
            }
            Route::Style(path) if path == self.site.css_path => {
                Answer::file("text/css; charset=utf-8", Site::css()).caching(KEPT_FOR_EVER)
            }
            // An older one, of a page that was kept: better than none.
            Route::Style(_) => Answer::file("text/css; charset=utf-8", Site::css()).caching(A_MINUTE),
        })
    }

    async fn board(&self, month: Month) -> Result<Option<Board>, ReadError> {
        FiguresRows::new(&self.store, &self.site.jurisdiction.name).board(month).await
    }

    /// All that is shown of a ticket; `None` where there is none for everybody.
    async fn known(&self, id: &TicketId) -> Result<Option<Known>, ReadError> {
        let Some(ticket) = self.store.ticket(id).await?.filter(is_public) else { return Ok(None) };
        if ticket.joined_to.is_some() && !self.store.standing(id).await?.as_ref().is_some_and(is_public) {
            // It would say what the one is about that it went on as.
            return Ok(None);
        }
        let (events, opening, seen) =
            tokio::try_join!(self.store.events(id), self.store.voice(id, &ticket.origin), self.store.seen_live(id),)?;
        Ok(was_always_public(&events).then_some(Known { ticket, events, opening, seen }))
    }

    /// Tickets of the last days that may be listed, the newest first.
    async fn lately(
        &self,
        regency: Option<&RegionCode>,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<Ticket>, ReadError> {
        let from = now.saturating_sub(LATELY).unwrap_or(Timestamp::MIN);
        let mut opened = self.store.opened(from, now, regency).await?;
        opened.truncate(most);
        let ids: Vec<TicketId> = opened.into_iter().map(|opened| opened.ticket).collect();
        let mut tickets = self.store.tickets(&ids).await?;
        // The index lags; the rows decide.
        tickets.retain(|ticket| {
            is_listed(ticket) && (regency.is_none() || ticket.decision.place.regency().as_ref() == regency)
        });
        tickets.sort_by(|a, b| (b.opened_at, &b.id).cmp(&(a.opened_at, &a.id)));
        Ok(tickets)
    }
}
