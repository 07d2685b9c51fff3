//! The refresh ratchet: a value that changes with every refresh, so that a copied activation gives itself away.
//!
//! The device stores a random `x` before it sends it with the value `r` it last received. A lost answer is repeated
//! with the same pair; any other value is a fork, and a value of a branch that was left proves two living copies.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::id::ActivationId;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::Millis;

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

/// Branches that are remembered; the oldest is forgotten first.
pub const MAX_LEFT_BRANCHES: usize = 64;

/// The server's side of one activation's ratchet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratchet {
    /// The value that the device should show next.
    pub current: Value,
    /// How often it advanced.
    pub sequence: u64,
    /// What the last advance was made from.
    pub previous: Option<Shown>,
    /// The branches that were left at forks, oldest first, up to [`MAX_LEFT_BRANCHES`].
    pub left_branches: Vec<LeftBranch>,
}

/// The tip of a superseded branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftBranch {
    /// The value its device would show next.
    pub current: Value,
    /// The pair it would repeat after a lost answer.
    pub previous: Option<Shown>,
    /// When it was left.
    pub left_at: Millis,
    /// Why it was left.
    pub left_by: LeftBy,
}

/// Why a branch was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftBy {
    /// An older value was shown.
    Fork,
    /// An activation or a rebind gave its device a new value. The device may return to the branch as long as that value
    /// was not shown: the response may have been lost.
    Activation,
    /// The owner chose the device that keeps the seat. No device returns to the branch, and its fork no longer counts.
    Choice,
}

/// What a shown pair means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The expected value.
    Advanced(Ratchet),
    /// The last refresh again: its answer was lost.
    Repeated,
    /// An older value; the ratchet now follows whoever showed it.
    Forked(Ratchet),
    /// Two branches of a fork are alive.
    CloneConfirmed,
}

impl Ratchet {
    /// The ratchet of a new activation.
    pub const fn start(current: Value) -> Self {
        Self { current, sequence: 0, previous: None, left_branches: Vec::new() }
    }

    /// The ratchet after an activation gave its device `current`. The branch that the device had is left.
    #[must_use]
    pub fn restart(mut self, current: Value, now: Millis) -> Self {
        self.leave_branch(now, LeftBy::Activation);
        self.give(current)
    }

    /// The ratchet after the owner chose the device that keeps the seat and that device was given `current`. Copies on
    /// any earlier branch are detected at once.
    #[must_use]
    pub fn settle(mut self, current: Value, now: Millis) -> Self {
        self.leave_branch(now, LeftBy::Choice);
        for branch in &mut self.left_branches {
            branch.left_by = LeftBy::Choice;
        }
        self.give(current)
    }

    fn give(self, current: Value) -> Self {
        Self { current, sequence: self.sequence + 1, previous: None, ..self }
    }

    /// Whether the current value was given by an activation and not shown since.
    pub const fn is_untouched(&self) -> bool {
        self.previous.is_none()
    }

    /// How many forks there were after `since`.
    pub fn forks_since(&self, since: Millis) -> usize {
        let counts = |branch: &&LeftBranch| branch.left_by == LeftBy::Fork && branch.left_at > since;
        self.left_branches.iter().filter(counts).count()
    }

    /// Whether a device that was to show `r` next, and may have sent `x` with it, has had no later value.
    pub fn is_where(&self, r: &Value, x: Option<Value>) -> bool {
        let lost = x.is_some_and(|x| self.previous.is_some_and(|previous| previous == Shown { r: *r, x }));
        equal(r, &self.current) || lost
    }

    /// Judges what a device shows at `now`; `key` is the server's secret.
    pub fn step(mut self, key: &[u8; 32], activation: ActivationId, shown: Shown, now: Millis) -> Step {
        if equal(&shown.r, &self.current) {
            self.advance(key, activation, shown);
            return Step::Advanced(self);
        }
        if self.previous.is_some_and(|previous| previous == shown) {
            return Step::Repeated;
        }
        if let Some(at) = self.left_branches.iter().position(|branch| branch.is_alive(shown)) {
            if self.is_untouched() && self.left_branches[at].left_by == LeftBy::Activation {
                let returned = self.return_to(at, now);
                return match returned.clone().step(key, activation, shown, now) {
                    Step::Advanced(ratchet) => Step::Forked(ratchet),
                    Step::Repeated => Step::Forked(returned),
                    otherwise => otherwise,
                };
            }
            return Step::CloneConfirmed;
        }
        self.leave_branch(now, LeftBy::Fork);
        self.advance(key, activation, shown);
        Step::Forked(self)
    }

    /// The answer to an activation was lost: its device goes on with the branch that it has.
    fn return_to(mut self, at: usize, now: Millis) -> Self {
        let branch = self.left_branches.remove(at);
        self.leave_branch(now, LeftBy::Fork);
        Self { current: branch.current, previous: branch.previous, ..self }
    }

    fn leave_branch(&mut self, now: Millis, left_by: LeftBy) {
        if self.left_branches.len() >= MAX_LEFT_BRANCHES {
            self.left_branches.remove(0);
        }
        let left = LeftBranch { current: self.current, previous: self.previous, left_at: now, left_by };
        self.left_branches.push(left);
    }

    fn advance(&mut self, key: &[u8; 32], activation: ActivationId, shown: Shown) {
        self.sequence += 1;
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
        mac.update(activation.as_bytes());
        mac.update(&self.sequence.to_be_bytes());
        mac.update(&shown.x);
        let digest = mac.finalize().into_bytes();
        self.current = digest[..16].try_into().expect("SHA-256 has 32 bytes");
        self.previous = Some(shown);
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
