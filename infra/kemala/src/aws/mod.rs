//! Calls to AWS services beyond what an SDK client here covers.

mod answer;
mod signed;

pub use answer::{Answer, elements};
pub use signed::{Caller, SignedHttp, Stack};
