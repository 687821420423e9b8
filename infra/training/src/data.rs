//! Labelled posts, read from files.

use std::collections::{HashMap, HashSet};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use kemala_classifier::Pack;
use kemala_domain::decision::Category;
use kemala_domain::{AgencyCode, Kind, Urgency};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A post with what a careful reader says of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Gold {
    /// Name of the row.
    pub id: String,
    /// The text as it was written.
    pub text: String,
    /// Complaint, question, or nothing to act on.
    pub kind: Kind,
    /// What it is about; `None` of what is nothing to act on.
    pub category: Option<Category>,
    /// Who is accepted as first addressee, best first.
    pub agencies: Vec<AgencyCode>,
    /// Regency or city by its code, or `outside`.
    #[serde(default)]
    pub region: Option<String>,
    /// Subdistrict by its code.
    #[serde(default)]
    pub subdistrict: Option<String>,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// Whether the reader has no doubt.
    pub sure: bool,
    /// Personal data in the text, each as it stands there.
    #[serde(default)]
    pub pii: Vec<String>,
    /// Where the row is from; nothing of posts written for the project.
    #[serde(default)]
    pub source: Option<String>,
}

impl Gold {
    /// Whether people posted it, rather than that it was written for the project.
    pub(crate) fn is_of_people(&self) -> bool {
        self.source.as_deref().is_some_and(|source| source != WRITTEN_SOURCE)
    }
}

/// Source of posts that were written for the project.
const WRITTEN_SOURCE: &str = "written for the project";

/// A post to learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// What the reader says.
    pub gold: Gold,
    /// How much it counts.
    pub weight: f32,
}

/// All that is learned from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corpus {
    /// Posts with all labels.
    pub posts: Vec<Post>,
    /// Texts that are nothing to act on, from elsewhere: they teach the kind alone.
    pub negatives: Vec<String>,
    /// Texts with a category by their official topic: weak labels.
    pub by_topic: Vec<(String, Category)>,
    /// Texts with LaporGub's category.
    pub official: Vec<(String, String)>,
    /// Texts with the agency of another city.
    pub other_city: Vec<(String, String)>,
    /// The files that were read, and how many rows each gave.
    pub files: Vec<(String, usize)>,
}

/// Why labelled posts cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be read.
    #[error("{}: {source}; give a folder with labelled posts (JSON lines)", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not what it should be.
    #[error("{} line {line}: {problem}", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// Main labelled file of a data folder.
const LABELLED: &str = "labelled_train.jsonl";
/// Texts with official labels.
const COMPLAINTS: &str = "complaints_train.jsonl";
/// Official topics of the other city, with our categories.
const TOPICS: &str = "surabaya_topics.csv";
/// Texts that are no reports.
const NEGATIVES: &str = "negatives_train.jsonl";

/// Of the negatives one in so many is taken: they are from other sources, and a model would learn the source.
const NEGATIVES_ONE_IN: usize = 10;

/// How much posts count by where they are from and how sure their reader was: those written for the project are like
/// what people tweet, stemmed texts are not.
const WRITTEN: f32 = 2.0;
const STEMMED: f32 = 0.5;
const UNSURE: f32 = 0.5;
const STEMMED_SOURCE: &str = "laporgub";

/// Rows that an agency of the other city must have to count as a class.
const CITY_AGENCY_ROWS: usize = 18;
/// Offices below the city's agencies.
const CITY_LOCAL_OFFICES: [&str; 2] = ["kelurahan", "kecamatan"];
/// How a missing label is written.
const NO_LABEL: &str = "nan";

impl Corpus {
    /// Reads a pack's own posts (`own`, a file), and a folder of labelled data.
    ///
    /// # Errors
    /// [`DataError`]
    pub fn read(own: Option<&Path>, data: Option<&Path>, pack: &Pack) -> Result<Self, DataError> {
        let mut corpus = Self::default();
        if let Some(own) = own {
            corpus.add_posts(own, pack)?;
        }
        let Some(data) = data else { return Ok(corpus) };
        corpus.add_posts(&data.join(LABELLED), pack)?;
        corpus.add_complaints(data, pack)?;
        let path = data.join(NEGATIVES);
        if path.exists() {
            let texts: Vec<(usize, Text)> = read_lines(&path)?;
            corpus.negatives = texts.into_iter().step_by(NEGATIVES_ONE_IN).map(|(_, row)| row.text).collect();
            corpus.files.push((NEGATIVES.to_owned(), corpus.negatives.len()));
        }
        Ok(corpus)
    }

    fn add_posts(&mut self, path: &Path, pack: &Pack) -> Result<(), DataError> {
        let posts = read_gold(path, pack)?;
        self.files.push((name_of(path), posts.len()));
        let weight = |gold: &Gold| {
            let of_source = match gold.source.as_deref() {
                _ if !gold.is_of_people() => WRITTEN,
                Some(source) if source.contains(STEMMED_SOURCE) => STEMMED,
                _ => 1.0,
            };
            if gold.sure { of_source } else { of_source * UNSURE }
        };
        self.posts.extend(posts.into_iter().map(|gold| Post { weight: weight(&gold), gold }));
        Ok(())
    }

