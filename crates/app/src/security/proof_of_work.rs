//! Proof of work: while the server is flooded, whoever wants something spends a second of computing on it first. The proof
//! is a number that gives SHA-256 of `challenge:number` enough leading zero bits (hashcash).

use keystead_domain::Millis;
use keystead_protocol::Code;
use sha2::{Digest as _, Sha256};

use crate::context::App;
use crate::error::AppError;
use crate::security::sealed_token::{self, SealedToken, UNBOUND};

/// Leading zero bits of a proof: a second or two of a browser's time.
const BITS: u32 = 17;
/// How long a challenge may be worked on.
const LIFETIME: Millis = 30 * 60 * 1000;
const KIND: &str = "proof-of-work";

/// Something to work on, and how many leading zero bits are wanted.
pub fn challenge(app: &App) -> (String, u32) {
    (sealed_token::seal(app, KIND, UNBOUND, &BITS, LIFETIME), BITS)
}

/// Checks a proof, as `challenge:number`; it still has to be spent.
pub fn check(app: &App, proof: &str) -> Result<SealedToken<u32>, AppError> {
    let challenge = proof.rsplit_once(':').map(|(challenge, _)| challenge).unwrap_or_default();
    let carried: Option<SealedToken<u32>> = sealed_token::open(app, KIND, UNBOUND, challenge);
    carried.filter(|carried| zero_bits(proof) >= carried.value).ok_or(Code::WorkMissing.into())
}

fn zero_bits(proof: &str) -> u32 {
    let digest = Sha256::digest(proof.as_bytes());
    u128::from_be_bytes(digest[..16].try_into().expect("SHA-256 has 32 bytes")).leading_zeros()
}
