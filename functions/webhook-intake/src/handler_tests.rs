use std::sync::Mutex;

use kemala_messages::x::Account;
use kemala_messages::x::signature::sign;
use serde_json::{Value, json};

use super::*;
use crate::secrets::{CachedSecrets, Vault, XSecrets};
use kemala_intake::Refused;

const US: &str = "1500000000000000001";

/// A vault that holds one answer, until it is given another.
struct TestVault(Mutex<Option<XSecrets>>);

impl Vault for &TestVault {
    async fn fetch(&self) -> Result<XSecrets, Unavailable> {
        self.0.lock().unwrap().clone().ok_or_else(|| "the vault is closed".into())
    }
}

/// Queues that remember what they took, and may behave badly.
#[derive(Default)]
struct TestQueues {
    taken: Mutex<Vec<(Queue, String)>>,
    down: Option<Queue>,
    hangs: bool,
    /// Of each batch, the first message is refused this many times.
    refusals_left: Mutex<usize>,
}

impl Queues for &TestQueues {
    async fn send_batch(&self, queue: Queue, batch: &[String]) -> Result<Vec<Refused>, NotSent> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        if self.down == Some(queue) {
            return Err(NotSent::Remote { queue, source: "connection refused".into() });
        }
        let mut left = self.refusals_left.lock().unwrap();
        let refused = usize::from(*left > 0);
        *left -= refused;
        self.taken.lock().unwrap().extend(batch.iter().skip(refused).map(|message| (queue, message.clone())));
        Ok((0..refused).map(|at| Refused { at, code: "InternalError".to_owned() }).collect())
    }
}

struct World {
    vault: TestVault,
    queues: TestQueues,
}

impl World {
    fn new() -> Self {
        Self { vault: TestVault(Mutex::new(Some(secrets("now", None)))), queues: TestQueues::default() }
    }

    fn handler(&self) -> Handler<CachedSecrets<&TestVault>, &TestQueues> {
        let account = Account { id: US.to_owned(), handle: "contoh_kab".to_owned() };
        let listening = Listening::new(["kemalajateng"], [account]);
        Handler::new(listening, CachedSecrets::new(&self.vault), &self.queues, Metrics::to("test", |_| ()))
    }

    /// The answer of a fresh function.
    async fn answer(&self, request: Request) -> (i64, String) {
        answer(&self.handler(), request, at(0)).await
    }

    fn taken(&self, queue: Queue) -> Vec<Value> {
        let taken = self.queues.taken.lock().unwrap();
        taken.iter().filter(|(of, _)| *of == queue).map(|(_, json)| serde_json::from_str(json).unwrap()).collect()
    }
}

async fn answer(
    handler: &Handler<CachedSecrets<&TestVault>, &TestQueues>,
    request: Request,
    now: Timestamp,
) -> (i64, String) {
    let response = handler.answer(&request, now).await;
    let body = match response.body {
        Some(Body::Text(text)) => text,
        other => panic!("no text: {other:?}"),
    };
    (response.status_code, body)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_134_666 + second).unwrap()
}

fn secrets(current: &str, previous: Option<&str>) -> XSecrets {
    XSecrets { current: current.parse().unwrap(), previous: previous.map(|text| text.parse().unwrap()) }
}

/// A request as Lambda gives it to a function behind a Function URL.
fn request(method: &str, query: &str, headers: Value, body: Value) -> Request {
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": query,
        "headers": headers, "body": body["text"], "isBase64Encoded": body["base64"] == true,
        "requestContext": {"accountId": "anonymous", "domainName": "abc.lambda-url.ap-southeast-3.on.aws", "stage": "$default",
            "http": {"method": method, "path": "/", "protocol": "HTTP/1.1"}},
    });
    serde_json::from_value(event).unwrap()
}

fn get(query: &str) -> Request {
    request("GET", query, json!({}), json!({}))
}

fn signed_with(secret: &str, body: &str) -> Request {
    let signature = sign(&secret.parse().unwrap(), body.as_bytes());
    request("POST", "", json!({"x-twitter-webhooks-signature": signature}), json!({"text": body}))
}

fn signed(body: &str) -> Request {
    signed_with("now", body)
}

