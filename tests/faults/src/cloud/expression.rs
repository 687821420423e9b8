//! DynamoDB's expressions, as far as the store uses them: conditions, filters, keys of a query, and updates.
//!
//! What is not understood is an error, never a guess: an expression that is new to the store has to be taught here.

use serde_json::Value;

use super::item::{Attribute, Item};

/// An expression that cannot be read, or names what was not given.
#[derive(Debug, thiserror::Error)]
#[error("the expression `{expression}`: {problem}")]
pub struct Invalid {
    expression: String,
    problem: String,
}

/// What the names (`#name`) and values (`:value`) of an expression stand for.
#[derive(Debug, Clone, Copy)]
pub struct Placeholders<'a> {
    /// `ExpressionAttributeNames` of the request.
    pub names: &'a Value,
    /// `ExpressionAttributeValues` of the request.
    pub values: &'a Value,
}

/// A condition on an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Either.
    Or(Box<Self>, Box<Self>),
    /// Both.
    And(Box<Self>, Box<Self>),
    /// Not.
    Not(Box<Self>),
    /// A comparison; with an attribute that is missing it is false.
    Compare(Operand, Comparison, Operand),
    /// `a BETWEEN b AND c`.
    Between(Operand, Operand, Operand),
    /// `attribute_exists(a)`.
    Exists(String),
    /// `begins_with(a, b)`.
    BeginsWith(Operand, Operand),
    /// `contains(a, b)`: an element of a set, or a part of a text.
    Contains(Operand, Operand),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// An attribute of the item, or a value of the request.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// An attribute at the top level.
    Attribute(String),
    /// A value.
    Value(Attribute),
}

/// One thing that an update does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// `SET a = :v`
    Set(String, Operand),
    /// `ADD a :v`, to a number.
    Add(String, Attribute),
    /// `REMOVE a`
    Remove(String),
    /// `DELETE a :v`, from a set.
    Delete(String, Attribute),
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// [`Invalid`]
    pub fn parse(expression: &str, placeholders: Placeholders<'_>) -> Result<Self, Invalid> {
        let mut parser = Parser::new(expression, placeholders);
        let condition = parser.either()?;
        parser.end()?;
        Ok(condition)
    }

    /// Whether it holds of an item; an item that is not there has no attributes.
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Or(one, other) => one.holds(item) || other.holds(item),
            Self::And(one, other) => one.holds(item) && other.holds(item),
            Self::Not(inner) => !inner.holds(item),
            Self::Exists(name) => item.contains_key(name),
            Self::Compare(left, comparison, right) => match (left.of(item), right.of(item)) {
                (Some(left), Some(right)) => compares(left, *comparison, right),
                _ => false,
            },
            Self::Between(middle, low, high) => match (middle.of(item), low.of(item), high.of(item)) {
                (Some(middle), Some(low), Some(high)) => {
                    compares(low, Comparison::AtMost, middle) && compares(middle, Comparison::AtMost, high)
                }
                _ => false,
            },
            Self::BeginsWith(whole, start) => match (whole.of(item), start.of(item)) {
                (Some(Attribute::S(whole)), Some(Attribute::S(start))) => whole.starts_with(start.as_str()),
                _ => false,
            },
            Self::Contains(whole, part) => match (whole.of(item), part.of(item)) {
                (Some(Attribute::Ss(set)), Some(Attribute::S(one))) => set.contains(one),
                (Some(Attribute::S(text)), Some(Attribute::S(part))) => text.contains(part.as_str()),
                _ => false,
            },
        }
    }
}

fn compares(left: &Attribute, comparison: Comparison, right: &Attribute) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::Unequal => left != right,
        Comparison::Less => left.order(right).is_some_and(std::cmp::Ordering::is_lt),
        Comparison::AtMost => left.order(right).is_some_and(std::cmp::Ordering::is_le),
        Comparison::More => left.order(right).is_some_and(std::cmp::Ordering::is_gt),
        Comparison::AtLeast => left.order(right).is_some_and(std::cmp::Ordering::is_ge),
    }
}

impl Operand {
    fn of<'a>(&'a self, item: &'a Item) -> Option<&'a Attribute> {
        match self {
            Self::Attribute(name) => item.get(name),
            Self::Value(value) => Some(value),
        }
    }
}

