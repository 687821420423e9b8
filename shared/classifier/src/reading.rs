//! A post as it is read: what every answer is made from.

use kemala_domain::{AgencyCode, RegionCode, Urgency};

use crate::classify::Post;
use crate::model::{Inputs, Known, Seen};
use crate::pack::Pack;
use crate::place::{Knowledge, Located, locate};
use crate::routing::Matter;
use crate::rules::Votes;
use crate::text::{Hashtags, Token, tokenize_with};

/// What is read from a post.
pub(crate) struct Reading<'a> {
    pub(crate) terms: Vec<String>,
    pub(crate) located: Located,
    pub(crate) votes: Votes<'a>,
    pub(crate) inputs: Inputs,
    /// What the pack's model knows of them, where there is one.
    pub(crate) known: Option<Known>,
}

impl Reading<'_> {
    /// The regency or city.
    pub(crate) fn regency(&self) -> Option<RegionCode> {
        self.located.code.as_ref().and_then(RegionCode::regency)
    }
}

impl Pack {
    /// Reads a post.
    pub(crate) fn read_post(&self, post: &Post<'_>) -> Reading<'_> {
        let tokens = self.tokens(post.text);
        let terms = self.words.terms(&tokens);
        let is_word = |word: &str| self.is_word(word);
        let known = Knowledge { gazetteer: &self.gazetteer, words: &self.place_words, is_word: &is_word };
        let located = locate(&tokens, post.place_tag, known);
        let votes = Votes::of(&self.cues, &terms);
        let inputs = Inputs::of(&Seen {
            text: post.text,
            tokens: &tokens,
            terms: &terms,
            votes: &votes,
            located: &located,
            categories: self.categories.count(),
        });
        let known = self.model.as_ref().map(|model| model.known(&inputs));
        Reading { terms, located, votes, inputs, known }
    }

    /// What a model sees of a post. It does not depend on the pack's own model.
    pub fn inputs(&self, post: &Post<'_>) -> Inputs {
        self.read_post(post).inputs
    }

    /// Who acts first in a matter of this category (by its index), and whether the regency or city is known.
    pub fn first_agency(&self, post: &Post<'_>, category: usize, urgency: Urgency) -> (Option<AgencyCode>, bool) {
        let reading = self.read_post(post);
        let regency = reading.regency();
        let route = self.categories.at(category).map(|category| {
            let matter = Matter { category, regency: regency.as_ref(), urgency };
            self.routing.route(matter, &reading.terms, &self.jurisdiction.agencies)
        });
        (route.and_then(|route| route.agencies.into_iter().next()), regency.is_some())
    }

    /// The tokens of a post, as all that read it take them.
    pub(crate) fn tokens(&self, text: &str) -> Vec<Token> {
        tokenize_with(text, Hashtags { ignored: &self.ignored_hashtags, is_known: &|word| self.knows(word) })
    }

    /// Whether letters are a word of the pack or the name of a place.
    fn knows(&self, word: &str) -> bool {
        /// Shorter names are parts of too many words.
        const SHORTEST_NAME: usize = 5;
        let is_name = || word.len() >= SHORTEST_NAME && !self.gazetteer.named(word).is_empty();
        is_name() || self.is_word(word)
    }

    /// Whether letters are a word of the pack: in its list or in a cue.
    fn is_word(&self, word: &str) -> bool {
        self.words.knows(word) || self.words.phrase(word).iter().all(|term| self.cues.knows(term))
    }
}
