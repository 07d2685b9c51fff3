//! Activations: the use of a license by a device. Decides on refreshes and rebinds.

use keystead_protocol::fingerprint::{Comparison, Fingerprint, KeyProof, Similarity, Thresholds};
use keystead_protocol::id::{AccountId, ActivationId, DeviceId, LicenseId};
use keystead_protocol::state::State;

use crate::license::{License, Ownership};
use crate::policy::{self, Lease, PolicyRules};
use crate::ratchet::{Ratchet, Shown, Step, Value};
use crate::{DAY, Millis, Refusal};

/// Points of small hardware changes that are accepted within [`DRIFT_WINDOW`] without asking the owner.
pub const DRIFT_ALLOWED: u32 = 45;
/// Length of the window of [`DRIFT_ALLOWED`].
pub const DRIFT_WINDOW: Millis = 30 * DAY;
/// How long the server repeats the response to an activation to the same device key. A repeated response costs no
/// reinstallation and no move.
pub const REPEAT_WINDOW: Millis = 7 * DAY;

/// An activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// The activation's id.
    pub id: ActivationId,
    /// The license.
    pub license: LicenseId,
    /// The device.
    pub device: DeviceId,
    /// The seat: the id of the activation that claimed it.
    pub seat: ActivationId,
    /// The status.
    pub status: ActivationStatus,
    /// The refresh ratchet.
    pub ratchet: Ratchet,
    /// The enrolled fingerprint.
    pub baseline: Fingerprint,
    /// Recent small hardware changes.
    pub drift: Drift,
    /// Time of the first activation.
    pub activated_at: Millis,
    /// Start of the lease: the last activation, refresh or rebind that was not a repetition.
    pub refreshed_at: Millis,
    /// The product works without a refresh until this time: the end of the grace period, or of a later offline
    /// extension.
    pub serves_until: Millis,
    /// Whether the seat floats: the device cannot be recognized by its hardware (a container, for example), so
    /// another device may take the seat once the lease ends.
    pub floating: bool,
}

/// The status of an activation. `Released`, `Superseded` and `Revoked` are final. In the other states, the activation
/// occupies a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivationStatus {
    /// In use.
    Active,
    /// The hardware changed. The owner must confirm the device.
    HardwareChanged {
        /// Time of detection.
        at: Millis,
        /// The product works until this time.
        grace_until: Millis,
    },
    /// The server detected two copies or too many older states. The owner must choose the device that keeps the seat.
    Forked {
        /// Time of detection.
        at: Millis,
    },
    /// The seat was released.
    Released {
        /// Time of the release.
        at: Millis,
    },
    /// Newer device keys on the same machine replaced this activation on the seat.
    Superseded {
        /// Time of the replacement.
        at: Millis,
    },
    /// The vendor revoked the activation.
    Revoked {
        /// Time of the revocation.
        at: Millis,
    },
}

impl ActivationStatus {
    /// Whether the activation occupies a seat.
    pub const fn is_live(&self) -> bool {
        !matches!(
            self,
            ActivationStatus::Released { .. }
                | ActivationStatus::Superseded { .. }
                | ActivationStatus::Revoked { .. }
        )
    }

    /// The state to display for an activation of `license` with this status.
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

    /// Releases the seat.
    pub fn release(self, now: Millis) -> Result<Self, Refusal> {
        self.require_live().map(|_| ActivationStatus::Released { at: now })
    }

    /// Supersedes the activation to make room for a newer device key on the seat.
    pub fn supersede(self, now: Millis) -> Result<Self, Refusal> {
        self.require_live().map(|_| ActivationStatus::Superseded { at: now })
    }

    /// The end of the activation; `None` while it is live.
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

/// Small hardware changes that were accepted without asking the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drift {
    /// Points in the current window.
    pub points: u32,
    /// Start of the window.
    pub since: Millis,
}

impl Drift {
    /// Adds `points`. Returns `None` if the total of the window would exceed [`DRIFT_ALLOWED`].
    pub fn follow(self, points: u32, now: Millis) -> Option<Self> {
        let window = if now - self.since < DRIFT_WINDOW { self } else { Drift { points: 0, since: now } };
        let points = window.points + points;
        (points <= DRIFT_ALLOWED).then_some(Drift { points, since: window.since })
    }
}

/// The inputs that determine the length of a lease.
#[derive(Debug, Clone, Copy)]
pub struct LeaseTerms<'a> {
    /// The license's rules.
    pub rules: &'a PolicyRules,
    /// Expiry of the license; `None` if it never expires.
    pub license_expiry: Option<Millis>,
}

/// The data that a device sends with a refresh.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'a> {
    /// The ratchet values.
    pub shown: Shown,
    /// The current hardware.
    pub fingerprint: &'a Fingerprint,
    /// How the request proves possession of the enrolled device key.
    pub key: KeyProof,
}

/// The decision on a refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refresh {
    /// Issue a certificate.
    Renewed {
        /// The updated activation.
        activation: Activation,
        /// Whether the device presented an older state of the activation, which the policy accepts.
        forked: bool,
    },
    /// Issue no certificate until the owner confirms the device.
    HardwareChanged {
        /// The updated activation.
        activation: Activation,
        /// What changed.
        comparison: Comparison,
        /// The product works until this time.
        grace_until: Millis,
    },
    /// Issue no certificate until the owner chooses the device that keeps the seat.
    Forked {
        /// The updated activation.
        activation: Activation,
        /// The reason.
        fork: Fork,
    },
}

/// Why the owner must choose the device that keeps the seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fork {
    /// Two copies of the activation are in use.
    TwoCopies,
    /// Older states of the activation were detected more often than the policy allows.
    TooOften,
}