impl Action {
    /// Reads an update.
    ///
    /// # Errors
    /// [`Invalid`]
    pub fn parse_all(expression: &str, placeholders: Placeholders<'_>) -> Result<Vec<Self>, Invalid> {
        let mut parser = Parser::new(expression, placeholders);
        let mut actions = Vec::new();
        while let Some(clause) = parser.next() {
            loop {
                let name = parser.attribute()?;
                actions.push(match clause.as_str() {
                    "SET" => {
                        parser.expect("=")?;
                        Self::Set(name, parser.operand()?)
                    }
                    "ADD" => Self::Add(name, parser.value()?),
                    "DELETE" => Self::Delete(name, parser.value()?),
                    "REMOVE" => Self::Remove(name),
                    other => return Err(parser.invalid(format!("`{other}` is no clause"))),
                });
                if !parser.takes(",") {
                    break;
                }
            }
        }
        Ok(actions)
    }

    /// Does it.
    ///
    /// # Errors
    /// Where a number is added to what is none, or the like; the text is DynamoDB's kind of complaint.
    pub fn apply(&self, item: &mut Item) -> Result<(), String> {
        match self {
            Self::Set(name, operand) => {
                let value = operand.of(item).cloned().ok_or_else(|| format!("{name} is set to what is not there"))?;
                item.insert(name.clone(), value);
            }
            Self::Add(name, Attribute::N(more)) => match item.get_mut(name) {
                None => drop(item.insert(name.clone(), Attribute::N(*more))),
                Some(Attribute::N(sum)) => *sum += more,
                Some(_) => return Err(format!("{name} is no number")),
            },
            Self::Remove(name) => drop(item.remove(name)),
            Self::Delete(name, Attribute::Ss(less)) => match item.get_mut(name) {
                None => {}
                Some(Attribute::Ss(set)) => {
                    set.retain(|one| !less.contains(one));
                    // DynamoDB has no empty sets.
                    if set.is_empty() {
                        item.remove(name);
                    }
                }
                Some(_) => return Err(format!("{name} is no set of texts")),
            },
            Self::Add(name, _) | Self::Delete(name, _) => {
                return Err(format!("{name} is changed by a value of no fit"));
            }
        }
        Ok(())
    }
}

struct Parser<'a> {
    expression: &'a str,
    rest: &'a str,
    placeholders: Placeholders<'a>,
}

impl<'a> Parser<'a> {
    fn new(expression: &'a str, placeholders: Placeholders<'a>) -> Self {
        Self { expression, rest: expression, placeholders }
    }

