//! The report of a month that is over, in every format: packed, and in parts, for an item holds 400 kB.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use kemala_domain::figures::{Format, Month};

use crate::error::ReadError;
use crate::figures::FiguresRows;
use crate::items::{self, Item};
use crate::keys;
use crate::store::{all_pages, key};

/// Most bytes of a part. DynamoDB takes 400 kB an item, with its names and keys.
const PART: usize = 350_000;

/// Most bytes of all files of a month: they are written in one transaction, which takes 4 MB.
const ALL_PARTS: usize = 3_500_000;

/// Most bytes that a file may have when it is unpacked; no report is that large.
const UNPACKED: u64 = 64_000_000;

/// Attribute of a part.
const BYTES: &str = "gzip";

/// A file as it is kept: gzip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed(Vec<u8>);

/// Files that are kept of a month.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) rows: Vec<Item>,
    /// Those for which there was no room.
    pub(crate) left_out: Vec<Format>,
}

impl Packed {
    /// A text, packed.
    ///
    /// # Errors
    /// None that is known: it is packed in memory.
    pub fn of(text: &str) -> std::io::Result<Self> {
        // The header holds no time: the same text is the same bytes.
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text.as_bytes())?;
        packer.finish().map(Self)
    }

    /// The bytes, as an answer with `Content-Encoding: gzip` has them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text; `None` where the bytes are not what was packed.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        MultiGzDecoder::new(self.0.as_slice()).take(UNPACKED).read_to_string(&mut text).ok()?;
        Some(text)
    }
}

impl FiguresRows<'_> {
    /// The report of a month in a format; `None` where the month is not closed, or was closed without it.
    ///
    /// # Errors
    /// [`ReadError`]
    pub async fn report(&self, month: Month, format: Format) -> Result<Option<Packed>, ReadError> {
        let pk = keys::month_files(self.pack, month);
        let parts = all_pages(self.store.query(pk, &keys::month_file(format))).await?;
        whole(&parts)
    }
}

/// The rows of a month's files. What does not fit beside the others is left out, the smallest come first: that a report is
/// large must not keep a month from being closed.
pub(crate) fn kept(pack: &str, month: Month, files: &BTreeMap<Format, String>) -> std::io::Result<Kept> {
    let mut packed = Vec::new();
    for (format, text) in files {
        packed.push((*format, Packed::of(text)?));
    }
    packed.sort_by_key(|(_, file)| file.0.len());
    let mut kept = Kept::default();
    let mut room = ALL_PARTS;
    for (format, Packed(bytes)) in packed {
        let Some(left) = room.checked_sub(bytes.len()) else {
            kept.left_out.push(format);
            continue;
        };
        room = left;
        for (n, part) in bytes.chunks(PART).enumerate() {
            let mut row = key(keys::month_files(pack, month), keys::month_file_part(format, n));
            row.insert(BYTES.to_owned(), AttributeValue::B(Blob::new(part)));
            kept.rows.push(row);
        }
    }
    Ok(kept)
}

/// A file of its parts, in their order; `None` where there is none.
fn whole(parts: &[Item]) -> Result<Option<Packed>, ReadError> {
    let mut whole = Vec::new();
    for part in parts {
        match part.get(BYTES).and_then(|bytes| bytes.as_b().ok()) {
            Some(bytes) => whole.extend_from_slice(bytes.as_ref()),
            None => {
                let [pk, sk] = ["pk", "sk"].map(|name| items::attribute(part, name));
                return Err(ReadError::Unreadable { pk, sk });
            }
        }
    }
    Ok((!parts.is_empty()).then_some(Packed(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_unpacked_as_it_was() {
        for text in ["", "Instansi;Ö\r\n", &"abc".repeat(100_000)] {
            let packed = Packed::of(text).unwrap();
            assert_eq!(packed.text().as_deref(), Some(text));
            assert_eq!(packed, Packed::of(text).unwrap(), "the same text is the same bytes");
        }
        assert_eq!(Packed(b"no gzip".to_vec()).text(), None);
        let whole = Packed::of("Laporan Kemala").unwrap();
        assert_eq!(Packed(whole.bytes()[..20].to_vec()).text(), None, "a part is missing");
    }

    /// Digits that say nothing about each other: they pack to less than half.
    fn noise(digits: usize) -> String {
        let next = |x: &u64| Some(x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
        let numbers = std::iter::successors(Some(7_u64), next).take(digits);
        numbers.map(|x| char::from(b'0' + (x >> 33) as u8 % 10)).collect()
    }

    fn november() -> Month {
        "2026-11".parse().unwrap()
    }

    #[test]
    fn a_large_file_is_read_back_from_its_parts() {
        let text = noise(2_000_000);
        let files = BTreeMap::from([(Format::Csv, text.clone()), (Format::Txt, "Laporan".to_owned())]);
        let kept = kept("jateng", november(), &files).unwrap();
        let (parts, others): (Vec<_>, Vec<_>) =
            kept.rows.into_iter().partition(|row| items::attribute(row, "sk").starts_with("csv#"));
        assert_eq!((others.len(), kept.left_out), (1, Vec::new()));
        let keys: Vec<_> = parts.iter().map(|part| items::attribute(part, "sk")).collect();
        assert_eq!(keys, ["csv#00", "csv#01", "csv#02"]);
        assert_eq!(items::attribute(&parts[0], "pk"), "FILES#jateng#2026-11");
        assert_eq!(whole(&parts).unwrap().unwrap().text(), Some(text));
        assert_eq!(whole(&[]).unwrap(), None);
        assert!(whole(&[Item::new()]).is_err());
    }

    #[test]
    fn what_has_no_room_is_left_out() {
        let files = BTreeMap::from([(Format::Json, noise(9_000_000)), (Format::Html, "<p>".to_owned())]);
        let kept = kept("jateng", november(), &files).unwrap();
        assert_eq!((kept.rows.len(), kept.left_out), (1, vec![Format::Json]));
    }
}
