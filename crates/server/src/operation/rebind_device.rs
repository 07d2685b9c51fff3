//! "This is the device I am using now": the owner moves an activation to changed hardware.

use std::collections::HashMap;

use axum::http::StatusCode;
use keystead_domain::budget::Budget;
use keystead_domain::license::License;
use keystead_domain::{DAY, Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, PolicyRules, RebindRequest};
use keystead_protocol::id::{AccountId, ActivationId, LicenseId, OutboxId};
use keystead_storage::{AccountSession, Error, Reader, Tx};

use super::certificate::{self, Subject};
use super::seat_device::Applicant;
use super::{move_device, tell};
use crate::app::Shared;
use crate::entropy;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// The kind of budget that moves to changed hardware are counted in.
const REBIND: &str = "rebind";

fn budget(rules: &PolicyRules) -> Budget {
    Budget { allowed: rules.rebinds, window: i64::from(rules.rebind_window_days) * DAY }
}

/// Counts one move of `license`, or refuses it until there is one again.
pub fn spend_budget(
    tx: &mut Tx<'_>,
    license: &License,
    rules: &PolicyRules,
    id: [u8; 16],
    now: Millis,
) -> Result<(), ApiError> {
    spend(tx, license.id, REBIND, budget(rules), id, now)
}

/// Counts one use of a license's budget of `kind`, or refuses it until there is one again.
pub fn spend(
    tx: &mut Tx<'_>,
    license: LicenseId,
    kind: &'static str,
    budget: Budget,
    id: [u8; 16],
    now: Millis,
) -> Result<(), ApiError> {
    let used = tx.budget_uses(license, kind, budget.window_start(now))?;
    budget.spend(&used, now)?;
    Ok(tx.use_budget(id, license, kind, now)?)
}

/// How many moves of `license` are left.
pub fn budget_left(
    reader: &mut Reader,
    license: LicenseId,
    rules: &PolicyRules,
    now: Millis,
) -> Result<u32, Error> {
    let budget = budget(rules);
    Ok(budget.left(&reader.budget_uses(license, REBIND, budget.window_start(now))?, now))
}

/// How many moves of each of `owner`'s `licenses` are left, by one question.
pub fn budgets_left(
    reader: &mut Reader,
    owner: AccountId,
    licenses: &[(LicenseId, &PolicyRules)],
    now: Millis,
) -> Result<Vec<u32>, Error> {
    let ids = || licenses.iter().map(|(license, _)| *license);
    let (Some(first), Some(last)) = (ids().min(), ids().max()) else { return Ok(Vec::new()) };
    let since = licenses.iter().map(|(_, rules)| budget(rules).window_start(now)).min().unwrap_or(now);
    let mut uses: HashMap<LicenseId, Vec<Millis>> = HashMap::new();
    for (license, at) in reader.budget_uses_of(owner, (first, last), REBIND, since)? {
        uses.entry(license).or_default().push(at);
    }
    let used = |license| uses.get(license).map_or(&[][..], Vec::as_slice);
    Ok(licenses.iter().map(|(license, rules)| budget(rules).left(used(license), now)).collect())
}

/// Moves the activation: same id, same seat, same history; new hardware and, if it was lost, a new device key.
pub async fn rebind_device(
    app: &Shared,
    session: AccountSession,
    id: ActivationId,
    once: &IdempotencyKey,
    asked: RebindRequest,
    request: &RawRequest,
) -> Result<Answered<Activated>, ApiError> {
    let owner = session.account;
    let public_key = Applicant::check(&asked.device, None)?.key;
    let proven = request.verify(app, public_key)?;
    let once = Once::new(once, session, request, Some(proven.nonce));
    let (shared, now) = (app.clone(), app.now());
    let (ratchet, token, use_id) = (entropy::bytes(), entropy::bytes(), app.new_id());
    let (message, device) = (app.new_id::<OutboxId>(), app.new_id());
    once.run(app, move |tx| {
        let details = tx
            .activation(id)?
            .filter(|details| details.license.require_owner(owner).is_ok())
            .ok_or(ApiError::from(Code::NotFound))?;
        if asked.confirm != "this_is_that_device" {
            return Err(Refusal::ConfirmationMissing.into());
        }
        details.license.is_usable(now)?;
        let terms = shared.catalog.terms(tx, &details.license)?;
        let rules = &terms.policy.rules;
        let seen = &asked.device.fingerprint;
        let mut activation = details.activation.clone().rebind(seen, ratchet, now)?;
        spend_budget(tx, &details.license, rules, use_id, now)?;
        activation.device = move_device::settle(tx, &details, public_key, device, now)?;
        activation.lease_until = activation.lease(rules, details.license.expires_at, now).grace_until;
        tx.update_activation(&activation)?;
        tell(tx, message, now, &format!("account:{owner}"), "activation.rebind", id, details.license.id);
        let license = &details.license;
        let subject = Subject { activation, license, terms: &terms, device_key: proven.key };
        Ok((StatusCode::OK, certificate::issue(tx, &shared, subject, token, "rebind", now)?))
    })
    .await
}
