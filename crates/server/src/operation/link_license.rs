//! "Link to my account": from then on the license is the account's, and its key has no power any more.

use std::net::IpAddr;

use axum::http::StatusCode;
use keystead_domain::license::License;
use keystead_protocol::api::{LicenseView, LinkRequest, LinkingDisclosure};
use keystead_protocol::id::{AccountId, ActivationId, LicenseId, OutboxId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{KeyStanding, Tx};

use super::{find_license, list, tell};
use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// The purpose of the consent that linking needs.
/// What the consent is for.
pub const PURPOSE: &str = "linking";
/// The version of the text below; a consent to an older one does not count.
pub const DISCLOSURE_VERSION: u32 = 1;

/// What is stored when a license is linked, and why.
pub fn disclosure(vendor: &str) -> LinkingDisclosure {
    let paragraphs = [
        format!(
            "When you link this license, {vendor} stores with your account: the license, the devices it is used on \
             (name, operating system, when it was last used) and a short code for each of up to seven hardware parts \
             of a device."
        ),
        "These codes let you reactivate after a repair without your product key. They are too short to find a serial \
         number from them, and the serial numbers themselves never leave your device."
            .to_owned(),
        "Nothing is shared with partners or advertisers. That stays off unless you turn it on, and activation never \
         depends on it."
            .to_owned(),
        "From then on only this account can use the license; the product key alone no longer can. You can unlink at \
         any time and get a new key."
            .to_owned(),
    ];
    LinkingDisclosure { version: DISCLOSURE_VERSION, paragraphs: paragraphs.into() }
}

/// On whose word the license is linked.
#[derive(Clone, Copy)]
enum Word {
    Device { activation: ActivationId, key: [u8; 32] },
    Key(ProductKey),
}

/// Links `license` to `account`.
pub async fn link_license(
    app: &Shared,
    account: AccountId,
    license: LicenseId,
    from: IpAddr,
    once: &IdempotencyKey,
    asked: &LinkRequest,
    request: &RawRequest,
) -> Result<Answered<LicenseView>, ApiError> {
    let (word, nonce) = match (asked.activation, &asked.product_key) {
        (Some(activation), None) => {
            let key = app.store.read(move |reader| reader.device_key_of(activation)).await?;
            let key = key.ok_or(ApiError::from(Code::NotFound))?;
            (Word::Device { activation, key }, Some(request.verify(app, &key)?.nonce))
        }
        (None, Some(typed)) => (Word::Key(find_license::authentic(app, from, typed)?), None),
        _ => return Err(ApiError::value("activation, product_key", "exactly one of them is needed")),
    };
    let consent = &asked.consent;
    let agreed = consent.agreed && consent.version == DISCLOSURE_VERSION;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    Once::new(once, &format!("account:{account}"), request, nonce)
        .run(app, move |tx| {
            let license = vouched(tx, &shared, word, license)?;
            let policy = shared.catalog.policy(tx, license.policy)?;
            let ownership = license.link(account, agreed, policy.rules.account, now)?;
            if ownership != license.ownership {
                tx.set_ownership(license.id, ownership)?;
                tx.record_consent(account, license.id, PURPOSE, DISCLOSURE_VERSION, now)?;
                tell(tx, message, now, &format!("account:{account}"), "license.link", license.id, "");
            }
            let license = License { ownership, ..license };
            let view = list::license_view(tx, &shared.catalog, license, now)?;
            Ok((StatusCode::OK, view))
        })
        .await
}

/// The license, if the device or the key vouches for it.
fn vouched(tx: &mut Tx<'_>, app: &Shared, word: Word, id: LicenseId) -> Result<License, ApiError> {
    let claimed = match word {
        Word::Device { activation, key } => tx
            .activation(activation)?
            .filter(|details| details.device_key == key && details.activation.standing.is_live())
            .map(|details| details.license.id),
        Word::Key(key) => match tx.product_key(&key.index(&app.keys.index))?.map(|stored| stored.standing) {
            Some(KeyStanding::Claims { license, .. }) => Some(license),
            _ => None,
        },
    };
    if claimed != Some(id) {
        return Err(Code::NotFound.into());
    }
    tx.license(id)?.ok_or_else(|| Code::NotFound.into())
}
