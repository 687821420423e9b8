//! All names in one sorted table, narrowed down word by word as a text goes on.

use std::ops::Range;

use super::gazetteer::Name;

/// Names without their spaces, as people write them at will (`Karang Anyar`), and what each means.
#[derive(Clone)]
pub(crate) struct Names {
    /// The letters of all keys, one key after the other.
    letters: String,
    /// The keys in order, each once.
    keys: Vec<Key>,
    /// Meanings, those of one key side by side.
    meanings: Vec<Name>,
}

/// A name in small letters and digits, and what it means.
#[derive(Clone)]
struct Key {
    /// Its first eight letters as a number, which is in the same order: few comparisons need more.
    head: u64,
    letters: Range<u32>,
    meanings: Range<u32>,
}

impl Names {
    /// From names with their meanings.
    pub(super) fn new<'a>(named: impl IntoIterator<Item = (&'a str, Name)>) -> Self {
        let mut letters = String::new();
        let mut named: Vec<(Key, Name)> = named
            .into_iter()
            .zip(0..)
            .map(|((name, means), at)| {
                let start = letters.len();
                push_key(&mut letters, name);
                let head = head(letters.as_bytes().get(start..).unwrap_or_default());
                (Key { head, letters: start as u32..letters.len() as u32, meanings: at..at + 1 }, means)
            })
            .collect();
        let rest = |key: &Key| slice(letters.as_bytes(), &key.letters);
        // Of equal keys the first stays first.
        named.sort_unstable_by(|(a, _), (b, _)| {
            a.head.cmp(&b.head).then_with(|| rest(a).cmp(rest(b))).then(a.meanings.start.cmp(&b.meanings.start))
        });
        let mut keys: Vec<Key> = Vec::with_capacity(named.len());
        let mut meanings = Vec::with_capacity(named.len());
        for (key, name) in named {
            let end = meanings.len() as u32 + 1;
            meanings.push(name);
            match keys.last_mut() {
                Some(last) if last.head == key.head && rest(last) == rest(&key) => last.meanings.end = end,
                _ => keys.push(Key { meanings: end - 1..end, ..key }),
            }
        }
        Self { letters, keys, meanings }
    }

    /// What a key means.
    pub(crate) fn named(&self, key: &str) -> &[Name] {
        self.walk().go(key).unwrap_or_default()
    }

    /// Starts a walk along a text.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { names: self, keys: &self.keys, length: 0 }
    }

    /// The names at most `most` letters away from a word (one put in, left out, replaced or swapped with the next is one),
    /// nearest first. The first letter must be right: people see to that, and it makes the search short.
    pub(super) fn similar(&self, word: &str, most: usize) -> Vec<(usize, &[Name])> {
        let letters = word.as_bytes();
        let (Some(first), Some(row)) = (letters.get(..1), Row::first(letters.len())) else { return Vec::new() };
        let mut search = Search { letters, most, name: &[], rows: vec![row] };
        let distance = |key| Some((search.distance(self.letters(key))?, slice(&self.meanings, &key.meanings)));
        let mut found: Vec<_> = self.narrowed(&self.keys, 0, first).iter().filter_map(distance).collect();
        found.sort_by_key(|(distance, _)| *distance);
        found
    }

    /// Of keys that agree in their first `length` letters those that go on with these.
    fn narrowed<'a>(&self, keys: &'a [Key], length: usize, letters: &[u8]) -> &'a [Key] {
        let rest = |key: &Key| self.letters(key).get(length..).unwrap_or_default();
        let least = head(letters);
        let start = keys.partition_point(|key| match length {
            0 if key.head != least => key.head < least,
            _ => rest(key) < letters,
        });
        match keys.get(start..) {
            Some(keys @ [first, ..]) if rest(first).starts_with(letters) => {
                let end = keys.partition_point(|key| rest(key).starts_with(letters));
                keys.get(..end).unwrap_or_default()
            }
            _ => &[],
        }
    }

    fn letters(&self, key: &Key) -> &[u8] {
        slice(self.letters.as_bytes(), &key.letters)
    }
}

/// Adds the small letters and digits of a name.
fn push_key(letters: &mut String, name: &str) {
    for char in name.chars() {
        if char.is_ascii_alphanumeric() {
            letters.push(char.to_ascii_lowercase());
        } else if char.is_alphanumeric() {
            letters.extend(char.to_lowercase());
        }
    }
}

/// See [`Key::head`]; no letter is 0.
fn head(letters: &[u8]) -> u64 {
    let mut head = [0; 8];
    head.iter_mut().zip(letters).for_each(|(head, letter)| *head = *letter);
    u64::from_be_bytes(head)
}

fn slice<'a, T>(all: &'a [T], range: &Range<u32>) -> &'a [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}

/// A walk along a text: the keys that begin like it so far.
#[derive(Clone)]
pub(super) struct Walk<'a> {
    names: &'a Names,
    keys: &'a [Key],
    length: usize,
}

impl<'a> Walk<'a> {
    /// Goes along a word; what the way up to here means. `None` where no name goes on like this.
    pub(super) fn go(&mut self, word: &str) -> Option<&'a [Name]> {
        self.keys = self.names.narrowed(self.keys, self.length, word.as_bytes());
        self.length += word.len();
        // What ends here stands before what goes on.
        let first = self.keys.first()?;
        let is_name = self.names.letters(first).len() == self.length;
        Some(if is_name { slice(&self.names.meanings, &first.meanings) } else { &[] })
    }
}

/// A search for similar names, along the table of names: what neighbours begin with has the same rows of distances.
struct Search<'a, 'w> {
    letters: &'w [u8],
    most: usize,
    /// The last name that was looked at.
    name: &'a [u8],
    /// The row before its first letter, and that after each one, up to the first that is too far away.
    rows: Vec<Row>,
}

impl<'a> Search<'a, '_> {
    /// How far away the next name is; `None` where it is too far.
    fn distance(&mut self, name: &'a [u8]) -> Option<usize> {
        let shared = self.name.iter().zip(name).take_while(|(own, other)| own == other).count();
        self.name = name;
        self.rows.truncate(shared + 1);
        loop {
            let at = self.rows.len().checked_sub(1)?;
            let row = self.rows.get(at)?;
            if row.cells().iter().all(|&cell| usize::from(cell) > self.most) {
                return None;
            }
            let Some(&letter) = name.get(at) else {
                return row.cells().last().map(|&cell| usize::from(cell)).filter(|&distance| distance <= self.most);
            };
            let before = at.checked_sub(1);
            let last = before.and_then(|before| name.get(before)).copied();
            let next = row.next(before.and_then(|before| self.rows.get(before)), self.letters, letter, last);
            self.rows.push(next);
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
        Names::new(keys.iter().enumerate().map(|(i, key)| (*key, Name::Official(i))))
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
            let names = Names::new(keys.iter().enumerate().map(|(i, key)| (key.as_str(), Name::Official(i))));
            for (i, key) in keys.iter().enumerate() {
                prop_assert_eq!(names.named(key).to_vec(), vec![Name::Official(i)]);
                prop_assert_eq!(names.similar(key, 0).len(), 1);
            }
            prop_assert_eq!(names.named(&word).is_empty(), !keys.contains(&word));
            let alone = |key: &String| Names::new([(key.as_str(), Name::Official(0))]).similar(&word, 2).len();
            prop_assert_eq!(names.similar(&word, 2).len(), keys.iter().map(alone).sum::<usize>());
        }
    }
}
