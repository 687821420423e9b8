//! One request: a challenge to answer, or a webhook to take.

use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayV2httpResponse as Response;
use aws_lambda_events::encodings::Body;
use http::{HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use kemala_intake::{NoIntake, NotSent, Outgoing, Queue, Queues, send_all, sort_body};
use kemala_messages::x::Listening;
use kemala_messages::x::crc::{self, CrcToken, InvalidCrcToken};
use kemala_messages::x::signature::{self, MalformedSignature, Signature};
use kemala_runtime::guard::chain;
use kemala_runtime::metrics::Metrics;

use crate::metrics::{Ended, ended, quarantined};
use crate::secrets::{Secrets, Unavailable};
use kemala_runtime::request::{Request, only_header, only_parameter, raw_body};

/// Largest body that is taken; X's are 2 to 60 kB, with reposts and quotes nested in them seldom above 100 kB.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// X waits 10 s by its present documentation and 3 s by its older one.
const ANSWER_WITHIN: Duration = Duration::from_millis(2500);

/// Why a request gets no 200. X sends a webhook again after any other answer.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("only GET and POST are answered")]
    Method,
    #[error("{0}")]
    Token(#[from] InvalidCrcToken),
    #[error("give one crc_token")]
    NoToken,
    #[error("the body is not the base64 that it is said to be")]
    Encoding,
    #[error("a body is at most {MAX_BODY_BYTES} bytes")]
    TooLarge,
    #[error("give one {}", signature::HEADER)]
    Unsigned,
    #[error("the signature is {0}")]
    Malformed(#[from] MalformedSignature),
    #[error("the signature is not of this body")]
    Mismatch,
    #[error(transparent)]
    NoIntake(#[from] NoIntake),
    #[error("the secret could not be loaded")]
    Secrets(#[source] Unavailable),
    #[error(transparent)]
    NotSent(#[from] NotSent),
    #[error("it took longer than {ANSWER_WITHIN:?}")]
    OutOfTime,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Token(_) | Self::NoToken | Self::Encoding | Self::NoIntake(NoIntake::NoObject) => {
                StatusCode::BAD_REQUEST
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unsigned | Self::Malformed(_) | Self::Mismatch => StatusCode::UNAUTHORIZED,
            Self::Secrets(_) | Self::NotSent(_) | Self::NoIntake(NoIntake::Unwritable(_)) | Self::OutOfTime => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

/// The function.
pub struct Handler<S, Q> {
    listening: Listening,
    secrets: S,
    queues: Q,
    metrics: Metrics,
}

impl<S: Secrets, Q: Queues> Handler<S, Q> {
    /// The function over what the pack listens for, the secrets and the queues; what it does is measured.
    pub fn new(listening: Listening, secrets: S, queues: Q, metrics: Metrics) -> Self {
        Self { listening, secrets, queues, metrics }
    }

    /// Answers a request, in time whatever happens.
    pub async fn answer(&self, request: &Request, now: Timestamp) -> Response {
        let work = async {
            match request.request_context.http.method {
                Method::GET => self.challenge(request, now).await,
                Method::POST => self.webhook(request, now).await,
                _ => Err(Refusal::Method),
            }
        };
        let answered = tokio::time::timeout(ANSWER_WITHIN, work).await.unwrap_or(Err(Refusal::OutOfTime));
        if let Some(how) = how_ended(&request.request_context.http.method, &answered) {
            ended(&self.metrics, how);
        }
        match answered {
            Ok(body) => response(StatusCode::OK, "application/json", body),
            Err(refusal) => refuse(&refusal),
        }
    }

    async fn challenge(&self, request: &Request, now: Timestamp) -> Result<String, Refusal> {
        let token: CrcToken = only_parameter(request, "crc_token").ok_or(Refusal::NoToken)?.parse()?;
        let secrets = self.secrets.latest(now).await.map_err(Refusal::Secrets)?;
        serde_json::to_string(&crc::answer(&secrets.current, &token)).map_err(|error| NoIntake::from(error).into())
    }

    async fn webhook(&self, request: &Request, now: Timestamp) -> Result<String, Refusal> {
        let body = raw_body(request).ok_or(Refusal::Encoding)?;
        if body.len() > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge);
        }
        self.check_signature(request, &body, now).await?;
        let Outgoing { reports, quarantine, reason } = sort_body(&body, &self.listening, now)?;
        let (reports, quarantine) = tokio::join!(
            send_all(&self.queues, Queue::Reports, reports),
            send_all(&self.queues, Queue::Quarantine, quarantine.into_iter().collect()),
        );
        reports.and(quarantine)?;
        if let Some(reason) = reason {
            quarantined(&self.metrics, reason);
        }
        Ok("{}".to_owned())
    }

    async fn check_signature(&self, request: &Request, body: &[u8], now: Timestamp) -> Result<(), Refusal> {
        let signature: Signature = only_header(request, signature::HEADER).ok_or(Refusal::Unsigned)?.parse()?;
        let known = self.secrets.recent(now).await.map_err(Refusal::Secrets)?;
        if known.have_signed(body, &signature) {
            return Ok(());
        }
        // The secret may have been changed since it was read.
        match self.secrets.latest(now).await {
            Ok(latest) if latest.have_signed(body, &signature) => Ok(()),
            _ => Err(Refusal::Mismatch),
        }
    }
}

/// What of an answer is counted. Strangers' mistakes are not: the address is open to everybody.
fn how_ended(method: &Method, answered: &Result<String, Refusal>) -> Option<Ended> {
    match answered {
        Ok(_) if *method == Method::GET => Some(Ended::Challenge),
        Ok(_) => Some(Ended::Taken),
        Err(Refusal::Mismatch) => Some(Ended::WrongSignature),
        Err(refusal) if refusal.status().is_server_error() => Some(Ended::Error),
        Err(_) => None,
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let status = refusal.status();
    if status.is_server_error() {
        tracing::error!(status = status.as_u16(), error = %chain(refusal), "refused; X will send it again");
    } else {
        tracing::warn!(status = status.as_u16(), reason = %refusal, "refused");
    }
    let mut response = response(status, "text/plain; charset=utf-8", refusal.to_string());
    if matches!(refusal, Refusal::Method) {
        response.headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    }
    response
}

fn response(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::default();
    response.status_code = status.as_u16().into();
    response.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response.body = Some(Body::Text(body));
    response
}

#[cfg(test)]
#[path = "handler_tests.rs"]
mod tests;
