//! The refresh ratchet: a value that changes with every refresh, so that copies of an activation are detected.
//!
//! The device stores a random `x`, then sends it together with `r`, the value from its last response. If the response
//! is lost, the device sends the same pair again and receives the same next value. Any other pair is a fork: the
//! ratchet abandons its branch and continues on a new one. A value of an abandoned branch proves that two copies are
//! in use.

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::id::ActivationId;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use crate::Millis;

/// A ratchet value, 16 bytes.
pub type Value = [u8; 16];

/// The pair that a device sends with a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The value from the device's last response.
    pub r: Value,
    /// The random bytes that the device stored before it sent the pair.
    pub x: Value,
}

/// Maximum number of abandoned branches that are stored. The oldest one is dropped first.
pub const MAX_LEFT_BRANCHES: usize = 64;

/// The server's state of an activation's ratchet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ratchet {
    /// The value that the server expects next.
    pub current: Value,
    /// Number of advances.
    pub sequence: u64,
    /// The pair of the last refresh; `None` if an activation or a rebind gave the current value.
    pub previous: Option<Shown>,
    /// Abandoned branches, oldest first, up to [`MAX_LEFT_BRANCHES`].
    pub left_branches: Vec<LeftBranch>,
}

/// The tip of an abandoned branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftBranch {
    /// The value that a device on this branch sends next.
    pub current: Value,
    /// The pair that a device on this branch repeats if it lost the last response.
    pub previous: Option<Shown>,
    /// Time at which the branch was abandoned.
    pub left_at: Millis,
    /// Why it was abandoned.
    pub left_by: LeftBy,
}

/// Why a branch was abandoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftBy {
    /// A device sent an older value.
    Fork,
    /// An activation or a rebind gave the device a new value. Until a device sends that value, the branch can be
    /// resumed, because the response may have been lost.
    Activation,
    /// The owner chose the device that keeps the seat. The branch cannot be resumed, and its fork no longer counts.
    Choice,
}

/// The result of checking a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The expected value.
    Advanced(Ratchet),
    /// The pair of the last refresh again: the response was lost.
    Repeated,
    /// An older value. The ratchet continues from the copy that sent it.
    Forked(Ratchet),
    /// A value of an abandoned branch: two copies are in use.
    CloneConfirmed,
    /// The device is on a branch that the owner decided against.
    NotChosen,
}

impl Ratchet {
    /// The ratchet of a new activation.
    pub const fn start(current: Value) -> Self {
        Self { current, sequence: 0, previous: None, left_branches: Vec::new() }
    }

    /// Continues with `current` after an activation gave it to the device. The previous branch is abandoned.
    #[must_use]
    pub fn restart(mut self, current: Value, now: Millis) -> Self {
        self.leave_branch(now, LeftBy::Activation);
        self.give(current)
    }

    /// Continues with `current` after the owner chose the device that keeps the seat. Copies on any earlier branch
    /// are detected at their next refresh.
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

    /// Whether the current value comes from an activation or a rebind and has not been used yet.
    pub const fn is_untouched(&self) -> bool {
        self.previous.is_none()
    }

    /// Number of forks after `since`.
    pub fn forks_since(&self, since: Millis) -> usize {
        let counts = |branch: &&LeftBranch| branch.left_by == LeftBy::Fork && branch.left_at > since;
        self.left_branches.iter().filter(counts).count()
    }

    /// Whether a device with these values is up to date: `r` is the current value, or the last refresh used `r` and
    /// `x`, because its response may be lost.
    pub fn is_where(&self, r: &Value, x: Option<Value>) -> bool {
        let lost = x.is_some_and(|x| self.previous.is_some_and(|previous| previous == Shown { r: *r, x }));
        equal(r, &self.current) || lost
    }

    /// Checks a pair at `now`. `key` is the server's secret.
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
            return match self.left_branches[at].left_by {
                LeftBy::Choice => Step::NotChosen,
                _ => Step::CloneConfirmed,
            };
        }
        self.leave_branch(now, LeftBy::Fork);
        self.advance(key, activation, shown);
        Step::Forked(self)
    }

    /// Resumes the abandoned branch at index `at`. Its device never received the current value, because that response
    /// was lost.
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
