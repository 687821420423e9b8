//! The table: rows, sparse indexes that may lag, the stream, transactions with their tokens.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Bound;

use serde_json::{Value, json};

use super::answer::Answer;
use super::expression::{Action, Condition, Placeholders};
use super::item::{Attribute, Item, item, to_json};

/// A row's key: partition and sort key.
pub type Key = (String, String);

/// An index of the table, as the template has it.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Its partition key.
    pub hash: &'static str,
    /// Its sort key.
    pub range: &'static str,
    /// Whether it holds whole rows, or only keys.
    pub whole: bool,
}

/// The indexes; a test compares them with the template.
pub const INDEXES: [Index; 5] = [
    Index { name: "due", hash: "due_shard", range: "due_at", whole: false },
    Index { name: "undelivered", hash: "undelivered_shard", range: "next_attempt_at", whole: false },
    Index { name: "agency", hash: "agency_open", range: "due_at", whole: true },
    Index { name: "opened", hash: "opened_day", range: "opened_place", whole: false },
    Index { name: "escalated", hash: "escalated", range: "due_at", whole: true },
];

/// A change as the stream tells it: keys only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub what: &'static str,
    /// The row.
    pub key: Key,
    /// Its place in the stream.
    pub position: u64,
}

/// The one table.
#[derive(Debug, Default)]
pub struct Table {
    rows: BTreeMap<Key, Item>,
    /// What the indexes show: the rows as they were some writes ago.
    shown: BTreeMap<Key, Item>,
    /// Writes that the indexes do not show yet, the oldest first.
    not_shown: VecDeque<(Key, Option<Item>)>,
    /// Changes that nobody has read from the stream.
    stream: VecDeque<Record>,
    position: u64,
    /// Transactions that were made, by their token: the same request again is answered and changes nothing.
    made: HashMap<String, Value>,
    /// Rows that a page of a query has at most; the real limit is a megabyte.
    pub page: Option<usize>,
    /// Whom each event named when it was written, while it was new: by its row.
    pub told_at_first: BTreeMap<Key, BTreeSet<String>>,
    /// Units written, as DynamoDB counts them: each row by its size, twice in a transaction, and each index row.
    pub written_units: u64,
}

/// One write of a transaction, ready to be made.
struct Write {
    key: Key,
    row: Option<Item>,
}

impl Table {
    /// Every row.
    pub fn rows(&self) -> &BTreeMap<Key, Item> {
        &self.rows
    }

    /// Takes the stream's next records, at most `most`.
    pub fn take_records(&mut self, most: usize) -> Vec<Record> {
        let count = self.stream.len().min(most);
        self.stream.drain(..count).collect()
    }

    /// Lets the indexes catch up, but for the last `behind` writes.
    pub fn catch_up(&mut self, behind: usize) {
        while self.not_shown.len() > behind {
            match self.not_shown.pop_front() {
                Some((key, Some(row))) => drop(self.shown.insert(key, row)),
                Some((key, None)) => drop(self.shown.remove(&key)),
                None => return,
            }
        }
    }

    /// Answers a call.
    pub fn answer(&mut self, operation: &str, request: &Value) -> Answer {
        let answered = match operation {
            "GetItem" => self.get_item(request),
            "BatchGetItem" => self.batch_get_item(request),
            "Query" => self.query(request),
            "PutItem" | "UpdateItem" | "DeleteItem" => self.write_one(operation, request),
            "TransactWriteItems" => self.transact(request),
            other => return Answer::error(400, "UnknownOperationException", &format!("{other} is not modelled")),
        };
        answered.unwrap_or_else(|refusal| refusal)
    }

    fn get_item(&self, request: &Value) -> Result<Answer, Answer> {
        let row = self.rows.get(&key_of(&request["Key"])?);
        let projection = projection(request)?;
        Ok(Answer::ok(match row {
            Some(row) => json!({ "Item": to_json(&projected(row, projection.as_ref())) }),
            None => json!({}),
        }))
    }

