//! Passwords that are tried first: a list of common ones, compared without case, separators and common substitutions of
//! letters. Every password here has 15 or more characters, and few common ones do; what people do to lengthen a common one is
//! undone before it is looked up. Where the list comes from: `data/common-passwords.md`.

use sha2::{Digest as _, Sha256};

/// The first bytes of the SHA-256 of each folded password, sorted. By chance one in ten million others is taken for common.
const LIST: &[u8] = include_bytes!("../data/common-passwords.bin");
/// Bytes of an entry of the list.
pub const ENTRY: usize = 5;
/// The shortest text that is looked up: shorter ones are within too many good passwords.
pub const SHORTEST: usize = 4;

/// Sentences that are tried first and that no list of passwords has.
const PHRASES: [&str; 4] = [
    "correcthorsebatterystaple",
    "administratoradmin",
    "thequickbrownfoxjumps",
    "thequickbrownfoxjumpsoverthelazydog",
];

/// What fingers and the alphabet walk along.
const ROWS: [&str; 4] =
    ["qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1234567890"];

/// Whether a password is easily guessed: it is common, a shorter text repeated or a walk along the keyboard, with whatever
/// digits and signs before and after it.
pub fn is_easily_guessed(password: &str) -> bool {
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let forms = [lower.clone(), fold(&lower), core.to_owned(), fold(core)];
    forms.iter().any(|form| {
        let letters: Vec<char> = form.chars().collect();
        letters.len() >= SHORTEST && (is_repetition(&letters) || is_walk(&letters) || is_common(form))
    })
}

/// The form in which passwords are compared: lower case, letters in place of digits and signs that stand for them, nothing
/// between them.
pub fn fold(password: &str) -> String {
    let letter = |c: char| match c {
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    password.to_lowercase().chars().map(letter).filter(|c| c.is_alphanumeric()).collect()
}

/// What the list has of a folded password.
pub fn entry(folded: &str) -> [u8; ENTRY] {
    let digest = Sha256::digest(folded.as_bytes());
    std::array::from_fn(|at| digest[at])
}

fn is_common(folded: &str) -> bool {
    let (entries, _) = LIST.as_chunks::<ENTRY>();
    entries.binary_search(&entry(folded)).is_ok() || PHRASES.iter().any(|phrase| fold(phrase) == folded)
}

/// Whether a shorter text is repeated, as in `passwordpassword`.
fn is_repetition(letters: &[char]) -> bool {
    (1..=letters.len() / 2).any(|unit| letters.windows(unit + 1).all(|window| window[0] == window[unit]))
}

/// Whether it goes along a row, forwards or backwards and round and round, as `asdfghjklzxcvbnm`.
fn is_walk(letters: &[char]) -> bool {
    ROWS.into_iter().any(|row| {
        let row: Vec<char> = row.chars().collect();
        let place = |letter: &char| row.iter().position(|known| known == letter);
        let step = |pair: &[char], by: usize| match (place(&pair[0]), place(&pair[1])) {
            (Some(from), Some(to)) => (from + by) % row.len() == to,
            _ => false,
        };
        [1, row.len() - 1].into_iter().any(|by| letters.windows(2).all(|pair| step(pair, by)))
    })
}
