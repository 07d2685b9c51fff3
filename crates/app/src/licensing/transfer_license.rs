//! Transfers a license to another person. The owner enters an email address, to which the server sends a
//! link. The signed-in person who opens the link accepts the license.

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

/// An offered license, as shown on the page of the link.
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

/// Returns the offer of a link. The link is invalid when the license has another owner.
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
        budget_ledger::spend(tx, license, Spending::Transfer, use_id, now)?;
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

#[cfg(test)]
mod tests {
    use keystead_domain::budget::TRANSFERS;
    use keystead_domain::license::License;
    use zeroize::Zeroizing;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::testing::{Customer, Device, World, on_both, refusal};

    async fn offered(world: &World, owner: &Customer, license: LicenseId) -> Result<(), AppError> {
        let texts = Texts::of("en-US");
        let asked = TransferRequest { license, recipient: "friend@example.org", texts };
        offer(&world.app, &owner.principal(), asked, owner.credentials()).await
    }

    /// Offers the license and returns the secret of the new link.
    async fn token(world: &World, owner: &Customer, license: LicenseId) -> String {
        world.pass(1).await;
        offered(world, owner, license).await.unwrap();
        world.emails().await.pop().unwrap().link_token().to_owned()
    }

    async fn license_of(world: &World, owner: &Customer) -> License {
        let key = world.key().await;
        let id = world.linked(&Device::new(1), &key, owner).await.license;
        world.license(id).await
    }

    #[test]
    fn person_who_opens_the_link_becomes_the_owner() {
        on_both(async |world| {
            let (owner, friend) = (world.customer().await, world.customer().await);
            let license = license_of(&world, &owner).await.id;
            let token = token(&world, &owner, license).await;
            let shown = look(&world.app, &friend.principal(), &token).await.unwrap();
            assert_eq!((shown.product.as_str(), shown.from.as_str()), ("Studio", "Robin"));
            assert_eq!(take(&world.app, &friend.principal(), &token, true).await.unwrap(), license);
            let (by, since) = (friend.id(), world.now());
            assert_eq!(world.license(license).await.ownership, Ownership::Owned { by, since });
            assert_eq!(world.actions(license).await, ["license.link", "license.transfer"]);
            assert_eq!(world.actions(owner.id()).await, ["account.gave_license"]);
            let told = world.subjects_to(&owner.person.account.email).await;
            assert_eq!(told, ["Your license was transferred"]);
        });
    }

    #[test]
    fn offer_needs_the_owner_and_their_password() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let license = license_of(&world, &owner).await.id;
            assert_eq!(refusal(offered(&world, &stranger, license).await), Code::NotFound);
            let asked = |recipient| TransferRequest { license, recipient, texts: Texts::of("en-US") };
            let wrong = Reauthentication { password: Zeroizing::new("wrong".into()), code: String::new() };
            let refused = offer(&world.app, &owner.principal(), asked("friend@example.org"), wrong).await;
            assert_eq!(refusal(refused), Code::PasswordWrong);
            let refused =
                offer(&world.app, &owner.principal(), asked("no address"), owner.credentials()).await;
            assert_eq!(refusal(refused), Code::ValueNotAllowed);
            world.sign_out(&owner).await;
            assert_eq!(refusal(offered(&world, &owner, license).await), Code::TokenExpired);
            assert!(world.emails().await.is_empty());
        });
    }

    #[test]
    fn link_works_once_for_another_person_who_agrees() {
        on_both(async |world| {
            let (owner, friend) = (world.customer().await, world.customer().await);
            let license = license_of(&world, &owner).await.id;
            let token = token(&world, &owner, license).await;
            let accept = async |customer: &Customer, agree| {
                take(&world.app, &customer.principal(), &token, agree).await
            };
            assert_eq!(refusal(accept(&friend, false).await), Code::ConsentMissing);
            assert_eq!(refusal(accept(&owner, true).await), Code::AlreadyLinked);
            accept(&friend, true).await.unwrap();
            assert_eq!(refusal(accept(&friend, true).await), Code::LinkUnknown);
            assert_eq!(refusal(look(&world.app, &friend.principal(), &token).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn link_is_void_after_a_week_and_once_the_license_has_another_owner() {
        on_both(async |world| {
            let (owner, friend) = (world.customer().await, world.customer().await);
            let license = license_of(&world, &owner).await.id;
            let (first, second) =
                (token(&world, &owner, license).await, token(&world, &owner, license).await);
            take(&world.app, &friend.principal(), &second, true).await.unwrap();
            assert_eq!(refusal(look(&world.app, &friend.principal(), &first).await), Code::LinkUnknown);
            let refused = take(&world.app, &owner.principal(), &first, true).await;
            assert_eq!(refusal(refused), Code::LinkUnknown);
            let third = token(&world, &friend, license).await;
            world.pass(LIFETIME).await;
            assert_eq!(refusal(look(&world.app, &friend.principal(), &third).await), Code::LinkUnknown);
        });
    }

    #[test]
    fn license_changes_hands_a_few_times_a_year_while_it_is_usable() {
        on_both(async |world| {
            let people = [world.customer().await, world.customer().await];
            let license = license_of(&world, &people[0]).await.id;
            for at in 0..TRANSFERS.allowed as usize {
                let (from, to) = (&people[at % 2], &people[(at + 1) % 2]);
                let token = token(&world, from, license).await;
                take(&world.app, &to.principal(), &token, true).await.unwrap();
            }
            let (from, to) = (&people[1], &people[0]);
            let token = token(&world, from, license).await;
            let refused = take(&world.app, &to.principal(), &token, true).await;
            assert_eq!(refusal(refused), Code::RebindBudgetExhausted);
            world.change(license, Change::Suspend).await;
            let refused = take(&world.app, &to.principal(), &token, true).await;
            assert_eq!(refusal(refused), Code::LicenseSuspended);
        });
    }
}