    fn batch_get_item(&self, request: &Value) -> Result<Answer, Answer> {
        let mut responses = serde_json::Map::new();
        for (table, wanted) in request["RequestItems"].as_object().into_iter().flatten() {
            let keys = wanted["Keys"].as_array().map(Vec::as_slice).unwrap_or_default();
            if keys.len() > 100 {
                return Err(invalid("Too many items requested for the BatchGetItem call"));
            }
            let keys: Vec<Key> = keys.iter().map(key_of).collect::<Result<_, _>>()?;
            if keys.iter().collect::<BTreeSet<_>>().len() < keys.len() {
                return Err(invalid("Provided list of item keys contains duplicates"));
            }
            let rows: Vec<Value> = keys.iter().filter_map(|key| self.rows.get(key)).map(to_json).collect();
            responses.insert(table.clone(), rows.into());
        }
        Ok(Answer::ok(json!({ "Responses": responses, "UnprocessedKeys": {} })))
    }

    fn query(&self, request: &Value) -> Result<Answer, Answer> {
        let placeholders = placeholders(request);
        let text = |name: &str| request[name].as_str();
        let condition = text("KeyConditionExpression").ok_or_else(|| invalid("a query wants a condition"))?;
        let condition = Condition::parse(condition, placeholders).map_err(|error| invalid(&error.to_string()))?;
        let filter = text("FilterExpression").map(|filter| Condition::parse(filter, placeholders)).transpose();
        let filter = filter.map_err(|error| invalid(&error.to_string()))?;
        let projection = projection(request)?;
        let index = match text("IndexName") {
            Some(name) => Some(
                INDEXES
                    .iter()
                    .find(|index| index.name == name)
                    .ok_or_else(|| invalid(&format!("The table does not have the specified index: {name}")))?,
            ),
            None => None,
        };
        if index.is_some() && request["ConsistentRead"] == true {
            return Err(invalid("Consistent reads are not supported on global secondary indexes"));
        }
        let rows = if index.is_some() { &self.shown } else { &self.rows };
        let range = |row: &Item| index.and_then(|index| row.get(index.range)?.as_text().map(str::to_owned));
        let mut found: Vec<(Option<String>, &Key, &Item)> = rows
            .iter()
            .filter(|(_, row)| index.is_none_or(|i| row.contains_key(i.hash) && row.contains_key(i.range)))
            .filter(|(_, row)| condition.holds(row))
            .map(|(key, row)| (range(row), key, row))
            .collect();
        found.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        if request["ScanIndexForward"] == false {
            found.reverse();
        }
        let start = match &request["ExclusiveStartKey"] {
            Value::Null => 0,
            start => {
                let key = key_of(start)?;
                // A position is a place in the order, whether or not the row is still there.
                let at = (item(start).and_then(|row| range(&row)), key);
                let before = |one: &(Option<String>, &Key, &Item)| {
                    let place = (&one.0, one.1).cmp(&(&at.0, &at.1));
                    if request["ScanIndexForward"] == false { place.is_ge() } else { place.is_le() }
                };
                found.iter().take_while(|one| before(one)).count()
            }
        };
        let limit = request["Limit"].as_u64().and_then(|limit| usize::try_from(limit).ok());
        let most = limit.unwrap_or(usize::MAX).min(self.page.unwrap_or(usize::MAX));
        let page: Vec<_> = found.iter().skip(start).take(most).collect();
        let last = page.last().filter(|_| start + page.len() < found.len() || limit == Some(page.len()));
        let last_key = last.map(|(_, key, row)| {
            let mut position = Item::from([
                ("pk".to_owned(), Attribute::S(key.0.clone())),
                ("sk".to_owned(), Attribute::S(key.1.clone())),
            ]);
            for name in index.iter().flat_map(|index| [index.hash, index.range]) {
                position.extend(row.get(name).map(|value| (name.to_owned(), value.clone())));
            }
            to_json(&position)
        });
        let scanned = page.len();
        let shown = |row: &Item| match index {
            Some(index) if !index.whole => {
                let keys = ["pk", "sk", index.hash, index.range];
                row.iter()
                    .filter(|(name, _)| keys.contains(&name.as_str()))
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect()
            }
            _ => row.clone(),
        };
        let items: Vec<Value> = page
            .into_iter()
            .filter(|(_, _, row)| filter.as_ref().is_none_or(|filter| filter.holds(row)))
            .map(|(_, _, row)| to_json(&projected(&shown(row), projection.as_ref())))
            .collect();
        let mut answer = json!({ "Count": items.len(), "ScannedCount": scanned, "Items": items });
        if let Some(last_key) = last_key {
            answer["LastEvaluatedKey"] = last_key;
        }
        Ok(Answer::ok(answer))
    }

