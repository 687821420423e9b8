//! Who we are on X and what we listen for.

/// An account of ours, or one of an agency that we listen to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// X's id of the account; it stays when the handle changes.
    pub id: String,
    /// Its name, with or without the `@`.
    pub handle: String,
}

/// What makes a post one for us: the pack's hashtags and accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    hashtags: Vec<String>,
    accounts: Vec<Account>,
}

impl Listening {
    /// Listens for these, whatever their case; hashtags with or without `#`.
    pub fn new<T: AsRef<str>>(
        hashtags: impl IntoIterator<Item = T>,
        accounts: impl IntoIterator<Item = Account>,
    ) -> Self {
        Self {
            hashtags: hashtags.into_iter().map(|tag| tag.as_ref().trim_start_matches('#').to_lowercase()).collect(),
            accounts: accounts
                .into_iter()
                .map(|account| Account { handle: account.handle.trim_start_matches('@').to_owned(), ..account })
                .collect(),
        }
    }

    /// As it is for one delivery: X names the account for whose subscription it sends.
    pub(super) fn of_delivery<'a>(&'a self, subscriber: Option<&'a str>) -> Ears<'a> {
        Ears { listening: self, subscriber }
    }
}

/// What we listen for in one delivery. The subscribed account counts as listened to even where the pack does not name
/// it: its owner let us subscribe, and what X sends for it would be lost without a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ears<'a> {
    listening: &'a Listening,
    subscriber: Option<&'a str>,
}

impl Ears<'_> {
    /// Whether the account is one of ours.
    pub(super) fn is_ours(&self, id: &str) -> bool {
        self.subscriber == Some(id) || self.listening.accounts.iter().any(|account| account.id == id)
    }

    /// Whether this is the name of one of our accounts.
    pub(super) fn is_our_handle(&self, handle: &str) -> bool {
        self.listening.accounts.iter().any(|account| account.handle.eq_ignore_ascii_case(handle))
    }

    /// Whether the hashtag (without `#`) is one of ours.
    pub(super) fn is_our_hashtag(&self, tag: &str) -> bool {
        let tag = tag.to_lowercase();
        self.listening.hashtags.contains(&tag)
    }
}
