//! One device using one seat of one license: its states, and the verdict on a refresh or a rebind.

use keystead_protocol::api::PolicyRules;
use keystead_protocol::fingerprint::{Comparison, Fingerprint, KeyProof, Similarity, Thresholds};
use keystead_protocol::id::{AccountId, ActivationId, DeviceId, LicenseId};
use keystead_protocol::state::State;

use crate::license::{License, Ownership};
use crate::policy::{self, Lease};
use crate::ratchet::{Ratchet, Shown, Step, Value};
use crate::{DAY, Millis, Refusal};

/// Points of small changes that are followed silently within [`DRIFT_WINDOW`].
pub const DRIFT_ALLOWED: u32 = 45;
/// The window of [`DRIFT_ALLOWED`].
pub const DRIFT_WINDOW: Millis = 30 * DAY;
/// How long the answer to an activation is repeated to its device key at no cost.
pub const REPEAT_WINDOW: Millis = 7 * DAY;

/// An activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// Its id.
    pub id: ActivationId,
    /// The license.
    pub license: LicenseId,
    /// The device.
    pub device: DeviceId,
    /// The seat that it is on: the id of the activation that claimed it.
    pub seat: ActivationId,
    /// Where it stands.
    pub status: ActivationStatus,
    /// The refresh ratchet.
    pub ratchet: Ratchet,
    /// The enrolled fingerprint.
    pub baseline: Fingerprint,
    /// Small changes followed lately.
    pub drift: Drift,
    /// When it was first activated.
    pub activated_at: Millis,
    /// When its lease began: at the last activation, refresh or rebind that was not a repetition.
    pub refreshed_at: Millis,
    /// Until when the product goes on with its certificate: the end of the lease's grace, or of what was granted offline since.
    pub serves_until: Millis,
    /// Whether its device has too little hardware of its own to be known by, as a container: such a seat is another's once the lease
    /// has ended.
    pub floating: bool,
}

/// Where an activation stands. `Released`, `Superseded` and `Revoked` are ended; all others live on a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivationStatus {
    /// In use.
    Active,
    /// Waiting for its owner to confirm changed hardware.
    HardwareChanged {
        /// Since when.
        at: Millis,
        /// Until when the product goes on.
        grace_until: Millis,
    },
    /// Two copies, or too many older states, were seen; waiting for the owner.
    Forked {
        /// Since when.
        at: Millis,
    },
    /// The seat was given back.
    Released {
        /// When.
        at: Millis,
    },
    /// Newer device keys on the same machine took its place on the seat.
    Superseded {
        /// When.
        at: Millis,
    },
    /// Ended by the vendor.
    Revoked {
        /// When.
        at: Millis,
    },
}

impl ActivationStatus {
    /// Whether it lives on a seat.
    pub const fn is_live(&self) -> bool {
        !matches!(
            self,
            ActivationStatus::Released { .. }
                | ActivationStatus::Superseded { .. }
                | ActivationStatus::Revoked { .. }
        )
    }

    /// The state of an activation of `license` as people read it.
    pub fn state(self, license: &License, now: Millis) -> State {
        match (self, license.is_usable(now)) {
            (ActivationStatus::Revoked { .. }, _) | (_, Err(Refusal::LicenseRevoked)) => State::Revoked,
            (ActivationStatus::Released { .. }, _) => State::Released,
            (ActivationStatus::Superseded { .. }, _) => State::Superseded,
            (_, Err(Refusal::LicenseSuspended)) => State::Suspended,
            (_, Err(_)) => State::Expired,
            (ActivationStatus::HardwareChanged { .. }, Ok(())) => State::HardwareChanged,
            (ActivationStatus::Forked { .. }, Ok(())) => State::Forked,
            (ActivationStatus::Active, Ok(())) => match license.ownership {
                Ownership::Held => State::Activated,
                Ownership::Owned { .. } => State::ActivatedLinked,
            },
        }
    }

    /// Leaves the seat.
    pub fn release(self, now: Millis) -> Result<Self, Refusal> {
        self.require_live().map(|_| ActivationStatus::Released { at: now })
    }

    /// Makes room for a newer device key on the seat.
    pub fn supersede(self, now: Millis) -> Result<Self, Refusal> {
        self.require_live().map(|_| ActivationStatus::Superseded { at: now })
    }

    /// When it ended, if it did.
    pub const fn ended_at(self) -> Option<Millis> {
        match self {
            ActivationStatus::Released { at }
            | ActivationStatus::Superseded { at }
            | ActivationStatus::Revoked { at } => Some(at),
            ActivationStatus::Active
            | ActivationStatus::HardwareChanged { .. }
            | ActivationStatus::Forked { .. } => None,
        }
    }

    fn require_live(self) -> Result<Self, Refusal> {
        match self {
            ActivationStatus::Released { .. } => Err(Refusal::ActivationReleased),
            ActivationStatus::Superseded { .. } => Err(Refusal::ActivationSuperseded),
            ActivationStatus::Revoked { .. } => Err(Refusal::ActivationRevoked),
            live => Ok(live),
        }
    }

