//! Putting a device on a seat of a license: the one it has, or a free one.

use std::sync::Arc;

use keystead_domain::account::check_name;
use keystead_domain::activation::{Activation, ActivationStatus, Drift, LeaseTerms};
use keystead_domain::license::License;
use keystead_domain::ratchet::Ratchet;
use keystead_domain::{Millis, policy};
use keystead_protocol::api::{Activated, DeviceDescription};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::id::{ActivationId, DeviceId, OutboxId};
use keystead_storage::{ActivationDetails, ActivationRow, Device, Policy, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::licensing::activate_again::Returning;
use crate::licensing::certificate::{self, Subject};
use crate::licensing::channel::Channel;
use crate::licensing::release_activation;
use crate::licensing::share_seat::{self, Joining};

/// A device that asks for a seat, and has proven its key.
pub struct Applicant {
    /// Its key.
    pub key: DevicePublicKey,
    /// The name that its user gave it.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// The application's version, or nothing.
    pub app_version: String,
    /// Its hardware.
    pub fingerprint: Fingerprint,
}

impl Applicant {
    /// Checks what a device says of itself.
    pub fn check(device: &DeviceDescription, app_version: Option<&str>) -> Result<Self, AppError> {
        let key = device.key.read().ok_or_else(|| {
            AppError::value("device.key", "expected Ed25519 with 32 bytes or ESP256 with 33, as base64url")
        })?;
        let app_version = app_version.unwrap_or_default().to_owned();
        if app_version.len() > 64 || app_version.contains(char::is_control) {
            return Err(AppError::value("app_version", "at most 64 bytes without control characters"));
        }
        Ok(Self {
            key,
            name: check_name(&device.name).map_err(|e| AppError::value("device.name", e))?,
            platform: check_name(&device.platform).map_err(|e| AppError::value("device.platform", e))?,
            app_version,
            fingerprint: device.fingerprint.clone(),
        })
    }
}

/// What is drawn before the transaction, so that it can be run again with the same outcome.
#[derive(Clone, Copy)]
pub struct Fresh {
    device: DeviceId,
    activation: ActivationId,
    message: OutboxId,
    lapse: OutboxId,
    ratchet: [u8; 16],
    token: [u8; 16],
    use_id: [u8; 16],
}

impl Fresh {
    /// Draws.
    pub fn draw(app: &Shared) -> Self {
        Self::for_token(app, entropy::bytes())
    }

    /// Draws all but the certificate's id.
    pub fn for_token(app: &Shared, token: [u8; 16]) -> Self {
        Self {
            device: app.new_id(),
            activation: app.new_id(),
            message: app.new_id(),
            lapse: app.new_id(),
            ratchet: entropy::bytes(),
            token,
            use_id: app.new_id(),
        }
    }
}

/// A device and the license that a seat of is wanted.
pub struct Seating<'a> {
    /// The server.
    pub app: &'a Shared,
    /// Who asks.
    pub applicant: &'a Applicant,
    /// The license, of which is known that it may be used.
    pub license: License,
    /// Its policy.
    pub policy: Arc<Policy>,
    /// How it asks.
    pub by: Channel,
    /// What was drawn.
    pub fresh: Fresh,
    /// When.
    pub now: Millis,
}

