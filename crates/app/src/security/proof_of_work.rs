//! Proof of work. During a flood, a client must spend about a second of computing time first. The proof is a
//! number: the SHA-256 of `challenge:number` must begin with enough zero bits (hashcash).

use keystead_domain::Millis;
use keystead_protocol::Code;
use sha2::{Digest as _, Sha256};

use crate::context::App;
use crate::error::AppError;
use crate::security::sealed_token::{self, SealedToken, UNBOUND};

/// Required leading zero bits. They cost a browser one or two seconds.
const BITS: u32 = 17;
/// Lifetime of a challenge.
const LIFETIME: Millis = 30 * 60 * 1000;
const KIND: &str = "proof-of-work";

/// A challenge and the number of leading zero bits that it requires.
pub fn challenge(app: &App) -> (String, u32) {
    (sealed_token::seal(app, KIND, UNBOUND, &BITS, LIFETIME), BITS)
}

/// Checks a proof (`challenge:number`). The caller must consume the returned token.
pub fn check(app: &App, proof: &str) -> Result<SealedToken<u32>, AppError> {
    let challenge = proof.rsplit_once(':').map(|(challenge, _)| challenge).unwrap_or_default();
    let carried: Option<SealedToken<u32>> = sealed_token::open(app, KIND, UNBOUND, challenge);
    carried.filter(|carried| zero_bits(proof) >= carried.value).ok_or(Code::WorkMissing.into())
}

fn zero_bits(proof: &str) -> u32 {
    let digest = Sha256::digest(proof.as_bytes());
    u128::from_be_bytes(digest[..16].try_into().expect("SHA-256 has 32 bytes")).leading_zeros()
}
