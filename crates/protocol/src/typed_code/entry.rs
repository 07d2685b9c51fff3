//! Feedback on a code while it is typed: complete groups, the position of a mistake, a suggested correction.
//! Corrections are never applied automatically.

use serde::Serialize;

use super::{ALPHABET, CodeError, GROUP, Kind, LENGTH, Repair, decode};

/// Maximum number of symbols examined. Longer texts are not codes.
const MOST: usize = 100;

/// A partially typed code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The marks of the groups typed so far. Empty if a mistake cannot be located, because then no group can be marked
    /// as good.
    pub groups: Vec<Mark>,
    /// Whether the code is complete and valid.
    pub whole: bool,
    /// A suggested correction, in symbols and dashes.
    pub suggestion: Option<Vec<Part>>,
}

/// The mark of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// No mistake found.
    Good,
    /// Incomplete.
    Open,
    /// Contains a mistake.
    Bad,
}

/// A symbol of a suggested correction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The symbol, or a dash.
    pub text: char,
    /// Whether the symbol differs from the typed text.
    pub changed: bool,
}

impl Entry {
    /// Checks the text typed so far.
    pub fn read(kind: Kind, typed: &str) -> Self {
        let symbols: Vec<char> = typed
            .chars()
            .filter(|c| c.is_alphanumeric())
            .map(|c| c.to_ascii_uppercase())
            .take(MOST)
            .collect();
        if symbols.len() < LENGTH {
            return Self { groups: symbols.chunks(GROUP).map(mark).collect(), ..Self::default() };
        }
        match decode(kind, typed) {
            Ok(_) => Self { groups: all(&[]), whole: true, suggestion: None },
            Err(CodeError::Mistyped { groups, repair }) if !groups.is_empty() => {
                Self { groups: all(&groups), whole: false, suggestion: meant(&repair) }
            }
            Err(CodeError::Length { repair, .. }) => Self { suggestion: meant(&repair), ..Self::default() },
            Err(_) => Self::default(),
        }
    }

    /// The suggested correction as text.
    pub fn suggested(&self) -> Option<String> {
        Some(self.suggestion.as_ref()?.iter().map(|part| part.text).collect())
    }
}

fn mark(group: &[char]) -> Mark {
    let known = |c: &char| u8::try_from(*c).is_ok_and(|byte| ALPHABET.contains(&byte));
    match (group.iter().all(known), group.len()) {
        (false, _) => Mark::Bad,
        (true, GROUP) => Mark::Good,
        (true, _) => Mark::Open,
    }
}

fn all(bad: &[u8]) -> Vec<Mark> {
    (1..=5).map(|group| if bad.contains(&group) { Mark::Bad } else { Mark::Good }).collect()
}

fn meant(repair: &Repair) -> Option<Vec<Part>> {
    let Repair::Suggested(suggestion) = repair else { return None };
    let mut at = 0;
    let part = |symbol: char| {
        let changed = symbol != '-' && suggestion.changed.contains(&at);
        at += usize::from(symbol != '-');
        Part { text: symbol, changed }
    };
    Some(suggestion.code.chars().map(part).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed_code::encode;

    const KIND: Kind = Kind::ProductKey;

    fn groups(typed: &str) -> Vec<Mark> {
        Entry::read(KIND, typed).groups
    }

    #[test]
    fn groups_are_marked_while_they_are_typed() {
        assert_eq!(groups(""), []);
        assert_eq!(groups("bcdfg-hj"), [Mark::Good, Mark::Open]);
        assert_eq!(groups("bcdf0 hj"), [Mark::Bad, Mark::Open], "no zero is in the alphabet");
    }

    #[test]
    fn a_whole_code_is_called_whole_and_a_slip_is_placed_and_explained() {
        let code = (1..).find_map(|payload| encode(KIND, payload << 40)).unwrap();
        assert!(Entry::read(KIND, &code.to_lowercase()).whole);
        let wrong = if code.as_bytes()[8] == b'B' { "C" } else { "B" };
        let entry = Entry::read(KIND, &format!("{}{wrong}{}", &code[..8], &code[9..]));
        assert!(!entry.whole && entry.groups[1] == Mark::Bad);
        assert_eq!(entry.suggested().as_ref(), Some(&code));
        assert_eq!(entry.suggestion.unwrap().iter().filter(|part| part.changed).count(), 1);
    }

    #[test]
    fn a_code_of_another_kind_is_not_whole_and_no_group_is_called_good() {
        let code = (1..).find_map(|payload| encode(Kind::InstallationId, payload << 40)).unwrap();
        assert_eq!(Entry::read(KIND, &code), Entry::default());
    }
}
