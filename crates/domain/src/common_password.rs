//! Detects common passwords. The lookup ignores case, separators and common letter substitutions. A password has at
//! least 15 characters, and few common passwords are that long. Therefore the lookup also detects common passwords
//! that were repeated or lengthened with digits and signs. Source of the list: `data/common-passwords.md`.

use sha2::{Digest as _, Sha256};

/// Truncated SHA-256 of each folded password, sorted. The probability of a false match is one in ten million.
const LIST: &[u8] = include_bytes!("../data/common-passwords.bin");
/// Bytes per entry of the list.
pub const ENTRY: usize = 5;
/// Minimum length of a text that is looked up. Shorter texts occur in too many good passwords.
pub const SHORTEST: usize = 4;

/// Common phrases that password lists lack.
const PHRASES: [&str; 4] = [
    "correcthorsebatterystaple",
    "administratoradmin",
    "thequickbrownfoxjumps",
    "thequickbrownfoxjumpsoverthelazydog",
];

/// Keyboard rows and the alphabet, for detecting walks.
const ROWS: [&str; 4] =
    ["qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1234567890"];

/// Whether a password is easily guessed: common, a repeated shorter text or a keyboard walk. The password is checked
/// as typed and without leading and trailing digits and signs.
pub fn is_easily_guessed(password: &str) -> bool {
    let lower = password.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let forms = [lower.clone(), fold(&lower), core.to_owned(), fold(core)];
    forms.iter().any(|form| {
        let letters: Vec<char> = form.chars().collect();
        letters.len() >= SHORTEST && (is_repetition(&letters) || is_walk(&letters) || is_common(form))
    })
}

/// The form in which passwords are compared: lower case, without separators. Characters that commonly replace a letter
/// become that letter.
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

/// The list entry of a folded password.
pub fn entry(folded: &str) -> [u8; ENTRY] {
    let digest = Sha256::digest(folded.as_bytes());
    std::array::from_fn(|at| digest[at])
}

fn is_common(folded: &str) -> bool {
    let (entries, _) = LIST.as_chunks::<ENTRY>();
    entries.binary_search(&entry(folded)).is_ok() || PHRASES.iter().any(|phrase| fold(phrase) == folded)
}

/// Whether a shorter text repeats, as in `passwordpassword`.
fn is_repetition(letters: &[char]) -> bool {
    (1..=letters.len() / 2).any(|unit| letters.windows(unit + 1).all(|window| window[0] == window[unit]))
}

/// Whether each letter is next to the previous one in a row, always in the same direction, as in `asdfghjklzxcvbnm`.
/// The end of a row continues at its start.
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
