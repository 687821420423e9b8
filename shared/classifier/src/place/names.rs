//! All names in one automaton, walked letter by letter as a text goes on.

use fst::raw::{Builder, Fst, Node};

use super::gazetteer::Name;

/// Names without their spaces, as people write them at will (`Karang Anyar`), and what each means.
#[derive(Clone)]
pub(crate) struct Names {
    /// From a name to the number of its group.
    automaton: Fst<Vec<u8>>,
    /// Meanings, those of one name side by side.
    meanings: Vec<Name>,
    /// Where each group begins; one more than there are groups.
    starts: Vec<usize>,
}

/// Small letters and digits of a name.
pub(super) fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for char in name.chars() {
        if char.is_ascii_alphanumeric() {
            key.push(char.to_ascii_lowercase());
        } else if char.is_alphanumeric() {
            key.extend(char.to_lowercase());
        }
    }
    key
}

impl Names {
    /// From keys with their meanings.
    pub(super) fn new(mut named: Vec<(String, Name)>) -> Self {
        // Stable: of equal keys the first stays first.
        named.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut builder = Builder::memory();
        let mut meanings = Vec::with_capacity(named.len());
        let mut starts = Vec::new();
        let mut last: Option<String> = None;
        for (key, name) in named {
            if last.as_ref() != Some(&key) {
                // In memory and in order, nothing can go wrong.
                let _ = builder.insert(key.as_bytes(), starts.len() as u64);
                starts.push(meanings.len());
                last = Some(key);
            }
            meanings.push(name);
        }
        starts.push(meanings.len());
        Self { automaton: builder.into_fst(), meanings, starts }
    }

    /// What a key means.
    pub(crate) fn named(&self, key: &str) -> &[Name] {
        self.automaton.get(key).map_or(&[], |group| self.group(group.value()))
    }

    /// Starts a walk along a text.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { names: self, node: Some(self.automaton.root()), group: 0 }
    }

    fn group(&self, group: u64) -> &[Name] {
        let bounds = usize::try_from(group).ok().and_then(|at| self.starts.get(at).zip(self.starts.get(at + 1)));
        bounds.and_then(|(&start, &end)| self.meanings.get(start..end)).unwrap_or_default()
    }

    /// The names at most `most` letters away from a word (one put in, left out, replaced or swapped with the next is one),
    /// nearest first. The first letter must be right: people see to that, and it makes the search short.
    pub(super) fn similar(&self, word: &str, most: usize) -> Vec<(usize, &[Name])> {
        let letters = word.as_bytes();
        let Some((first, _)) = letters.split_first() else { return Vec::new() };
        let root = self.automaton.root();
        let Some(transition) = root.find_input(*first).map(|at| root.transition(at)) else { return Vec::new() };
        let Some(row) = Row::first(letters.len()) else { return Vec::new() };
        let next = row.next(None, letters, *first, None);
        let mut search = Search { names: self, letters, most, found: Vec::new() };
        search.visit(self.automaton.node(transition.addr), transition.out.value(), [&row, &next], *first);
        search.found.sort_by_key(|(distance, _)| *distance);
        search.found
    }
}

/// A place on the way through the automaton.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    names: &'a Names,
    node: Option<Node<'a>>,
    group: u64,
}

impl<'a> Walk<'a> {
    /// Goes along a word; what the way up to here means. `None` where no name goes on like this.
    pub(super) fn go(&mut self, word: &str) -> Option<&'a [Name]> {
        let mut node = self.node.take()?;
        for byte in word.bytes() {
            let transition = node.transition(node.find_input(byte)?);
            self.group += transition.out.value();
            node = self.names.automaton.node(transition.addr);
        }
        self.node = Some(node);
        let is_name = node.is_final();
        Some(if is_name { self.names.group(self.group + node.final_output().value()) } else { &[] })
    }
}

/// A search for similar names: down the automaton with the rows of the table of edit distances.
struct Search<'a, 'w> {
    names: &'a Names,
    letters: &'w [u8],
    most: usize,
    found: Vec<(usize, &'a [Name])>,
}

impl<'a> Search<'a, '_> {
    /// `rows`: those of the letter before and of `letter`, which led here.
    fn visit(&mut self, node: Node<'a>, group: u64, [before, row]: [&Row; 2], letter: u8) {
        if row.cells().iter().all(|&cell| usize::from(cell) > self.most) {
            return;
        }
        let distance = row.cells().last().map_or(usize::MAX, |&cell| usize::from(cell));
        if node.is_final() && distance <= self.most {
            self.found.push((distance, self.names.group(group + node.final_output().value())));
        }
        for transition in node.transitions() {
            let next = row.next(Some(before), self.letters, transition.inp, Some(letter));
            let below = self.names.automaton.node(transition.addr);
            self.visit(below, group + transition.out.value(), [row, &next], transition.inp);
        }
    }
}

