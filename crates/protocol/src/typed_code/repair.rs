//! Suggested repairs of mistyped codes. They are never applied automatically, because a silent correction can turn one
//! customer's key into the key of another customer.

use super::{CHECKS, GROUP, Kind, LENGTH, Word, complete, format_word, gf25, payload};

/// Possible repairs of a mistyped code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// No likely mistake explains the text.
    None,
    /// A likely mistake explains exactly one code.
    Suggested(Suggestion),
    /// Several codes are equally likely.
    Ambiguous(Vec<Suggestion>),
    /// Four symbols were unreadable. They can be computed, but no redundancy is left to verify the result.
    Unchecked(Suggestion),
}

/// A suggested code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The code, in five groups.
    pub code: String,
    /// Positions (0 to 24) in `code` that differ from the typed text.
    pub changed: Vec<usize>,
}

pub(super) fn suggest(kind: Kind, symbols: &[Option<u8>]) -> Repair {
    let gaps = symbols.iter().filter(|symbol| symbol.is_none()).count();
    let mut search = Search { kind, found: Vec::new() };
    match symbols.len() {
        24 if gaps < CHECKS - 1 => search.missing_symbol(symbols),
        26 if gaps < CHECKS => search.extra_symbol(symbols),
        LENGTH if gaps == CHECKS => return unchecked(kind, symbols),
        LENGTH if gaps < CHECKS => search.slips(symbols),
        _ => {}
    }
    match search.found.len() {
        0 => Repair::None,
        1 => Repair::Suggested(search.found.swap_remove(0)),
        _ => Repair::Ambiguous(search.found),
    }
}

fn unchecked(kind: Kind, symbols: &[Option<u8>]) -> Repair {
    let (word, gaps) = split(symbols);
    match gf25::fill(word, &gaps, kind.coset()).filter(|word| payload(word).is_some()) {
        Some(word) => Repair::Unchecked(Suggestion { code: format_word(&word), changed: gaps }),
        None => Repair::None,
    }
}

fn split(symbols: &[Option<u8>]) -> (Word, Vec<usize>) {
    let word = std::array::from_fn(|at| symbols[at].unwrap_or(0));
    (word, (0..LENGTH).filter(|&at| symbols[at].is_none()).collect())
}

struct Search {
    kind: Kind,
    found: Vec<Suggestion>,
}

impl Search {
    fn offer(&mut self, word: &Word, changed: Vec<usize>) {
        let code = format_word(word);
        if payload(word).is_some() && !self.found.iter().any(|known| known.code == code) {
            self.found.push(Suggestion { code, changed });
        }
    }

    fn offer_filled(&mut self, symbols: &[Option<u8>]) {
        let (word, gaps) = split(symbols);
        if let Some(word) = gf25::fill(word, &gaps, self.kind.coset()) {
            self.offer(&word, gaps);
        }
    }

    fn missing_symbol(&mut self, symbols: &[Option<u8>]) {
        for at in 0..LENGTH {
            let mut longer = symbols.to_vec();
            longer.insert(at, None);
            self.offer_filled(&longer);
        }
    }

    fn extra_symbol(&mut self, symbols: &[Option<u8>]) {
        for at in 0..symbols.len() {
            let mut shorter = symbols.to_vec();
            shorter.remove(at);
            self.offer_filled(&shorter);
        }
    }

    fn slips(&mut self, symbols: &[Option<u8>]) {
        let Some(word) = complete(symbols) else {
            self.offer_filled(symbols);
            if self.found.is_empty() {
                self.unreadable_and_one_wrong(symbols);
            }
            return;
        };
        self.one_wrong(symbols);
        self.swapped(&word);
        if self.found.is_empty() {
            self.two_look_alikes(&word);
        }
    }

    fn unreadable_and_one_wrong(&mut self, symbols: &[Option<u8>]) {
        if symbols.iter().filter(|symbol| symbol.is_none()).count() > 2 {
            return;
        }
        self.one_wrong(symbols);
    }

    fn one_wrong(&mut self, symbols: &[Option<u8>]) {
        for at in (0..LENGTH).filter(|&at| symbols[at].is_some()) {
            let mut erased = symbols.to_vec();
            erased[at] = None;
            self.offer_filled(&erased);
        }
    }

    fn swapped(&mut self, word: &Word) {
        for at in 0..LENGTH - 1 {
            let mut other = *word;
            other.swap(at, at + 1);
            self.offer_if_valid(&other, word);
        }
        for first in 0..GROUP {
            for second in first + 1..GROUP {
                let mut other = *word;
                for k in 0..GROUP {
                    other.swap(first * GROUP + k, second * GROUP + k);
                }
                self.offer_if_valid(&other, word);
            }
        }
    }

    fn two_look_alikes(&mut self, word: &Word) {
        for first in 0..LENGTH {
            for &a in look_alikes(word[first]) {
                for second in first + 1..LENGTH {
                    for &b in look_alikes(word[second]) {
                        let mut other = *word;
                        other[first] = a;
                        other[second] = b;
                        self.offer_if_valid(&other, word);
                    }
                }
            }
        }
    }

    fn offer_if_valid(&mut self, word: &Word, typed: &Word) {
        if gf25::is_valid(word, self.kind.coset()) {
            self.offer(word, (0..LENGTH).filter(|&at| word[at] != typed[at]).collect());
        }
    }
}

/// Symbols (by value) that are easily confused by eye or ear.
fn look_alikes(symbol: u8) -> &'static [u8] {
    const fn v(c: u8) -> u8 {
        let mut at = 0;
        while super::ALPHABET[at] != c {
            at += 1;
        }
        at as u8
    }
    const B: u8 = v(b'B');
    const C: u8 = v(b'C');
    const D: u8 = v(b'D');
    const F: u8 = v(b'F');
    const G: u8 = v(b'G');
    const H: u8 = v(b'H');
    const J: u8 = v(b'J');
    const K: u8 = v(b'K');
    const M: u8 = v(b'M');
    const P: u8 = v(b'P');
    const Q: u8 = v(b'Q');
    const R: u8 = v(b'R');
    const T: u8 = v(b'T');
    const V: u8 = v(b'V');
    const W: u8 = v(b'W');
    const X: u8 = v(b'X');
    const Y: u8 = v(b'Y');
    const TWO: u8 = v(b'2');
    const THREE: u8 = v(b'3');
    const FOUR: u8 = v(b'4');
    const SIX: u8 = v(b'6');
    const SEVEN: u8 = v(b'7');
    const EIGHT: u8 = v(b'8');
    const NINE: u8 = v(b'9');
    match symbol {
        B => &[EIGHT, D, P, THREE],
        C => &[G],
        D => &[B, Q, P],
        F => &[P],
        G => &[SIX, C, Q],
        H => &[K, M],
        J => &[G],
        K => &[X, H],
        M => &[W, H],
        P => &[R, B, D, F],
        Q => &[D, G, NINE],
        R => &[P, K],
        T => &[SEVEN, Y],
        V => &[Y, W],
        W => &[M, V],
        X => &[K, Y],
        Y => &[V, X, T],
        TWO => &[SEVEN, THREE],
        THREE => &[EIGHT, B, TWO],
        FOUR => &[NINE],
        SIX => &[G, EIGHT],
        SEVEN => &[TWO, T],
        EIGHT => &[B, THREE, SIX],
        NINE => &[FOUR, Q],
        _ => &[],
    }
}
