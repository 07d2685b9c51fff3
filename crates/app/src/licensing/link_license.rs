//! "Link license": the account becomes the owner, and the product key stops working.

use keystead_domain::Millis;
use keystead_domain::license::License;
use keystead_protocol::api::{LicenseView, LinkRequest, LinkingDisclosure};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, ActivationId, LicenseId, OutboxId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{KeyStanding, Tx};

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

/// What the consent to linking is for.
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

/// Makes `account` the owner of `license`, if it agreed to the disclosure.
pub fn link(
    tx: &mut Tx<'_>,
    app: &Shared,
    license: License,
    account: AccountId,
    agreed: bool,
    message: OutboxId,
    now: Millis,
) -> Result<LicenseView, AppError> {
    let policy = app.catalog.policy(tx, license.policy)?;
    let ownership = license.link(account, agreed, policy.rules.account, now)?;
    if ownership != license.ownership {
        tx.set_ownership(license.id, ownership)?;
        tx.record_consent(account, license.id, PURPOSE, DISCLOSURE_VERSION, now)?;
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "license.link" }
            .record(tx, license.id, "");
    }
    Ok(license_view(tx, &app.catalog, License { ownership, ..license }, now)?)
}

/// The authority for linking a license.
#[derive(Clone, Copy)]
enum Word {
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
    let account = session.account;
    let (word, nonce) = match (asked.activation, &asked.product_key) {
        (Some(activation), None) => {
            let key = app.store.read(move |reader| reader.device_key_of(activation)).await?;
            let key = key.ok_or(AppError::from(Code::NotFound))?;
            (Word::Device { activation, key }, Some(request.verify(app, key)?.nonce))
        }
        (None, Some(typed)) => {
            let key = find_license::by_key(app, request.from, async { find_license::authentic(app, typed) });
            (Word::Key(key.await?), None)
        }
        _ => return Err(AppError::value("activation, product_key", "exactly one of them is needed")),
    };
    let consent = &asked.consent;
    let agreed = consent.agreed && consent.version == DISCLOSURE_VERSION;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    IdempotentRequest::new(request, session, nonce)
        .run(app, move |tx| {
            let license = vouched(tx, &shared, word, license)?;
            Ok(Outcome::Done(link(tx, &shared, license, account, agreed, message, now)?))
        })
        .await
}

/// The license, if it matches the device's activation or the product key.
fn vouched(tx: &mut Tx<'_>, app: &Shared, word: Word, id: LicenseId) -> Result<License, AppError> {
    let claimed = match word {
        Word::Device { activation, key } => tx
            .activation(activation)?
            .filter(|details| details.device_key == key && details.activation.standing.is_live())
            .map(|details| details.license.id),
        Word::Key(key) => match tx.product_key(&app.keys.index(key))?.map(|stored| stored.standing) {
            Some(KeyStanding::Claims { license, .. }) => Some(license),
            _ => None,
        },
    };
    if claimed != Some(id) {
        return Err(Code::NotFound.into());
    }
    tx.license(id)?.ok_or_else(|| Code::NotFound.into())
}
