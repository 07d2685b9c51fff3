//! Links a license: the account becomes its owner, and the product key stops working for others.

use keystead_domain::Millis;
use keystead_domain::license::License;
use keystead_protocol::api::{LicenseView, LinkRequest, LinkingDisclosure};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, ActivationId, LicenseId, OutboxId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{ProductKeyStatus, Tx};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::i18n::Texts;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::find_license;
use crate::licensing::license_view::license_view;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Purpose of the consent to linking.
pub const PURPOSE: &str = "linking";
/// Version of the disclosure. Consent to an older version is not accepted.
pub const DISCLOSURE_VERSION: u32 = 1;

/// The disclosure that a person consents to: which data is stored when a license is linked, and why.
pub fn disclosure(vendor: &str, texts: &Texts) -> LinkingDisclosure {
    let paragraphs = [
        texts.say("disclosure-stored").with("vendor", vendor),
        texts.say("disclosure-hardware"),
        texts.say("disclosure-shared"),
        texts.say("disclosure-end"),
    ];
    let paragraphs = paragraphs.iter().map(ToString::to_string).collect();
    LinkingDisclosure { version: DISCLOSURE_VERSION, paragraphs }
}

/// The account that becomes a license's owner.
#[derive(Debug, Clone, Copy)]
pub struct NewOwner {
    /// The account.
    pub account: AccountId,
    /// Whether the account consented to the current disclosure.
    pub agreed: bool,
    /// Id of the event that records the link.
    pub event: OutboxId,
    /// The time of the link.
    pub now: Millis,
}

impl NewOwner {
    /// Makes the account the owner of `license`. Requires consent to the disclosure.
    pub fn link(self, tx: &mut Tx<'_>, app: &Shared, license: License) -> Result<LicenseView, AppError> {
        let Self { account, agreed, event, now } = self;
        let policy = app.catalog.policy(tx, license.policy)?;
        let ownership = license.link(account, agreed, policy.rules.account, now)?;
        if ownership != license.ownership {
            tx.license_set_ownership(license.id, ownership)?;
            tx.consent_insert(account, license.id, PURPOSE, DISCLOSURE_VERSION, now)?;
            Event { id: event, at: now, actor: &format!("account:{account}"), action: "license.link" }
                .record(tx, license.id, "");
        }
        Ok(license_view(tx, &app.catalog, License { ownership, ..license }, now)?)
    }
}

/// Proof that the account may link the license.
#[derive(Clone, Copy)]
enum LinkProof {
    Device { activation: ActivationId, key: DevicePublicKey },
    Key(ProductKey),
}