fn tweet(id: &str) -> Value {
    json!({"id_str": id, "user": {"id_str": "1600000000000000001"}, "text": "jalan rusak #kemalajateng"})
}

fn body_of(ids: impl Iterator<Item = usize>) -> String {
    json!({"for_user_id": US, "tweet_create_events": ids.map(|id| tweet(&id.to_string())).collect::<Vec<_>>()})
        .to_string()
}

mod challenge {
    use super::*;

    #[tokio::test]
    async fn is_answered_with_the_secret_of_now() {
        let world = World::new();
        *world.vault.0.lock().unwrap() =
            Some(secrets("z3ZX4v7mAAUGykl3EcmkqbartmuW8VFOOzCloLx9Q45P0hLrFu", Some("before")));
        let answer = world.answer(get("nonce=1&crc_token=9b4507b3-9040-4669-9ca3-6b94edb50553")).await;
        let expected = r#"{"response_token":"sha256=Cytd4Sq+NvEcV3MMrXxWJGJx5A+y/lXzzU2Maartkx8="}"#;
        assert_eq!(answer, (200, expected.to_owned()));
    }

    #[tokio::test]
    async fn is_refused_where_the_token_could_be_a_body() {
        let world = World::new();
        for query in [
            "",
            "crc_token",
            "crc_token=",
            "crc_token=%7B%7D",
            "crc_token={\"for_user_id\":\"1\"}",
            "crc_token=a%20b",
            "crc_token=a+b",
            "crc_token=%ff",
            "crc_token=a&crc_token=b",
            &format!("crc_token={}", "a".repeat(257)),
        ] {
            let (status, body) = world.answer(get(query)).await;
            assert_eq!(status, 400, "{query}: {body}");
            assert!(!body.contains("sha256="), "{query}: {body}");
        }
    }

    #[tokio::test]
    async fn is_never_answered_wrongly_when_the_secret_was_changed_or_is_out_of_reach() {
        let world = World::new();
        let handler = world.handler();
        let (_, before) = answer(&handler, get("crc_token=t"), at(0)).await;
        *world.vault.0.lock().unwrap() = Some(secrets("next", Some("now")));
        let (status, after) = answer(&handler, get("crc_token=t"), at(10)).await;
        assert_eq!(status, 200);
        assert_ne!(before, after);
        *world.vault.0.lock().unwrap() = None;
        assert_eq!(answer(&handler, get("crc_token=t"), at(20)).await.0, 503);
        assert_eq!(world.answer(get("crc_token=t")).await.0, 503, "nor by a fresh function");
    }
}

mod signatures {
    use super::*;

    const BODY: &str = r#"{"for_user_id":"1","favorite_events":[{}]}"#;

    #[tokio::test]
    async fn of_now_and_of_before_are_valid_while_the_secret_is_changed() {
        let world = World::new();
        *world.vault.0.lock().unwrap() = Some(secrets("now", Some("before")));
        for (secret, status) in [("now", 200), ("before", 200), ("other", 401)] {
            assert_eq!(world.answer(signed_with(secret, BODY)).await.0, status, "{secret}");
        }
    }

    #[tokio::test]
    async fn of_a_secret_that_was_just_changed_is_valid() {
        let world = World::new();
        let handler = world.handler();
        assert_eq!(answer(&handler, signed(BODY), at(0)).await.0, 200);
        *world.vault.0.lock().unwrap() = Some(secrets("next", None));
        assert_eq!(answer(&handler, signed_with("next", BODY), at(1)).await.0, 401, "asked a second ago");
        assert_eq!(answer(&handler, signed_with("next", BODY), at(6)).await.0, 200);
        assert_eq!(answer(&handler, signed(BODY), at(7)).await.0, 401);
    }

    #[tokio::test]
    async fn are_still_checked_while_the_vault_is_out_of_reach() {
        let world = World::new();
        let handler = world.handler();
        assert_eq!(answer(&handler, signed(BODY), at(0)).await.0, 200);
        *world.vault.0.lock().unwrap() = None;
        assert_eq!(answer(&handler, signed(BODY), at(3600)).await.0, 200);
        assert_eq!(answer(&handler, signed_with("other", BODY), at(3601)).await.0, 401);
        assert_eq!(world.answer(signed(BODY)).await.0, 503, "a fresh function knows no secret");
    }