    fn write_one(&mut self, operation: &str, request: &Value) -> Result<Answer, Answer> {
        match self.prepared(operation, request)? {
            Some(write) => {
                self.make(write, 1);
                Ok(Answer::ok(json!({})))
            }
            None => Err(Answer::error(400, "ConditionalCheckFailedException", "The conditional request failed")),
        }
    }

    fn transact(&mut self, request: &Value) -> Result<Answer, Answer> {
        let token = request["ClientRequestToken"].as_str().unwrap_or_default();
        if let Some(made) = self.made.get(token).filter(|_| !token.is_empty()) {
            return if made == request {
                Ok(Answer::ok(json!({})))
            } else {
                Err(Answer::error(400, "IdempotentParameterMismatchException", "another request had this token"))
            };
        }
        let items = request["TransactItems"].as_array().map(Vec::as_slice).unwrap_or_default();
        if items.is_empty() || items.len() > 100 {
            return Err(invalid("Member must have length between 1 and 100"));
        }
        let mut writes = Vec::new();
        let mut reasons = Vec::new();
        let mut keys = BTreeSet::new();
        for one in items {
            let (kind, of) =
                one.as_object().and_then(|one| one.iter().next()).ok_or_else(|| invalid("an empty item"))?;
            let write = self.prepared(&format!("{kind}Item"), of)?;
            let key = if kind == "Put" { key_of(&of["Item"])? } else { key_of(&of["Key"])? };
            if !keys.insert(key) {
                return Err(invalid("Transaction request cannot include multiple operations on one item"));
            }
            reasons.push(json!({ "Code": if write.is_some() { "None" } else { "ConditionalCheckFailed" } }));
            writes.extend(write);
        }
        if writes.len() < items.len() {
            return Err(cancelled(&reasons));
        }
        for write in writes {
            self.make(write, 2);
        }
        if !token.is_empty() {
            self.made.insert(token.to_owned(), request.clone());
        }
        Ok(Answer::ok(json!({})))
    }

    /// What a write would do, or `None` where its condition does not hold.
    fn prepared(&self, operation: &str, request: &Value) -> Result<Option<Write>, Answer> {
        let placeholders = placeholders(request);
        let (key, put) = match operation {
            "PutItem" => {
                let row = item(&request["Item"]).ok_or_else(|| invalid("an attribute has no value"))?;
                for index in INDEXES {
                    for name in [index.hash, index.range] {
                        if row.get(name).is_some_and(|value| value.as_text().is_none_or(str::is_empty)) {
                            return Err(invalid(&format!("{name} is the key of an index, and no text")));
                        }
                    }
                }
                (key_of(&request["Item"])?, Some(row))
            }
            _ => (key_of(&request["Key"])?, None),
        };
        let nothing = Item::new();
        let present = self.rows.get(&key);
        if let Some(condition) = request["ConditionExpression"].as_str() {
            let condition = Condition::parse(condition, placeholders).map_err(|error| invalid(&error.to_string()))?;
            if !condition.holds(present.unwrap_or(&nothing)) {
                return Ok(None);
            }
        }
        let row = match operation {
            "PutItem" => put,
            "DeleteItem" => None,
            "UpdateItem" => {
                let mut row = present.cloned().unwrap_or_else(|| {
                    let (pk, sk) = key.clone();
                    Item::from([("pk".to_owned(), Attribute::S(pk)), ("sk".to_owned(), Attribute::S(sk))])
                });
                let update = request["UpdateExpression"].as_str().unwrap_or_default();
                let actions = Action::parse_all(update, placeholders).map_err(|error| invalid(&error.to_string()))?;
                for action in actions {
                    action.apply(&mut row).map_err(|problem| invalid(&problem))?;
                }
                Some(row)
            }
            other => return Err(invalid(&format!("{other} is not modelled"))),
        };
        Ok(Some(Write { key, row }))
    }

