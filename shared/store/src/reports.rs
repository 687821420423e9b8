//! All reports that are kept, page by page: for people who compare versions of a pack, never for a function.

use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use kemala_domain::{TicketId, Voice};

use crate::error::ReadError;
use crate::items::{self, Item, attribute, text};
use crate::keys;
use crate::store::Store;

/// Where the next page begins.
#[derive(Debug, Clone)]
pub struct Position(Item);

/// A page of reports with their tickets.
#[derive(Debug)]
pub struct Page {
    /// The reports, in no order.
    pub voices: Vec<(TicketId, Voice)>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Position>,
}

impl Store {
    /// A page of all reports. It reads the whole table, 1 MB a page, so a page may well be empty.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn reports(&self, from: Option<Position>) -> Result<Page, ReadError> {
        self.page_of(self.all_reports(), from).await
    }

    /// A page of the reports of an account, by the platform's id of it. No index lists them (nobody but the citizen asks for
    /// that), so this too reads the whole table.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn reports_of(&self, author: &str, from: Option<Position>) -> Result<Page, ReadError> {
        let of_author = self
            .all_reports()
            .filter_expression("begins_with(sk, :prefix) AND #report.#author.#id = :author")
            .expression_attribute_names("#report", "report")
            .expression_attribute_names("#author", "author")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":author", text(author))
            // What was written a moment ago counts, too.
            .consistent_read(true);
        self.page_of(of_author, from).await
    }

    fn all_reports(&self) -> ScanFluentBuilder {
        self.client
            .scan()
            .table_name(&self.table)
            .filter_expression("begins_with(sk, :prefix)")
            .expression_attribute_values(":prefix", text(keys::REPORT_PREFIX))
    }

    async fn page_of(&self, scan: ScanFluentBuilder, from: Option<Position>) -> Result<Page, ReadError> {
        let from = from.map(|position| position.0);
        let page = scan.set_exclusive_start_key(from).send().await.map_err(ReadError::remote)?;
        let mut voices = Vec::new();
        for item in page.items.unwrap_or_default() {
            if let Some(ticket) = keys::ticket_of(&attribute(&item, "pk")) {
                voices.push((ticket, items::value(item)?));
            }
        }
        Ok(Page { voices, next: page.last_evaluated_key.map(Position) })
    }
}
