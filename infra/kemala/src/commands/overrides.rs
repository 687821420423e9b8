//! `override`: rules, thresholds and holidays of the running system, changed without a deployment.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use kemala_classifier::{Jurisdiction, PackErrors};
use kemala_domain::Override;
use kemala_domain::overrides::Choice;
use kemala_store::overrides::PackRows;
use kemala_store::{ReadError, Store, WriteError};
use serde_json::{Value, json};

use super::{Outcome, deployed, say_only_told};
use crate::cli;
use crate::local::{Local, Options, Workspace};
use crate::problem::Problem;
use crate::replacement::{made_of, named, names, on_top_of};
use crate::terminal::{BAD, BOLD, DIM, GOOD, Table, WARN, json_line, out, styled};
use crate::version::{errors, stored};

pub(super) async fn run(arguments: cli::Override) -> Result<Outcome> {
    match arguments {
        cli::Override::Check(arguments) => check(arguments).await,
        cli::Override::Put(arguments) => put(arguments).await,
        cli::Override::List(arguments) => list(arguments).await,
        cli::Override::Use(arguments) => choose(Some(arguments.version), &arguments.writes, arguments.json).await,
        cli::Override::Off(arguments) => choose(None, &arguments.writes, arguments.json).await,
    }
}

/// The running system's overrides, and the folder of its shipped pack.
struct System {
    rows: PackRows,
    shipped: PathBuf,
}

impl System {
    async fn at(place: &cli::Place) -> Result<Self> {
        let (workspace, deployment) = deployed(place).await?;
        Ok(Self::of(&workspace, deployment.store(), &deployment.names.pack))
    }

    fn of(workspace: &Workspace, store: Store, pack: &str) -> Self {
        Self { rows: PackRows::new(store, pack), shipped: workspace.pack(pack) }
    }
}

/// The overrides and the shipped pack of the local system, where it runs.
pub(super) fn rows_if_running(workspace: &Workspace) -> Result<Option<(PackRows, PathBuf)>> {
    let usual = Options::usual(workspace);
    let local = Local::find(&usual.folder, &usual.names)?;
    Ok(local.map(|local| {
        let store = Store::new(&local.target.sdk_config(), local.names.table());
        let system = System::of(workspace, store, &local.names.pack);
        (system.rows, system.shipped)
    }))
}

async fn check(arguments: cli::OverrideCheck) -> Result<Outcome> {
    let over = match arguments.what.as_slice() {
        [one] if one.to_str().is_some_and(|text| text.parse::<u32>().is_ok()) => {
            let system = System::at(&arguments.place).await?;
            let over = stored(&system.rows, one.to_string_lossy().parse()?).await?;
            return tell_check(&system.shipped, &over, arguments.json);
        }
        paths => made_of(paths, &shipped_of(arguments.pack.clone())?, 0, String::new())?,
    };
    tell_check(&shipped_of(arguments.pack)?, &over, arguments.json)
}

fn shipped_of(pack: Option<PathBuf>) -> Result<PathBuf> {
    super::pack_folder(pack)
}

fn tell_check(shipped: &Path, over: &Override, json: bool) -> Result<Outcome> {
    let errors = errors(shipped, over);
    match (&errors, json) {
        (None, true) => json_line(&json!({"ok": true, "based_on": over.based_on, "files": names(over)}))?,
        (None, false) => writeln!(out(), "{} {} with {}", styled(GOOD, "✓"), over.based_on, names(over).join(", "))?,
        (Some(errors), _) => tell_errors(errors, json)?,
    }
    Ok(Outcome::good_if(errors.is_none()))
}

fn tell_errors(PackErrors(errors): &PackErrors, json: bool) -> Result<()> {
    if json {
        let errors: Vec<Value> = errors
            .iter()
            .map(|error| json!({"file": error.file, "line": error.line, "problem": error.problem}))
            .collect();
        return json_line(&json!({"ok": false, "errors": errors}));
    }
    for error in errors {
        writeln!(out(), "{error}")?;
    }
    Ok(writeln!(out(), "{} refused; errors: {}", styled(BAD, "✗"), errors.len())?)
}

async fn put(arguments: cli::OverridePut) -> Result<Outcome> {
    let System { rows, shipped } = System::at(&arguments.writes.place).await?;
    let choice = rows.choice().await?;
    let version = rows.versions().await?.last().unwrap_or(&0) + 1;
    let mut over = made_of(&arguments.what, &shipped, version, arguments.note)?;
    if let Some(counting) = choice.version.filter(|_| !arguments.alone) {
        over = on_top_of(over, &stored(&rows, counting).await?);
    }
    if let Some(errors) = errors(&shipped, &over) {
        tell_errors(&errors, arguments.json)?;
        return Ok(Outcome::Bad);
    }
    if !arguments.writes.may_write() {
        return only_told(&format!("{} would count: {}", named(&over), names(&over).join(", ")), arguments.json);
    }
    let choice = rows.put(&over, choice).await.map_err(somebody_else)?;
    if arguments.json {
        json_line(&json!({"version": version, "pack_version": named(&over), "files": names(&over), "choice": choice}))?;
    } else {
        writeln!(out(), "{} {} counts: {}", styled(GOOD, "✓"), styled(BOLD, named(&over)), names(&over).join(", "))?;
        writeln!(out(), "  back with: cargo kemala override {}", back(choice))?;
    }
    Ok(Outcome::Good)
}

