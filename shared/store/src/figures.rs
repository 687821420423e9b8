//! Figures: daily rows that events are added to once, and months that are over.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use jiff::Timestamp;
use kemala_domain::figures::{Added, Figure, Figures, FiguresKey, Format, Held, Month, Subject};
use kemala_domain::{Destination, Event};
use serde::{Deserialize, Serialize};

use crate::board;
use crate::error::{ReadError, WriteError};
use crate::items::{self, Item, number, text};
use crate::keys;
use crate::month_files::kept;
use crate::store::{Store, all_pages, key};
use crate::write::{put, unbuilt};

/// Prefix of the attributes that hold a bucket of [`Held`].
const BUCKET: char = 'h';

/// Months that are looked through for tickets that are still open, where none before has been closed yet.
pub(crate) const LOOK_BACK: usize = 12;

/// The figures of one pack.
#[derive(Debug, Clone)]
pub struct FiguresRows<'a> {
    pub(crate) store: &'a Store,
    pub(crate) pack: &'a str,
}

/// A month that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedMonth {
    /// The month.
    pub month: Month,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// What all its days add up to.
    pub total: Figures,
    /// Tickets that were open at its end.
    pub open: BTreeMap<Subject, i64>,
}

/// The row of [`ClosedMonth`].
#[derive(Debug, Serialize, Deserialize)]
struct MonthRow {
    closed_at: Timestamp,
    total: BTreeMap<String, i64>,
    open: BTreeMap<String, i64>,
}

impl<'a> FiguresRows<'a> {
    /// The rows of the pack of that name.
    pub fn new(store: &'a Store, pack: &'a str) -> Self {
        Self { store, pack }
    }

    /// Adds what an event adds and takes [`Destination::Figures`] off it, in one transaction: an event that comes again adds
    /// nothing. `event.undelivered` is brought up to date.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] where the event has been counted, or has another destination less, or where somebody else
    /// writes one of the rows: read it again.
    pub async fn count(&self, event: &mut Event, added: &Added) -> Result<(), WriteError> {
        event.undelivered.remove(&Destination::Figures);
        let mut items = vec![self.store.counted(event).map_err(WriteError::Unwritable)?];
        for (key, figures) in &added.days {
            let row = key_of_day(self.pack, key);
            items.push(self.add(row, attributes(figures)).map_err(WriteError::Unwritable)?);
        }
        for (key, figures) in &added.places {
            let row = crate::store::key(keys::board(self.pack, key.month), key.spot.to_string());
            let counted = [(board::COUNTED.to_owned(), 1)];
            items.push(self.add(row, attributes(figures).chain(counted)).map_err(WriteError::Unwritable)?);
        }
        self.store.transact(items).await
    }

