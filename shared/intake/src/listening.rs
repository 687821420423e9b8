//! What a pack listens for.

use kemala_classifier::Jurisdiction;
use kemala_messages::x::{Account, Listening};

/// What the pack listens for. Whoever speaks to the account that answers is heard, too.
pub fn listening(jurisdiction: &Jurisdiction) -> Listening {
    let accounts = jurisdiction.listen_to.iter().chain([&jurisdiction.answer_from]);
    Listening::new(
        &jurisdiction.hashtags,
        accounts.map(|account| Account { id: account.id.clone(), handle: account.handle.clone() }),
    )
}
