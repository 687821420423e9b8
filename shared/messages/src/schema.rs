//! What the schemas of the wire formats share.

use std::borrow::Cow;

use crate::agency::{AgencyMessage, MessageType};
use crate::ping::PingMessage;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A moment in UTC.
pub struct DateTime;

impl JsonSchema for DateTime {
    fn schema_name() -> Cow<'static, str> {
        "DateTime".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The JSON Schema of a queue message of one type (JSON Schema 2020-12), without an example.
pub fn of_message(message_type: MessageType) -> serde_json::Value {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<AgencyMessage>().to_value();
    let name = serde_json::to_value(message_type).unwrap_or_default();
    schema["title"] = name.clone();
    schema["properties"]["type"] = serde_json::json!({ "const": name });
    schema
}

/// The JSON Schema of a ping (JSON Schema 2020-12), without an example.
pub fn of_ping() -> serde_json::Value {
    let mut schema = SchemaGenerator::default().into_root_schema_for::<PingMessage>().to_value();
    schema["title"] = "id.kemala.ping.v1".into();
    schema
}