async fn choose(version: Option<u32>, writes: &cli::Writes, json: bool) -> Result<Outcome> {
    let System { rows, shipped } = System::at(&writes.place).await?;
    let choice = rows.choice().await?;
    let pack_version = match version {
        None => Jurisdiction::load(&shipped).map_err(|errors| anyhow!("the pack is broken:\n{errors}"))?.version,
        Some(version) => {
            let over = stored(&rows, version).await?;
            if let Some(errors) = errors(&shipped, &over) {
                tell_errors(&errors, json)?;
                return Ok(Outcome::Bad);
            }
            named(&over)
        }
    };
    if !writes.may_write() {
        return only_told(&format!("{pack_version} would count"), json);
    }
    let choice =
        if version == choice.version { choice } else { rows.choose(version, choice).await.map_err(somebody_else)? };
    if json {
        json_line(&json!({"version": version, "pack_version": pack_version, "choice": choice}))?;
    } else {
        writeln!(out(), "{} {} counts", styled(GOOD, "✓"), styled(BOLD, pack_version))?;
    }
    Ok(Outcome::Good)
}

/// What would be done on AWS, where it may not be.
fn only_told(what: &str, json: bool) -> Result<Outcome> {
    match json {
        true => json_line(&json!({ "done": false, "would": what }))?,
        false => writeln!(out(), "{what}")?,
    }
    say_only_told();
    Ok(Outcome::Bad)
}

async fn list(arguments: cli::OverrideList) -> Result<Outcome> {
    let System { rows, shipped } = System::at(&arguments.place).await?;
    let choice = rows.choice().await?;
    let mut listed = Vec::new();
    for version in rows.versions().await? {
        // A row that somebody wrote by hand may be anything; the others are shown all the same.
        let over = match rows.get(version).await {
            Err(ReadError::Unreadable { .. }) => None,
            over => over?,
        };
        let errors = over.as_ref().map_or(1, |over| errors(&shipped, over).map_or(0, |errors| errors.0.len()));
        listed.push(Listed { version, over, errors });
    }
    let is_refused = listed.iter().any(|listed| choice.version == Some(listed.version) && listed.errors > 0);
    if arguments.json {
        let overrides: Vec<Value> = listed.iter().map(facts).collect();
        json_line(&json!({"choice": choice, "overrides": overrides}))?;
    } else {
        show(&listed, choice)?;
    }
    Ok(Outcome::good_if(!is_refused))
}

/// An override as it is found in the table; without content where its row is unreadable.
struct Listed {
    version: u32,
    over: Option<Override>,
    errors: usize,
}

fn facts(Listed { version, over, errors }: &Listed) -> Value {
    json!({
        "version": version,
        "based_on": over.as_ref().map(|over| &over.based_on),
        "files": over.as_ref().map(names),
        "bytes": over.as_ref().map(Override::bytes),
        "note": over.as_ref().map(|over| &over.note),
        "written_at": over.as_ref().map(|over| over.written_at),
        "errors": errors,
    })
}

fn show(listed: &[Listed], choice: Choice) -> Result<()> {
    let mut table = Table::with_head(&["", "version", "made for", "files", "written", "note"]);
    let mark = |version: Option<u32>, errors: usize| match (choice.version == version, errors) {
        (true, 0) => styled(GOOD, "counts"),
        (true, _) => styled(BAD, "refused"),
        (false, 0) => String::new(),
        (false, _) => styled(WARN, "unfit"),
    };
    table.row([mark(None, 0), styled(BOLD, "shipped")]);
    for Listed { version, over, errors } in listed {
        let (mark, version) = (mark(Some(*version), *errors), styled(BOLD, version));
        match over {
            Some(over) => table.row([
                mark,
                version,
                over.based_on.clone(),
                names(over).join(", "),
                over.written_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
                styled(DIM, &over.note),
            ]),
            None => table.row([mark, version, "its row is unreadable".to_owned()]),
        }
    }
    table.write(&mut out())
}

/// What leads back to what counted before.
fn back(choice: Choice) -> String {
    choice.before.map_or_else(|| "off".to_owned(), |before| format!("use {before}"))
}

fn somebody_else(error: WriteError) -> anyhow::Error {
    match error {
        WriteError::Conflict => anyhow!(Problem::new(
            "somebody else changed the overrides at the same moment; nothing was changed",
            "look with: cargo kemala override list, and repeat"
        )),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_told() {
        assert_eq!(back(Choice::default().then(Some(1))), "off");
        assert_eq!(back(Choice::default().then(Some(1)).then(Some(2))), "use 1");
    }
}
