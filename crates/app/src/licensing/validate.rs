//! Validates a product key, a certificate or an activation for the vendor's backend. Changes nothing. The
//! response is signed.

use keystead_domain::Refusal;
use keystead_domain::license::License;
use keystead_protocol::api::{SignedValidation, Validation, ValidationRequest};
use keystead_protocol::certificate::{Purpose, UntrustedCertificate, seal};
use keystead_protocol::id::ActivationId;
use keystead_protocol::state::State;
use keystead_protocol::text::{from_base64url, to_base64url};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{ActivationSummary, Error, ProductKeyStatus};

use crate::context::Shared;
use crate::error::AppError;
use crate::principal::{Permission, Principal};

/// Validates a key, a certificate or an activation.
///
/// # Errors
/// [`Code::SignInRequired`]; [`Code::PermissionMissing`] without [`Permission::Validate`].
pub async fn validate(
    app: &Shared,
    principal: &Principal,
    asked: ValidationRequest,
) -> Result<SignedValidation, AppError> {
    principal.require(Permission::Validate)?;
    let signer = app.keys.signer(app.now())?;
    let validation = match asked {
        ValidationRequest::ProductKey(typed) => product_key(app, &typed).await?,
        ValidationRequest::Certificate(text) => certificate(app, &text).await?,
        ValidationRequest::Activation(id) => activation(app, id).await?,
    };
    let payload = serde_json::to_vec(&validation).map_err(AppError::internal)?;
    let signed = to_base64url(&seal(Purpose::Validation, &signer.key, payload));
    Ok(SignedValidation { validation, signed })
}

fn verdict(app: &Shared, state: State, code: Option<Code>) -> Validation {
    let code = code.or(state.code());
    Validation {
        valid: state.is_activated() && code.is_none(),
        state,
        code: code.map(|code| code.name().to_owned()),
        license: None,
        activation: None,
        at: app.now(),
    }
}

async fn product_key(app: &Shared, typed: &str) -> Result<Validation, AppError> {
    let unlicensed = |code| verdict(app, State::Unlicensed, Some(code));
    let Ok(key) = typed.parse::<ProductKey>() else { return Ok(unlicensed(Code::ProductKeyMistyped)) };
    if !app.keys.is_authentic(key) {
        return Ok(unlicensed(Code::ProductKeyNotAccepted));
    }
    let index = app.keys.index(key);
    let found: Result<Option<(ProductKeyStatus, Option<License>)>, Error> = app
        .store
        .read(move |connection| {
            let Some(stored) = connection.product_key_by_index(&index)? else { return Ok(None) };
            let license = match stored.status {
                ProductKeyStatus::Claims { license, .. } => connection.license_by_id(license)?,
                _ => None,
            };
            Ok(Some((stored.status, license)))
        })
        .await;
    Ok(match found? {
        None | Some((ProductKeyStatus::Disabled { .. }, _)) => unlicensed(Code::ProductKeyNotAccepted),
        // An unused key is valid: the backend of a shop asks whether the key can be activated.
        Some((_, None)) => Validation { valid: true, code: None, ..unlicensed(Code::NotActivated) },
        Some((_, Some(license))) => {
            let state = license_state(app, &license);
            Validation { license: Some(license.id), ..verdict(app, state, None) }
        }
    })
}

fn license_state(app: &Shared, license: &License) -> State {
    use keystead_domain::license::Ownership;
    match (license.is_usable(app.now()), license.ownership) {
        (Ok(()), Ownership::Held) => State::Activated,
        (Ok(()), Ownership::Owned { .. }) => State::ActivatedLinked,
        (Err(Refusal::LicenseSuspended), _) => State::Suspended,
        (Err(Refusal::LicenseRevoked), _) => State::Revoked,
        (Err(_), _) => State::Expired,
    }
}

async fn certificate(app: &Shared, text: &str) -> Result<Validation, AppError> {
    let invalid = || verdict(app, State::CertificateInvalid, None);
    let Some(bytes) = from_base64url(text) else { return Ok(invalid()) };
    let Ok(parsed) = UntrustedCertificate::parse(&bytes) else { return Ok(invalid()) };
    let Some(product) = parsed.claimed_product() else { return Ok(invalid()) };
    let signed = parsed.claims_bytes().to_vec();
    let Ok(certificate) = parsed.verify(&app.keys.ring(), &product) else { return Ok(invalid()) };
    let claims = certificate.claims();
    let (id, token_id) = (claims.activation, claims.token_id);
    let found: Result<_, Error> = app
        .store
        .read(move |connection| Ok((connection.issue_by_token(&token_id)?, connection.activation_by_id(id)?)))
        .await;
    let (logged, details) = found?;
    if !logged.is_some_and(|entry| entry.is_of(&bytes, &signed)) {
        // The signature is valid, but the issue log lacks the certificate: the signing key was used outside
        // this server.
        tracing::error!(activation = %id, "a certificate that verifies is not in the issue log");
        metrics::counter!("keystead_forged_certificates_total").increment(1);
        return Ok(invalid());
    }
    let Some(details) = details else { return Ok(invalid()) };
    if claims.grace_until * 1000 <= app.now() {
        return Ok(Validation { activation: Some(id), ..verdict(app, State::LeaseLapsed, None) });
    }
    if claims.device_key != details.device_key {
        // The activation has moved to another device key.
        let license = Some(details.license.id);
        return Ok(Validation { license, activation: Some(id), ..verdict(app, State::Superseded, None) });
    }
    Ok(of_activation(app, id, &details.into()))
}

