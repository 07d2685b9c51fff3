//! The codec of all typed codes: 25 symbols in five groups, with 96 bits of payload and four Reed-Solomon check
//! symbols over GF(25). Every error in at most four positions is detected offline.

mod entry;
mod gf25;
mod paste;
mod repair;

use std::fmt;

pub use entry::{Entry, Mark, Part};
pub use repair::{Repair, Suggestion};

/// The 24 letters and digits of typed codes; a symbol's value is its index.
pub const ALPHABET: &[u8; 24] = b"BCDFGHJKMPQRTVWXY2346789";

/// Symbols in a typed code.
pub const LENGTH: usize = 25;
const DATA: usize = 21;
const CHECKS: usize = LENGTH - DATA;
const GROUP: usize = 5;

/// The kind of a typed code. Each kind computes its check symbols differently, so a code never parses as another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A product key.
    ProductKey,
    /// An Installation ID, which a device without a network shows to request an activation.
    InstallationId,
    /// A short confirmation for a device that shares a secret with the server.
    ShortConfirmation,
    /// One of the four lines (0 to 3) of a public-key confirmation.
    ConfirmationLine(u8),
}

impl Kind {
    /// All kinds. Each of the four confirmation lines is a separate kind.
    pub const ALL: [Kind; 7] = [
        Kind::ProductKey,
        Kind::InstallationId,
        Kind::ShortConfirmation,
        Kind::ConfirmationLine(0),
        Kind::ConfirmationLine(1),
        Kind::ConfirmationLine(2),
        Kind::ConfirmationLine(3),
    ];

    /// The four syndromes of a valid word of this kind.
    const fn coset(self) -> [u8; CHECKS] {
        match self {
            Kind::ProductKey => [7, 13, 19, 3],
            Kind::InstallationId => [1, 8, 2, 21],
            Kind::ShortConfirmation => [4, 22, 11, 9],
            Kind::ConfirmationLine(n) => [15 + n, 6, 17, 2 + n],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::ProductKey => "product key",
            Kind::InstallationId => "installation ID",
            Kind::ShortConfirmation => "confirmation code",
            Kind::ConfirmationLine(_) => "line of a confirmation ID",
        })
    }
}

/// The values (0 to 23) of 25 symbols. The check symbols may be wrong.
type Word = [u8; LENGTH];

/// Why a typed text is not a code of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// The text is empty.
    #[error("nothing was typed")]
    Empty,
    /// The number of symbols is wrong.
    #[error("it has {found} letters and digits instead of 25")]
    Length {
        /// The number of symbols typed.
        found: usize,
        /// Codes that differ from the text by one missing or extra symbol.
        repair: Repair,
    },
    /// The check symbols do not match, or a character is not in the alphabet.
    #[error("{}", mistyped(groups))]
    Mistyped {
        /// Groups (1 to 5) that contain the mistake; empty if it cannot be located.
        groups: Vec<u8>,
        /// Codes that differ from the text by a likely mistake.
        repair: Repair,
    },
    /// A valid code of another kind.
    #[error("this is a {found}, not a {expected}")]
    OtherKind {
        /// The expected kind.
        expected: Kind,
        /// The kind of the typed code.
        found: Kind,
    },
    /// The check symbols match, but the payload is out of range.
    #[error("this isn't a valid {0}")]
    Malformed(Kind),
}

fn mistyped(groups: &[u8]) -> String {
    match groups {
        [] => "at least one character is wrong".to_owned(),
        [one] => format!("look at group {one}"),
        many => format!("look at groups {}", many.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// Encodes 96 bits as the 25 symbols of a code.
///
/// `None` if a check symbol would be the 25th field element, which has no letter: choose another payload.
///
/// # Panics
/// When `payload` has more than 96 bits.
pub fn encode(kind: Kind, payload: u128) -> Option<String> {
    assert!(payload < 1 << 96, "a typed code carries 96 bits");
    let mut word = [0; LENGTH];
    let mut rest = payload;
    for symbol in word[..DATA].iter_mut().rev() {
        *symbol = (rest % 24) as u8;
        rest /= 24;
    }
    let word = gf25::fill(word, &[21, 22, 23, 24], kind.coset())?;
    Some(format_word(&word))
}

/// Decodes a typed or pasted code of `kind` and returns its 96 bits.
pub fn decode(kind: Kind, typed: &str) -> Result<u128, CodeError> {
    let mut readings = paste::readings(typed);
    let decoded = readings.iter().find_map(|symbols| {
        let word = complete(symbols)?;
        gf25::is_valid(&word, kind.coset()).then_some(word)
    });
    match decoded {
        Some(word) => payload(&word).ok_or(CodeError::Malformed(kind)),
        None => Err(explain(kind, &readings.swap_remove(0))),
    }
}

fn explain(kind: Kind, symbols: &[Option<u8>]) -> CodeError {
    if symbols.is_empty() {
        return CodeError::Empty;
    }
    let repair = repair::suggest(kind, symbols);
    if symbols.len() != LENGTH {
        return CodeError::Length { found: symbols.len(), repair };
    }
    if let Some(found) = complete(symbols)
        .and_then(|word| Kind::ALL.into_iter().find(|other| gf25::is_valid(&word, other.coset())))
    {
        return CodeError::OtherKind { expected: kind, found };
    }
    CodeError::Mistyped { groups: groups_at_fault(symbols, &repair), repair }
}

fn groups_at_fault(symbols: &[Option<u8>], repair: &Repair) -> Vec<u8> {
    let mut positions: Vec<usize> = (0..LENGTH).filter(|&at| symbols[at].is_none()).collect();
    if let Repair::Suggested(suggestion) = repair {
        positions.extend(&suggestion.changed);
    }
    let mut groups: Vec<u8> = positions.into_iter().map(|at| (at / GROUP) as u8 + 1).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

fn complete(symbols: &[Option<u8>]) -> Option<Word> {
    let symbols: &[Option<u8>; LENGTH] = symbols.try_into().ok()?;
    let mut word = [0; LENGTH];
    for (value, symbol) in word.iter_mut().zip(symbols) {
        *value = (*symbol)?;
    }
    Some(word)
}

/// The 96 bits of a valid word; `None` if its 21 data symbols encode a larger number.
fn payload(word: &Word) -> Option<u128> {
    let value = word[..DATA].iter().fold(0u128, |sum, &symbol| sum * 24 + u128::from(symbol));
    (value < 1 << 96).then_some(value)
}

fn format_word(word: &Word) -> String {
    let mut text = String::with_capacity(LENGTH + 4);
    for (at, &symbol) in word.iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[usize::from(symbol)]));
    }
    text
}

/// The groups typed so far that contain an invalid character, for marking groups during typing.
pub fn unreadable_groups(typed: &str) -> Vec<u8> {
    let symbols = paste::readings(typed).swap_remove(0);
    let mut groups: Vec<u8> = symbols
        .iter()
        .enumerate()
        .filter(|(_, symbol)| symbol.is_none())
        .map(|(at, _)| (at / GROUP) as u8 + 1)
        .collect();
    groups.dedup();
    groups
}