    fn change_hardware(self, now: Millis, grace: Millis) -> Self {
        match self {
            ActivationStatus::HardwareChanged { .. } => self,
            _ => ActivationStatus::HardwareChanged { at: now, grace_until: now + grace },
        }
    }
}

/// Small hardware changes that were followed without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drift {
    /// Points in the running window.
    pub points: u32,
    /// When the window began.
    pub since: Millis,
}

impl Drift {
    /// Follows `points` more; `None` when that is too much for one window.
    pub fn follow(self, points: u32, now: Millis) -> Option<Self> {
        let window = if now - self.since < DRIFT_WINDOW { self } else { Drift { points: 0, since: now } };
        let points = window.points + points;
        (points <= DRIFT_ALLOWED).then_some(Drift { points, since: window.since })
    }
}

/// What the length of a lease follows from.
#[derive(Debug, Clone, Copy)]
pub struct LeaseTerms<'a> {
    /// The license's rules.
    pub rules: &'a PolicyRules,
    /// When the license ends; `None` is never.
    pub license_expiry: Option<Millis>,
}

/// What a device shows when it asks for a refresh.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    /// The ratchet's pair.
    pub shown: Shown,
    /// The hardware as it is now.
    pub fingerprint: &'a Fingerprint,
    /// How the enrolled device key was proven.
    pub key: KeyProof,
}

/// The verdict on a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refresh {
    /// Issue a certificate; the activation has moved on.
    Renewed {
        /// The activation from now on.
        activation: Activation,
        /// An older copy of the activation showed up and is followed.
        forked: bool,
    },
    /// Issue no certificate until the owner confirmed the device.
    HardwareChanged {
        /// The activation from now on.
        activation: Activation,
        /// What changed.
        comparison: Comparison,
        /// Until when the product goes on.
        grace_until: Millis,
    },
    /// Issue no certificate until the owner chose the device that keeps the seat.
    Forked {
        /// The activation from now on.
        activation: Activation,
        /// Why the owner is asked.
        fork: Fork,
    },
}

/// Why the owner is asked which device keeps the seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fork {
    /// Two copies of the activation are in use.
    TwoCopies,
    /// Older states of the activation showed up more often than the policy allows.
    TooOften,
}

impl Activation {
    /// Judges a refresh at `now`. `ratchet_key` is the server's secret.
    pub fn refresh(
        self,
        license: &License,
        rules: &PolicyRules,
        presented: Presented<'_>,
        ratchet_key: &[u8; 32],
        now: Millis,
    ) -> Result<Refresh, Refusal> {
        self.status.require_live()?;
        license.is_usable(now)?;
        if let ActivationStatus::Forked { .. } = self.status {
            return Err(Refusal::ForkDetected);
        }
        let comparison = self.baseline.compare(presented.fingerprint, presented.key, Thresholds::default());
        let drift = match comparison.similarity {
            Similarity::Different => return Err(Refusal::DifferentDevice),
            Similarity::Significant => None,
            Similarity::Minor | Similarity::Same => self.drift.follow(comparison.drift, now),
        };
        let Some(drift) = drift else {
            return Ok(self.hardware_changed(rules, comparison, now));
        };
        let step = self.ratchet.clone().step(ratchet_key, self.id, presented.shown, now);
        // Only a step of the ratchet renews the lease, or copies that repeat one pair would never have to move on.
        let refreshed_at = if step == Step::Repeated { self.refreshed_at } else { now };
        let (ratchet, forked) = match step {
            Step::Advanced(ratchet) => (ratchet, false),
            Step::Repeated => (self.ratchet, false),
            Step::Forked(ratchet) if is_forked_too_often(&ratchet, rules, now) => {
                return Ok(self.forked(ratchet, Fork::TooOften, now));
            }
            Step::Forked(ratchet) => (ratchet, true),
            Step::CloneConfirmed => {
                let ratchet = self.ratchet.clone();
                return Ok(self.forked(ratchet, Fork::TwoCopies, now));
            }
        };
        let baseline = rolled(self.baseline, presented.fingerprint);
        // What was given for longer is not taken back by a refresh.
        let floating = self.floating && policy::floats(rules, &baseline);
        let granted = if refreshed_at == now { now } else { self.serves_until };
        let activation = Activation {
            status: ActivationStatus::Active,
            ratchet,
            baseline,
            floating,
            drift,
            refreshed_at,
            ..self
        };
        let terms = LeaseTerms { rules, license_expiry: license.expires_at };
        // A repetition does not take back what was granted offline since.
        let renewed = activation.with_lease(terms);
        let serves_until = renewed.serves_until.max(granted);
        Ok(Refresh::Renewed { activation: Activation { serves_until, ..renewed }, forked })
    }

