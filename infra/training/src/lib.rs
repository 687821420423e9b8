#![doc = include_str!("../README.md")]

mod card;
mod data;
mod evaluate;
mod fit;
mod folds;
mod linear;
mod metrics;
mod official;
mod targets;
mod train;
mod vocabulary;

pub use card::model_card;
pub use data::{Corpus, DataError, Gold, Post, read_gold};
pub use evaluate::{Evaluation, evaluate};
pub use folds::CrossValidation;
pub use metrics::{Bin, Class, Confusion, Found, Reliability, Share};
pub use official::{Benchmark, Task, benchmark};
pub use train::{Progress, TrainError, Trained, train};
