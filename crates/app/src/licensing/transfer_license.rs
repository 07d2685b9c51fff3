//! Transfers a license to another person. The owner enters an email address; the signed-in person who opens the link
//! in the email accepts the license.

use keystead_domain::account::Email;
use keystead_domain::license::Ownership;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{LicenseId, OutboxId};
use keystead_storage::{EmailLink, Error, LinkPurpose};

use crate::accounts::find_account::find_account;
use crate::accounts::reauthentication::Reauthentication;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::draft::Draft;
use crate::email::{email_link, notifications};
use crate::error::AppError;
use crate::i18n::Texts;
use crate::licensing::budget_ledger::{self, Spending};
use crate::licensing::link_license::{DISCLOSURE_VERSION, PURPOSE};
use crate::principal::Principal;
use crate::security::bearer::{Bearer, Kind};

/// Lifetime of the link in the email.
const LIFETIME: Millis = 7 * DAY;

/// An offered license, as shown behind the link.
pub struct Offer {
    /// The product's name.
    pub product: String,
    /// The current owner.
    pub from: String,
}

/// A transfer requested by the owner.
pub struct TransferRequest<'a> {
    /// The license.
    pub license: LicenseId,
    /// Email address of the new owner, as typed.
    pub recipient: &'a str,
    /// Language of the email.
    pub texts: &'static Texts,
}

/// Sends the new owner a link to accept the license.
pub async fn offer(
    app: &Shared,
    principal: &Principal,
    asked: TransferRequest<'_>,
    credentials: Reauthentication,
) -> Result<(), AppError> {
    let TransferRequest { license, recipient, texts } = asked;
    let owner = &principal.require_person()?.account;
    let email: Email = recipient.parse().map_err(|error| AppError::value("email", error))?;
    credentials.check(app, principal).await?;
    app.limits.email("transfer", &email.to_string())?;
    let (token, now, id) = (Bearer::new(Kind::EmailLink), app.now(), owner.id);
    let link = email_link::address(app, "/transfer", &token, "/");
    let draft = Draft::new(
        app,
        &email.to_string(),
        texts.say("email-transfer-subject").with("vendor", &app.tenant.name),
        texts.say("email-transfer").with("from", &owner.email).with("link", &link),
        now,
    );
    let purpose = LinkPurpose::Transfer { owner: id, license };
    let pending = EmailLink { email: email.to_string(), purpose, expires_at: now + LIFETIME };
    let digest = token.digest();
    app.write_as(principal, move |tx| {
        let found = tx.license_by_id(license)?.filter(|license| license.require_owner(id).is_ok());
        found.ok_or(AppError::from(Code::NotFound))?;
        tx.email_link_insert(&digest, &pending)?;
        Ok(draft.enqueue(tx)?)
    })
    .await
}

/// The offer behind a link. It is void once the license has another owner.
pub async fn look(app: &Shared, principal: &Principal, token: &str) -> Result<Offer, AppError> {
    principal.require_person()?;
    let LinkPurpose::Transfer { owner, license } = email_link::find(app, token).await?.purpose else {
        return Err(Code::LinkUnknown.into());
    };
    let shared = app.clone();
    let found: Result<Option<Offer>, Error> = app
        .store
        .read(move |connection| {
            let (license, from) = (connection.license_by_id(license)?, connection.account_by_id(owner)?);
            let Some((license, from)) = license.zip(from) else { return Ok(None) };
            if license.require_owner(owner).is_err() {
                return Ok(None);
            }
            let product = shared.catalog.terms(connection, &license)?.product.name.clone();
            Ok(Some(Offer { product, from: from.name }))
        })
        .await;
    found?.ok_or_else(|| Code::LinkUnknown.into())
}

/// Transfers the license of the link to the person's account. The person must agree to the disclosure.
pub async fn take(
    app: &Shared,
    principal: &Principal,
    token: &str,
    agree: bool,
) -> Result<LicenseId, AppError> {
    let id = principal.require_person()?.account.id;
    if !agree {
        return Err(Code::ConsentMissing.into());
    }
    let LinkPurpose::Transfer { owner, license } = email_link::find(app, token).await?.purpose else {
        return Err(Code::LinkUnknown.into());
    };
    let before = find_account(app, owner, Code::LinkUnknown).await?;
    let (digest, now) = (email_link::digest(token)?, app.now());
    let (message, given, use_id) = (app.new_id::<OutboxId>(), app.new_id::<OutboxId>(), app.new_id());
    let draft = notifications::transferred(app, &before, now);
    app.write_as(principal, move |tx| {
        let found = tx.license_by_id(license)?.filter(|license| license.require_owner(owner).is_ok());
        let found = found.ok_or(AppError::from(Code::LinkUnknown))?;
        if id == owner {
            return Err(Code::AlreadyLinked.into());
        }
        found.is_usable(now)?;
        budget_ledger::spend(tx, license, Spending::Handover, use_id, now)?;
        email_link::spend(tx, &digest, now)?;
        tx.license_set_ownership(license, Ownership::Owned { by: id, since: now })?;
        tx.consent_insert(id, license, PURPOSE, DISCLOSURE_VERSION, now)?;
        draft.enqueue(tx)?;
        let actor = format!("account:{id}");
        Event { id: message, at: now, actor: &actor, action: "license.transfer" }.record(tx, license, "");
        Event { id: given, at: now, actor: &actor, action: "account.gave_license" }
            .record(tx, owner, license);
        Ok(())
    })
    .await
    .map(|()| license)
}
