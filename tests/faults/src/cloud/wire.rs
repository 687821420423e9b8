//! The SDK's HTTP client, replaced: requests go to a [`Cloud`], past whoever makes faults.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use super::table::cancelled;
use super::{Answer, Call, Cloud, Service};

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The service says 500; with or without having done it.
    ServerError(Effect),
    /// The connection breaks.
    Reset(Effect),
    /// No answer ever comes.
    Hang(Effect),
    /// The process is killed at this call.
    Kill(Effect),
    /// Too many requests.
    Throttle,
    /// Another transaction holds one of the rows; calls of other kinds go through.
    Conflict,
    /// The answer takes that long.
    Slow(Duration),
}

/// Whether a call that goes wrong has its effect all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing was done.
    Missing,
    /// It was done, and nobody is told.
    Done,
}

/// Who decides what goes wrong, and notes what happened.
pub trait Weather: std::fmt::Debug + Send + Sync {
    /// What happens to the next call.
    fn fault(&self, call: &Call) -> Option<Fault>;

    /// The process that made the call is to be killed: its future is dropped by who runs it.
    fn kill(&self);
}

/// A client that reaches a cloud through a weather.
#[derive(Debug, Clone)]
pub struct Wire {
    cloud: Arc<Cloud>,
    weather: Arc<dyn Weather>,
}

impl Wire {
    /// A way to that cloud.
    pub fn new(cloud: Arc<Cloud>, weather: Arc<dyn Weather>) -> Self {
        Self { cloud, weather }
    }

    async fn send(self, call: Call) -> Result<HttpResponse, ConnectorError> {
        let fault = self.weather.fault(&call);
        let effect = |effect: Effect| {
            if effect == Effect::Done {
                self.cloud.answer(&call);
            }
        };
        let answer = match fault {
            None => self.cloud.answer(&call),
            Some(Fault::Slow(time)) => {
                tokio::time::sleep(time).await;
                self.cloud.answer(&call)
            }
            Some(Fault::ServerError(done)) => {
                effect(done);
                Answer::error(500, "InternalServerError", "a fault")
            }
            Some(Fault::Reset(done)) => {
                effect(done);
                return Err(ConnectorError::io("connection reset by peer".into()));
            }
            Some(Fault::Hang(done)) => {
                effect(done);
                std::future::pending().await
            }
            Some(Fault::Kill(done)) => {
                effect(done);
                self.weather.kill();
                std::future::pending().await
            }
            Some(Fault::Throttle) => Answer::error(400, "ThrottlingException", "Rate exceeded"),
            Some(Fault::Conflict) => match call.request["TransactItems"].as_array() {
                Some(items) => {
                    let first = [json!({ "Code": "TransactionConflict" })];
                    let others = items.iter().skip(1).map(|_| json!({ "Code": "None" }));
                    cancelled(&first.into_iter().chain(others).collect::<Vec<Value>>())
                }
                None => self.cloud.answer(&call),
            },
        };
        let mut response = HttpResponse::new(
            answer
                .status
                .try_into()
                .map_err(|error: aws_smithy_runtime_api::http::HttpError| ConnectorError::other(error.into(), None))?,
            SdkBody::from(answer.body),
        );
        response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
        Ok(response)
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        match call_of(&request) {
            Some(call) => HttpConnectorFuture::new(self.clone().send(call)),
            None => HttpConnectorFuture::ready(Err(ConnectorError::user("no call that is modelled".into()))),
        }
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// The call that a request makes.
fn call_of(request: &HttpRequest) -> Option<Call> {
    let body = request.body().bytes()?;
    if let Some(target) = request.headers().get("x-amz-target") {
        let (service, operation) = target.rsplit_once('.')?;
        let service = match service {
            "DynamoDB_20120810" => Service::DynamoDb,
            "AmazonSQS" => Service::Sqs,
            "secretsmanager" => Service::Secrets,
            _ => return None,
        };
        return Some(Call { service, operation: operation.to_owned(), request: serde_json::from_slice(body).ok()? });
    }
    let form: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    let operation = form.get("Action")?.clone();
    Some(Call { service: Service::Sns, operation, request: json!(form) })
}
