//! `export`: what is kept of a citizen, for them (UU 27/2022, Pasal 7).

mod page;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use kemala_classifier::Jurisdiction;
use kemala_domain::lifecycle::Case;
use kemala_domain::reply::ReplyState;
use kemala_domain::report::{Media, PlaceTag};
use kemala_domain::{AgencyCode, PostKey, Status, TicketId};
use kemala_store::Store;
use serde::Serialize;

use super::{Outcome, deployed_with_pack};
use crate::citizen::{self, Kept};
use crate::cli;
use crate::progress::Progress;
use crate::terminal::{BOLD, WARN, json_line, out, styled};

/// All that is kept of one account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Data {
    /// Who keeps it.
    service: String,
    /// The platform's id of the account.
    author: String,
    made_at: Timestamp,
    reports: Vec<Reported>,
    /// Messages that were not understood or failed, and name the account; they are kept for 14 days.
    not_understood: u32,
}

/// A report, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Reported {
    post: PostKey,
    link: Option<String>,
    handle: Option<String>,
    posted_at: Timestamp,
    received_at: Timestamp,
    text: String,
    /// As agencies were sent it.
    masked_text: String,
    place_tag: Option<PlaceTag>,
    media: Vec<Media>,
    ticket: TicketId,
    status: Option<Status>,
    /// Who had it in their hands, and was sent the masked text.
    sent_to: BTreeSet<AgencyCode>,
    answers: Vec<Answer>,
}

/// A post of ours to them.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Answer {
    ordered_at: Timestamp,
    post: Option<PostKey>,
    text: Option<String>,
}

pub(super) async fn run(arguments: cli::Export) -> Result<Outcome> {
    let (deployment, pack) = deployed_with_pack(&arguments.place).await?;
    let store = deployment.store();
    let step = Progress::on_stderr().step("search");
    let kept = citizen::reports(&store, &arguments.author, |found| step.now(format!("{found} reports"))).await?;
    step.done(&format!("{} reports", kept.len()));
    let mut data = Data {
        service: pack.title.clone(),
        author: arguments.author.clone(),
        made_at: Timestamp::now(),
        reports: Vec::new(),
        not_understood: 0,
    };
    for queue in ["quarantine", "reports-dlq"] {
        data.not_understood += citizen::in_queue(&deployment.queue(queue), &arguments.author, false).await?;
    }
    for kept in kept {
        data.reports.push(reported(&store, kept).await?);
    }
    if let Some(folder) = &arguments.out {
        write(folder, "data.json", &serde_json::to_string_pretty(&data)?)?;
        write(folder, "data.html", &page::page(&data, &pack).into_string())?;
    }
    if arguments.json {
        json_line(&data)?;
        return Ok(Outcome::Good);
    }
    show(&data, arguments.out.as_deref(), &pack)?;
    Ok(Outcome::Good)
}

async fn reported(store: &Store, kept: Kept) -> Result<Reported> {
    let case: Option<Case> = store.case(&kept.ticket).await?;
    let mut answers = Vec::new();
    if let Some(case) = &case {
        for reply in citizen::answers(store, case, &kept).await? {
            let post = match reply.state {
                ReplyState::Sent { post, .. } => post,
                _ => None,
            };
            answers.push(Answer { ordered_at: reply.ordered_at, post, text: reply.text });
        }
    }
    let Kept { ticket, voice } = kept;
    let link = voice.report.permalink();
    let report = voice.report;
    Ok(Reported {
        post: report.first_post,
        link,
        handle: report.author.handle,
        posted_at: report.created_at,
        received_at: voice.received_at,
        text: report.text,
        masked_text: voice.masked_text,
        place_tag: report.place_tag,
        media: report.media,
        ticket,
        status: case.as_ref().map(|case| case.ticket.status),
        sent_to: case.as_ref().map(citizen::holders).unwrap_or_default(),
        answers,
    })
}

/// Writes a file that only its owner may read.
fn write(folder: &Path, name: &str, content: &str) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let path = folder.join(name);
    let file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    let written = file.and_then(|mut file| file.write_all(content.as_bytes()));
    written.with_context(|| format!("{} cannot be written", path.display()))
}

fn show(data: &Data, folder: Option<&Path>, pack: &Jurisdiction) -> Result<()> {
    let mut out = out();
    let tickets: BTreeSet<&TicketId> = data.reports.iter().map(|report| &report.ticket).collect();
    let answers: usize = data.reports.iter().map(|report| report.answers.len()).sum();
    writeln!(out, "{} reports in {} tickets, {answers} answers of ours", data.reports.len(), tickets.len())?;
    for code in data.reports.iter().flat_map(|report| &report.sent_to).collect::<BTreeSet<_>>() {
        let name = pack.agencies.get(code).map_or("", |agency| agency.name.as_str());
        writeln!(out, "sent to {} {name}", styled(BOLD, code))?;
    }
    if data.not_understood > 0 {
        writeln!(out, "{} messages name them in quarantine or among dead letters", data.not_understood)?;
    }
    match folder {
        Some(folder) => writeln!(
            out,
            "{}",
            styled(WARN, format!("{} has personal data; delete it when it is handed over", folder.display()))
        )?,
        None => writeln!(out, "with --out FOLDER it is written down, for the citizen")?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_for_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "data.json", "{}").unwrap();
        let mode = fs::metadata(folder.path().join("data.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
