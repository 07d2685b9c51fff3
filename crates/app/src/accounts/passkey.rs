//! Passkeys (WebAuthn Level 3): sign-in without a password. The authenticator verifies its user, so a passkey
//! replaces both the password and the second factor.

use keystead_domain::Millis;
use keystead_domain::account::check_name;
use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, PasskeyId};
use keystead_storage::{Account, Passkey};
use serde::Serialize;
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{
    CreationChallengeResponse, CredentialID, DiscoverableAuthentication, Passkey as Credential,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Uuid,
    WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor;
use crate::accounts::sign_in_event::{Method, SignInAttempt};
use crate::audit::Event;
use crate::context::{App, Shared};
use crate::email::notifications::{self, SignInChange};
use crate::error::AppError;
use crate::principal::Principal;
use crate::security::origin::Origin;
use crate::security::sealed_token::{self, SealedToken, UNBOUND};

/// Time allowed for a ceremony.
const LIFETIME: Millis = 10 * 60 * 1000;
/// Maximum number of passkeys per account.
const MOST: u32 = 20;
const ADDING: &str = "passkey-adding";
const SIGNING_IN: &str = "passkey-signing-in";

/// The start of a WebAuthn ceremony: options for the browser, and sealed state for the server.
#[derive(Serialize)]
pub struct Ceremony<T> {
    /// The options for `navigator.credentials` (WebAuthn, sections 5.4 and 5.5).
    #[serde(flatten)]
    pub options: T,
    /// Sealed state. The browser returns it together with the authenticator's response.
    pub ceremony: String,
}

/// Details of a passkey to add.
pub struct New {
    /// The name that the owner gives it.
    pub name: String,
    /// The password, entered again.
    pub password: Password,
    /// A second-factor code, for accounts that have a second factor.
    pub code: String,
}

fn webauthn(app: &App) -> Result<&Webauthn, AppError> {
    app.webauthn.as_ref().ok_or(Code::NotFound.into())
}

fn refused(error: WebauthnError) -> AppError {
    tracing::debug!(%error, "a passkey was refused");
    Code::PasskeyRefused.into()
}

/// The person's passkeys.
pub async fn passkeys(app: &Shared, principal: &Principal) -> Result<Vec<Passkey>, AppError> {
    let account = principal.require_person_for_setup()?.account.id;
    Ok(app.store.read(move |connection| connection.passkeys_of_account(account, MOST)).await?)
}

/// Starts adding a passkey.
pub async fn begin_adding(
    app: &Shared,
    principal: &Principal,
) -> Result<Ceremony<CreationChallengeResponse>, AppError> {
    let account = &principal.require_person_for_setup()?.account;
    let webauthn = webauthn(app)?;
    let known = passkeys(app, principal).await?;
    let known: Vec<CredentialID> = known.into_iter().map(|passkey| passkey.credential_id).collect();
    let handle = Uuid::from_bytes(*account.id.as_bytes());
    let (mut options, state) = webauthn
        .start_passkey_registration(handle, &account.email, &account.name, Some(known))
        .map_err(refused)?;
    // Sign-in without a user name needs a discoverable credential.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    let ceremony = sealed_token::seal(app, ADDING, account.id.as_bytes(), &state, LIFETIME);
    Ok(Ceremony { options, ceremony })
}

/// Verifies the browser's response and adds its passkey.
pub async fn add(
    app: &Shared,
    principal: &Principal,
    new: New,
    ceremony: &str,
    answer: &RegisterPublicKeyCredential,
) -> Result<(), AppError> {
    let account = &principal.require_person_for_setup()?.account;
    password::require(app, account, new.password).await?;
    let name = check_name(&new.name).map_err(|error| AppError::value("name", error))?;
    let state: SealedToken<PasskeyRegistration> =
        sealed_token::open(app, ADDING, account.id.as_bytes(), ceremony).ok_or(Code::PasskeyRefused)?;
    let credential = webauthn(app)?.finish_passkey_registration(answer, &state.value).map_err(refused)?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let passkey = Passkey {
        id: app.new_id(),
        credential_id: credential.cred_id().to_vec(),
        account: id,
        name,
        credential: json(&credential)?,
        created_at: now,
        used_at: None,
    };
    let draft = notifications::sign_in_changed(app, account, SignInChange::PasskeyAdded, now);
    // A passkey replaces the second factor, so adding a passkey requires a code.
    let code = second_factor::TypedCode { door: Door::SecondFactorAgain, account: id, code: &new.code };
    second_factor::guarded(app, principal, code, move |tx| {
        if !state.consume(tx)? {
            return Err(Code::PasskeyRefused.into());
        }
        if tx.passkeys_of_account(id, MOST)?.len() >= MOST as usize {
            return Err(AppError::with_detail(Code::ValueNotAllowed, "remove a passkey first"));
        }
        if !tx.passkey_insert(&passkey)? {
            return Err(Code::AlreadyExists.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.add_passkey" }
            .record(tx, id, passkey.id);
        Ok(())
    })
    .await
}

/// Removes a passkey.
pub async fn remove(
    app: &Shared,
    principal: &Principal,
    password: Password,
    passkey: PasskeyId,
) -> Result<(), AppError> {
    let account = &principal.require_person()?.account;
    password::require(app, account, password).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::sign_in_changed(app, account, SignInChange::PasskeyRemoved, now);
    app.write_as(principal, move |tx| {
        if !tx.passkey_delete(id, passkey)? {
            return Err(Code::NotFound.into());
        }
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.remove_passkey" }
            .record(tx, id, passkey);
        Ok(())
    })
    .await
}

/// Starts a sign-in without a user name.
pub fn begin_sign_in(app: &App) -> Result<Ceremony<RequestChallengeResponse>, AppError> {
    let (options, state) = webauthn(app)?.start_discoverable_authentication().map_err(refused)?;
    let ceremony = sealed_token::seal(app, SIGNING_IN, UNBOUND, &state, LIFETIME);
    Ok(Ceremony { options, ceremony })
}

/// Verifies the authenticator's response and returns the account of its passkey.
pub async fn sign_in(
    app: &Shared,
    origin: &Origin,
    ceremony: &str,
    answer: &PublicKeyCredential,
) -> Result<Account, AppError> {
    app.limits.sign_in(origin.address)?;
    let signed_in = check(app, ceremony, answer).await;
    if let Err(error) = &signed_in {
        SignInAttempt::new(app, origin, Method::Passkey, None).refused(app, error).await;
    }
    signed_in
}

async fn check(app: &Shared, ceremony: &str, answer: &PublicKeyCredential) -> Result<Account, AppError> {
    let webauthn = webauthn(app)?;
    let state: SealedToken<DiscoverableAuthentication> =
        sealed_token::open(app, SIGNING_IN, UNBOUND, ceremony).ok_or(Code::PasskeyRefused)?;
    let (handle, credential_id) = webauthn.identify_discoverable_authentication(answer).map_err(refused)?;
    let credential_id = credential_id.to_vec();
    let found = app.store.read(move |connection| connection.passkey_by_credential(&credential_id)).await?;
    let found = found.filter(|passkey| passkey.account.as_bytes() == handle.as_bytes());
    let passkey = found.ok_or(AppError::from(Code::PasskeyRefused))?;
    let mut credential: Credential =
        serde_json::from_str(&passkey.credential).map_err(|_| AppError::from(Code::Internal))?;
    let proven = webauthn
        .finish_discoverable_authentication_v2(answer, state.value.clone(), &credential)
        .map_err(refused)?;
    credential.update_credential(&proven);
    let (credential, now) = (json(&credential)?, app.now());
    app.store
        .write(move |tx| {
            if !state.consume(tx)? || !tx.passkey_use(passkey.id, &credential, now)? {
                return Err(Code::PasskeyRefused.into());
            }
            tx.account_by_id(passkey.account)?.ok_or(Code::PasskeyRefused.into())
        })
        .await
}

fn json(credential: &Credential) -> Result<String, AppError> {
    serde_json::to_string(credential).map_err(|_| Code::Internal.into())
}

#[cfg(test)]
mod tests {
    use keystead_protocol::text::to_base64url;
    use serde_json::json;

    use super::*;
    use crate::testing::{PASSWORD, on_both, refusal, typed};

    /// A registration response that contains no valid attestation.
    fn new_credential() -> RegisterPublicKeyCredential {
        let bytes = to_base64url(&[7; 16]);
        let response = json!({ "attestationObject": bytes, "clientDataJSON": bytes });
        let answer = json!({ "id": bytes, "rawId": bytes, "type": "public-key", "response": response });
        serde_json::from_value(answer).unwrap()
    }

    fn assertion() -> PublicKeyCredential {
        let bytes = to_base64url(&[7; 16]);
        let response = json!({ "authenticatorData": bytes, "clientDataJSON": bytes, "signature": bytes, "userHandle": bytes });
        let answer = json!({ "id": bytes, "rawId": bytes, "type": "public-key", "response": response });
        serde_json::from_value(answer).unwrap()
    }

    fn new(password: &str, code: &str) -> New {
        New { name: "Desk".to_owned(), password: typed(password), code: code.to_owned() }
    }

    #[test]
    fn ceremony_asks_for_a_discoverable_credential_that_is_not_known_yet() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            world.add_passkey(&mut customer).await;
            let begun = begin_adding(&world.app, &customer.principal()).await.unwrap();
            let options = serde_json::to_value(&begun).unwrap()["publicKey"].clone();
            assert_eq!(options["rp"]["id"], "licenses.example");
            assert_eq!(options["user"]["name"], customer.person.account.email);
            assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
            assert_eq!(options["excludeCredentials"][0]["id"], to_base64url(&[7; 16]));
        });
    }

    #[test]
    fn answer_without_its_ceremony_adds_no_passkey() {
        on_both(async |world| {
            let (customer, other) = (world.customer().await, world.customer().await);
            let added = async |password: &str, ceremony: &str| {
                add(&world.app, &customer.principal(), new(password, ""), ceremony, &new_credential()).await
            };
            let own = begin_adding(&world.app, &customer.principal()).await.unwrap().ceremony;
            let theirs = begin_adding(&world.app, &other.principal()).await.unwrap().ceremony;
            assert_eq!(refusal(added("wrong", &own).await), Code::PasswordWrong);
            assert_eq!(refusal(added(PASSWORD, &own).await), Code::PasskeyRefused);
            assert_eq!(refusal(added(PASSWORD, &theirs).await), Code::PasskeyRefused);
            assert_eq!(refusal(added(PASSWORD, "").await), Code::PasskeyRefused);
            assert!(passkeys(&world.app, &customer.principal()).await.unwrap().is_empty());
        });
    }

    #[test]
    fn passkey_is_removed_once_with_the_password() {
        on_both(async |world| {
            let (mut customer, other) = (world.customer().await, world.customer().await);
            let id = world.add_passkey(&mut customer).await;
            let wrong = remove(&world.app, &customer.principal(), typed("wrong"), id).await;
            assert_eq!(refusal(wrong), Code::PasswordWrong);
            let foreign = remove(&world.app, &other.principal(), typed(PASSWORD), id).await;
            assert_eq!(refusal(foreign), Code::NotFound);
            remove(&world.app, &customer.principal(), typed(PASSWORD), id).await.unwrap();
            assert!(passkeys(&world.app, &customer.principal()).await.unwrap().is_empty());
            let event = world.audit(customer.id()).await.pop().unwrap();
            assert_eq!((event.action.as_str(), event.detail), ("account.remove_passkey", id.to_string()));
            let told = world.subjects_to(&customer.person.account.email).await;
            assert_eq!(told, ["Your sign-in options were changed"]);
            // The removal changes the version of the credentials, so the account is read again.
            customer.person.account = world.account(customer.id()).await.unwrap();
            let again = remove(&world.app, &customer.principal(), typed(PASSWORD), id).await;
            assert_eq!(refusal(again), Code::NotFound);
        });
    }

    #[test]
    fn answer_that_proves_nothing_is_a_failed_sign_in() {
        on_both(async |world| {
            let begun = begin_sign_in(&world.app).unwrap();
            for ceremony in [begun.ceremony.as_str(), ""] {
                let refused = sign_in(&world.app, &world.origin(), ceremony, &assertion()).await;
                assert_eq!(refusal(refused), Code::PasskeyRefused);
            }
            let events = world.audit("anybody").await;
            assert_eq!(events.len(), 2);
            assert_eq!(events[0].detail, "passkey: passkey_refused");
        });
    }

    #[test]
    fn only_a_signed_in_person_manages_passkeys() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let id = world.add_passkey(&mut customer).await;
            let start = async |principal: &Principal| begin_adding(&world.app, principal).await.map(|_| ());
            world.assert_for_persons_only(&customer, start).await;
            let delete =
                async |principal: &Principal| remove(&world.app, principal, typed(PASSWORD), id).await;
            world.assert_for_persons_only(&customer, delete).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(delete(&customer.principal()).await), Code::TokenExpired);
        });
    }
}
