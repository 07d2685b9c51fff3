//! Words that whoever guesses a password tries first, because they know whose account it is and where
//! (NIST SP 800-63B-4, section 3.1.1.2).

use crate::account::Email;

/// Letters and digits that a password must have beside such words.
const REST: usize = 8;
/// Shorter words are in too many others.
const SHORTEST: usize = 4;

/// The words for an account with this address at a vendor with these names.
pub fn of(email: &Email, names: &[&str]) -> Vec<String> {
    let email = email.to_string();
    let texts = names.iter().copied().chain([email.as_str(), "keystead"]);
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = words.map(str::to_lowercase).filter(|word| is_long(word)).collect();
    // A long one is taken out before one that is in it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn is_long(word: &str) -> bool {
    word.chars().count() >= SHORTEST
}

/// Whether a password is little more than such words.
pub fn are_most_of(words: &[String], password: &str) -> bool {
    let lower = password.to_lowercase();
    let rest = words.iter().fold(lower.clone(), |rest, word| rest.replace(word, " "));
    rest != lower && rest.chars().filter(|c| c.is_alphanumeric()).count() < REST
}