    /// Texts with official labels. Those that are labelled by reading are left out: a teacher who has seen a text
    /// is more certain of it than of others.
    fn add_complaints(&mut self, data: &Path, pack: &Pack) -> Result<(), DataError> {
        let path = data.join(COMPLAINTS);
        if !path.exists() {
            return Ok(());
        }
        let topics = read_topics(&data.join(TOPICS), pack)?;
        let rows: Vec<(usize, Official)> = read_lines(&path)?;
        let read: HashSet<&str> = self.posts.iter().map(|post| post.gold.text.as_str()).collect();
        let mut by_topic = Vec::new();
        for (_, row) in rows {
            let is_stemmed = row.source.contains(STEMMED_SOURCE);
            if is_stemmed && row.label_kind == "category" {
                self.official.push((row.text, row.label_original));
            } else if row.label_kind == "agency" && row.topic_original.is_some() {
                let topic = row.topic_original.as_ref().and_then(|topic| topics.get(topic));
                if let Some(category) = topic.filter(|_| !read.contains(row.text.as_str())) {
                    by_topic.push((row.text.clone(), category.clone()));
                }
                // One agency is written in capitals too, and a few rows name none.
                let agency = row.label_original.to_lowercase();
                if agency != NO_LABEL {
                    self.other_city.push((row.text, agency));
                }
            }
        }
        self.by_topic = by_topic;
        let mut rows_of: HashMap<String, usize> = HashMap::new();
        for (_, agency) in &self.other_city {
            *rows_of.entry(agency.clone()).or_default() += 1;
        }
        self.other_city.retain(|(_, agency)| {
            let is_local = CITY_LOCAL_OFFICES.iter().any(|office| agency.starts_with(office));
            !is_local && rows_of.get(agency).is_some_and(|rows| *rows >= CITY_AGENCY_ROWS)
        });
        self.files.push((COMPLAINTS.to_owned(), self.official.len() + self.by_topic.len()));
        Ok(())
    }

    /// The official texts that no reader labelled.
    pub(crate) fn unread_official(&self) -> Vec<(String, String)> {
        let read: HashSet<&str> = self.posts.iter().map(|post| post.gold.text.as_str()).collect();
        self.official.iter().filter(|(text, _)| !read.contains(text.as_str())).cloned().collect()
    }
}

/// Reads posts with all labels (the fields of [`Gold`], as JSON lines; others are allowed).
///
/// # Errors
/// [`DataError`], also where a category or agency is not the pack's.
pub fn read_gold(path: &Path, pack: &Pack) -> Result<Vec<Gold>, DataError> {
    let rows: Vec<(usize, Gold)> = read_lines(path)?;
    for (line, row) in &rows {
        let bad = |problem: String| DataError::BadLine { path: path.to_owned(), line: *line, problem };
        if let Some(category) = row.category.as_ref().filter(|category| pack.categories.get(category).is_none()) {
            return Err(bad(format!("category {category} is not in the pack's categories.csv")));
        }
        if row.category.is_none() != (row.kind == Kind::Other) {
            return Err(bad("a complaint or question has a category, what is nothing to act on has none".to_owned()));
        }
        let unknown = row.agencies.iter().find(|code| pack.jurisdiction.agencies.get(code).is_none());
        if let Some(agency) = unknown {
            return Err(bad(format!("agency {agency} is not in the pack's agencies.csv")));
        }
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct Official {
    text: String,
    source: String,
    label_kind: String,
    #[serde(default)]
    label_original: String,
    #[serde(default)]
    topic_original: Option<String>,
}

#[derive(Deserialize)]
struct Topic {
    topic: String,
    category: String,
}

fn read_topics(path: &Path, pack: &Pack) -> Result<HashMap<String, Category>, DataError> {
    if !path.exists() {
        return Ok(HashMap::new());
    }
    let bad = |line: usize, problem: String| DataError::BadLine { path: path.to_owned(), line, problem };
    let mut reader = csv::Reader::from_path(path).map_err(|error| bad(1, error.to_string()))?;
    let mut topics = HashMap::new();
    for row in reader.deserialize() {
        let row: Topic = row
            .map_err(|error| bad(error.position().map_or(0, |position| position.line() as usize), error.to_string()))?;
        // A topic without a category says nothing of ours.
        let category = row.category.parse::<Category>().ok();
        if let Some(category) = category.filter(|category| pack.categories.get(category).is_some()) {
            topics.insert(row.topic, category);
        }
    }
    Ok(topics)
}

/// The rows of a file with the numbers of their lines; empty lines are left out.
fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<(usize, T)>, DataError> {
    let unreadable = |source| DataError::Unreadable { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut rows = Vec::new();
    for (index, line) in std::io::BufReader::new(file).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        if line.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&line).map_err(|error| DataError::BadLine {
            path: path.to_owned(),
            line: index + 1,
            problem: error.to_string(),
        })?;
        rows.push((index + 1, row));
    }
    Ok(rows)
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