    fn forked(self, ratchet: Ratchet, fork: Fork, now: Millis) -> Refresh {
        let activation = Activation { status: ActivationStatus::Forked { at: now }, ratchet, ..self };
        Refresh::Forked { activation, fork }
    }

    fn hardware_changed(self, rules: &PolicyRules, comparison: Comparison, now: Millis) -> Refresh {
        let grace = i64::from(rules.hardware_grace_days) * DAY;
        let status = self.status.change_hardware(now, grace);
        let grace_until = match status {
            ActivationStatus::HardwareChanged { grace_until, .. } => grace_until,
            _ => now,
        };
        Refresh::HardwareChanged { activation: Activation { status, ..self }, comparison, grace_until }
    }

    /// Moves the activation to hardware that its owner says is the same device: same id, same seat, new baseline.
    ///
    /// # Errors
    /// The refusal for an activation that has ended.
    pub fn rebind(
        self,
        seen: &Fingerprint,
        first: Value,
        terms: LeaseTerms<'_>,
        now: Millis,
    ) -> Result<Self, Refusal> {
        self.status.require_live()?;
        let ratchet = Ratchet { sequence: self.ratchet.sequence + 1, ..Ratchet::start(first) };
        let drift = Drift { points: 0, since: now };
        let moved = Activation {
            status: ActivationStatus::Active,
            ratchet,
            baseline: seen.clone(),
            floating: self.floating && seen.is_weak(),
            drift,
            refreshed_at: now,
            ..self
        };
        Ok(moved.with_lease(terms))
    }

    /// Gives the device that it is on a new first value. What is known of copies stays known, and small changes of its hardware
    /// go on to add up to `drift`.
    pub fn reactivate(
        self,
        seen: &Fingerprint,
        drift: Drift,
        first: Value,
        (terms, now): (LeaseTerms<'_>, Millis),
    ) -> Result<Self, Refusal> {
        let ratchet = self.ratchet.clone().restart(first, now);
        Ok(Activation { ratchet, drift, ..self.rebind(seen, first, terms, now)? })
    }

    /// The activation with the lease that begins at its last refresh.
    #[must_use]
    pub fn with_lease(self, terms: LeaseTerms<'_>) -> Self {
        Activation { serves_until: self.lease(terms).grace_until, ..self }
    }

    /// Whether a device on this hardware that activates again is only to hear the last answer again: it came lately, and nothing
    /// has happened since.
    pub fn is_repeated_by(&self, seen: &Fingerprint, now: Millis) -> bool {
        let lately = now - self.refreshed_at < REPEAT_WINDOW && now < self.serves_until;
        self.status == ActivationStatus::Active
            && self.ratchet.is_untouched()
            && lately
            && self.baseline == *seen
    }

    /// Whether three quarters of its lease are over.
    pub fn is_due(&self, terms: LeaseTerms<'_>, now: Millis) -> bool {
        let lease = self.lease(terms);
        4 * (now - lease.issued_at) >= 3 * (lease.until - lease.issued_at)
    }

    /// Lets it go on until `until` without a refresh.
    pub fn prolong(self, until: Millis) -> Result<Self, Refusal> {
        match self.status.require_live()? {
            ActivationStatus::Forked { .. } => Err(Refusal::ForkDetected),
            _ => Ok(Activation { serves_until: self.serves_until.max(until), ..self }),
        }
    }

    /// The lease of a certificate for it, whenever it is issued: a repeated answer serves no longer than the first.
    pub fn lease(&self, terms: LeaseTerms<'_>) -> Lease {
        policy::lease(terms.rules, self.floating, terms.license_expiry, self.refreshed_at)
    }

    /// Whether `seen` is the enrolled device so surely that a lost device key is replaced without asking.
    pub fn is_same_device(&self, seen: &Fingerprint) -> bool {
        self.baseline.compare(seen, KeyProof::None, Thresholds::default()).similarity == Similarity::Same
    }

    /// Whether it is `account`'s, who owns `license`; what ended before the account had the license is the former owner's.
    pub fn is_of_owner(&self, license: &License, account: AccountId) -> bool {
        let since = license.owned_since(account);
        since.is_some_and(|since| self.status.ended_at().is_none_or(|at| at >= since))
    }

    /// The state as people read it.
    pub fn state(&self, license: &License, now: Millis) -> State {
        self.status.state(license, now)
    }
}

fn is_forked_too_often(ratchet: &Ratchet, rules: &PolicyRules, now: Millis) -> bool {
    let window = i64::from(rules.fork_window_days) * DAY;
    ratchet.forks_since(now - window) > rules.forks as usize
}

/// The baseline after a silent change: what is seen now, and what may not be read now as it was.
fn rolled(baseline: Fingerprint, seen: &Fingerprint) -> Fingerprint {
    let mut next = Fingerprint { class: baseline.class, unreadable: Vec::new(), fp: seen.fp.clone() };
    for (component, tags) in baseline.fp {
        if seen.unreadable.contains(&component) {
            next.fp.entry(component).or_insert(tags);
        }
    }
    next
}
