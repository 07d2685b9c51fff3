//! "Activate this device": by product key, or by the owner's sign-in.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::StatusCode;
use keystead_domain::account::{check_name, check_slug};
use keystead_domain::activation::{Activation, Drift, Standing};
use keystead_domain::license::{Claimant, License};
use keystead_domain::ratchet::Ratchet;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::api::{ActivateRequest, Activated, DeviceDescription};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{Similarity, Thresholds};
use keystead_protocol::id::{AccountId, ActivationId, DeviceId, LicenseId, OutboxId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{ActivationDetails, ActivationRow, Device, Policy, Product, Tx};

use super::certificate::{self, Subject};
use super::{find_license, move_device, rebind_device, release_activation, tell};
use crate::app::Shared;
use crate::auth::Caller;
use crate::entropy;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// What is drawn before the transaction, so that it can be run again with the same outcome.
#[derive(Clone, Copy)]
struct Fresh {
    license: LicenseId,
    device: DeviceId,
    activation: ActivationId,
    message: OutboxId,
    lapse: OutboxId,
    ratchet: [u8; 16],
    token: [u8; 16],
    use_id: [u8; 16],
}

impl Fresh {
    fn draw(app: &Shared) -> Self {
        Self {
            license: app.new_id(),
            device: app.new_id(),
            activation: app.new_id(),
            message: app.new_id(),
            lapse: app.new_id(),
            ratchet: entropy::bytes(),
            token: entropy::bytes(),
            use_id: app.new_id(),
        }
    }
}

/// How the caller comes by a license.
#[derive(Clone, Copy)]
enum Claim {
    Key(ProductKey, Claimant),
    Owner(AccountId, Option<LicenseId>),
}

/// Checks the device's description and gives back its public key and tidy names.
pub fn check_device(device: &DeviceDescription) -> Result<(DevicePublicKey, String, String), ApiError> {
    let key = device.key.read().ok_or_else(|| {
        ApiError::value("device.key", "expected Ed25519 with 32 bytes or ESP256 with 33, as base64url")
    })?;
    let name = check_name(&device.name).map_err(|e| ApiError::value("device.name", e))?;
    let platform = check_name(&device.platform).map_err(|e| ApiError::value("device.platform", e))?;
    Ok((key, name, platform))
}

/// Activates the device that signed `request`.
pub async fn activate_device(
    app: &Shared,
    caller: &Caller,
    from: IpAddr,
    once: &IdempotencyKey,
    asked: ActivateRequest,
    request: &RawRequest,
) -> Result<Answered<Activated>, ApiError> {
    if asked.product_key.is_none() {
        return activate(app, caller, once, asked, request).await;
    }
    find_license::by_key(app, from, activate(app, caller, once, asked, request)).await
}

async fn activate(
    app: &Shared,
    caller: &Caller,
    once: &IdempotencyKey,
    asked: ActivateRequest,
    request: &RawRequest,
) -> Result<Answered<Activated>, ApiError> {
    let (public_key, name, platform) = check_device(&asked.device)?;
    if asked
        .app_version
        .as_ref()
        .is_some_and(|version| version.len() > 64 || version.contains(char::is_control))
    {
        return Err(ApiError::value("app_version", "at most 64 bytes without control characters"));
    }
    check_slug(&asked.product).map_err(|_| ApiError::from(Code::NotFound))?;
    let claim = match (&asked.product_key, caller.customer()) {
        (Some(typed), account) => {
            let claimant = account.map_or(Claimant::KeyHolder, Claimant::SignedInKeyHolder);
            Claim::Key(find_license::authentic(app, typed)?, claimant)
        }
        (None, Some(account)) => Claim::Owner(account, asked.license),
        (None, None) => return Err(Code::SignInRequired.into()),
    };
    let proven = request.verify(app, public_key)?;
    let principal = format!("device:{}:{}", asked.device.key.pk, caller.actor());
    let once = Once::new(once, &principal, request, Some(proven.nonce));
    let (shared, fresh, now) = (app.clone(), Fresh::draw(app), app.now());
    once.run(app, move |tx| {
        let app = &shared;
        let product = app.catalog.product(tx, &asked.product)?.ok_or(ApiError::from(Code::NotFound))?;
        let device = Device {
            id: fresh.device,
            public_key,
            name: name.clone(),
            platform: platform.clone(),
            created_at: now,
            last_seen_at: now,
        };
        let (license, policy) = match claim {
            Claim::Key(key, claimant) => {
                let (license, policy) =
                    find_license::claim(tx, app, key, Some(&product), fresh.license, now)?;
                find_license::admit(&license, claimant, &policy, now)?;
                (license, policy)
            }
            Claim::Owner(account, wanted) => owned(tx, app, account, wanted, &product, public_key, now)?,
        };
        let key = proven.key;
        let story = Story { app, asked: &asked, license, policy, device, key, fresh, now };
        Ok((StatusCode::CREATED, story.activate(tx)?))
    })
    .await
}

/// The owner's license to use: the one wanted, the one this device is on, or the first with a free seat.
fn owned(
    tx: &mut Tx<'_>,
    app: &Shared,
    account: AccountId,
    wanted: Option<LicenseId>,
    product: &Product,
    key: DevicePublicKey,
    now: Millis,
) -> Result<(License, Arc<Policy>), ApiError> {
    let mut licenses = tx.licenses_for(account, product.id)?;
    licenses.retain(|license| wanted.is_none_or(|wanted| wanted == license.id));
    let device = tx.device_by_key(key)?;
    let mut chosen = None;
    for license in licenses.iter().filter(|license| license.is_usable(now).is_ok()) {
        if let Some(device) = &device
            && tx.live_activation(license.id, device.id)?.is_some()
        {
            chosen = Some(license);
        }
    }
    let usable = |license: &&License| license.is_usable(now).is_ok();
    let free = |license: &&License| license.seats_used < license.seats && usable(license);
    // Where none can be used, the newest says why.
    let license = chosen
        .or_else(|| licenses.iter().find(free))
        .or_else(|| licenses.iter().find(usable))
        .or_else(|| licenses.last())
        .cloned()
        .ok_or(Refusal::NoLicense)?;
    let policy = app.catalog.policy(tx, license.policy)?;
    license.admit(Claimant::Account(account), policy.rules.account, now)?;
    Ok((license, policy))
}

struct Story<'a> {
    app: &'a Shared,
    asked: &'a ActivateRequest,
    license: License,
    policy: Arc<Policy>,
    device: Device,
    key: DevicePublicKey,
    fresh: Fresh,
    now: Millis,
}

