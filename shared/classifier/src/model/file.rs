//! A model as a file: a line of magic, a header in JSON on a line of its own, then numbers, little end first.

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::columns::Columns;
use super::inputs::DENSE;
use super::weights::{Model, Parts};

/// First line of the file: its format.
const MAGIC: &[u8] = b"kemala-model/1";

/// Most n-grams of a model: a bound on the memory that a file can ask for.
const MOST_GRAMS: usize = 1_000_000;

/// A file that is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}; train the model again with `cargo kemala train`")]
pub struct InvalidModel(String);

/// What is known of a model before its n-grams.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    version: String,
    columns: Columns,
    grams: usize,
    scales: Vec<f32>,
    bias: Vec<f32>,
    dense: Vec<f32>,
    calibration: Calibration,
}

impl Model {
    /// A model of these parts.
    ///
    /// # Errors
    /// [`InvalidModel`] where the parts do not fit each other.
    pub fn new(parts: Parts) -> Result<Self, InvalidModel> {
        check(&parts)?;
        Ok(Self::of_parts(parts))
    }

    /// The file's content. The same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = &self.parts;
        let header = Header {
            version: parts.version.clone(),
            columns: parts.columns.clone(),
            grams: parts.hashes.len(),
            scales: parts.scales.clone(),
            bias: parts.bias.clone(),
            dense: parts.dense.clone(),
            calibration: parts.calibration.clone(),
        };
        let mut bytes = [MAGIC, b"\n"].concat();
        // Numbers and strings: nothing in it that JSON cannot hold.
        bytes.extend(serde_json::to_vec(&header).unwrap_or_default());
        bytes.push(b'\n');
        bytes.extend(parts.hashes.iter().flat_map(|hash| hash.to_le_bytes()));
        bytes.extend(parts.rarity.iter().flat_map(|rarity| rarity.to_le_bytes()));
        bytes.extend(parts.weights.iter().flat_map(|weight| weight.to_le_bytes()));
        bytes
    }

    /// Reads a file's content.
    ///
    /// # Errors
    /// [`InvalidModel`] where it is damaged, or of another format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidModel> {
        let (magic, rest) = line(bytes).ok_or_else(|| invalid("it has no first line"))?;
        if magic != MAGIC {
            return Err(invalid("it is not of the format kemala-model/1"));
        }
        let (header, numbers) = line(rest).ok_or_else(|| invalid("it ends in its header"))?;
        let header: Header =
            serde_json::from_slice(header).map_err(|error| invalid(&format!("its header is broken ({error})")))?;
        let (grams, columns) = (header.grams, header.columns.count());
        if grams > MOST_GRAMS || columns > 1_000 || numbers.len() != grams * (8 + columns) {
            return Err(invalid("it is cut off, or longer than its header says"));
        }
        let (hashes, rest) = numbers.split_at(grams * 4);
        let (rarity, weights) = rest.split_at(grams * 4);
        Self::new(Parts {
            version: header.version,
            columns: header.columns,
            hashes: quads(hashes).map(u32::from_le_bytes).collect(),
            rarity: quads(rarity).map(f32::from_le_bytes).collect(),
            weights: weights.iter().map(|byte| byte.cast_signed()).collect(),
            scales: header.scales,
            dense: header.dense,
            bias: header.bias,
            calibration: header.calibration,
        })
    }
}

fn check(parts: &Parts) -> Result<(), InvalidModel> {
    let columns = parts.columns.count();
    let dense = (parts.columns.categories.len() + super::columns::PLAIN_COLUMNS + DENSE) * columns;
    let fits = parts.rarity.len() == parts.hashes.len()
        && parts.weights.len() == parts.hashes.len() * columns
        && parts.scales.len() == columns
        && parts.bias.len() == columns
        && parts.dense.len() == dense;
    if !fits {
        return Err(invalid("its parts do not fit each other"));
    }
    if !parts.hashes.is_sorted_by(|left, right| left < right) {
        return Err(invalid("its n-grams are not in order"));
    }
    let numbers = [&parts.rarity, &parts.scales, &parts.dense, &parts.bias];
    if numbers.into_iter().flatten().any(|number| !number.is_finite()) {
        return Err(invalid("it holds a number that is none"));
    }
    Ok(())
}

fn invalid(why: &str) -> InvalidModel {
    InvalidModel(why.to_owned())
}

fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}

fn quads(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.as_chunks::<4>().0.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::super::calibration::{AgencySureness, Curve};
    use super::*;

    fn model() -> Model {
        let columns =
            Columns { categories: vec!["roads".parse().unwrap()], official: vec!["infrastruktur".to_owned()] };
        let count = columns.count();
        let curve = Curve { slope: 1.0, shift: 0.0 };
        Model::new(Parts {
            version: "test".to_owned(),
            hashes: vec![3, 7, u32::MAX],
            rarity: vec![1.0, 2.0, 3.0],
            weights: (0..3 * count).map(|i| i as i8 - 8).collect(),
            scales: vec![0.5; count],
            dense: vec![0.25; (1 + super::super::columns::PLAIN_COLUMNS + DENSE) * count],
            bias: vec![-1.0; count],
            calibration: Calibration {
                kind: curve,
                category: curve,
                agency: AgencySureness { kind: 0.2, category: 0.3, known_place: 1.0, shift: 0.0 },
                emergency_from: 0.0,
                urgent_from: 0.0,
                accusation_from: 0.0,
                accusation_doubtful_from: -0.5,
            },
            columns,
        })
        .unwrap()
    }

    #[test]
    fn it_is_read_back_as_it_was() {
        let bytes = model().to_bytes();
        assert_eq!(Model::from_bytes(&bytes).unwrap(), model());
        assert_eq!(Model::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    }

    #[test]
    fn what_is_no_model_is_told() {
        let bytes = model().to_bytes();
        for (bytes, problem) in [
            (&b""[..], "it has no first line"),
            (b"PNG\n", "it is not of the format kemala-model/1"),
            (b"kemala-model/1\n{\n", "its header is broken"),
            (&bytes[..bytes.len() - 1], "it is cut off"),
            (&[&bytes[..], b"x"].concat(), "longer than its header says"),
            (&bytes[..20], "it ends in its header"),
        ] {
            let error = Model::from_bytes(bytes).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let mut parts = model().parts;
        parts.hashes = vec![3, 3, 4];
        assert_eq!(Model::new(parts).unwrap_err(), invalid("its n-grams are not in order"));
        let mut parts = model().parts;
        parts.bias[0] = f32::NAN;
        assert_eq!(Model::new(parts).unwrap_err(), invalid("it holds a number that is none"));
        let mut parts = model().parts;
        parts.scales.pop();
        assert_eq!(Model::new(parts).unwrap_err(), invalid("its parts do not fit each other"));
    }
}
