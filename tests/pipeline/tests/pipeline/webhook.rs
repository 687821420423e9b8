//! What the webhook lets in, and what it answers.

use anyhow::Result;
use kemala::webhook::Family;
use kemala_messages::x::signature;
use serde_json::{Value, json};

use crate::world::{post, world};

#[tokio::test]
async fn the_challenge_is_answered_and_signs_nothing_else() -> Result<()> {
    let world = world().await?;
    let token = "9b4507b3-9040-4669-9ca3-6b94edb50553";
    let sent = world.sender.crc(token).await?;
    let answer: Value = serde_json::from_str(&sent.body)?;
    let expected = signature::sign(&world.local.consumer_secret.parse().unwrap(), token.as_bytes());
    assert_eq!((sent.status, answer["response_token"].as_str()), (200, Some(expected.as_str())));
    for forged in [r#"{"for_user_id":"1"}"#, "two words", "", &"a".repeat(257)] {
        assert_eq!(world.sender.crc(forged).await?.status, 400, "{forged}");
    }
    Ok(())
}

#[tokio::test]
async fn a_forged_or_changed_body_is_refused_and_leaves_nothing() -> Result<()> {
    let world = world().await?;
    let post = post("Jalan rusak di Kec. Jepon Blora #KemalaJateng");
    let account = kemala::webhook::User::new("1500000000000000001", "KemalaJateng");
    let body = post.webhook(Family::FilteredStream, &account).to_string();
    let good = signature::sign(&world.local.consumer_secret.parse().unwrap(), body.as_bytes());
    let forger = world.sender.with_secret("another-secret".parse().unwrap());
    assert_eq!(forger.post(body.as_bytes()).await?.status, 401);
    let bare = good.trim_start_matches("sha256=");
    for wrong in ["", "sha256=", bare, &format!("{good},{good}"), &good.replace("sha256", "sha1")] {
        assert_eq!(world.sender.post_with(body.as_bytes(), wrong).await?.status, 401, "{wrong}");
    }
    let changed = body.replace("Jepon", "Cepu");
    assert_eq!(world.sender.post_with(changed.as_bytes(), &good).await?.status, 401);
    world.no_ticket(&post).await
}

#[tokio::test]
async fn what_is_no_report_is_told_or_kept() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.take_all("quarantine").await?;
    for (body, status) in [("[1]", 400), ("no json", 400), ("\"text\"", 400)] {
        assert_eq!(world.sender.post(body.as_bytes()).await?.status, status, "{body}");
    }
    let large = json!({ "padding": "x".repeat(1 << 20) });
    assert_eq!(world.send(&large).await?.status, 413);
    assert_eq!(world.take_all("quarantine").await?.len(), 0);

    assert_eq!(world.send(&json!({ "update_id": 1 })).await?.status, 200);
    let kept = world.take_all("quarantine").await?;
    assert_eq!(kept.len(), 1);
    let kept: Value = serde_json::from_str(&kept[0])?;
    assert_eq!((kept["reason"].as_str(), kept["body"].as_str()), (Some("unknown_body"), Some(r#"{"update_id":1}"#)));
    Ok(())
}
