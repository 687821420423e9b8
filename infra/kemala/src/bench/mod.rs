//! The classifier beside its peers: the same texts, one at a time, on one core, in the same run.

mod material;
mod report;
mod results;
mod runs;

use std::path::Path;

use anyhow::Result;

use crate::local::Workspace;
use crate::progress::Progress;
use material::Material;
pub(crate) use report::Report;
use runs::Runs;

/// How often each program gets its turn, so that what else the machine does meanwhile meets all of them.
const ROUNDS: usize = 3;

/// Trains the peers, measures all, and makes figures of it.
///
/// `pack` is a pack's folder, `data` one of labelled data; without it the pack's own posts serve, a part of them held
/// out.
///
/// # Errors
/// What kept it from being done, with what to do about it.
pub(crate) async fn classifier(workspace: &Workspace, pack: &Path, data: Option<&Path>) -> Result<Report> {
    let material = match data {
        Some(folder) => Material::of_folder(folder)?,
        None => Material::of_sample(&pack.join("training/posts.jsonl"))?,
    };
    let progress = Progress::on_stderr();
    let runs = Runs::prepare(workspace, &material, &progress).await?;
    let (mut kemala, mut peers) = runs.round(pack).await?;
    for _ in 1..ROUNDS {
        let (again, peers_again) = runs.round(pack).await?;
        kemala.add(again);
        peers.iter_mut().zip(peers_again).for_each(|((_, peer), (_, again))| peer.add(again));
    }
    Report::of(&material, runs.core(), &kemala, &peers)
}
