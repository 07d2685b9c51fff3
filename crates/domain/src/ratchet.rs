//! The refresh ratchet: a value that changes with every refresh, so that a copied activation gives itself away.
//!
//! The device stores a random `x` before it sends it with the value `r` it last received. A lost answer is repeated
//! with the same pair; any other value is a fork, and a value of the branch that was left proves two living copies.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::id::ActivationId;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// 16 bytes of the ratchet.
pub type Value = [u8; 16];

/// What a device shows with a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The value it last received.
    pub r: Value,
    /// The random bytes it stored before sending.
    pub x: Value,
}

/// The server's side of one activation's ratchet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratchet {
    /// The value that the device should show next.
    pub current: Value,
    /// How often it advanced.
    pub sequence: u64,
    /// What the last advance was made from.
    pub previous: Option<Shown>,
    /// Values of a branch that was left at a fork.
    pub left_branch: Option<LeftBranch>,
}

/// The tips of a superseded branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftBranch {
    /// The value its device would show next.
    pub current: Value,
    /// The pair it would repeat after a lost answer.
    pub previous: Option<Shown>,
}

/// What a shown pair means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The expected value.
    Advanced(Ratchet),
    /// The last refresh again: its answer was lost.
    Repeated,
    /// An older value; the ratchet now follows whoever showed it.
    Forked(Ratchet),
    /// Both branches of a fork are alive.
    CloneConfirmed,
}

impl Ratchet {
    /// The ratchet of a new activation.
    pub const fn start(current: Value) -> Self {
        Self { current, sequence: 0, previous: None, left_branch: None }
    }

    /// Whether a device that was to show `r` next, and may have sent `x` with it, has had no later value.
    pub fn is_where(&self, r: &Value, x: Option<Value>) -> bool {
        let lost = x.is_some_and(|x| self.previous.is_some_and(|previous| previous == Shown { r: *r, x }));
        equal(r, &self.current) || lost
    }

    /// Judges what a device shows; `key` is the server's secret.
    pub fn step(self, key: &[u8; 32], activation: ActivationId, shown: Shown) -> Step {
        if equal(&shown.r, &self.current) {
            return Step::Advanced(self.advanced(key, activation, shown));
        }
        if self.previous.is_some_and(|previous| previous == shown) {
            return Step::Repeated;
        }
        if self.left_branch.is_some_and(|branch| branch.is_alive(shown)) {
            return Step::CloneConfirmed;
        }
        let left = LeftBranch { current: self.current, previous: self.previous };
        Step::Forked(Ratchet { left_branch: Some(left), ..self.advanced(key, activation, shown) })
    }

    fn advanced(self, key: &[u8; 32], activation: ActivationId, shown: Shown) -> Ratchet {
        let sequence = self.sequence + 1;
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
        mac.update(activation.as_bytes());
        mac.update(&sequence.to_be_bytes());
        mac.update(&shown.x);
        let digest = mac.finalize().into_bytes();
        let current = digest[..16].try_into().expect("SHA-256 has 32 bytes");
        Ratchet { current, sequence, previous: Some(shown), left_branch: self.left_branch }
    }
}

impl LeftBranch {
    fn is_alive(&self, shown: Shown) -> bool {
        equal(&shown.r, &self.current) || self.previous.is_some_and(|previous| previous == shown)
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    a.ct_eq(b).into()
}
