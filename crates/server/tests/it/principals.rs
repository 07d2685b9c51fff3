//! Checks which principals each use case accepts, independently of the checks in endpoints and pages.

use std::sync::Arc;

use keystead_app::accounts::make_staff::{NewStaff, make_staff};
use keystead_app::accounts::manage_accounts::{AccountChange, change_account, list_staff};
use keystead_app::accounts::reauthentication::Reauthentication;
use keystead_app::accounts::show_account::show_account;
use keystead_app::accounts::sign_in::{self, SignIn};
use keystead_app::accounts::sign_in_event::Method;
use keystead_app::accounts::{
    change_email, change_password, delete_account, end_session, export_account, passkey, second_factor,
    set_profile, upstream_sign_in,
};
use keystead_app::audit::transparency_logs::{begins_with, verify_logs};
use keystead_app::context::{App, Shared};
use keystead_app::error::AppError;
use keystead_app::i18n::Texts;
use keystead_app::keys::Rotation;
use keystead_app::keys::manage_keys::{
    countersign_logs, draw_next_root, request_keys, revoke_key, rotate_keys, show_keys,
};
use keystead_app::licensing::list_owned::list_owned;
use keystead_app::licensing::transfer_license::{self, TransferRequest};
use keystead_app::licensing::unlink_license::unlink_with_password;
use keystead_app::oauth::authenticate::authenticate;
use keystead_app::oauth::authorize::{AuthorizationRequest, allow};
use keystead_app::oauth::device_grant;
use keystead_app::oauth::make_api_token::make_api_token;
use keystead_app::oauth::manage_tokens::{list_api_tokens, revoke_api_token};
use keystead_app::principal::Principal;
use keystead_app::request::SignedRequest;
use keystead_app::security::origin::Origin;
use keystead_protocol::Code;
use keystead_protocol::certificate::KeyId;
use keystead_protocol::id::{ApiTokenId, LicenseId, PasskeyId, SessionId, UpstreamIdentityId};
use keystead_protocol::tlog::{Log, TreeHead};
use keystead_storage::Role;
use keystead_testkit::PASSWORD;
use serde_json::json;
use zeroize::Zeroizing;

use crate::world::World;