impl Activation {
    /// Decides on a refresh at `now`. `ratchet_key` is the server's secret.
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
        // Repeated pairs do not renew the lease; otherwise copies could share one pair forever.
        let refreshed_at = if step == Step::Repeated { self.refreshed_at } else { now };
        let (ratchet, forked) = match step {
            Step::Advanced(ratchet) => (ratchet, false),
            Step::Repeated => (self.ratchet, false),
            Step::Forked(ratchet) if is_forked_too_often(&ratchet, rules, now) => {
                return Ok(self.forked(ratchet, Fork::TooOften, now));
            }
            Step::Forked(ratchet) => (ratchet, true),
            // Only this copy is refused. The chosen device keeps working.
            Step::NotChosen => return Err(Refusal::ForkDetected),
            Step::CloneConfirmed => {
                let ratchet = self.ratchet.clone();
                return Ok(self.forked(ratchet, Fork::TwoCopies, now));
            }
        };
        let baseline = rolled(self.baseline, presented.fingerprint);
        // A refresh never turns a fixed seat into a floating one.
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
        // A repeated refresh keeps an offline extension that was granted after the first one.
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

    /// Moves the activation to changed hardware that the owner confirmed. Id and seat stay; `seen` becomes the
    /// baseline. The ratchet keeps its abandoned branches, so a copy on one of them is still detected. If the
    /// activation is forked, this device becomes the one that keeps the seat.
    ///
    /// # Errors
    /// A [`Refusal`] if the activation has ended.
    pub fn rebind(
        self,
        seen: &Fingerprint,
        first: Value,
        terms: LeaseTerms<'_>,
        now: Millis,
    ) -> Result<Self, Refusal> {
        self.status.require_live()?;
        let ratchet = match self.status {
            ActivationStatus::Forked { .. } => self.ratchet.settle(first, now),
            _ => self.ratchet.restart(first, now),
        };
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

    /// Activates again on hardware that has not changed significantly. Like [`Self::rebind`], but small hardware
    /// changes keep adding up: `drift` is the new total.
    pub fn reactivate(
        self,
        seen: &Fingerprint,
        drift: Drift,
        first: Value,
        (terms, now): (LeaseTerms<'_>, Millis),
    ) -> Result<Self, Refusal> {
        Ok(Activation { drift, ..self.rebind(seen, first, terms, now)? })
    }

    /// Sets the end of the lease that starts at `refreshed_at`.
    #[must_use]
    pub fn with_lease(self, terms: LeaseTerms<'_>) -> Self {
        Activation { serves_until: self.lease(terms).grace_until, ..self }
    }

    /// Whether to repeat the last response to an activation: it is recent, the hardware is unchanged, and the device
    /// has not refreshed since.
    pub fn is_repeated_by(&self, seen: &Fingerprint, now: Millis) -> bool {
        let lately = now - self.refreshed_at < REPEAT_WINDOW && now < self.serves_until;
        self.status == ActivationStatus::Active
            && self.ratchet.is_untouched()
            && lately
            && self.baseline == *seen
    }

    /// Whether three quarters of the lease have passed.
    pub fn is_due(&self, terms: LeaseTerms<'_>, now: Millis) -> bool {
        let lease = self.lease(terms);
        4 * (now - lease.issued_at) >= 3 * (lease.until - lease.issued_at)
    }

    /// Extends the time in which the product works without a refresh to `until`. Changes nothing if this time already
    /// ends later.
    pub fn prolong(self, until: Millis) -> Result<Self, Refusal> {
        match self.status.require_live()? {
            ActivationStatus::Forked { .. } => Err(Refusal::ForkDetected),
            _ => Ok(Activation { serves_until: self.serves_until.max(until), ..self }),
        }
    }

    /// The lease of the activation's certificate. It starts at `refreshed_at`, not when the certificate is issued, so
    /// a repeated response is not valid longer than the first one.
    pub fn lease(&self, terms: LeaseTerms<'_>) -> Lease {
        policy::lease(terms.rules, self.floating, terms.license_expiry, self.refreshed_at)
    }

    /// Whether `seen` matches the enrolled device so closely that a lost device key is replaced without asking the
    /// owner.
    pub fn is_same_device(&self, seen: &Fingerprint) -> bool {
        self.baseline.compare(seen, KeyProof::None, Thresholds::default()).similarity == Similarity::Same
    }

    /// Whether `account` owns the license and may see this activation. Activations that ended before the account
    /// became the owner stay hidden.
    pub fn is_of_owner(&self, license: &License, account: AccountId) -> bool {
        let since = license.owned_since(account);
        since.is_some_and(|since| self.status.ended_at().is_none_or(|at| at >= since))
    }

    /// The state to display.
    pub fn state(&self, license: &License, now: Millis) -> State {
        self.status.state(license, now)
    }
}

fn is_forked_too_often(ratchet: &Ratchet, rules: &PolicyRules, now: Millis) -> bool {
    let window = i64::from(rules.forks.window_days) * DAY;
    ratchet.forks_since(now - window) > rules.forks.uses as usize
}

/// The baseline after an accepted change: the current values of readable components, and the old values of components
/// that exist but are unreadable.
fn rolled(baseline: Fingerprint, seen: &Fingerprint) -> Fingerprint {
    let mut next = Fingerprint { class: baseline.class, unreadable: Vec::new(), fp: seen.fp.clone() };
    for (component, tags) in baseline.fp {
        if seen.unreadable.contains(&component) {
            next.fp.entry(component).or_insert(tags);
        }
    }
    next
}