    fn make(&mut self, Write { key, row }: Write, times: u64) {
        let before = self.rows.get(&key);
        let what = match (&before, &row) {
            (None, None) => return,
            (None, Some(_)) => "INSERT",
            // A write that changes nothing is not in the stream.
            (Some(before), Some(row)) if *before == row => return,
            (Some(_), Some(_)) => "MODIFY",
            (Some(_), None) => "REMOVE",
        };
        if let ("INSERT", Some(Attribute::Ss(named))) = (what, row.as_ref().and_then(|row| row.get("undelivered"))) {
            self.told_at_first.insert(key.clone(), named.clone());
        }
        self.written_units += units(before, row.as_ref(), times);
        self.position += 1;
        self.stream.push_back(Record { what, key: key.clone(), position: self.position });
        self.not_shown.push_back((key.clone(), row.clone()));
        match row {
            Some(row) => drop(self.rows.insert(key, row)),
            None => drop(self.rows.remove(&key)),
        }
    }

    /// Every row that lies in a page of keys from one to the other.
    pub fn partition<'a>(&'a self, pk: &str) -> impl Iterator<Item = (&'a Key, &'a Item)> {
        let from = (pk.to_owned(), String::new());
        let pk = pk.to_owned();
        self.rows.range((Bound::Included(from), Bound::Unbounded)).take_while(move |(key, _)| key.0 == pk)
    }
}

/// Write units of a change: the row by each kilobyte (twice in a transaction), and each index entry that changes.
fn units(before: Option<&Item>, after: Option<&Item>, times: u64) -> u64 {
    let size = |row: Option<&Item>| row.map_or(0, |row| to_json(row).to_string().len());
    let kilobytes = |bytes: usize| u64::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u64::MAX);
    let table = kilobytes(size(before).max(size(after))) * times;
    let entry = |row: Option<&Item>, index: &Index| {
        let row = row.filter(|row| row.contains_key(index.hash) && row.contains_key(index.range))?;
        let keys = ["pk", "sk", index.hash, index.range];
        let kept = row.iter().filter(|(name, _)| index.whole || keys.contains(&name.as_str()));
        Some(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Item>())
    };
    let indexes: u64 = INDEXES
        .iter()
        .map(|index| match (entry(before, index), entry(after, index)) {
            (old, new) if old == new => 0,
            (Some(old), Some(new)) => {
                // A new key is a deletion and an insertion.
                let moved = old.get(index.hash) != new.get(index.hash) || old.get(index.range) != new.get(index.range);
                kilobytes(size(Some(&old)).max(size(Some(&new)))) * if moved { 2 } else { 1 }
            }
            (old, new) => kilobytes(size(old.as_ref()).max(size(new.as_ref()))),
        })
        .sum();
    table + indexes
}

fn projection(request: &Value) -> Result<Option<BTreeSet<String>>, Answer> {
    let Some(names) = request["ProjectionExpression"].as_str() else { return Ok(None) };
    let given = &request["ExpressionAttributeNames"];
    names
        .split(',')
        .map(|name| match name.trim() {
            name if name.starts_with('#') => given[name].as_str().map(str::to_owned),
            name => Some(name.to_owned()),
        })
        .collect::<Option<_>>()
        .map(Some)
        .ok_or_else(|| invalid("a name of the projection is not given"))
}

fn projected(row: &Item, projection: Option<&BTreeSet<String>>) -> Item {
    let is_wanted = |name: &String| projection.is_none_or(|names| names.contains(name));
    row.iter().filter(|(name, _)| is_wanted(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn placeholders(request: &Value) -> Placeholders<'_> {
    Placeholders { names: &request["ExpressionAttributeNames"], values: &request["ExpressionAttributeValues"] }
}

fn key_of(json: &Value) -> Result<Key, Answer> {
    let text = |name: &str| json[name]["S"].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    text("pk").zip(text("sk")).ok_or_else(|| invalid("The provided key element does not match the schema"))
}

fn invalid(problem: &str) -> Answer {
    Answer::error(400, "ValidationException", problem)
}

/// A transaction that was not made, with a reason for each of its items.
pub fn cancelled(reasons: &[Value]) -> Answer {
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason["Code"].as_str()).collect();
    let message = format!("Transaction cancelled, please refer cancellation reasons [{}]", codes.join(", "));
    Answer::error(400, "TransactionCanceledException", &message).with("CancellationReasons", reasons.into())
}
