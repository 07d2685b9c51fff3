//! Claims a seat of a license for a device: the seat that its machine already uses, or a free one.

use std::sync::Arc;

use keystead_domain::account::check_name;
use keystead_domain::activation::{Activation, ActivationStatus, Drift, LeaseTerms};
use keystead_domain::license::License;
use keystead_domain::ratchet::Ratchet;
use keystead_domain::{Millis, policy};
use keystead_protocol::api::DeviceDescription;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::id::{ActivationId, DeviceId, OutboxId};
use keystead_storage::{ActivationDetails, ActivationRow, Device, Policy, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::licensing::certificate::{self, Issued, Subject};
use crate::licensing::channel::Channel;
use crate::licensing::reactivation::Reactivation;
use crate::licensing::release_activation;
use crate::licensing::share_seat::{self, SeatShare};

/// The validated description of a device that requests a seat.
pub struct DeviceClaim {
    /// The device key.
    pub key: DevicePublicKey,
    /// The name that the user gave the device.
    pub name: String,
    /// Operating system and version.
    pub platform: String,
    /// The application's version; may be empty.
    pub app_version: String,
    /// The fingerprint of its hardware.
    pub fingerprint: Fingerprint,
}

impl DeviceClaim {
    /// Validates the description that a device sent.
    ///
    /// # Errors
    /// [`Code::ValueNotAllowed`](keystead_protocol::Code::ValueNotAllowed)
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

/// Ids and random values. They are generated before the transaction, so a retry of the transaction has the
/// same outcome.
#[derive(Clone, Copy)]
pub struct PregeneratedIds {
    device: DeviceId,
    activation: ActivationId,
    message: OutboxId,
    lapse: OutboxId,
    ratchet: [u8; 16],
    token: [u8; 16],
    use_id: [u8; 16],
}

impl PregeneratedIds {
    /// Generates all values.
    pub fn draw(app: &Shared) -> Self {
        Self::for_token(app, app.new_id())
    }

    /// Generates all values except `token`, the certificate's id.
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

/// A request for a seat on a license.
pub struct SeatClaim<'a> {
    /// The server.
    pub app: &'a Shared,
    /// The device.
    pub applicant: &'a DeviceClaim,
    /// The license. The caller has checked that it is usable.
    pub license: License,
    /// The license's policy.
    pub policy: Arc<Policy>,
    /// How the request reaches the server.
    pub by: Channel,
    /// Pregenerated values.
    pub fresh: PregeneratedIds,
    /// The current time.
    pub now: Millis,
}

impl SeatClaim<'_> {
    /// Claims the seat and issues a certificate.
    pub fn run(&self, tx: &mut Tx<'_>) -> Result<Issued, AppError> {
        let known = tx.device_by_key(self.applicant.key)?;
        let mut freed = false;
        if let Some(known) = &known
            && let Some(live) = tx.activation_of_device(self.license.id, known.id)?
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
        // Claim the seat before any other change, so a refused request changes nothing. Only the claim proves
        // that a seat is free.
        let full = self.license.seats_used >= self.license.seats && !freed && !self.take_over(tx)?;
        if full || !tx.license_claim_seat(self.license.id)? {
            return Err(self.license.no_free_seat().into());
        }
        self.occupy(tx, known, self.fresh.activation)
    }

    fn joining(&self) -> SeatShare<'_> {
        let Self { app, license, by, now, .. } = self;
        let (rules, use_id) = (&self.policy.rules, self.fresh.use_id);
        SeatShare { app, license, rules, by: *by, use_id, now: *now }
    }

    fn device(&self) -> Device {
        let DeviceClaim { key, name, platform, .. } = self.applicant;
        Device {
            id: self.fresh.device,
            public_key: *key,
            name: name.clone(),
            platform: platform.clone(),
            created_at: self.now,
            last_seen_at: self.now,
        }
    }

    /// Ends a floating activation whose lease has expired. Returns whether this freed a seat.
    fn take_over(&self, tx: &mut Tx<'_>) -> Result<bool, AppError> {
        match tx.activation_lapsed_floating(self.license.id, self.now)? {
            Some(lapsed) => Ok(self.lapse(tx, &lapsed)?.unwrap_or(false)),
            None => Ok(false),
        }
    }

    /// Ends `live` if it floats and its lease has expired. Returns whether this freed the seat, or `None` if
    /// `live` did not end.
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

    fn occupy(&self, tx: &mut Tx<'_>, known: Option<Device>, seat: ActivationId) -> Result<Issued, AppError> {
        let (fresh, now) = (self.fresh, self.now);
        let device = match known {
            Some(device) => {
                tx.device_touch(device.id, now)?;
                device.id
            }
            None => {
                tx.device_insert(&self.device())?;
                fresh.device
            }
        };
        let activation = Activation {
            id: fresh.activation,
            license: self.license.id,
            device,
            seat,
            status: ActivationStatus::Active,
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
        tx.activation_insert(&row)?;
        let actor = format!("device:{device}");
        Event { id: fresh.message, at: now, actor: &actor, action: "activation.create" }.record(
            tx,
            fresh.activation,
            self.license.id,
        );
        self.certify(tx, row.activation)
    }

    fn certify(&self, tx: &mut Tx<'_>, activation: Activation) -> Result<Issued, AppError> {
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

    /// Handles a device key that already has a live activation.
    fn again(&self, tx: &mut Tx<'_>, live: &ActivationDetails) -> Result<Issued, AppError> {
        let (PregeneratedIds { ratchet, use_id, message, .. }, now) = (self.fresh, self.now);
        let DeviceClaim { key, fingerprint: seen, .. } = self.applicant;
        let rules = &self.policy.rules;
        let (app, by, floats) = (self.app, self.by, self.floats());
        let returning =
            Reactivation { app, key: *key, seen, rules, ratchet, use_id, by, floats, settles: true, now };
        let activation = returning.run(tx, live)?;
        tx.activation_update(&activation)?;
        let actor = format!("device:{}", activation.device);
        Event { id: message, at: now, actor: &actor, action: "activation.repeat" }.record(
            tx,
            activation.id,
            self.license.id,
        );
        self.certify(tx, activation)
    }
}

#[cfg(test)]
mod tests {
    use keystead_domain::HOUR;
    use keystead_protocol::Code;

    use crate::licensing::activate_device::activate_device;
    use crate::principal::Principal;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn floating_seat_goes_to_another_container_once_its_lease_has_ended() {
        on_both(async |world| {
            let key = world.key().await;
            let first = world.activated(&Device::container(1), &key).await;
            world.pass(23 * HOUR).await;
            assert_eq!(refusal(world.activate(&Device::container(2), &key).await), Code::NoFreeSeat);
            world.pass(HOUR).await;
            let second = world.activated(&Device::container(2), &key).await;
            assert_eq!(world.license(second.license).await.seats_used, 1);
            let audit = world.audit(first.activation).await;
            let lapse = audit.last().unwrap();
            assert_eq!((lapse.actor.as_str(), lapse.action.as_str()), ("system", "activation.lapse"));
        });
    }

    #[test]
    fn container_that_returns_after_its_lease_claims_a_seat_anew() {
        on_both(async |world| {
            let (container, key) = (Device::container(1), world.key().await);
            let first = world.activated(&container, &key).await;
            world.pass(25 * HOUR).await;
            let second = world.activated(&container, &key).await;
            assert_ne!(first.activation, second.activation);
            assert_eq!(first.device, second.device);
            assert_eq!(world.license(second.license).await.seats_used, 1);
            assert_eq!(world.remaining(second.license).await.reinstalls, 6);
        });
    }

    #[test]
    fn seat_of_a_machine_with_hardware_never_lapses() {
        on_both(async |world| {
            let key = world.key().await;
            world.activated(&Device::new(1), &key).await;
            world.pass(10_000 * HOUR).await;
            assert_eq!(refusal(world.activate(&Device::container(2), &key).await), Code::NoFreeSeat);
        });
    }

    #[test]
    fn refused_claim_leaves_no_device_behind() {
        on_both(async |world| {
            let key = world.key().await;
            world.activated(&Device::new(1), &key).await;
            let refused = Device::new(2);
            assert_eq!(refusal(world.activate(&refused, &key).await), Code::NoFreeSeat);
            let public_key = refused.public_key();
            assert_eq!(world.read(move |connection| connection.device_by_key(public_key)).await, None);
        });
    }

    #[test]
    fn description_with_a_value_that_is_not_allowed_is_refused() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let (app, anonymous) = (&world.app, Principal::Anonymous);
            let activate = async |asked| {
                let refused = activate_device(app, &anonymous, asked, &world.signed(&device)).await;
                let refused = refused.err().unwrap();
                assert_eq!(refused.code(), Code::ValueNotAllowed);
                refused.detail.unwrap()
            };
            let mut asked = device.with_product_key(&key);
            asked.app_version = Some("1\n2".to_owned());
            assert!(activate(asked).await.starts_with("app_version"));
            let mut asked = device.with_product_key(&key);
            asked.device.name = String::new();
            assert!(activate(asked).await.starts_with("device.name"));
            let mut asked = device.with_product_key(&key);
            asked.device.key.alg = "ESP256".to_owned();
            assert!(activate(asked).await.starts_with("device.key"));
        });
    }
}