/// Links `license` to `account`.
pub async fn link_license(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    asked: &LinkRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<LicenseView>, AppError> {
    let session = principal.require_account(LICENSES)?;
    let (proof, nonce) = match (asked.activation, &asked.product_key) {
        (Some(activation), None) => {
            let key =
                app.store.read(move |connection| connection.device_key_of_activation(activation)).await?;
            let key = key.ok_or(AppError::from(Code::NotFound))?;
            (LinkProof::Device { activation, key }, Some(request.verify(app, key)?.nonce))
        }
        (None, Some(typed)) => {
            let key = find_license::by_key(app, request.from, async { find_license::authentic(app, typed) });
            (LinkProof::Key(key.await?), None)
        }
        _ => return Err(AppError::value("activation, product_key", "exactly one of them is needed")),
    };
    let consent = &asked.consent;
    let agreed = consent.agreed && consent.version == DISCLOSURE_VERSION;
    let new_owner = NewOwner { account: session.account, agreed, event: app.new_id(), now: app.now() };
    let shared = app.clone();
    IdempotentRequest::new(request, session, nonce)
        .run(app, move |tx| {
            let license = proven_license(tx, &shared, proof, license)?;
            Ok(Outcome::Done(new_owner.link(tx, &shared, license)?))
        })
        .await
}

/// Returns the license if it belongs to the activation or the product key of `proof`.
fn proven_license(
    tx: &mut Tx<'_>,
    app: &Shared,
    proof: LinkProof,
    id: LicenseId,
) -> Result<License, AppError> {
    let claimed = match proof {
        LinkProof::Device { activation, key } => tx
            .activation_by_id(activation)?
            .filter(|details| details.device_key == key && details.activation.status.is_live())
            .map(|details| details.license.id),
        LinkProof::Key(key) => {
            match tx.product_key_by_index(&app.keys.index(key))?.map(|stored| stored.status) {
                Some(ProductKeyStatus::Claims { license, .. }) => Some(license),
                _ => None,
            }
        }
    };
    if claimed != Some(id) {
        return Err(Code::NotFound.into());
    }
    tx.license_by_id(id)?.ok_or_else(|| Code::NotFound.into())
}

#[cfg(test)]
mod tests {
    use keystead_domain::license::Ownership;
    use keystead_protocol::api::{AccountRule, LinkingConsent};

    use super::*;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    fn with_key(key: &str) -> LinkRequest {
        let consent = LinkingConsent { version: DISCLOSURE_VERSION, agreed: true };
        LinkRequest { activation: None, product_key: Some(key.to_owned()), consent }
    }

    fn with_device(activation: ActivationId) -> LinkRequest {
        LinkRequest { activation: Some(activation), product_key: None, ..with_key("") }
    }

    async fn linked(
        world: &World,
        customer: &Customer,
        license: LicenseId,
        asked: LinkRequest,
    ) -> Result<StoredResponse<LicenseView>, AppError> {
        let request = world.signed(&Device::new(1));
        link_license(&world.app, &customer.principal(), license, &asked, &request).await
    }

    #[test]
    fn device_proves_the_license_and_the_account_becomes_its_owner() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let activated = world.activated(&Device::new(1), &key).await;
            let (license, account) = (activated.license, customer.id());
            let view = value(linked(&world, &customer, license, with_device(activated.activation)).await);
            assert!(view.linked);
            let since = world.now();
            assert_eq!(world.license(license).await.ownership, Ownership::Owned { by: account, since });
            let consents = world.read(move |connection| connection.consents_of_account(account)).await;
            assert_eq!(consents.len(), 1);
            let audit = world.audit(license).await;
            let event = audit.first().unwrap();
            assert_eq!((audit.len(), event.action.as_str()), (1, "license.link"));
            assert_eq!(event.actor, format!("account:{account}"));
        });
    }

    #[test]
    fn product_key_proves_its_own_license_only() {
        on_both(async |world| {
            let customer = world.customer().await;
            let (first, second, unused) = (world.key().await, world.key().await, world.key().await);
            let license = world.activated(&Device::new(1), &first).await.license;
            world.activated(&Device::new(2), &second).await;
            for key in [&second, &unused] {
                let refused = linked(&world, &customer, license, with_key(key)).await;
                assert_eq!(refusal(refused), Code::NotFound);
            }
            value(linked(&world, &customer, license, with_key(&first)).await);
        });
    }

    #[test]
    fn exactly_one_proof_is_needed() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let activated = world.activated(&Device::new(1), &key).await;
            let both = LinkRequest { activation: Some(activated.activation), ..with_key(&key) };
            let none = LinkRequest { product_key: None, ..with_key(&key) };
            for asked in [both, none] {
                let refused = linked(&world, &customer, activated.license, asked).await;
                assert_eq!(refusal(refused), Code::ValueNotAllowed);
            }
            let (asked, license) = (with_device(activated.activation), activated.license);
            let (principal, unsigned) = (customer.principal(), world.request());
            let refused = link_license(&world.app, &principal, license, &asked, &unsigned).await;
            assert_eq!(refusal(refused), Code::ProofMissing);
        });
    }

    #[test]
    fn consent_to_the_current_disclosure_is_needed() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            for consent in [
                LinkingConsent { version: DISCLOSURE_VERSION, agreed: false },
                LinkingConsent { version: DISCLOSURE_VERSION - 1, agreed: true },
            ] {
                let asked = LinkRequest { consent, ..with_key(&key) };
                let refused = linked(&world, &customer, license, asked).await;
                assert_eq!(refusal(refused), Code::ConsentMissing);
            }
            assert_eq!(world.license(license).await.ownership, Ownership::Held);
        });
    }

    #[test]
    fn second_account_is_refused_and_the_owner_may_ask_again() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            let license = world.linked(&Device::new(1), &key, &owner).await.license;
            let refused = linked(&world, &stranger, license, with_key(&key)).await;
            assert_eq!(refusal(refused), Code::AlreadyLinked);
            value(linked(&world, &owner, license, with_key(&key)).await);
            assert_eq!(world.actions(license).await, ["license.link"], "nothing changed");
        });
    }

    #[test]
    fn policy_without_accounts_and_an_ended_sign_in_link_nothing() {
        on_both(async |world| {
            let customer = world.customer().await;
            let never = world.key_with(|rules| rules.account = AccountRule::Never).await;
            let license = world.activated(&Device::new(1), &never).await.license;
            let refused = linked(&world, &customer, license, with_key(&never)).await;
            assert_eq!(refusal(refused), Code::NotLinked);
            let key = world.key().await;
            let license = world.activated(&Device::new(2), &key).await.license;
            world.sign_out(&customer).await;
            let refused = linked(&world, &customer, license, with_key(&key)).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(world.license(license).await.ownership, Ownership::Held);
        });
    }
}
