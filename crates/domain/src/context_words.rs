//! Context-specific words, such as the names of the account and the vendor. An attacker tries them first (NIST SP
//! 800-63B-4, section 3.1.1.2).

use crate::account::Email;

/// Minimum number of letters and digits that a password must have in addition to such words.
const REST: usize = 8;
/// Minimum length of a word. Shorter words occur in too many other words.
const SHORTEST: usize = 4;

/// The words for an account with this address at a vendor with these names.
pub fn of(email: &Email, names: &[&str]) -> Vec<String> {
    let email = email.to_string();
    let texts = names.iter().copied().chain([email.as_str(), "keystead"]);
    let words = texts.flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let mut words: Vec<String> = words.map(str::to_lowercase).filter(|word| is_long(word)).collect();
    // `are_most_of` must remove a longer word before the words that it contains.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

fn is_long(word: &str) -> bool {
    word.chars().count() >= SHORTEST
}

/// Whether a password contains some of `words` and little else.
pub fn are_most_of(words: &[String], password: &str) -> bool {
    let lower = password.to_lowercase();
    let rest = words.iter().fold(lower.clone(), |rest, word| rest.replace(word, " "));
    rest != lower && rest.chars().filter(|c| c.is_alphanumeric()).count() < REST
}
