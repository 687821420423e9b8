//! The little of CloudWatch's metric math that the template uses: `IF`, `HOUR`, `FILL`, `<`, numbers and names.

/// The value of an expression at a point: `hour` is that of the point in UTC, `named` the metrics there.
///
/// Where a value is missing so is what is made of it; `FILL` fills it, `HOUR` of a missing point is missing.
pub(crate) fn value(expression: &str, hour: u32, named: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let text: String = expression.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some((left, right)) = split(&text, '<').filter(|(_, right)| !right.is_empty()) {
        let (left, right) = (value(left, hour, named)?, value(right, hour, named)?);
        return Some(f64::from(u8::from(left < right)));
    }
    let Some((function, rest)) = text.split_once('(') else {
        return text.parse().ok().or_else(|| named(&text));
    };
    let arguments = arguments(rest.strip_suffix(')').expect("a closing bracket"));
    match (function, arguments.as_slice()) {
        ("HOUR", [metric]) => value(metric, hour, named).map(|_| f64::from(hour)),
        ("FILL", [metric, with]) => value(metric, hour, named).or_else(|| value(with, hour, named)),
        ("IF", [condition, then, otherwise]) => {
            let holds = value(condition, hour, named)? != 0.0;
            value(if holds { then } else { otherwise }, hour, named)
        }
        _ => panic!("an expression that is not known here: {expression}"),
    }
}

/// Splits at the first such character outside of brackets.
fn split(text: &str, at: char) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (place, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if c == at && depth == 0 => return Some((&text[..place], &text[place + 1..])),
            _ => {}
        }
    }
    None
}

fn arguments(text: &str) -> Vec<&str> {
    match split(text, ',') {
        Some((first, rest)) => [vec![first], arguments(rest)].concat(),
        None => vec![text],
    }
}

#[test]
fn expressions_have_the_values_that_cloudwatch_gives_them() {
    let at = |hour, text: &str| value(text, hour, &|name| (name == "m").then_some(7.0));
    assert_eq!(at(3, "m"), Some(7.0));
    assert_eq!(at(3, "gone"), None);
    assert_eq!(at(3, "HOUR(m)"), Some(3.0));
    assert_eq!(at(3, "HOUR(gone)"), None);
    assert_eq!(at(3, "FILL(gone, 2)"), Some(2.0));
    assert_eq!(at(3, "IF(HOUR(m) < 14, FILL(gone, 0), 1)"), Some(0.0));
    assert_eq!(at(14, "IF(HOUR(m) < 14, FILL(gone, 0), 1)"), Some(1.0));
    assert_eq!(at(3, "IF(HOUR(gone) < 14, 0, 1)"), None);
}