impl Seating<'_> {
    /// Gives the device its seat and a certificate.
    pub fn run(&self, tx: &mut Tx<'_>) -> Result<Activated, AppError> {
        let known = tx.device_by_key(self.applicant.key)?;
        let mut freed = false;
        if let Some(known) = &known
            && let Some(live) = tx.live_activation(self.license.id, known.id)?
        {
            match self.lapse(tx, &live)? {
                Some(lapsed) => freed = lapsed,
                None => return self.again(tx, &live),
            }
        }
        if let Some(other) = share_seat::same_machine(tx, &self.license, &self.applicant.fingerprint)? {
            let seat = self.joining().run(tx, &other.activation)?;
            return self.occupy(tx, known, seat);
        }
        // The seat first: who is refused has changed nothing then. That there is none may be seen before; that there is
        // one is only known when it is claimed.
        let full = self.license.seats_used >= self.license.seats && !freed && !self.take_over(tx)?;
        if full || !tx.claim_seat(self.license.id)? {
            return Err(self.license.no_free_seat().into());
        }
        self.occupy(tx, known, self.fresh.activation)
    }

    fn joining(&self) -> Joining<'_> {
        let Self { license, by, now, .. } = self;
        let (rules, use_id) = (&self.policy.rules, self.fresh.use_id);
        Joining { license, rules, by: *by, use_id, now: *now }
    }

    fn device(&self) -> Device {
        let Applicant { key, name, platform, .. } = self.applicant;
        Device {
            id: self.fresh.device,
            public_key: *key,
            name: name.clone(),
            platform: platform.clone(),
            created_at: self.now,
            last_seen_at: self.now,
        }
    }

    /// Frees the seat of a floating activation whose lease has ended. Says whether there was one.
    fn take_over(&self, tx: &mut Tx<'_>) -> Result<bool, AppError> {
        match tx.lapsed_floating(self.license.id, self.now)? {
            Some(lapsed) => Ok(self.lapse(tx, &lapsed)?.unwrap_or(false)),
            None => Ok(false),
        }
    }

    /// Ends `live` if it floats and its lease has ended; says then whether that freed its seat.
    fn lapse(&self, tx: &mut Tx<'_>, live: &ActivationDetails) -> Result<Option<bool>, AppError> {
        let Activation { id, floating, serves_until, .. } = live.activation;
        if !floating || serves_until > self.now {
            return Ok(None);
        }
        let freed = release_activation::release(tx, &live.activation, self.now)? > 0;
        Event { id: self.fresh.lapse, at: self.now, actor: "system", action: "activation.lapse" }.record(
            tx,
            id,
            self.license.id,
        );
        Ok(Some(freed))
    }

    fn floats(&self) -> bool {
        self.by != Channel::File && policy::floats(&self.policy.rules, &self.applicant.fingerprint)
    }

    fn occupy(
        &self,
        tx: &mut Tx<'_>,
        known: Option<Device>,
        seat: ActivationId,
    ) -> Result<Activated, AppError> {
        let (fresh, now) = (self.fresh, self.now);
        let device = match known {
            Some(device) => {
                tx.touch_device(device.id, now)?;
                device.id
            }
            None => {
                tx.insert_device(&self.device())?;
                fresh.device
            }
        };
        let activation = Activation {
            id: fresh.activation,
            license: self.license.id,
            device,
            seat,
            standing: ActivationStatus::Active,
            ratchet: Ratchet::start(fresh.ratchet),
            baseline: self.applicant.fingerprint.clone(),
            drift: Drift { points: 0, since: now },
            activated_at: now,
            refreshed_at: now,
            serves_until: now,
            floating: self.floats(),
        };
        let terms = LeaseTerms { rules: &self.policy.rules, license_expiry: self.license.expires_at };
        let row = ActivationRow {
            activation: activation.with_lease(terms),
            app_version: self.applicant.app_version.clone(),
        };
        tx.insert_activation(&row)?;
        let actor = format!("device:{device}");
        Event { id: fresh.message, at: now, actor: &actor, action: "activation.create" }.record(
            tx,
            fresh.activation,
            self.license.id,
        );
        self.certify(tx, row.activation)
    }

    fn certify(&self, tx: &mut Tx<'_>, activation: Activation) -> Result<Activated, AppError> {
        let terms = self.app.catalog.terms(tx, &self.license)?;
        let subject = Subject {
            activation,
            license: &self.license,
            terms: &terms,
            device_key: self.applicant.key,
            token_id: self.fresh.token,
            reason: "activate",
        };
        certificate::issue(tx, self.app, subject, self.now)
    }

    /// The device has a seat already, by the same key.
    fn again(&self, tx: &mut Tx<'_>, live: &ActivationDetails) -> Result<Activated, AppError> {
        let (Fresh { ratchet, use_id, message, .. }, now) = (self.fresh, self.now);
        let Applicant { key, fingerprint: seen, .. } = self.applicant;
        let rules = &self.policy.rules;
        let (by, floats) = (self.by, self.floats());
        let returning = Returning { key: *key, seen, rules, ratchet, use_id, by, floats, settles: true, now };
        let activation = returning.run(tx, live)?;
        tx.update_activation(&activation)?;
        let actor = format!("device:{}", activation.device);
        Event { id: message, at: now, actor: &actor, action: "activation.repeat" }.record(
            tx,
            activation.id,
            self.license.id,
        );
        self.certify(tx, activation)
    }
}
