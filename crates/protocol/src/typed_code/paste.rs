//! Converts typed or pasted text to symbols: drops separators, maps letters of other keyboards, and turns invalid
//! characters into gaps that the check symbols can fill.

use super::ALPHABET;

/// The possible readings of a typed text, most literal first: the value of each character, `None` for characters
/// outside the alphabet. The optional second reading maps Cyrillic letters by their position on the keyboard.
pub(super) fn readings(typed: &str) -> Vec<Vec<Option<u8>>> {
    let characters: Vec<char> = typed.chars().filter(|c| !is_separator(*c)).map(narrow).collect();
    let literal = characters.iter().map(|&c| value(look_alike(c))).collect();
    if !characters.iter().any(|&c| by_key_place(c) != c) {
        return vec![literal];
    }
    vec![literal, characters.iter().map(|&c| value(by_key_place(c))).collect()]
}

fn value(c: char) -> Option<u8> {
    let byte = u8::try_from(c.to_ascii_uppercase()).ok()?;
    ALPHABET.iter().position(|&symbol| symbol == byte).map(|at| at as u8)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}'
            | '"' | '\'' | '`' | '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}'
            | '.' | ',' | ';' | ':' | '/' | '\\' | '_' | '|' | '(' | ')' | '[' | ']' | '<' | '>')
}

/// Converts full-width forms to ASCII.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Maps Cyrillic and Greek letters to the Latin letters that they resemble.
fn look_alike(c: char) -> char {
    match c {
        'В' | 'в' | 'Β' | 'β' => 'B',
        'С' | 'с' => 'C',
        'Н' | 'н' | 'Η' | 'η' => 'H',
        'К' | 'к' | 'Κ' | 'κ' => 'K',
        'М' | 'м' | 'Μ' | 'μ' => 'M',
        'Р' | 'р' | 'Ρ' | 'ρ' => 'P',
        'Т' | 'т' | 'Τ' | 'τ' => 'T',
        'Х' | 'х' | 'Χ' | 'χ' => 'X',
        'У' | 'у' | 'Υ' | 'υ' => 'Y',
        other => other,
    }
}

/// The Latin letter on the key that types `c` on a Russian keyboard.
fn by_key_place(c: char) -> char {
    const RUSSIAN: &str = "йцукенгшщзфывапролдячсмить";
    const LATIN: &str = "QWERTYUIOPASDFGHJKLZXCVBNM";
    let lower = c.to_lowercase().next().unwrap_or(c);
    match RUSSIAN.chars().position(|r| r == lower) {
        Some(at) => LATIN.chars().nth(at).unwrap_or(c),
        None => c,
    }
}
