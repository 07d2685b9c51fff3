//! "Link license": the account becomes the owner, and the product key stops working.

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

/// The license, if it matches the device's activation or the product key.
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