    #[tokio::test]
    async fn are_taken_over_the_bytes_that_were_sent() {
        let signature = sign(&"now".parse().unwrap(), BODY.as_bytes());
        let post = |name: &str, value: &str, text: &str, base64: bool| {
            request("POST", "", json!({name: value}), json!({"text": text, "base64": base64}))
        };
        let base64 = "eyJmb3JfdXNlcl9pZCI6IjEiLCJmYXZvcml0ZV9ldmVudHMiOlt7fV19";
        let spaced = BODY.replace(':', ": ");
        let twice = format!("{signature},{signature}");
        let bare = signature.trim_start_matches("sha256=");
        for (status, case, request) in [
            (200, "as text", post("x-twitter-webhooks-signature", &signature, BODY, false)),
            (200, "as base64", post("x-twitter-webhooks-signature", &signature, base64, true)),
            (200, "header in another case", post("X-Twitter-Webhooks-Signature", &signature, BODY, false)),
            (401, "base64 taken as text", post("x-twitter-webhooks-signature", &signature, base64, false)),
            (401, "same JSON, other bytes", post("x-twitter-webhooks-signature", &signature, &spaced, false)),
            (401, "no signature", post("x-other", &signature, BODY, false)),
            (401, "two, joined", post("x-twitter-webhooks-signature", &twice, BODY, false)),
            (401, "no algorithm", post("x-twitter-webhooks-signature", bare, BODY, false)),
            (401, "no base64", post("x-twitter-webhooks-signature", "sha256=?", BODY, false)),
        ] {
            assert_eq!(World::new().answer(request).await.0, status, "{case}");
        }
    }

    #[tokio::test]
    async fn an_answer_to_a_challenge_signs_no_body() {
        let world = World::new();
        let (_, answer) = world.answer(get("crc_token=abc")).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let forged = request(
            "POST",
            "",
            json!({"x-twitter-webhooks-signature": answer["response_token"]}),
            json!({"text": "abc"}),
        );
        assert_eq!(world.answer(forged).await.0, 400, "rightly signed, but no JSON object");
    }
}

mod webhooks {
    use super::*;

