//! Queues: standard ones that hand out in any order, FIFO ones with groups and deduplication; dead letters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::answer::Answer;

/// FIFO queues drop a repeat within 5 minutes.
const DEDUPLICATION_MS: i64 = 5 * 60 * 1000;

/// A message in a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// What it says.
    pub body: String,
    /// Its group, in a FIFO queue.
    pub group: Option<String>,
    /// Its deduplication id, in a FIFO queue.
    pub deduplication: Option<String>,
    /// When it was sent, in milliseconds of the cloud's clock.
    pub sent_at: i64,
    /// How often it was handed out.
    pub receives: u32,
    visible_at: i64,
}

/// How a queue behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a message that was handed out is not shown.
    pub visibility_ms: i64,
    /// After so many receives a message goes to that queue.
    pub dead_letters: Option<(u32, String)>,
}

#[derive(Debug)]
struct Queue {
    settings: Settings,
    messages: Vec<Message>,
    seen: HashMap<String, i64>,
}

/// All queues, by name.
#[derive(Debug, Default)]
pub struct Queues {
    queues: BTreeMap<String, Queue>,
    sent: u64,
}

impl Queues {
    /// Makes a queue.
    pub fn make(&mut self, name: &str, settings: Settings) {
        self.queues.insert(name.to_owned(), Queue { settings, messages: Vec::new(), seen: HashMap::new() });
    }

    /// Every queue's name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.queues.keys().map(String::as_str)
    }

    /// All that a queue holds.
    pub fn messages(&self, name: &str) -> &[Message] {
        self.queues.get(name).map(|queue| queue.messages.as_slice()).unwrap_or_default()
    }

    /// Answers a call.
    pub fn answer(&mut self, operation: &str, request: &Value, now: i64) -> Answer {
        let url = request["QueueUrl"].as_str().unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or_default().to_owned();
        if !self.queues.contains_key(&name) {
            let kind = "AWS.SimpleQueueService.NonExistentQueue";
            return Answer::error(400, kind, "The specified queue does not exist.");
        }
        match operation {
            "SendMessage" => match self.send(&name, request, now) {
                Ok(id) => Answer::ok(json!({ "MessageId": id, "MD5OfMessageBody": "" })),
                Err(problem) => Answer::error(400, "InvalidParameterValue", problem),
            },
            "SendMessageBatch" => self.send_batch(&name, request, now),
            other => Answer::error(400, "UnknownOperationException", &format!("{other} is not modelled")),
        }
    }

    fn send_batch(&mut self, name: &str, request: &Value, now: i64) -> Answer {
        let entries = request["Entries"].as_array().map(Vec::as_slice).unwrap_or_default();
        let ids: BTreeSet<_> = entries.iter().filter_map(|entry| entry["Id"].as_str()).collect();
        if entries.is_empty() || entries.len() > 10 || ids.len() < entries.len() {
            return Answer::error(
                400,
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                "1 to 10 entries, each its id",
            );
        }
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for entry in entries {
            match self.send(name, entry, now) {
                Ok(id) => successful.push(json!({ "Id": entry["Id"], "MessageId": id, "MD5OfMessageBody": "" })),
                Err(problem) => failed.push(
                    json!({ "Id": entry["Id"], "Code": "InvalidParameterValue", "Message": problem, "SenderFault": true }),
                ),
            }
        }
        Answer::ok(json!({ "Successful": successful, "Failed": failed }))
    }

    fn send(&mut self, name: &str, request: &Value, now: i64) -> Result<String, &'static str> {
        let queue = self.queues.get_mut(name).ok_or("no such queue")?;
        let text = |field: &str| request[field].as_str().map(str::to_owned);
        let body = text("MessageBody").filter(|body| !body.is_empty()).ok_or("a message wants a body")?;
        let (group, deduplication) = (text("MessageGroupId"), text("MessageDeduplicationId"));
        let is_fifo = name.ends_with(".fifo");
        if is_fifo && (group.is_none() || deduplication.is_none()) {
            return Err("a FIFO message wants a group and a deduplication id");
        }
        if deduplication.as_ref().is_some_and(|id| id.is_empty() || id.len() > 128) {
            return Err("a deduplication id has 1 to 128 characters");
        }
        self.sent += 1;
        let id = format!("message-{}", self.sent);
        if let Some(deduplication) = &deduplication {
            queue.seen.retain(|_, at| now - *at < DEDUPLICATION_MS);
            if queue.seen.contains_key(deduplication) {
                return Ok(id);
            }
            queue.seen.insert(deduplication.clone(), now);
        }
        let message =
            Message { id: id.clone(), body, group, deduplication, sent_at: now, receives: 0, visible_at: now };
        queue.messages.push(message);
        Ok(id)
    }

    /// Hands out what may be seen, at most `most`, for the queue's time of invisibility. What has been handed out too often
    /// goes to the dead letters. A FIFO queue holds a group back while one of its messages is out.
    pub fn receive(&mut self, name: &str, most: usize, now: i64) -> Vec<Message> {
        let Some(queue) = self.queues.get_mut(name) else { return Vec::new() };
        let settings = queue.settings.clone();
        let is_fifo = name.ends_with(".fifo");
        let mut out: BTreeSet<String> = BTreeSet::new();
        if is_fifo {
            let away = queue.messages.iter().filter(|message| message.visible_at > now);
            out.extend(away.filter_map(|message| message.group.clone()));
        }
        let (mut handed, mut dead, mut at) = (Vec::new(), Vec::new(), 0);
        while at < queue.messages.len() && handed.len() < most {
            let message = &mut queue.messages[at];
            let held = message.group.as_ref().is_some_and(|group| out.contains(group));
            if message.visible_at > now || held {
                at += 1;
                continue;
            }
            if settings.dead_letters.as_ref().is_some_and(|(most, _)| message.receives >= *most) {
                dead.push(queue.messages.remove(at));
                continue;
            }
            message.receives += 1;
            message.visible_at = now + settings.visibility_ms;
            handed.push(message.clone());
            at += 1;
        }
        if let Some((_, letters)) = settings.dead_letters
            && let Some(letters) = self.queues.get_mut(&letters)
        {
            letters.messages.extend(dead.into_iter().map(|message| Message {
                receives: 0,
                visible_at: now,
                ..message
            }));
        }
        handed
    }

    /// Deletes a message.
    pub fn delete(&mut self, name: &str, id: &str) {
        if let Some(queue) = self.queues.get_mut(name) {
            queue.messages.retain(|message| message.id != id);
        }
    }

    /// Gives a message back at once.
    pub fn put_back(&mut self, name: &str, id: &str, now: i64) {
        let messages = self.queues.get_mut(name).map(|queue| queue.messages.iter_mut());
        for message in messages.into_iter().flatten().filter(|message| message.id == id) {
            message.visible_at = now;
        }
    }

    /// Sends everything of a dead letter queue to another, as new messages: what ops do when the cause is gone.
    pub fn redrive(&mut self, from: &str, to: &str, now: i64) {
        let letters = self.queues.get_mut(from).map(|queue| std::mem::take(&mut queue.messages)).unwrap_or_default();
        if let Some(queue) = self.queues.get_mut(to) {
            queue.messages.extend(letters.into_iter().map(|message| Message {
                receives: 0,
                visible_at: now,
                ..message
            }));
        }
    }
}
