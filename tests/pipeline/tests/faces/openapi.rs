//! The API keeps what its OpenAPI document says, whatever a machine thinks of to send.

use anyhow::Result;
use jiff::Timestamp;
use kemala::local::{SCHEMATHESIS, Venv, Workspace};
use kemala::progress::Progress;
use kemala::webhook::Family;
use kemala_store::figures::FiguresRows;
use tokio::process::Command;

use crate::world::{post, until, world};

#[tokio::test]
async fn schemathesis_finds_nothing() -> Result<()> {
    let world = world().await?;
    let workspace = Workspace::find()?;
    let venv = Venv::ensure(SCHEMATHESIS, &workspace.home(), &Progress::on_stderr()).await?;
    let folder = workspace.root().join("tests/pipeline/schemathesis");
    let output = workspace.home().join("schemathesis");
    std::fs::create_dir_all(&output)?;
    // An agency, and a desk: each with tickets that are there.
    let outside = "Jalan rusak di Kabupaten Sleman Yogyakarta";
    let texts = ["Jalan rusak di Kec. Jepon Blora", "Lampu jalan mati di Kec. Cepu Blora"];
    let desk_texts = [format!("{outside} sisi utara"), "Banjir di Kota Surabaya".to_owned()];
    world.round(Timestamp::now()).await?;
    let rows = FiguresRows::new(&world.store, &world.local.names.pack);
    let months =
        until("a month is closed", async || Ok(Some(rows.months().await?).filter(|months| !months.is_empty())));
    let month = months.await?[0].0;
    for (code, texts) in [("PEMKAB3316", texts.map(str::to_owned)), ("TRIAGE", desk_texts)] {
        let mut tickets = Vec::new();
        for text in texts {
            let report = post(&format!("{text} #KemalaJateng"));
            world.tweet(&report, Family::FilteredStream).await?;
            tickets.push(world.ticket(&report).await?.id.to_string());
        }
        let keys = world.http.agency_keys(&world.local.names, &code.parse()?).await?;
        let ran = Command::new(venv.program("schemathesis"))
            .arg("--config-file")
            .arg(folder.join("schemathesis.toml"))
            .arg("run")
            .arg(workspace.root().join("infra/openapi/agency-updates.json"))
            .args(["--url", &world.local.api_url()?])
            .current_dir(&output)
            .env("SCHEMATHESIS_HOOKS", folder.join("hooks.py"))
            .env("API_CODE", code)
            .env("API_TICKETS", tickets.join(","))
            .env("API_MONTH", month.to_string())
            .env("AWS_REGION", &world.local.target.region)
            .env("AWS_ACCESS_KEY_ID", &keys.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &keys.secret_access_key)
            .env("AWS_SESSION_TOKEN", keys.session_token.as_deref().unwrap_or_default())
            .env("PYTHONHASHSEED", "0")
            .kill_on_drop(true)
            .output()
            .await?;
        let said = String::from_utf8_lossy(&ran.stdout);
        anyhow::ensure!(ran.status.success(), "as {code}:\n{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    }
    Ok(())
}
