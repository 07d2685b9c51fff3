//! "This is my device": the owner moves an activation to changed hardware.

use keystead_domain::Refusal;
use keystead_domain::activation::LeaseTerms;
use keystead_protocol::Code;
use keystead_protocol::api::{Activated, RebindRequest};
use keystead_protocol::id::{ActivationId, OutboxId};

use crate::audit::Event;
use crate::context::Shared;
use crate::entropy;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::budget_ledger::{self, Spending};
use crate::licensing::certificate::{self, Issued, Subject};
use crate::licensing::claim_seat::DeviceClaim;
use crate::licensing::{assign_device, share_seat};
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Moves the activation to new hardware and, if the old one was lost, to a new device key. Id, seat and history stay.
pub async fn rebind_device(
    app: &Shared,
    principal: &Principal,
    id: ActivationId,
    asked: RebindRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<Activated>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let owner = session.account;
    let public_key = DeviceClaim::check(&asked.device, None)?.key;
    let proven = request.verify(app, public_key)?;
    let once = IdempotentRequest::new(request, session, Some(proven.nonce));
    let (shared, now) = (app.clone(), app.now());
    let (ratchet, token_id, use_id) = (entropy::bytes(), entropy::bytes(), app.new_id());
    let (message, device) = (app.new_id::<OutboxId>(), app.new_id());
    let issued = once.run(app, move |tx| {
        let details = tx
            .activation_by_id(id)?
            .filter(|details| details.activation.is_of_owner(&details.license, owner))
            .ok_or(AppError::from(Code::NotFound))?;
        if asked.confirm != "this_is_that_device" {
            return Err(Refusal::ConfirmationMissing.into());
        }
        details.license.is_usable(now)?;
        let terms = shared.catalog.terms(tx, &details.license)?;
        let rules = &terms.policy.rules;
        let lease_terms = LeaseTerms { rules, license_expiry: details.license.expires_at };
        let seen = &asked.device.fingerprint;
        let mut activation = details.activation.clone().rebind(seen, ratchet, lease_terms, now)?;
        budget_ledger::spend(tx, details.license.id, Spending::Rebind(rules), use_id, now)?;
        share_seat::leave_others_behind(tx, &shared, &activation, now)?;
        activation.device = assign_device::assign(tx, &details, public_key, device, now)?;
        tx.activation_update(&activation)?;
        Event { id: message, at: now, actor: &format!("account:{owner}"), action: "activation.rebind" }
            .record(tx, id, details.license.id);
        let license = &details.license;
        let subject = Subject {
            activation,
            license,
            terms: &terms,
            device_key: proven.key,
            token_id,
            reason: "rebind",
        };
        Ok(Outcome::Done(certificate::issue(tx, &shared, subject, now)?))
    });
    issued.await?.try_map(|issued: Issued| issued.sign(app))
}