/// Longest word, in bytes, that is looked for: names are shorter.
const LONGEST_WORD: usize = 30;

/// A row of the table of edit distances (with swaps of neighbours): how far the name up to here is from the word up to
/// each of its letters.
struct Row {
    cells: [u8; LONGEST_WORD + 1],
    length: usize,
}

impl Row {
    /// The row of an empty name; `None` for a word that is too long.
    fn first(letters: usize) -> Option<Self> {
        if letters > LONGEST_WORD {
            return None;
        }
        let mut cells = [0; LONGEST_WORD + 1];
        cells.iter_mut().zip(0..).for_each(|(cell, distance)| *cell = distance);
        Some(Self { cells, length: letters + 1 })
    }

    fn cells(&self) -> &[u8] {
        self.cells.get(..self.length).unwrap_or_default()
    }

    /// The row after one more letter of the name; `before` and `last` are the row and letter before this one.
    fn next(&self, before: Option<&Self>, letters: &[u8], letter: u8, last: Option<u8>) -> Self {
        let mut next = Self { cells: [0; LONGEST_WORD + 1], length: self.length };
        let mut left = self.cells.first().map_or(1, |first| first + 1);
        let mut cells = next.cells.iter_mut();
        if let Some(first) = cells.next() {
            *first = left;
        }
        for (i, ((cell, pair), &own)) in cells.zip(self.cells().windows(2)).zip(letters).enumerate() {
            let &[diagonal, above] = pair else { continue };
            left = (diagonal + u8::from(own != letter)).min(above + 1).min(left + 1);
            let is_swap = i > 0 && last == Some(own) && letters.get(i - 1) == Some(&letter);
            if let Some(&swapped) = before.filter(|_| is_swap).and_then(|before| before.cells.get(i - 1)) {
                left = left.min(swapped + 1);
            }
            *cell = left;
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(keys: &[&str]) -> Names {
        Names::new(keys.iter().enumerate().map(|(i, key)| ((*key).to_owned(), Name::Official(i))).collect())
    }

    fn similar(word: &str, most: usize) -> Vec<(usize, usize)> {
        let names = names(&["todanan", "tunjungan", "todan", "kunduran", "randublatung"]);
        let number = |name: &Name| if let Name::Official(number) = name { *number } else { usize::MAX };
        names.similar(word, most).into_iter().map(|(distance, found)| (distance, number(&found[0]))).collect()
    }

    #[test]
    fn a_name_of_several_words_is_walked_word_by_word() {
        let names = names(&["karanganyar", "karang", "karang"]);
        let mut walk = names.walk();
        assert_eq!(walk.go("karang").map(<[_]>::len), Some(2));
        assert_eq!(walk.go("any"), Some([].as_slice()));
        assert_eq!(walk.go("ar"), Some([Name::Official(0)].as_slice()));
        assert_eq!(walk.go("x"), None);
        assert_eq!(walk.go(""), None);
        assert_eq!(names.named("karanganya"), []);
    }

    #[test]
    fn typos_are_near() {
        assert_eq!(similar("todanan", 1), [(0, 0)]);
        assert_eq!(similar("todannan", 1), [(1, 0)]);
        assert_eq!(similar("toadnan", 1), [(1, 0)]);
        assert_eq!(similar("todana", 2), [(1, 2), (1, 0)]);
        assert_eq!(similar("randublatnug", 1), [(1, 4)]);
        assert_eq!(similar("radnublatnug", 2), [(2, 4)]);
        assert_eq!(similar("odanan", 1), []);
        assert_eq!(similar("", 2), []);
    }

    proptest! {
        #[test]
        fn what_goes_in_is_found(keys in prop::collection::btree_set("[a-c]{1,6}", 0..30), word in "[a-c]{0,7}") {
            let named = keys.iter().enumerate().map(|(i, key)| (key.clone(), Name::Official(i))).collect();
            let names = Names::new(named);
            for (i, key) in keys.iter().enumerate() {
                prop_assert_eq!(names.named(key).to_vec(), vec![Name::Official(i)]);
                prop_assert_eq!(names.similar(key, 0).len(), 1);
            }
            prop_assert_eq!(names.named(&word).is_empty(), !keys.contains(&word));
        }
    }
}
