//! Names of resources: `kemala-<stage>-<pack>-…`, as the template gives them.

use kemala_domain::AgencyCode;
use serde::{Deserialize, Serialize};

/// The names of one deployment, which follow from its stage and its pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Such as `dev`, `staging`, `prod`.
    pub stage: String,
    /// Such as `jateng`.
    pub pack: String,
}

impl Names {
    /// Those that `KEMALA_STAGE` and `KEMALA_PACK` name; without them the development stage of the first pack.
    pub fn usual() -> Self {
        let named = |variable, usual: &str| std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
        Self { stage: named("KEMALA_STAGE", "dev"), pack: named("KEMALA_PACK", "jateng") }
    }

    /// What a stack's name says; `None` where it is none of ours.
    pub fn of_stack(stack: &str) -> Option<Self> {
        let (stage, pack) = stack.strip_prefix("kemala-")?.split_once('-')?;
        Some(Self { stage: stage.to_owned(), pack: pack.to_owned() })
    }

    /// The CloudFormation stack.
    pub fn stack(&self) -> String {
        format!("kemala-{}-{}", self.stage, self.pack)
    }

    /// The one table.
    pub fn table(&self) -> String {
        self.stack()
    }

    /// A function, by its folder's name.
    pub fn function(&self, folder: &str) -> String {
        format!("{}-{folder}", self.stack())
    }

    /// A queue other than an agency's, such as `reports`.
    pub fn queue(&self, name: &str) -> String {
        format!("{}-{name}", self.stack())
    }

    /// An agency's queue.
    pub fn agency_queue(&self, code: &AgencyCode) -> String {
        format!("{}{code}.fifo", self.agency_queues())
    }

    /// What the names of all agencies' queues begin with, up to the code.
    pub fn agency_queues(&self) -> String {
        format!("{}-skpd-", self.stack())
    }

    /// The role with which an agency polls its queue and calls the API.
    pub fn agency_role(&self, code: &AgencyCode) -> String {
        format!("{}-skpd-{code}", self.stack())
    }

    /// The secret that holds the keys of the account that answers.
    pub fn x_account_secret(&self) -> String {
        format!("{}-x-account", self.stack())
    }

    /// The secret that holds the keys of apps that may send reports by Open311.
    pub fn open311_keys(&self) -> String {
        format!("{}-open311-keys", self.stack())
    }

    /// The secret with which the desk signs its sessions.
    pub fn desk_session_secret(&self) -> String {
        format!("{}-desk-session", self.stack())
    }

    /// The secret that holds the consumer secret of X.
    pub fn x_secret(&self) -> String {
        format!("{}-x", self.stack())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_stage_and_pack() {
        let names = Names { stage: "dev".into(), pack: "jateng".into() };
        let blora: AgencyCode = "PEMKAB3316".parse().unwrap();
        assert_eq!(Names::of_stack(&names.stack()), Some(names.clone()));
        assert_eq!(names.table(), "kemala-dev-jateng");
        assert_eq!(names.queue("reports"), "kemala-dev-jateng-reports");
        assert_eq!(names.agency_queue(&blora), "kemala-dev-jateng-skpd-PEMKAB3316.fifo");
        assert_eq!(names.agency_role(&blora), "kemala-dev-jateng-skpd-PEMKAB3316");
        assert_eq!(names.function("webhook-intake"), "kemala-dev-jateng-webhook-intake");
        assert_eq!(names.x_secret(), "kemala-dev-jateng-x");
    }
}
