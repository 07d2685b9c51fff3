//! What can be said about a product key while it is typed, without looking it up: which groups are whole, where a mistake
//! is, and what was perhaps meant. Nothing is ever corrected by itself.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_protocol::ProductKey;
use keystead_protocol::typed_code::{ALPHABET, CodeError, LENGTH, Repair};
use serde::Deserialize;

use super::page::{Place, Shell, render};
use super::visit::SignedIn;

/// Symbols of one group.
const GROUP: usize = 5;

/// The marks below the field.
pub struct KeyCheck {
    /// The groups that were begun.
    pub groups: Vec<Mark>,
    /// Whether the key has no typing mistake.
    pub whole: bool,
    /// The key that was perhaps meant, in pieces.
    pub suggestion: Option<Vec<Part>>,
}

/// One group's mark.
pub struct Mark {
    /// The name of its text.
    pub text: &'static str,
    /// How it looks.
    pub class: &'static str,
}

/// A piece of a suggested key.
pub struct Part {
    /// The symbols.
    pub text: String,
    /// Whether they differ from what was typed.
    pub changed: bool,
}

const GOOD: Mark = Mark { text: "group-good", class: "good" };
const OPEN: Mark = Mark { text: "group-open", class: "open" };
const BAD: Mark = Mark { text: "group-bad", class: "bad" };

impl KeyCheck {
    /// Looks at what was typed so far.
    pub fn of(typed: &str) -> Self {
        let symbols: Vec<char> =
            typed.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).take(100).collect();
        if symbols.len() < LENGTH {
            let groups = symbols.chunks(GROUP).map(mark).collect();
            return Self { groups, whole: false, suggestion: None };
        }
        match typed.parse::<ProductKey>() {
            Ok(_) => Self { groups: all(&[]), whole: true, suggestion: None },
            // A mistake that cannot be placed may be in any group, so none is called good.
            Err(CodeError::Mistyped { groups, .. }) if groups.is_empty() => {
                Self { groups: Vec::new(), whole: false, suggestion: None }
            }
            Err(CodeError::Mistyped { groups, repair }) => {
                Self { groups: all(&groups), whole: false, suggestion: meant(&repair) }
            }
            Err(CodeError::Length { repair, .. }) => {
                Self { groups: Vec::new(), whole: false, suggestion: meant(&repair) }
            }
            Err(_) => Self { groups: Vec::new(), whole: false, suggestion: None },
        }
    }
}

fn mark(group: &[char]) -> Mark {
    let known = |c: &char| u8::try_from(*c).is_ok_and(|byte| ALPHABET.contains(&byte));
    match (group.iter().all(known), group.len()) {
        (false, _) => BAD,
        (true, GROUP) => GOOD,
        (true, _) => OPEN,
    }
}

fn all(bad: &[u8]) -> Vec<Mark> {
    (1..=5).map(|group| if bad.contains(&group) { BAD } else { GOOD }).collect()
}

fn meant(repair: &Repair) -> Option<Vec<Part>> {
    let Repair::Suggested(suggestion) = repair else { return None };
    let mut at = 0;
    let part = |symbol: char| {
        let changed = symbol != '-' && suggestion.changed.contains(&at);
        at += usize::from(symbol != '-');
        Part { text: symbol.to_string(), changed }
    };
    Some(suggestion.code.chars().map(part).collect())
}

#[derive(Template)]
#[template(path = "key_check.html")]
struct Fragment {
    shell: Shell,
    check: KeyCheck,
}

#[derive(Deserialize)]
pub struct Typed {
    product_key: String,
}

/// The marks for what was typed so far.
pub async fn check(visit: SignedIn, Form(typed): Form<Typed>) -> Response {
    let shell = visit.shell(Place::Link);
    render(StatusCode::OK, &Fragment { shell, check: KeyCheck::of(&typed.product_key) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(typed: &str) -> Vec<&'static str> {
        KeyCheck::of(typed).groups.into_iter().map(|mark| mark.class).collect()
    }

    #[test]
    fn groups_are_marked_while_they_are_typed() {
        assert_eq!(classes(""), Vec::<&str>::new());
        assert_eq!(classes("bcdfg-hj"), ["good", "open"]);
        assert_eq!(classes("bcdf0 hj"), ["bad", "open"], "no zero is in the alphabet");
    }

    #[test]
    fn a_whole_key_is_called_whole_and_a_slip_is_placed_and_explained() {
        let key =
            ProductKey::mint(&keystead_protocol::product_key::MacKey::derive(&[1; 16], &[2; 32]), 0, 1, 7);
        let key = key.or_else(|| {
            ProductKey::mint(&keystead_protocol::product_key::MacKey::derive(&[1; 16], &[2; 32]), 0, 1, 8)
        });
        let key = key.unwrap().to_string();
        assert!(KeyCheck::of(&key.to_lowercase()).whole);
        let wrong = if key.as_bytes()[8] == b'B' { "C" } else { "B" };
        let check = KeyCheck::of(&format!("{}{wrong}{}", &key[..8], &key[9..]));
        assert!(!check.whole && check.groups[1].class == "bad");
        let parts = check.suggestion.unwrap();
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), key);
        assert_eq!(parts.iter().filter(|part| part.changed).count(), 1);
    }
}