/// The result of a call: the name of the use case, and the code if the call was refused.
type Call = (&'static str, Option<Code>);

fn call<T>(name: &'static str, result: Result<T, AppError>) -> Call {
    (name, result.err().map(|error| error.code()))
}

fn command<T>(name: &'static str, result: anyhow::Result<T>) -> Call {
    let refused = result.err().map(|error| error.downcast_ref::<AppError>().map(AppError::code));
    (name, refused.map(|code| code.expect("an error of a use case")))
}

fn origin() -> Origin {
    Origin { address: [192, 0, 2, 1].into(), browser: "Firefox on Linux".into(), known_to: Vec::new() }
}

fn password() -> Zeroizing<String> {
    Zeroizing::new("not the password of anybody".to_owned())
}

fn credentials() -> Reauthentication {
    Reauthentication { password: password(), code: String::new() }
}

/// The principals other than a person signed in on the pages.
struct Others {
    anonymous: Principal,
    /// A customer's application with every customer scope.
    application: Principal,
    /// A vendor application of a support agent.
    support: Principal,
    /// A vendor application of an administrator.
    admin: Principal,
    /// An API token with every scope.
    api_token: Principal,
    /// An API token with one scope.
    catalog_token: Principal,
}

impl Others {
    fn of(world: &World) -> Self {
        let of = |token: &str| by_token(world, token);
        Self {
            anonymous: Principal::Anonymous,
            application: of(&world.owner_token(&world.customer())),
            support: of(world.staff(Role::Support).token()),
            admin: of(world.staff(Role::Admin).token()),
            api_token: of(&world.token),
            catalog_token: of(&world.api_token("catalog")),
        }
    }
}

/// The principal of a token.
fn by_token(world: &World, token: &str) -> Principal {
    let bearer = token.parse().unwrap();
    world.wait(authenticate(world.app(), &bearer, None)).unwrap()
}

/// A person without a second factor who is signed in on the pages.
async fn person(app: &Arc<App>, email: &str) -> Principal {
    let password = Zeroizing::new(PASSWORD.to_owned());
    let SignIn::Done(account) = sign_in::sign_in(app, &origin(), email, password).await.unwrap() else {
        panic!("this account has no second factor");
    };
    let secret = sign_in::open(app, &account, &origin(), Method::Password, None).await.unwrap();
    Principal::Person(Arc::new(sign_in::session(app, secret.expose()).await.unwrap().unwrap()))
}

/// Calls every use case of a person's account and security.
async fn account_calls(app: &Shared, principal: &Principal) -> Vec<Call> {
    let (texts, email) = (Texts::of("en-US"), "new@example.org");
    let session = SessionId::from_bytes([7; 16]);
    vec![
        call("set_profile", set_profile::set_profile(app, principal, "Name", "").await),
        call("change_email", change_email::ask(app, principal, texts, email, credentials()).await),
        call(
            "change_password",
            change_password::change_password(app, principal, password(), password(), "").await,
        ),
        call("delete_account", delete_account::delete_account(app, principal, credentials()).await),
        call("end_session", end_session::end_session(app, principal, session).await),
        call("end_other_sessions", end_session::end_other_sessions(app, principal, password()).await),
        call("second_factor::remove", second_factor::remove(app, principal, password(), "123456").await),
        call(
            "passkey::remove",
            passkey::remove(app, principal, password(), PasskeyId::from_bytes([7; 16])).await,
        ),
        call(
            "upstream_sign_in::begin_link",
            upstream_sign_in::begin_link(app, origin().address, principal, password(), "provider").await,
        ),
        call(
            "upstream_sign_in::unlink",
            upstream_sign_in::unlink(app, principal, password(), UpstreamIdentityId::from_bytes([7; 16]))
                .await,
        ),
    ]
}

/// Calls the use cases that add a second factor.
async fn setup_changes(app: &Shared, principal: &Principal) -> Vec<Call> {
    let new = passkey::New { name: "Key".into(), password: password(), code: String::new() };
    let answer = json!({
        "id": "AA", "rawId": "AA", "type": "public-key", "response": { "attestationObject": "AA", "clientDataJSON": "AA" },
    });
    let answer = serde_json::from_value(answer).unwrap();
    vec![
        call("second_factor::confirm", second_factor::confirm(app, principal, password(), "123456").await),
        call("passkey::add", passkey::add(app, principal, new, "ceremony", &answer).await),
    ]
}

/// Calls every use case that changes the owner of a license or approves an application.
async fn license_and_grant_calls(app: &Shared, principal: &Principal) -> Vec<Call> {
    let license = LicenseId::from_bytes([7; 16]);
    let transfer = TransferRequest { license, recipient: "new@example.org", texts: Texts::of("en-US") };
    let request = SignedRequest {
        method: "POST".into(),
        path: "/".into(),
        body: Default::default(),
        proof: None,
        idempotency_key: None,
        from: origin().address,
    };
    vec![
        call(
            "transfer_license::offer",
            transfer_license::offer(app, principal, transfer, credentials()).await,
        ),
        call("transfer_license::look", transfer_license::look(app, principal, "token").await),
        call("transfer_license::take", transfer_license::take(app, principal, "token", true).await),
        call(
            "unlink_with_password",
            unlink_with_password(app, principal, license, credentials(), &request).await,
        ),
        call("device_grant::find", device_grant::find(app, &origin(), principal, "BCDF-GHJK").await),
        call(
            "device_grant::decide",
            device_grant::decide(app, &origin(), principal, "BCDF-GHJK", true).await,
        ),
    ]
}

/// Calls the use cases that need only a person as input.
async fn plain_calls(app: &Shared, principal: &Principal) -> Vec<Call> {
    let request = AuthorizationRequest {
        client: "keystead-cli".into(),
        redirect_uri: String::new(),
        challenge: [0; 32],
        nonce: None,
        scope: "licenses".into(),
    };
    vec![
        call("facts", delete_account::facts(app, principal).await),
        call("export_account", export_account::export_account(app, principal).await),
        call("allow", allow(app, principal, request).await),
    ]
}

/// Calls every use case of the page that sets up a second factor.
async fn setup_calls(app: &Shared, principal: &Principal) -> Vec<Call> {
    vec![
        call("sessions", end_session::sessions(app, principal).await),
        call("passkeys", passkey::passkeys(app, principal).await),
        call("factors", second_factor::factors(app, principal).await),
        call("second_factor::begin", second_factor::begin(app, principal).await),
        call("identities", upstream_sign_in::identities(app, principal).await),
        call("passkey::begin_adding", passkey::begin_adding(app, principal).await),
    ]
}

/// Calls every use case of the operator. `account` is the address of an account to change.
async fn operator_calls(app: &Shared, principal: &Principal, account: &str) -> Vec<Call> {
    let new = NewStaff {
        email: format!("new.{}@example.org", principal.actor().replace(':', ".")),
        name: "Staff".into(),
        password: PASSWORD.into(),
        role: Role::Support,
    };
    let change = |change| change_account(app, principal, account, change);
    vec![
        call("list_staff", list_staff(app, principal).await),
        command("make_staff", make_staff(app, principal, new).await),
        call("disable", change(AccountChange::Disable).await),
        call("enable", change(AccountChange::Enable).await),
        call("set_role", change(AccountChange::SetRole(Role::Customer)).await),
        call("list_api_tokens", list_api_tokens(app, principal).await),
        command("make_api_token", make_api_token(app, principal, "tests", "all", None).await),
        call("revoke_api_token", revoke_api_token(app, principal, ApiTokenId::from_bytes([7; 16])).await),
    ]
}

/// Calls every use case that checks a permission of API tokens.
async fn vendor_calls(app: &Shared, principal: &Principal, account: &str) -> Vec<Call> {
    let empty = TreeHead { size: 0, root: [0; 32] };
    vec![
        call("sign_out", change_account(app, principal, account, AccountChange::SignOut).await.map(|_| ())),
        command("verify_logs", verify_logs(app, principal).await),
        command("begins_with", begins_with(app, principal, Log::Audit, empty).await),
    ]
}

/// Asserts that each call was refused with `code`.
fn assert_refused(whose: &str, calls: &[Call], code: Code) {
    for (name, refused) in calls {
        assert_eq!(*refused, Some(code), "{name} by {whose}");
    }
}

/// Asserts that no call was refused because of the principal.
fn assert_permitted(whose: &str, calls: &[Call]) {
    for (name, refused) in calls {
        let for_the_principal = matches!(
            refused,
            Some(Code::SignInRequired | Code::PermissionMissing | Code::SecondFactorRequired)
        );
        assert!(!for_the_principal, "{name} by {whose}: {refused:?}");
    }
}

#[test]
fn only_a_person_on_the_pages_reaches_the_use_cases_of_an_account() {
    for world in World::each() {
        let (app, others) = (world.app(), Others::of(&world));
        let calls = |principal: &Principal| {
            world.wait(async {
                let mut calls = account_calls(app, principal).await;
                calls.extend(license_and_grant_calls(app, principal).await);
                calls.extend(setup_changes(app, principal).await);
                let mut plain = plain_calls(app, principal).await;
                plain.extend(setup_calls(app, principal).await);
                (calls, plain)
            })
        };
        let refused = [
            ("nobody", &others.anonymous, Code::SignInRequired),
            ("an application", &others.application, Code::PermissionMissing),
            ("support", &others.support, Code::PermissionMissing),
            ("an administrator", &others.admin, Code::PermissionMissing),
            ("an API token", &others.api_token, Code::PermissionMissing),
            ("the operator", &Principal::Operator, Code::PermissionMissing),
        ];
        for (whose, principal, code) in refused {
            let (calls, plain) = calls(principal);
            assert_refused(whose, &calls, code);
            assert_refused(whose, &plain, code);
        }
        let (calls, plain) = calls(&world.wait(person(app, &world.customer().email)));
        assert_permitted("a person", &calls);
        assert_eq!(plain.iter().find(|(_, refused)| refused.is_some()), None);
    }
}

#[test]
fn staff_without_a_second_factor_can_only_set_one_up() {
    for world in World::each() {
        let app = world.app();
        let staff = world.wait(person(app, &world.make_staff(Role::Support)));
        world.wait(async {
            let mut refused = account_calls(app, &staff).await;
            refused.extend(license_and_grant_calls(app, &staff).await);
            refused.extend(plain_calls(app, &staff).await);
            refused.push(call("show_account", show_account(app, &staff).await));
            refused.push(call("list_owned", list_owned(app, &staff, (None, None), 1).await));
            assert_refused("staff", &refused, Code::SecondFactorRequired);
            assert_permitted("staff", &setup_changes(app, &staff).await);
            assert_eq!(setup_calls(app, &staff).await.iter().find(|(_, refused)| refused.is_some()), None);
        });
    }
}

#[test]
fn only_the_operator_manages_keys() {
    let world = World::sqlite();
    let (app, others) = (world.app(), Others::of(&world));
    let calls = |principal: &Principal| {
        world.wait(async {
            vec![
                call("show_keys", show_keys(app, principal)),
                command("request_keys", request_keys(app, principal, None).await),
                command("rotate_keys", rotate_keys(app, principal, Rotation::Sealing).await),
                command("countersign_logs", countersign_logs(app, principal).await),
                command("draw_next_root", draw_next_root(app, principal).await),
                command("revoke_key", revoke_key(app, principal, stolen_key(app)).await),
            ]
        })
    };
    assert_refused("nobody", &calls(&others.anonymous), Code::SignInRequired);
    for (whose, principal) in [("an administrator", &others.admin), ("an API token", &others.api_token)] {
        assert_refused(whose, &calls(principal), Code::PermissionMissing);
    }
    assert_eq!(calls(&Principal::Operator).iter().find(|(_, refused)| refused.is_some()), None);
}

/// The id of the issuing key, which the test treats as stolen.
fn stolen_key(app: &App) -> KeyId {
    KeyId::of(&app.keys.signer(app.now()).unwrap().key.verifying_key())
}

#[test]
fn only_the_operator_and_administrators_manage_staff_and_tokens() {
    for world in World::each() {
        let (app, others, customer) = (world.app(), Others::of(&world), world.customer());
        let customer_on_the_pages = world.wait(person(app, &world.customer().email));
        let calls = |principal: &Principal| world.wait(operator_calls(app, principal, &customer.email));
        assert_refused("nobody", &calls(&others.anonymous), Code::SignInRequired);
        let refused = [
            ("a person", &customer_on_the_pages),
            ("an application", &others.application),
            ("support", &others.support),
            ("an API token", &others.api_token),
        ];
        for (whose, principal) in refused {
            assert_refused(whose, &calls(principal), Code::PermissionMissing);
        }
        for principal in [&others.admin, &Principal::Operator] {
            let mut calls = calls(principal);
            assert_eq!(calls.pop(), Some(("revoke_api_token", Some(Code::NotFound))), "no token has this id");
            assert_eq!(calls.iter().find(|(_, refused)| refused.is_some()), None);
        }
    }
}

#[test]
fn the_logs_and_signing_out_need_their_permission() {
    for world in World::each() {
        let (app, others, customer) = (world.app(), Others::of(&world), world.customer());
        let customer_on_the_pages = world.wait(person(app, &world.customer().email));
        let calls = |principal: &Principal| world.wait(vendor_calls(app, principal, &customer.email));
        assert_refused("nobody", &calls(&others.anonymous), Code::SignInRequired);
        let refused = [
            ("a person", &customer_on_the_pages),
            ("an application", &others.application),
            ("an API token", &others.catalog_token),
        ];
        for (whose, principal) in refused {
            assert_refused(whose, &calls(principal), Code::PermissionMissing);
        }
        for principal in [&others.admin, &others.api_token, &Principal::Operator] {
            assert_eq!(calls(principal).iter().find(|(_, refused)| refused.is_some()), None);
        }
    }
}

#[test]
fn the_audit_log_names_whoever_managed_staff() {
    let world = World::sqlite();
    let (app, others, customer) = (world.app(), Others::of(&world), world.customer());
    for principal in [&others.admin, &Principal::Operator] {
        let account = world
            .wait(change_account(app, principal, &customer.email, AccountChange::SetRole(Role::Support)))
            .unwrap();
        let events = world
            .read(move |connection| connection.audit_events_of_subject(&account.to_string(), i64::MIN, 1));
        assert_eq!((events[0].action.as_str(), &events[0].actor), ("account.set_role", &principal.actor()));
    }
}

#[test]
fn an_administrator_who_was_signed_out_meanwhile_changes_nothing() {
    for world in World::each() {
        let admin = world.staff(Role::Admin);
        let principal = by_token(&world, admin.token());
        world.change_account(&admin.email, AccountChange::SignOut);
        let customer = world.customer();
        let calls = world.wait(operator_calls(world.app(), &principal, &customer.email));
        let changes = calls.iter().filter(|(name, _)| !name.starts_with("list_"));
        for (name, refused) in changes {
            assert_eq!(*refused, Some(Code::TokenExpired), "{name}");
        }
    }
}
