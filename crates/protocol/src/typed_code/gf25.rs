//! Arithmetic in GF(25) = GF(5)[x]/(x^2+x+2) and the linear algebra of the check symbols.
//!
//! Element n stands for (n mod 5) + (n div 5)x; x itself (5) generates the 24 non-zero elements.

use super::{CHECKS, LENGTH, Word};

const fn add(a: u8, b: u8) -> u8 {
    (a % 5 + b % 5) % 5 + (a / 5 + b / 5) % 5 * 5
}

const fn neg(a: u8) -> u8 {
    (5 - a % 5) % 5 + (5 - a / 5) % 5 * 5
}

const fn mul(a: u8, b: u8) -> u8 {
    MUL[a as usize][b as usize]
}

const MUL: [[u8; 25]; 25] = {
    let mut table = [[0; 25]; 25];
    let mut a = 0;
    while a < 25 {
        let mut b = 0;
        while b < 25 {
            let (a0, a1, b0, b1) = (a % 5, a / 5, b % 5, b / 5);
            // x^2 = -x - 2 = 4x + 3
            let constant = (a0 * b0 + 3 * a1 * b1) % 5;
            let linear = (a0 * b1 + a1 * b0 + 4 * a1 * b1) % 5;
            table[a][b] = (constant + 5 * linear) as u8;
            b += 1;
        }
        a += 1;
    }
    table
};

const fn inverse(a: u8) -> u8 {
    let mut b = 1;
    while b < 25 {
        if mul(a, b) == 1 {
            return b;
        }
        b += 1;
    }
    panic!("zero has no inverse")
}

/// `POWERS[j][i]` is the j-th power of position i's evaluation point: 5^i, and 0 for the last position.
const POWERS: [[u8; LENGTH]; CHECKS] = {
    let mut points = [0; LENGTH];
    let (mut i, mut point) = (0, 1);
    while i < 24 {
        points[i] = point;
        point = mul(point, 5);
        assert!(i == 23 || point != 1, "5 must be primitive");
        i += 1;
    }
    assert!(point == 1);
    let mut powers = [[1; LENGTH]; CHECKS];
    let mut j = 1;
    while j < CHECKS {
        let mut i = 0;
        while i < LENGTH {
            powers[j][i] = mul(powers[j - 1][i], points[i]);
            i += 1;
        }
        j += 1;
    }
    powers
};

fn syndromes(word: &Word) -> [u8; CHECKS] {
    std::array::from_fn(|j| word.iter().zip(&POWERS[j]).fold(0, |sum, (&s, &a)| add(sum, mul(s, a))))
}

/// Whether the word's syndromes are those of `coset`.
pub(super) fn is_valid(word: &Word, coset: [u8; CHECKS]) -> bool {
    syndromes(word) == coset
}

/// Computes the symbols at up to four `unknown` positions so that the word becomes valid; `None` if that requires a
/// value without a letter.
pub(super) fn fill(mut word: Word, unknown: &[usize], coset: [u8; CHECKS]) -> Option<Word> {
    for &at in unknown {
        word[at] = 0;
    }
    let have = syndromes(&word);
    let residual: [u8; CHECKS] = std::array::from_fn(|j| add(coset[j], neg(have[j])));
    for (&at, value) in unknown.iter().zip(solve(unknown, residual)?) {
        if value == 24 {
            return None;
        }
        word[at] = value;
    }
    Some(word)
}

/// Solves sum over `unknown` of x_i * POWERS[j][i] = rhs[j] for all four j by elimination.
fn solve(unknown: &[usize], rhs: [u8; CHECKS]) -> Option<Vec<u8>> {
    let n = unknown.len();
    let mut rows: Vec<Vec<u8>> =
        (0..CHECKS).map(|j| unknown.iter().map(|&i| POWERS[j][i]).chain([rhs[j]]).collect()).collect();
    for column in 0..n {
        let pivot = (column..CHECKS).find(|&row| rows[row][column] != 0)?;
        rows.swap(column, pivot);
        let scale = inverse(rows[column][column]);
        rows[column].iter_mut().for_each(|value| *value = mul(*value, scale));
        let pivot_row = rows[column].clone();
        for (at, row) in rows.iter_mut().enumerate() {
            let factor = neg(row[column]);
            if at != column && factor != 0 {
                row.iter_mut().zip(&pivot_row).for_each(|(value, &p)| *value = add(*value, mul(p, factor)));
            }
        }
    }
    let consistent = rows[n..].iter().all(|row| row[n] == 0);
    consistent.then(|| rows[..n].iter().map(|row| row[n]).collect())
}
