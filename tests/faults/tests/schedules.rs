//! Schedules of faults, by seed.
#![recursion_limit = "256"]

use std::path::Path;

use kemala_classifier::Pack;

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_and_nothing_double_whatever_goes_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/packs/jateng");
    let pack = Pack::load(&folder).unwrap();
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (first, count) = (number("FIRST_SEED", 1), number("SEEDS", 40));
    let mut broken = Vec::new();
    for seed in first..first + count {
        match kemala_faults::run(seed, 80, &pack, &folder).await {
            Ok(done) => println!("{seed}: {done:?}"),
            Err(error) => {
                println!("{seed}: {error}");
                broken.push((seed, error));
            }
        }
    }
    assert_eq!(broken, [], "schedules in which something does not hold");
}
