use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, PasskeyId};
use keystead_storage::{Account, Passkey};
use totp_rs::Totp;
use zeroize::Zeroizing;

use super::{Customer, Email, PASSWORD, World, refusal};
use crate::accounts::reauthentication::Reauthentication;
use crate::accounts::second_factor;
use crate::error::AppError;
use crate::i18n::Texts;
use crate::principal::{Permission, Principal};
use crate::security::origin::Origin;

/// Maximum number of times that the mailbox is searched for an email that is written after the response.
const LOOKS: u32 = 500;
/// Time between two searches.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Period of an authenticator app's code, milliseconds.
pub const CODE_PERIOD: i64 = 30_000;

/// A password as typed.
pub fn typed(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.to_owned())
}

/// The English texts.
pub fn texts() -> &'static Texts {
    Texts::of("en-US")
}

/// An authenticator app and the account's recovery codes.
pub struct Authenticator {
    totp: Totp,
    /// The recovery codes.
    pub recovery_codes: Vec<String>,
}

impl Authenticator {
    /// The app's current code.
    pub fn code(&self, world: &World) -> String {
        self.totp.generate((world.now() / 1000).unsigned_abs()).to_string()
    }

    /// The correct password and the app's current code.
    pub fn credentials(&self, world: &World) -> Reauthentication {
        Reauthentication { password: typed(PASSWORD), code: self.code(world) }
    }
}

/// A wrong code: `right` with another last digit.
pub fn wrong_code(right: &str) -> String {
    let last = if right.ends_with('0') { '1' } else { '0' };
    format!("{}{last}", &right[..right.len() - 1])
}

impl World {
    /// The origin of a request from an unknown browser.
    pub fn origin(&self) -> Origin {
        Origin {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            browser: "Firefox on Linux".to_owned(),
            known_to: Vec::new(),
        }
    }

    /// A stored account.
    pub async fn account(&self, id: AccountId) -> Option<Account> {
        self.read(move |connection| connection.account_by_id(id)).await
    }

    /// Sets up an authenticator app for a customer. Moves the clock to the next code, because the current one
    /// is used.
    pub async fn set_up_app(&self, customer: &mut Customer) -> Authenticator {
        let principal = customer.principal();
        let setup = second_factor::begin(&self.app, &principal).await.unwrap();
        let totp = Totp::from_url(&setup.url).unwrap();
        let mut app = Authenticator { totp, recovery_codes: Vec::new() };
        let code = app.code(self);
        let confirmed = second_factor::confirm(&self.app, &principal, typed(PASSWORD), &code);
        app.recovery_codes = confirmed.await.unwrap();
        customer.person.account = self.account(customer.id()).await.unwrap();
        self.pass(CODE_PERIOD).await;
        app
    }

    /// Adds a passkey that no authenticator can use.
    pub async fn add_passkey(&self, customer: &mut Customer) -> PasskeyId {
        let passkey = Passkey {
            id: self.app.new_id(),
            credential_id: vec![7; 16],
            account: customer.id(),
            name: "Desk".to_owned(),
            credential: "{}".to_owned(),
            created_at: self.now(),
            used_at: None,
        };
        let row = passkey.clone();
        assert!(self.app.store.write(move |tx| tx.passkey_insert(&row)).await.unwrap());
        customer.person.account = self.account(customer.id()).await.unwrap();
        passkey.id
    }

    /// Waits for an email to an address and returns the newest one.
    pub async fn email_to(&self, address: &str) -> Email {
        for _ in 0..LOOKS {
            let newest = self.emails().await.into_iter().rfind(|email| email.to == address);
            if let Some(email) = newest {
                return email;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        panic!("no email to {address}");
    }

    /// The secret of the one-time link in the newest email to an address.
    pub async fn link_sent_to(&self, address: &str) -> String {
        self.email_to(address).await.link_token().to_owned()
    }

    /// Asserts that only persons on the pages may run a use case. Applications, API tokens and the operator
    /// may not.
    pub async fn assert_for_persons_only<T>(
        &self,
        customer: &Customer,
        attempt: impl AsyncFn(&Principal) -> Result<T, AppError>,
    ) {
        let refused = async |principal: &Principal| refusal(attempt(principal).await);
        let application = customer.through_application("openid profile email licenses ownership vendor");
        let automation = self.vendor(&Permission::API_SCOPES).await;
        assert_eq!(refused(&Principal::Anonymous).await, Code::SignInRequired);
        assert_eq!(refused(&application).await, Code::PermissionMissing);
        assert_eq!(refused(&automation).await, Code::PermissionMissing);
        assert_eq!(refused(&Principal::Operator).await, Code::PermissionMissing);
    }

    /// Asserts that a use case requires a permission of the vendor.
    pub async fn assert_needs<T>(
        &self,
        permission: Permission,
        attempt: impl AsyncFn(&Principal) -> Result<T, AppError>,
    ) {
        let refused = async |principal: &Principal| refusal(attempt(principal).await);
        let others: Vec<_> =
            Permission::API_SCOPES.into_iter().filter(|other| *other != permission).collect();
        let automation = self.vendor(&others).await;
        let customer = self.customer().await;
        assert_eq!(refused(&Principal::Anonymous).await, Code::SignInRequired);
        assert_eq!(refused(&automation).await, Code::PermissionMissing);
        assert_eq!(refused(&customer.principal()).await, Code::PermissionMissing);
        assert_eq!(refused(&customer.through_application("licenses vendor")).await, Code::PermissionMissing);
    }
}
