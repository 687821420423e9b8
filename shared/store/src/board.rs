//! The public board: rows of places that events are added to with the figures of their day, and a month's board as it was
//! last added up.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use kemala_domain::figures::{Board, Figure, Figures, Month, Spot};
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, WriteError};
use crate::figures::{FiguresRows, LOOK_BACK, figures_of};
use crate::items::{self, Item, text};
use crate::keys;
use crate::store::{all_pages, key};
use crate::write::put;

/// Attribute of a place's row: how often something was added to it.
pub(crate) const COUNTED: &str = "counted";

/// The row of a board: its numbers are one text, for nobody reads single ones.
#[derive(Debug, Serialize, Deserialize)]
struct BoardRow {
    /// As keys have times, so that it can be compared.
    at: String,
    board: String,
}

/// When a board was last added up, and what it had seen by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastBoard {
    /// When.
    pub at: Timestamp,
    /// [`Board::counted`].
    pub counted: i64,
}

impl FiguresRows<'_> {
    /// A month's board; `None` where there is none. One read of one row, which may be some milliseconds old.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn board(&self, month: Month) -> Result<Option<Board>, ReadError> {
        let get = self.store.client.get_item().table_name(&self.store.table);
        let row = get.set_key(Some(self.board_key(month))).send().await.map_err(ReadError::remote)?.item;
        let Some(item) = row else { return Ok(None) };
        let (pk, sk) = (items::attribute(&item, "pk"), items::attribute(&item, "sk"));
        let row: BoardRow = items::value(item)?;
        serde_json::from_str(&row.board).map(Some).map_err(|_| ReadError::Unreadable { pk, sk })
    }

    /// When a month's board was last added up; `None` where it never was.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn last_board(&self, month: Month) -> Result<Option<LastBoard>, ReadError> {
        let get = self.store.client.get_item().table_name(&self.store.table);
        let get = get.set_key(Some(self.board_key(month))).consistent_read(true);
        let get = get.projection_expression("#at, #counted");
        let get = get.expression_attribute_names("#at", "at").expression_attribute_names("#counted", COUNTED);
        let row = get.send().await.map_err(ReadError::remote)?.item;
        Ok(row.and_then(|item| {
            let at = items::attribute(&item, "at").parse().ok()?;
            Some(LastBoard { at, counted: counted(&item) })
        }))
    }

    /// What a month has of each place, and how often something was added to that.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn places(&self, month: Month) -> Result<Vec<(Spot, Figures, i64)>, ReadError> {
        let rows = all_pages(self.store.whole(keys::board(self.pack, month))).await?;
        // The board itself is no place.
        let spot = |item: &Item| items::attribute(item, "sk").parse::<Spot>().ok();
        Ok(rows.iter().filter_map(|item| Some((spot(item)?, figures_of(item), counted(item)))).collect())
    }

    /// Tickets that were open when a month began, by where they were: what the last board before it began with, and what
    /// the places have changed since.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn open_at_places_before(&self, month: Month) -> Result<BTreeMap<Spot, i64>, ReadError> {
        let mut open = BTreeMap::new();
        let mut from = month;
        for _ in 0..LOOK_BACK {
            from = from.before();
            if let Some(board) = self.board(from).await? {
                open = board.open_before;
                break;
            }
        }
        while from < month {
            for (spot, figures, _) in self.places(from).await? {
                *open.entry(spot).or_insert(0) += figures.get(Figure::Open);
            }
            from = from.after();
        }
        open.retain(|_, count| *count != 0);
        Ok(open)
    }

    /// Writes a month's board, unless a later one is there; whether it was written.
    ///
    /// # Errors
    /// [`WriteError`]
    pub async fn put_board(&self, board: &Board) -> Result<bool, WriteError> {
        let unwritable = |error: serde_json::Error| WriteError::Unwritable(serde::ser::Error::custom(error));
        let at = keys::time(board.at);
        let row = BoardRow { at: at.clone(), board: serde_json::to_string(board).map_err(unwritable)? };
        let mut row = items::row(keys::board(self.pack, board.month), keys::SUMMARY.to_owned(), &row)
            .map_err(WriteError::Unwritable)?;
        row.insert(COUNTED.to_owned(), items::number(board.counted));
        let newer = self
            .store
            .put(row)
            .condition_expression("attribute_not_exists(pk) OR #at < :at")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":at", text(at));
        match self.store.transact(vec![put(newer).map_err(WriteError::Unwritable)?]).await {
            Ok(()) => Ok(true),
            Err(WriteError::Conflict) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn board_key(&self, month: Month) -> std::collections::HashMap<String, AttributeValue> {
        key(keys::board(self.pack, month), keys::SUMMARY.to_owned())
    }
}

fn counted(item: &Item) -> i64 {
    item.get(COUNTED).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or(0)
}