    #[tokio::test]
    async fn each_report_is_one_message() {
        let world = World::new();
        assert_eq!(world.answer(signed(&body_of(1..3))).await, (200, "{}".to_owned()));
        insta::assert_json_snapshot!(world.taken(Queue::Reports), @r#"
        [
          {
            "channel": "x_account_activity",
            "received_at": "2026-11-20T00:31:06Z",
            "report": {
              "addressed": "hashtag",
              "author": {
                "id": "1600000000000000001"
              },
              "created_at": "2010-11-04T01:42:54.657Z",
              "edit": 0,
              "first_post": "x#1",
              "post": "x#1",
              "text": "jalan rusak #kemalajateng"
            },
            "v": 1
          },
          {
            "channel": "x_account_activity",
            "received_at": "2026-11-20T00:31:06Z",
            "report": {
              "addressed": "hashtag",
              "author": {
                "id": "1600000000000000001"
              },
              "created_at": "2010-11-04T01:42:54.657Z",
              "edit": 0,
              "first_post": "x#2",
              "post": "x#2",
              "text": "jalan rusak #kemalajateng"
            },
            "v": 1
          }
        ]
        "#);
        assert_eq!(world.taken(Queue::Quarantine), Vec::<Value>::new());
    }

    #[tokio::test]
    async fn what_is_not_understood_goes_into_quarantine_and_its_siblings_through() {
        let world = World::new();
        let body = json!({"for_user_id": US, "moon_events": [{}], "tweet_create_events": [{}, tweet("1")]}).to_string();
        assert_eq!(world.answer(signed(&body)).await.0, 200);
        assert_eq!(world.taken(Queue::Reports).len(), 1);
        let quarantined = world.taken(Queue::Quarantine);
        assert_eq!(quarantined.len(), 1, "the body once, however much of it is strange");
        assert_eq!(quarantined[0]["reason"], "unknown_event");
        assert_eq!(quarantined[0]["body"], body);
    }

    #[tokio::test]
    async fn bodies_that_are_none_of_xs() {
        let world = World::new();
        for (body, status) in [
            ("".to_owned(), 400),
            ("[]".to_owned(), 400),
            ("not json".to_owned(), 400),
            (r#"{"cut":"#.to_owned(), 400),
            (r#"{"update_id":1}"#.to_owned(), 200),
            (format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_BODY_BYTES - 8)), 200),
            (format!("{{\"a\":\"{}\"}}", "x".repeat(MAX_BODY_BYTES - 7)), 413),
        ] {
            let start: String = body.chars().take(40).collect();
            assert_eq!(world.answer(signed(&body)).await.0, status, "{start}");
        }
        assert_eq!(world.taken(Queue::Quarantine).len(), 2);
    }

    #[tokio::test]
    async fn other_methods_are_told_which_there_are() {
        for method in ["PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"] {
            let response = World::new().handler().answer(&request(method, "", json!({}), json!({})), at(0)).await;
            assert_eq!(response.status_code, 405, "{method}");
            assert_eq!(response.headers["allow"], "GET, POST");
        }
    }

    #[tokio::test]
    async fn nothing_is_said_to_be_taken_while_a_queue_is_down() {
        let mut world = World::new();
        world.queues.down = Some(Queue::Reports);
        assert_eq!(world.answer(signed(&body_of(1..2))).await.0, 503);
        world.queues.down = Some(Queue::Quarantine);
        assert_eq!(world.answer(signed(&body_of(1..2))).await.0, 200, "nothing to quarantine");
        assert_eq!(world.answer(signed("{}")).await.0, 503);
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_hangs_is_answered_for_in_time() {
        let mut world = World::new();
        world.queues.hangs = true;
        let started = tokio::time::Instant::now();
        assert_eq!(world.answer(signed(&body_of(1..2))).await.0, 503);
        assert!(started.elapsed() < Duration::from_secs(3));
    }

    #[tokio::test]
    async fn what_a_queue_refuses_of_a_batch_is_sent_once_more() {
        let world = World::new();
        *world.queues.refusals_left.lock().unwrap() = 1;
        assert_eq!(world.answer(signed(&body_of(0..25))).await.0, 200);
        let mut ids: Vec<String> =
            world.taken(Queue::Reports).iter().map(|m| m["report"]["post"].to_string()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 25);

        *world.queues.refusals_left.lock().unwrap() = 2;
        assert_eq!(world.answer(signed(&body_of(0..1))).await.0, 503);
    }
}

mod measurements {
    use std::sync::Arc;

    use super::*;

    /// The one line that a request leaves, without what all lines have.
    async fn measured(world: &World, request: Request) -> String {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = Arc::clone(&lines);
        let metrics = Metrics::to("test", move |line| sink.lock().unwrap().push(line.to_owned()));
        let handler = Handler { metrics: metrics.clone(), ..world.handler() };
        metrics.written_after(answer(&handler, request, at(0))).await;
        let lines = lines.lock().unwrap();
        let values = lines.iter().flat_map(|line| {
            let Ok(Value::Object(line)) = serde_json::from_str(line) else { panic!("{line}") };
            let common = ["_aws", "level", "timestamp"];
            line.into_iter().filter(move |(name, _)| !common.contains(&name.as_str()))
        });
        values.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
    }

    #[tokio::test]
    async fn say_how_a_request_ended_and_count_no_strangers() {
        let world = World::new();
        let body = body_of(1..3);
        assert_eq!(measured(&world, signed(&body)).await, "WebhooksTaken 1.0");
        assert_eq!(measured(&world, signed_with("another", &body)).await, "WebhooksRefused 1.0");
        assert_eq!(measured(&world, get("crc_token=t")).await, "ChallengesAnswered 1.0");
        let unknown = measured(&world, signed(r#"{"update_id":1}"#)).await;
        assert_eq!(unknown, r#"Quarantined 1.0, WebhooksTaken 1.0, reason "unknown_body""#);
        for stranger in
            [get(""), request("PUT", "", json!({}), json!({})), request("POST", "", json!({}), json!({"text": body}))]
        {
            assert_eq!(measured(&world, stranger).await, "");
        }
        *world.vault.0.lock().unwrap() = None;
        assert_eq!(measured(&world, get("crc_token=t")).await, "IntakeErrors 1.0");
    }
}