impl Story<'_> {
    fn activate(&self, tx: &mut Tx<'_>) -> Result<Activated, ApiError> {
        let known = tx.device_by_key(self.device.public_key)?;
        if let Some(known) = &known
            && let Some(live) = tx.live_activation(self.license.id, known.id)?
        {
            return self.again(tx, live);
        }
        if known.is_none()
            && let Some(live) = self.reinstalled(tx)?
        {
            return self.again(tx, live);
        }
        // The seat first: who is refused has changed nothing then. That there is none may be seen before; that there is
        // one is only known when it is claimed.
        let full = self.license.seats_used >= self.license.seats && !self.take_over(tx)?;
        if full || !tx.claim_seat(self.license.id)? {
            return Err(self.license.no_free_seat().into());
        }
        let device = match known {
            Some(device) => device.id,
            None => {
                tx.insert_device(&self.device)?;
                self.device.id
            }
        };
        self.occupy(tx, device)
    }

    /// The same device with a new key: its system was installed anew.
    fn reinstalled(&self, tx: &mut Tx<'_>) -> Result<Option<ActivationDetails>, ApiError> {
        if self.license.seats_used == 0 {
            return Ok(None);
        }
        let live = tx.live_activations(self.license.id, MOST_COMPARED)?;
        Ok(live.into_iter().find(|details| details.activation.is_same_device(&self.asked.device.fingerprint)))
    }

    /// Frees the seat of a floating activation whose lease has ended. Says whether there was one.
    fn take_over(&self, tx: &mut Tx<'_>) -> Result<bool, ApiError> {
        let Some(lapsed) = tx.lapsed_floating(self.license.id, self.now)? else { return Ok(false) };
        release_activation::release(tx, &lapsed.activation, self.now)?;
        let (id, license) = (lapsed.activation.id, self.license.id);
        tell(tx, self.fresh.lapse, self.now, "system", "activation.lapse", id, license);
        Ok(true)
    }

    fn lease_of(&self, activation: &Activation) -> Millis {
        activation.lease(&self.policy.rules, self.license.expires_at, self.now).grace_until
    }

    fn occupy(&self, tx: &mut Tx<'_>, device: DeviceId) -> Result<Activated, ApiError> {
        let (fresh, now) = (self.fresh, self.now);
        let mut activation = Activation {
            id: fresh.activation,
            license: self.license.id,
            device,
            standing: Standing::Active,
            ratchet: Ratchet::start(fresh.ratchet),
            baseline: self.asked.device.fingerprint.clone(),
            drift: Drift { points: 0, since: now },
            activated_at: now,
            refreshed_at: now,
            lease_until: now,
            floating: self.asked.device.fingerprint.is_weak(),
        };
        activation.lease_until = self.lease_of(&activation);
        let app_version = self.asked.app_version.clone().unwrap_or_default();
        let row = ActivationRow { activation, app_version };
        tx.insert_activation(&row)?;
        let actor = format!("device:{device}");
        tell(tx, fresh.message, now, &actor, "activation.create", fresh.activation, self.license.id);
        self.certify(tx, row.activation)
    }

    fn certify(&self, tx: &mut Tx<'_>, activation: Activation) -> Result<Activated, ApiError> {
        let terms = self.app.catalog.terms(tx, &self.license)?;
        let subject = Subject { activation, license: &self.license, terms: &terms, device_key: self.key };
        certificate::issue(tx, self.app, subject, self.fresh.token, "activate", self.now)
    }

    /// The device has a seat already: the same one again, on the budget if its hardware changed significantly.
    fn again(&self, tx: &mut Tx<'_>, live: ActivationDetails) -> Result<Activated, ApiError> {
        let (fresh, now, seen) = (self.fresh, self.now, &self.asked.device.fingerprint);
        let similarity =
            live.activation.baseline.compare(seen, self.key.proof(), Thresholds::default()).similarity;
        let cloned = matches!(live.activation.standing, Standing::Forked { .. });
        if similarity < Similarity::Minor || cloned {
            rebind_device::spend_budget(tx, &live.license, &self.policy.rules, fresh.use_id, now)?;
        }
        let device = move_device::settle(tx, &live, self.device.public_key, fresh.device, now)?;
        let mut activation = live.activation.clone().rebind(seen, fresh.ratchet, now)?;
        activation.device = device;
        activation.lease_until = self.lease_of(&activation);
        tx.update_activation(&activation)?;
        let actor = format!("device:{}", activation.device);
        tell(tx, fresh.message, now, &actor, "activation.repeat", activation.id, self.license.id);
        self.certify(tx, activation)
    }
}

/// Activations of a license that a new device is compared with, looking for a reinstalled one.
const MOST_COMPARED: u32 = 50;
