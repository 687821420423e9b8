//! What a report says, in the form that a place remembers.

use std::collections::HashSet;

use jiff::Timestamp;
use kemala_domain::RegionCode;
use kemala_domain::incident::{Signature, TextHash};

use super::details::details;
use crate::classify::Classified;
use crate::pack::Pack;
use crate::text::tokenize;

impl Pack {
    /// The signature of a classified report; `None` of one that accuses officials, which joins nothing and is joined
    /// by nothing. It is made of the masked text, so that no personal data can be in it.
    pub fn signature(&self, classified: &Classified, posted_at: Timestamp) -> Option<Signature> {
        let decision = &classified.decision;
        if decision.supervisory {
            return None;
        }
        let is_sure = classified.category_confidence >= self.jurisdiction.same_incident.category_from;
        let name = decision.place.name.as_deref().unwrap_or_default();
        // A village's own name tells it from the next.
        let larger = match decision.place.village() {
            Some(_) => name.split_once(',').map_or("", |(_, larger)| larger),
            None => name,
        };
        let matched = decision.reasons.iter().filter(|reason| reason.about == "place");
        let place: HashSet<String> =
            matched.map(|reason| reason.matched.as_str()).chain([name]).flat_map(words_of).collect();
        let larger: HashSet<String> = words_of(larger).collect();
        let tokens = self.tokens(&classified.masked_text);
        // Links, exclamations and emojis are what differs between copies.
        let written = tokens.iter().filter(|token| token.word.chars().all(char::is_alphanumeric));
        let text = TextHash::of(written.map(|token| token.word.as_str()));
        let telling = tokens.iter().filter(|token| !place.contains(&token.word));
        let telling: Vec<String> = telling.flat_map(|token| self.incident_words.telling(&self.words, token)).collect();
        let (weak, words): (Vec<&String>, Vec<&String>) =
            telling.iter().partition(|term| self.incident_words.is_weak(term));
        let details = details(&tokens, &self.incident_words, &self.words, &larger);
        Some(Signature {
            kind: decision.kind,
            // A category that is doubted neither unites nor parts.
            category: decision.category.clone().filter(|_| is_sure),
            urgency: decision.urgency,
            place: decision.place.code.clone(),
            posted_at,
            text,
            words: words.into_iter().collect(),
            weak: weak.into_iter().collect(),
            details: details.into_iter().map(|(kind, values)| (kind, values.iter().collect())).collect(),
        })
    }

    /// The subdistricts of a regency or city.
    pub fn subdistricts_of(&self, regency: &RegionCode) -> Vec<RegionCode> {
        let Some(at) = self.gazetteer.index_of(regency) else { return Vec::new() };
        let places = (at + 1..).map_while(|index| self.gazetteer.place(index)).map(|place| &place.code);
        let within = places.take_while(|code| code.is_in(regency));
        within.filter(|code| code.subdistrict().as_ref() == Some(*code)).cloned().collect()
    }
}

fn words_of(name: &str) -> impl Iterator<Item = String> {
    tokenize(name, &[]).into_iter().map(|token| token.word)
}
