//! What needs no table; the rest is told in tests/pipeline.

use std::sync::Mutex;

use aws_lambda_events::encodings::Body;
use kemala_intake::{NotSent, Refused};
use kemala_runtime::aws::{Timeouts, sdk_config};
use kemala_runtime::config::Env;
use kemala_vault::Unusable;
use serde_json::Value;

use super::*;
use crate::form::tests::posted;
use crate::keys::Keys;
use crate::site::tests::{jateng, pack};

const FORM: &str = "service_code=road_damage&description=Jalan+rusak&address_string=Jepon+Blora";

struct TestVault(&'static str);

impl Vault for TestVault {
    async fn fetch(&self) -> Result<Keys, Unusable> {
        serde_json::from_str(self.0).map_err(|_| Unusable::Empty("keys".to_owned()))
    }
}

/// A queue that remembers what it took, or takes nothing.
#[derive(Default)]
struct TestQueues {
    taken: Mutex<Vec<String>>,
    is_down: bool,
}

impl Queues for &TestQueues {
    async fn send_batch(&self, queue: Queue, batch: &[String]) -> Result<Vec<Refused>, NotSent> {
        if self.is_down {
            return Err(NotSent::Remote { queue, source: "connection refused".into() });
        }
        assert_eq!(queue, Queue::Reports);
        self.taken.lock().unwrap().extend_from_slice(batch);
        Ok(Vec::new())
    }
}

const KEYS: &str = r#"{"keys": {"0123456789abcdef": "contoh"}}"#;

async fn answer_of(keys: &'static str, queues: &TestQueues, mut request: Request, path: &str) -> Response {
    request.raw_path = Some(path.to_owned());
    request.request_context.domain_name = Some("abc.example".to_owned());
    let mut env = Env::given(|_| Some("none".to_owned()));
    let store = Store::new(&sdk_config(&mut env, Timeouts::INTERACTIVE), "table".to_owned());
    let site = Site::load(&pack(), "dev".to_owned()).unwrap();
    let handler = Handler { store, site, keys: TrustedKeys::new(TestVault(keys)), queues };
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    handler.answer(&request, &Jurisdiction::load(&pack()).unwrap(), now).await
}

fn text(response: &Response) -> &str {
    match &response.body {
        Some(Body::Text(text)) => text,
        other => panic!("{other:?}"),
    }
}

async fn get(path: &str, query: &str) -> Response {
    let mut request = Request::default();
    request.request_context.http.method = Method::GET;
    request.raw_query_string = Some(query.to_owned());
    answer_of(KEYS, &TestQueues::default(), request, path).await
}

async fn post(keys: &'static str, queues: &TestQueues, form: &str) -> (i64, Value) {
    let mut request = posted(form);
    request.request_context.http.method = Method::POST;
    let response = answer_of(keys, queues, request, "/v2/requests.json").await;
    (response.status_code, serde_json::from_str(text(&response)).unwrap())
}

#[tokio::test]
async fn everybody_reads_what_can_be_reported() {
    let services = get("/v2/services.json", "jurisdiction_id=jateng").await;
    let list: Vec<Value> = serde_json::from_str(text(&services)).unwrap();
    assert_eq!(list.len(), jateng().categories.count());
    for (header, value) in [
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=60"),
        ("content-type", "application/json; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(services.headers[header], value);
    }
    let definition = get("/v2/services/health.xml", "").await;
    assert!(text(&definition).ends_with(
        "<service_definition><attributes></attributes><service_code>health</service_code></service_definition>"
    ));
    let discovery = get("/discovery.json", "").await;
    assert!(text(&discovery).contains(r#""url":"https://abc.example/v2""#), "{}", text(&discovery));
}

#[tokio::test]
async fn refusals_are_told_in_the_format_that_is_asked_for() {
    let other = get("/v2/services.json", "jurisdiction_id=jabar").await;
    insta::assert_snapshot!(text(&other), @r#"[{"code":404,"description":"jurisdiction_id: there is only jateng here"}]"#);
    assert_eq!(other.headers["cache-control"], "no-store");
    let bad = get("/v2/requests.xml", "status=purple").await;
    insta::assert_snapshot!(text(&bad), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <errors><error><code>400</code><description>status: open or closed</description></error></errors>
    "#);
    for (path, query, status) in [
        ("/v2/services/teleport.json", "", 404),
        ("/v2/tokens/nonsense.json", "", 404),
        ("/v2/requests/KJ-000000000.json", "extensions=maybe", 400),
        ("/v2/servicerequestupdates.json", "page_size=0", 400),
        ("/v3/requests.json", "", 404),
    ] {
        assert_eq!(get(path, query).await.status_code, status, "{path}?{query}");
    }
}

#[tokio::test]
async fn a_trusted_app_sends_a_report() {
    let queues = TestQueues::default();
    let form = format!("api_key=0123456789abcdef&jurisdiction_id=jateng&{FORM}");
    let (status, created) = post(KEYS, &queues, &form).await;
    assert_eq!(status, 200, "{created}");
    let token = created[0]["token"].as_str().unwrap();
    assert_eq!(post(KEYS, &queues, &form).await.1[0]["token"], token, "again, the same");
    let taken = queues.taken.lock().unwrap();
    let message: Value = serde_json::from_str(&taken[0]).unwrap();
    assert_eq!((&taken[0], taken.len()), (&taken[1], 2));
    assert_eq!(message["channel"], "open311");
    assert_eq!(message["report"]["post"], format!("open311#{token}"));
}

#[tokio::test]
async fn who_is_not_trusted_sends_nothing() {
    let queues = TestQueues::default();
    for (keys, form, status) in [
        (KEYS, FORM.to_owned(), 403),
        (KEYS, format!("api_key=0123456789abcdeg&{FORM}"), 403),
        (KEYS, format!("api_key=0123456789abcdef&api_key=a&{FORM}"), 400),
        (KEYS, format!("api_key=0123456789abcdef&jurisdiction_id=jabar&{FORM}"), 404),
        ("", format!("api_key=0123456789abcdef&{FORM}"), 503),
        (r#"{"keys": {}}"#, format!("api_key=&{FORM}"), 503),
    ] {
        let (got, body) = post(keys, &queues, &form).await;
        assert_eq!(got, status, "{body}");
    }
    assert!(queues.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nothing_is_said_to_be_taken_while_the_queue_is_down() {
    let queues = TestQueues { is_down: true, ..TestQueues::default() };
    let (status, body) = post(KEYS, &queues, &format!("api_key=0123456789abcdef&{FORM}")).await;
    assert_eq!(status, 503);
    assert!(!body.to_string().contains("token"), "{body}");
}

#[tokio::test]
async fn other_methods_are_refused() {
    for (method, path) in [("PUT", "/v2/requests.json"), ("POST", "/v2/services.json"), ("DELETE", "/discovery.json")] {
        let mut request = Request::default();
        request.request_context.http.method = method.parse().unwrap();
        assert_eq!(answer_of(KEYS, &TestQueues::default(), request, path).await.status_code, 405, "{method} {path}");
    }
}