    /// Every row of a month's days.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn days(&self, month: Month) -> Result<Vec<(FiguresKey, Figures)>, ReadError> {
        let pk = keys::figures(self.pack, month);
        let rows = all_pages(self.store.whole(pk.clone())).await?;
        let read = |item: Item| {
            let sk = items::attribute(&item, "sk");
            match keys::figures_of(month, &sk) {
                Some(key) => Ok((key, figures_of(&item))),
                None => Err(ReadError::Unreadable { pk: pk.clone(), sk }),
            }
        };
        rows.into_iter().map(read).collect()
    }

    /// A month that is over, where it has been closed.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn closed(&self, month: Month) -> Result<Option<ClosedMonth>, ReadError> {
        let row = self.store.get(keys::months(self.pack), month.to_string()).await?;
        row.map(|item| closed_month(month, item)).transpose()
    }

    /// Months that are over and were closed, the newest first, and when each was.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn months(&self) -> Result<Vec<(Month, Timestamp)>, ReadError> {
        let query = self.store.whole(keys::months(self.pack)).projection_expression("pk, sk, closed_at");
        let read = |item: Item| {
            let [pk, sk, closed_at] = ["pk", "sk", "closed_at"].map(|name| items::attribute(&item, name));
            match (sk.parse(), closed_at.parse()) {
                (Ok(month), Ok(closed_at)) => Ok((month, closed_at)),
                _ => Err(ReadError::Unreadable { pk, sk }),
            }
        };
        all_pages(query.scan_index_forward(false)).await?.into_iter().map(read).collect()
    }

    /// Closes a month that is over, and keeps its report in the same transaction; `None` where somebody has closed it.
    /// Formats for which there was no room are given back.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn close(
        &self,
        closed: &ClosedMonth,
        files: &BTreeMap<Format, String>,
    ) -> Result<Option<Vec<Format>>, WriteError> {
        let open = closed.open.iter().map(|(subject, count)| (keys::subject(subject), *count));
        let row = MonthRow {
            closed_at: closed.closed_at,
            total: attributes(&closed.total).collect(),
            open: open.filter(|(_, count)| *count != 0).collect(),
        };
        let row =
            items::row(keys::months(self.pack), closed.month.to_string(), &row).map_err(WriteError::Unwritable)?;
        let row = self.store.put(row).condition_expression("attribute_not_exists(pk)");
        let mut items = vec![put(row).map_err(WriteError::Unwritable)?];
        let kept_files = kept(self.pack, closed.month, files)
            .map_err(|error| WriteError::Unwritable(serde::ser::Error::custom(error)))?;
        for row in kept_files.rows {
            items.push(put(self.store.put(row)).map_err(WriteError::Unwritable)?);
        }
        match self.store.transact(items).await {
            Ok(()) => Ok(Some(kept_files.left_out)),
            Err(WriteError::Conflict) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tickets that were open when a month began: those of the last month before it that was closed, and what the months
    /// since then changed.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn open_before(&self, month: Month) -> Result<BTreeMap<Subject, i64>, ReadError> {
        let mut open = BTreeMap::new();
        let mut from = month;
        match self.last_closed_before(month).await? {
            Some(closed) => {
                open = closed.open;
                from = closed.month.after();
            }
            None => (0..LOOK_BACK).for_each(|_| from = from.before()),
        }
        while from < month {
            for (key, figures) in self.days(from).await? {
                *open.entry(key.subject).or_insert(0) += figures.get(Figure::Open);
            }
            from = from.after();
        }
        Ok(open)
    }

    async fn last_closed_before(&self, month: Month) -> Result<Option<ClosedMonth>, ReadError> {
        let query = self
            .store
            .whole(keys::months(self.pack))
            .key_condition_expression("pk = :pk AND sk < :month")
            .expression_attribute_values(":month", text(month.to_string()))
            .scan_index_forward(false)
            .limit(1);
        let found = query.send().await.map_err(ReadError::remote)?.items.unwrap_or_default().pop();
        let Some(item) = found else { return Ok(None) };
        let (pk, sk) = (items::attribute(&item, "pk"), items::attribute(&item, "sk"));
        let month = sk.parse().map_err(|_| ReadError::Unreadable { pk, sk })?;
        closed_month(month, item).map(Some)
    }

    /// Adds to one row, attribute by attribute, so that others may do so at the same time.
    fn add(
        &self,
        row: HashMap<String, AttributeValue>,
        added: impl Iterator<Item = (String, i64)>,
    ) -> Result<TransactWriteItem, serde_dynamo::Error> {
        let mut update = Update::builder().table_name(&self.store.table).set_key(Some(row));
        let mut terms = Vec::new();
        for (n, (name, count)) in added.enumerate() {
            // Some of the names are words of the expressions.
            terms.push(format!("#{n} :{n}"));
            update = update
                .expression_attribute_names(format!("#{n}"), name)
                .expression_attribute_values(format!(":{n}"), number(count));
        }
        let update = update.update_expression(format!("ADD {}", terms.join(", "))).build().map_err(unbuilt)?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}

fn key_of_day(pack: &str, key: &FiguresKey) -> HashMap<String, AttributeValue> {
    crate::store::key(keys::figures(pack, Month::of(key.day)), keys::figures_row(key))
}

impl Store {
    /// Takes [`Destination::Figures`] off an event, only if it is there. The last destination also takes the event out of
    /// the index.
    fn counted(&self, event: &Event) -> Result<TransactWriteItem, serde_dynamo::Error> {
        let name = Destination::Figures.to_string();
        let set = AttributeValue::Ss(vec![name.clone()]);
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key(keys::ticket(&event.ticket), keys::event(event.seq))))
            .expression_attribute_values(":counted", set);
        let update = if event.undelivered.is_empty() {
            update
                .update_expression("REMOVE undelivered, undelivered_shard, next_attempt_at")
                .condition_expression("undelivered = :counted")
        } else {
            update
                .update_expression("DELETE undelivered :counted")
                .condition_expression("contains(undelivered, :name)")
                .expression_attribute_values(":name", text(name))
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(unbuilt)?).build())
    }
}

/// Figures as attributes of a row: a figure by its name, a bucket of times as `h<number>`.
fn attributes(figures: &Figures) -> impl Iterator<Item = (String, i64)> + '_ {
    let counts = figures.counts().map(|(figure, count)| (figure.name().to_owned(), count));
    counts.chain(figures.held.buckets().map(|(bucket, count)| (format!("{BUCKET}{bucket}"), count)))
}

/// The figures of attributes; what is neither a figure nor a bucket is passed over.
fn figures_from<'b>(attributes: impl Iterator<Item = (&'b String, i64)>) -> Figures {
    let mut figures = Figures::default();
    let mut buckets = Vec::new();
    for (name, count) in attributes {
        match (Figure::named(name), name.strip_prefix(BUCKET).and_then(|bucket| bucket.parse().ok())) {
            (Some(figure), _) => figures.count(figure, count),
            (None, Some(bucket)) => buckets.push((bucket, count)),
            (None, None) => {}
        }
    }
    figures.held = Held::from_buckets(buckets);
    figures
}

/// The figures of a row; what else it has is passed over.
pub(crate) fn figures_of(item: &Item) -> Figures {
    figures_from(item.iter().filter_map(|(name, value)| Some((name, value.as_n().ok()?.parse().ok()?))))
}

fn closed_month(month: Month, item: Item) -> Result<ClosedMonth, ReadError> {
    let row: MonthRow = items::value(item)?;
    let open = row.open.iter().filter_map(|(subject, count)| Some((keys::subject_of(subject)?, *count)));
    let total = figures_from(row.total.iter().map(|(name, count)| (name, *count)));
    Ok(ClosedMonth { month, closed_at: row.closed_at, total, open: open.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_back_from_their_attributes() {
        let mut figures = Figures::of(Figure::Open, -1);
        figures.count(Figure::Received, 2);
        figures.held.add(&Held::of_minutes(247));
        let attributes: BTreeMap<String, i64> = attributes(&figures).collect();
        assert_eq!(format!("{attributes:?}"), r#"{"h47": 1, "open": -1, "received": 2}"#);
        assert_eq!(figures_from(attributes.iter().map(|(name, count)| (name, *count))), figures);
        let strange = ["h", "hx", "h99999999", "pk"].map(str::to_owned);
        assert!(figures_from(strange.iter().map(|name| (name, 1))).is_nothing());
    }
}
