//! Who posts too much, and what is copied about.

use anyhow::Result;
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use kemala::webhook::{Family, Post, User};
use kemala_domain::Status;

use crate::world::{post, world};

#[tokio::test]
async fn thirty_copies_of_a_text_count_once() -> Result<()> {
    let world = world().await?;
    // One campaign that tells a place, and one that tells none.
    for text in [
        "Tolak tambang galian C di Kec. Todanan Blora, debu dan bising tiap malam",
        "Jembatan penyeberangan depan sekolah kami rusak parah, tolong segera diperbaiki",
    ] {
        let copy = |number: usize| {
            post(&format!("{text} #KemalaJateng {}", ["", "🙏", "https://t.co/abc", "@gubernur"][number % 4]))
        };
        let posts: Vec<Post> = (0..30).map(copy).collect();
        try_join_all(posts.iter().map(|post| world.tweet(post, Family::FilteredStream))).await?;
        for post in &posts {
            world.ticket(post).await?;
        }
        world.all_reports_read().await?;
        let late = world.round(Timestamp::now() + SignedDuration::from_secs(1)).await?;
        println!("late: {} joined, {} alone", late["joined"], late["alone"]);
        let ticket = world.ticket(&posts[0]).await?;
        for post in &posts {
            assert_eq!(world.ticket(post).await?.id, ticket.id, "{text}");
        }
        assert_eq!((ticket.voices, ticket.copies), (1, 29), "{text}");
        assert_eq!(world.store.voices(&ticket.id).await?.len(), 30, "nobody is lost");
        let told = world.told(ticket.holder.as_str(), &ticket.id).await?;
        assert_eq!(told.len(), 1, "the agency hears of it once: {told:?}");
    }
    Ok(())
}

#[tokio::test]
async fn reports_over_the_limit_go_to_triage_in_silence() -> Result<()> {
    let world = world().await?;
    let author = User::sample(&format!("warga_rajin_{}", Timestamp::now().as_second()));
    let text = |number: usize| format!("Jalan berlubang di RT {number} Kec. Jepon Blora #KemalaJateng");
    for number in 0..20 {
        let post = Post::new(&text(number), author.clone());
        world.tweet(&post, Family::FilteredStream).await?;
        let ticket = world.ticket(&post).await?;
        assert_eq!((ticket.holder.as_str(), ticket.quiet), ("PEMKAB3316", false), "{number}");
        // Taken twice, it counts once.
        world.tweet(&post, Family::Activity).await?;
    }
    let post = Post::new(&text(20), author.clone());
    world.tweet(&post, Family::FilteredStream).await?;
    let ticket = world.ticket(&post).await?;
    assert_eq!((ticket.status, ticket.quiet, ticket.incident.is_some()), (Status::Triage, true, false));
    assert_eq!(ticket.decision.likely.as_ref().map(|agency| agency.as_str()), Some("PEMKAB3316"));
    assert_eq!(ticket.decision.reasons.last().map(|reason| reason.matched.as_str()), Some("author_over_limit"));

    // What belongs to a ticket joins it, but counts nothing more; and others are not held back.
    let again = Post::new("jalan Kec. Jepon Blora RT 3 bolong-bolong, berlubang #KemalaJateng", author);
    world.tweet(&again, Family::FilteredStream).await?;
    let joined = world.ticket(&again).await?;
    assert_eq!((joined.voices, joined.copies), (1, 1), "{joined:?}");
    let other = crate::world::post(&text(21));
    world.tweet(&other, Family::FilteredStream).await?;
    assert_eq!(world.ticket(&other).await?.holder.as_str(), "PEMKAB3316");
    Ok(())
}

#[tokio::test]
async fn nothing_is_taken_from_a_blocked_account() -> Result<()> {
    let world = world().await?;
    world.all_reports_read().await?;
    world.take_all("quarantine").await?;
    let post = Post::new("Jalan rusak di Kec. Jepon Blora #KemalaJateng", User::new("1500000000000000666", "diblokir"));
    world.tweet(&post, Family::FilteredStream).await?;
    world.no_ticket(&post).await?;
    let kept = world.take_all("quarantine").await?;
    assert!(matches!(kept.as_slice(), [one] if one.contains("blocked_author")), "{kept:?}");
    Ok(())
}
