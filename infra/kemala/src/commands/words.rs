//! Decisions in words that people read.

use kemala_domain::decision::{Place, Reason};
use kemala_domain::{Decision, Ticket};

/// A code as JSON writes it.
pub(super) fn code(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A JSON value without its signs: a list as its values, nothing as `-`.
pub(super) fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A place with its code.
pub(super) fn place(place: &Place) -> String {
    match (&place.name, &place.code, &place.outside) {
        (Some(name), Some(code), _) => format!("{name} ({code})"),
        (_, Some(code), _) => code.to_string(),
        (.., Some(outside)) => format!("{outside}, outside"),
        _ => "unknown".to_owned(),
    }
}

/// What it is about, of which kind, how urgent and how sure.
pub(super) fn matter(decision: &Decision) -> String {
    let category = decision.category.as_ref().map_or("unknown", |category| category.as_str());
    let sure = decision.confidence * 100.0;
    format!("{category}, {}, {}, {sure:.0} % sure", code(&decision.kind), code(&decision.urgency))
}

/// Which versions of pack, model and law a ticket follows from.
pub(super) fn decided_by(ticket: &Ticket) -> String {
    let Decision { pack_version, model_version, .. } = &ticket.decision;
    let model = model_version.as_deref().map_or_else(|| "no model".to_owned(), |version| format!("model {version}"));
    format!("{pack_version}, {model}, policy {}", ticket.policy_version)
}

/// One line for each conclusion, with all that led to it.
pub(super) fn reasons(reasons: &[Reason]) -> Vec<String> {
    let mut lines: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for Reason { about, concluded, matched } in reasons {
        match lines.iter_mut().find(|(a, c, _)| a == about && c == concluded) {
            Some((.., all)) => all.push(matched),
            None => lines.push((about, concluded, vec![matched])),
        }
    }
    lines.into_iter().map(|(about, concluded, all)| format!("{about}: {concluded} ← {}", all.join(", "))).collect()
}

#[cfg(test)]
mod tests {
    use kemala_domain::samples::opened;

    use super::*;

    #[test]
    fn what_led_to_one_conclusion_is_one_line() {
        let reason = |about: &str, concluded: &str, matched: &str| Reason {
            about: about.into(),
            concluded: concluded.into(),
            matched: matched.into(),
        };
        let lines = reasons(&[
            reason("kind", "complaint", "rusak"),
            reason("place", "33.16", "Blora"),
            reason("kind", "complaint", "parah"),
        ]);
        assert_eq!(lines, ["kind: complaint ← rusak, parah", "place: 33.16 ← Blora"]);
    }

    #[test]
    fn versions_are_named() {
        let mut ticket = opened("DINKES").ticket;
        assert_eq!(decided_by(&ticket), "test/1, no model, policy test-1");
        ticket.decision.pack_version = "jateng/2026-11-24+3".to_owned();
        ticket.decision.model_version = Some("2026-11-24.1".to_owned());
        assert_eq!(decided_by(&ticket), "jateng/2026-11-24+3, model 2026-11-24.1, policy test-1");
    }

    #[test]
    fn places_are_named_as_far_as_they_are_known() {
        assert_eq!(place(&Place::default()), "unknown");
        assert_eq!(place(&Place { outside: Some("Sleman".into()), ..Place::default() }), "Sleman, outside");
        let blora = Place { code: "33.16".parse().ok(), name: Some("Kabupaten Blora".into()), ..Place::default() };
        assert_eq!(place(&blora), "Kabupaten Blora (33.16)");
    }
}
