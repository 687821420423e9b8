//! The topic that reaches people without a queue. Who subscribes to it, by which telephone or address, is up to ops.

use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use aws_types::SdkConfig;
use kemala_messages::notice::Notice;

use crate::queues::{SendError, code_of};

/// The topic.
#[derive(Debug, Clone)]
pub struct PeopleTopic {
    client: Client,
    arn: String,
}

impl PeopleTopic {
    /// The topic of that ARN.
    pub fn new(config: &SdkConfig, arn: String) -> Self {
        Self { client: Client::new(config), arn }
    }

    /// Tells a notice. SNS knows no repeats: where nobody can say whether it was told, it is told again, for a telephone
    /// that rings twice is better than one that does not ring.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn tell(&self, notice: &Notice) -> Result<(), SendError> {
        let attributes = &notice.attributes;
        let mut publish = self.client.publish().topic_arn(&self.arn).subject(&notice.subject).message(&notice.text);
        let named = [
            ("kind", attributes.kind),
            ("ticket", attributes.ticket.as_str()),
            ("agency", attributes.agency.as_str()),
            ("addresses", &attributes.addresses),
        ];
        // SNS refuses empty values.
        for (name, text) in named.into_iter().filter(|(_, text)| !text.is_empty()) {
            let value = MessageAttributeValue::builder().data_type("String").string_value(text).build();
            let value = value
                .map_err(|_| SendError::Remote { queue: "people".to_owned(), code: "unbuilt attribute".to_owned() })?;
            publish = publish.message_attributes(name, value);
        }
        let sent = publish.send().await;
        sent.map(drop).map_err(|error| SendError::Remote { queue: "people".to_owned(), code: code_of(&error) })
    }
}