    fn either(&mut self) -> Result<Condition, Invalid> {
        let mut left = self.both()?;
        while self.takes("OR") {
            left = Condition::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Condition, Invalid> {
        let mut left = self.one()?;
        while self.takes("AND") {
            left = Condition::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Condition, Invalid> {
        if self.takes("NOT") {
            return Ok(Condition::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            let inner = self.either()?;
            self.expect(")")?;
            return Ok(inner);
        }
        for (function, arguments) in
            [("attribute_exists", 1), ("attribute_not_exists", 1), ("begins_with", 2), ("contains", 2)]
        {
            if !self.takes(function) {
                continue;
            }
            self.expect("(")?;
            let first = self.operand()?;
            let second = if arguments == 2 {
                self.expect(",")?;
                Some(self.operand()?)
            } else {
                None
            };
            self.expect(")")?;
            return match (function, first, second) {
                ("attribute_exists", Operand::Attribute(name), None) => Ok(Condition::Exists(name)),
                ("attribute_not_exists", Operand::Attribute(name), None) => {
                    Ok(Condition::Not(Box::new(Condition::Exists(name))))
                }
                ("begins_with", whole, Some(start)) => Ok(Condition::BeginsWith(whole, start)),
                ("contains", whole, Some(part)) => Ok(Condition::Contains(whole, part)),
                _ => Err(self.invalid(format!("{function} wants an attribute"))),
            };
        }
        let left = self.operand()?;
        if self.takes("BETWEEN") {
            let low = self.operand()?;
            self.expect("AND")?;
            return Ok(Condition::Between(left, low, self.operand()?));
        }
        let comparison = match self.next().as_deref() {
            Some("=") => Comparison::Equal,
            Some("<>") => Comparison::Unequal,
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::AtMost,
            Some(">") => Comparison::More,
            Some(">=") => Comparison::AtLeast,
            other => return Err(self.invalid(format!("a comparison is missing before {other:?}"))),
        };
        Ok(Condition::Compare(left, comparison, self.operand()?))
    }

    fn operand(&mut self) -> Result<Operand, Invalid> {
        if self.peek().is_some_and(|token| token.starts_with(':')) {
            self.value().map(Operand::Value)
        } else {
            self.attribute().map(Operand::Attribute)
        }
    }

    fn value(&mut self) -> Result<Attribute, Invalid> {
        let name = self.next().unwrap_or_default();
        let value = self.placeholders.values.get(&name).and_then(Attribute::from_json);
        value.ok_or_else(|| self.invalid(format!("the value {name} is not given")))
    }

    fn attribute(&mut self) -> Result<String, Invalid> {
        let name = self.next().unwrap_or_default();
        if name.starts_with('#') {
            let known = self.placeholders.names.get(&name).and_then(Value::as_str);
            return known.map(str::to_owned).ok_or_else(|| self.invalid(format!("the name {name} is not given")));
        }
        match name.chars().next() {
            Some(first) if first.is_ascii_alphabetic() => Ok(name),
            _ => Err(self.invalid(format!("`{name}` is no attribute"))),
        }
    }

    /// The token that comes next, left where it is.
    fn peek(&self) -> Option<String> {
        Parser { rest: self.rest, ..*self }.next()
    }

    fn next(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '#' | ':');
        let first = rest.chars().next()?;
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if ["<=", ">=", "<>"].iter().any(|operator| rest.starts_with(operator)) {
            2
        } else {
            first.len_utf8()
        };
        let (token, rest) = rest.split_at(length);
        self.rest = rest;
        Some(token.to_owned())
    }

    fn takes(&mut self, token: &str) -> bool {
        let is_next = self.peek().as_deref() == Some(token);
        if is_next {
            self.next();
        }
        is_next
    }

    fn expect(&mut self, token: &str) -> Result<(), Invalid> {
        if self.takes(token) { Ok(()) } else { Err(self.invalid(format!("`{token}` is missing"))) }
    }

    fn end(&mut self) -> Result<(), Invalid> {
        match self.next() {
            None => Ok(()),
            Some(token) => Err(self.invalid(format!("`{token}` is too much"))),
        }
    }

    fn invalid(&self, problem: String) -> Invalid {
        Invalid { expression: self.expression.to_owned(), problem }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn item(json: &Value) -> Item {
        super::super::item::item(json).unwrap()
    }

    fn holds(condition: &str, of: &Value) -> bool {
        let (names, values) =
            (json!({"#at": "at"}), json!({":a": {"S": "a"}, ":two": {"N": "2"}, ":no": {"BOOL": false}}));
        Condition::parse(condition, Placeholders { names: &names, values: &values }).unwrap().holds(&item(of))
    }

    #[test]
    fn conditions_are_read_as_dynamodb_reads_them() {
        let row = json!({"pk": {"S": "a"}, "version": {"N": "10"}, "deleted": {"BOOL": false}, "at": {"S": "b"},
            "names": {"SS": ["a", "b"]}});
        for (condition, expected) in [
            ("attribute_exists(pk)", true),
            ("attribute_not_exists(pk) OR (deleted = :no AND version > :two)", true),
            ("attribute_not_exists(pk) OR #at < :a", false),
            ("NOT attribute_exists(other) AND pk = :a", true),
            ("version BETWEEN :two AND :two", false),
            ("contains(names, :a)", true),
            ("begins_with(pk, :a)", true),
            // A missing attribute compares with nothing.
            ("other = :a OR other <> :a", false),
            // AND binds before OR.
            ("pk = :a OR pk = :a AND attribute_exists(other)", true),
        ] {
            assert_eq!(holds(condition, &row), expected, "{condition}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let (names, values) = (json!({}), json!({}));
        let given = Placeholders { names: &names, values: &values };
        for condition in ["", "pk", "pk = :missing", "#missing = pk", "size(pk) > pk", "pk = pk pk", "(pk = pk"] {
            assert!(Condition::parse(condition, given).is_err(), "{condition}");
        }
        for update in ["PUT a = b", "SET a", "ADD a b", "SET a = :missing"] {
            assert!(Action::parse_all(update, given).is_err(), "{update}");
        }
    }

    #[test]
    fn updates_do_what_they_say() {
        let (names, values) = (json!({}), json!({":one": {"N": "1"}, ":a": {"SS": ["a"]}, ":t": {"S": "t"}}));
        let given = Placeholders { names: &names, values: &values };
        let mut row = item(&json!({"n": {"N": "41"}, "set": {"SS": ["a"]}, "gone": {"S": "x"}}));
        let update = "ADD n :one, fresh :one SET text = :t REMOVE gone DELETE set :a";
        for action in Action::parse_all(update, given).unwrap() {
            action.apply(&mut row).unwrap();
        }
        assert_eq!(row, item(&json!({"n": {"N": "42"}, "fresh": {"N": "1"}, "text": {"S": "t"}})));
    }
}
