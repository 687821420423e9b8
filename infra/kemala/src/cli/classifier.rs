//! Arguments of what classifies, learns and measures.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `classify`.
#[derive(Debug, Args)]
pub struct Classify {
    /// The text
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pub text: Option<String>,
    /// Read lines {"id", "text"} from standard input, and write a line of JSON for each
    #[arg(long)]
    pub jsonl: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
}

/// Arguments of `same`.
#[derive(Debug, Args)]
pub struct Same {
    /// A text
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl", requires = "b")]
    pub a: Option<String>,
    /// The text it is compared with
    pub b: Option<String>,
    /// Read lines {"id", "a", "b"} from standard input, and write a line {"id", "same", "score"} for each
    #[arg(long)]
    pub jsonl: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
}

/// Arguments of `train`.
#[derive(Debug, Args)]
pub struct Train {
    /// Folder of labelled data (labelled_train.jsonl; complaints_train.jsonl, negatives_train.jsonl and
    /// surabaya_topics.csv where they are there); without it the pack's own posts alone are learned from
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Labelled posts that the model has not seen, for the figures on its card; may be given several times
    #[arg(long)]
    pub gold: Vec<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Folder for the model and its card (.kemala/training)
    #[arg(long, conflicts_with = "install")]
    pub out: Option<PathBuf>,
    /// Put the model and its card into the pack
    #[arg(long)]
    pub install: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct Eval {
    /// Labelled posts (JSON lines); may be given several times
    #[arg(long, required_unless_present = "benchmark")]
    pub gold: Vec<PathBuf>,
    /// A model other than the pack's own; `none` for the cues alone
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Learn and measure a task with official labels instead
    #[arg(long, requires = "data", conflicts_with = "gold")]
    pub benchmark: Option<OfficialTask>,
    /// Folder of the data of the benchmark
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A task with official labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OfficialTask {
    /// LaporGub's 16 categories, from stemmed texts
    Laporgub,
    /// The agency of another city, from raw texts
    Surabaya,
}

/// Arguments of `label`.
#[derive(Debug, Args)]
pub struct Label {
    /// Posts to label: JSON lines with id and text
    #[arg(long, required_unless_present = "from_desks", conflicts_with = "from_desks")]
    pub texts: Option<PathBuf>,
    /// Take what desks have corrected from the running system instead, with the labels that they gave
    #[arg(long)]
    pub from_desks: bool,
    /// File that the labelled posts are added to; those in it are not shown again
    #[arg(long)]
    pub out: PathBuf,
    /// Most posts to show
    #[arg(long, default_value_t = 20)]
    pub most: usize,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Show the posts with what the classifier says as JSON lines, least certain first, and ask nothing
    #[arg(long)]
    pub json: bool,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Set the classifier beside scikit-learn's LinearSVC and fastText: speed, memory, and how often they are right
    Classifier(BenchClassifier),
}

/// Arguments of `bench classifier`.
#[derive(Debug, Args)]
pub struct BenchClassifier {
    /// Folder of labelled data to train the peers on and to measure with (else the pack's own posts)
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Folder of the pack (shared/packs/jateng)
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}