async fn activation(app: &Shared, id: ActivationId) -> Result<Validation, AppError> {
    let details = app.store.read(move |connection| connection.activation_summary(id)).await?;
    Ok(match details {
        Some(details) => of_activation(app, id, &details),
        None => verdict(app, State::Unlicensed, None),
    })
}

fn of_activation(app: &Shared, id: ActivationId, found: &ActivationSummary) -> Validation {
    let now = app.now();
    let state = match found.status.state(&found.license, now) {
        State::Activated | State::ActivatedLinked if found.serves_until <= now => State::LeaseLapsed,
        state => state,
    };
    Validation { license: Some(found.license.id), activation: Some(id), ..verdict(app, state, None) }
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::licensing::rebind_device::rebind_device;
    use crate::testing::{Device, World, on_both, refusal, value};

    async fn verdict(world: &World, asked: ValidationRequest) -> (bool, State, Option<String>) {
        let signed = validate(&world.app, &Principal::Operator, asked).await.unwrap();
        let Validation { valid, state, code, .. } = signed.validation;
        (valid, state, code)
    }

    fn refused(state: State, code: Code) -> (bool, State, Option<String>) {
        (false, state, Some(code.name().to_owned()))
    }

    #[test]
    fn product_key_is_valid_from_its_creation_until_it_is_blocked() {
        on_both(async |world| {
            let key = world.key().await;
            let asked = || ValidationRequest::ProductKey(key.clone());
            assert_eq!(verdict(&world, asked()).await, (true, State::Unlicensed, None));
            let license = world.activated(&Device::new(1), &key).await.license;
            assert_eq!(verdict(&world, asked()).await, (true, State::Activated, None));
            world.change(license, Change::Suspend).await;
            let suspended = refused(State::Suspended, Code::LicenseSuspended);
            assert_eq!(verdict(&world, asked()).await, suspended);
            let mistyped = ValidationRequest::ProductKey("12345".to_owned());
            let expected = refused(State::Unlicensed, Code::ProductKeyMistyped);
            assert_eq!(verdict(&world, mistyped).await, expected);
        });
    }

    #[test]
    fn certificate_is_valid_until_its_lease_lapses() {
        on_both(async |world| {
            let key = world.key().await;
            let token = world.activated(&Device::new(1), &key).await.token;
            let asked = || ValidationRequest::Certificate(token.clone());
            assert_eq!(verdict(&world, asked()).await, (true, State::Activated, None));
            world.pass(210 * DAY).await;
            assert_eq!(verdict(&world, asked()).await, refused(State::LeaseLapsed, Code::LeaseLapsed));
        });
    }

    #[test]
    fn certificate_of_a_device_key_that_was_replaced_is_superseded() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let before = world.linked(&Device::new(1), &key, &owner).await;
            let moved = Device::new(2);
            let asked = keystead_protocol::api::RebindRequest {
                device: moved.description(),
                confirm: "this_is_that_device".to_owned(),
            };
            let (principal, request) = (owner.principal(), world.signed(&moved));
            let after =
                value(rebind_device(&world.app, &principal, before.activation, asked, &request).await);
            let old = verdict(&world, ValidationRequest::Certificate(before.token)).await;
            assert_eq!(old, refused(State::Superseded, Code::ActivationSuperseded));
            let new = verdict(&world, ValidationRequest::Certificate(after.token)).await;
            assert_eq!(new, (true, State::ActivatedLinked, None));
        });
    }

    #[test]
    fn forged_certificate_that_verifies_is_invalid_without_a_log_entry() {
        on_both(async |world| {
            let key = world.key().await;
            let token = world.activated(&Device::new(1), &key).await.token;
            let bytes = from_base64url(&token).unwrap();
            let parsed = UntrustedCertificate::parse(&bytes).unwrap();
            let certificate = parsed.verify(&world.app.keys.ring(), "studio").unwrap();
            let mut claims = certificate.claims().clone();
            claims.token_id = [7; 16];
            let signer = world.app.keys.signer(world.now()).unwrap();
            let forged = to_base64url(&claims.seal(&signer.key));
            let invalid = refused(State::CertificateInvalid, Code::CertificateInvalid);
            assert_eq!(verdict(&world, ValidationRequest::Certificate(forged)).await, invalid);
            let garbage = ValidationRequest::Certificate("AAAA".to_owned());
            assert_eq!(verdict(&world, garbage).await, invalid);
        });
    }

    #[test]
    fn activation_is_found_by_its_id() {
        on_both(async |world| {
            let key = world.key().await;
            let activated = world.activated(&Device::new(1), &key).await;
            let asked = ValidationRequest::Activation(activated.activation);
            let signed = validate(&world.app, &Principal::Operator, asked).await.unwrap();
            assert_eq!(signed.validation.license, Some(activated.license));
            let unknown = ValidationRequest::Activation(world.app.new_id());
            assert_eq!(verdict(&world, unknown).await, refused(State::Unlicensed, Code::NotActivated));
        });
    }

    #[test]
    fn validation_needs_its_permission() {
        on_both(async |world| {
            let key = world.key().await;
            let reader = world.vendor(&[Permission::Read]).await;
            let asked = async |principal: &Principal| {
                refusal(validate(&world.app, principal, ValidationRequest::ProductKey(key.clone())).await)
            };
            assert_eq!(asked(&reader).await, Code::PermissionMissing);
            assert_eq!(asked(&Principal::Anonymous).await, Code::SignInRequired);
        });
    }
}
