use std::sync::{Arc, LazyLock};

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use keystead_domain::DAY;
use keystead_protocol::id::AccountId;
use keystead_storage::{Account, Role, WebSession};
use zeroize::Zeroizing;

use super::World;
use crate::accounts::reauthentication::Reauthentication;
use crate::entropy;
use crate::principal::{Permission, Person, Principal};

/// The password of all test accounts.
pub const PASSWORD: &str = "a red bicycle in the long hall";

/// The hash of [`PASSWORD`], with the cheapest parameters. The hash contains them, so verifying it is cheap,
/// too.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let cheap = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap);
    argon2.hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).unwrap().to_string()
});

/// A signed-in person with an account.
pub struct Customer {
    /// The account and its browser session.
    pub person: Person,
}

impl Customer {
    /// The account's id.
    pub fn id(&self) -> AccountId {
        self.person.account.id
    }

    /// The customer as a principal on the pages.
    pub fn principal(&self) -> Principal {
        Principal::Person(Arc::new(self.person.clone()))
    }

    /// The customer as a principal through an application with this scope.
    pub fn through_application(&self, scope: &str) -> Principal {
        let (session, scope) = (self.person.session(), scope.to_owned());
        Principal::Account { session, scope, permissions: &[] }
    }

    /// The correct password, for reauthentication.
    pub fn credentials(&self) -> Reauthentication {
        Reauthentication { password: Zeroizing::new(PASSWORD.to_owned()), code: String::new() }
    }
}

impl World {
    /// A new customer.
    pub async fn customer(&self) -> Customer {
        self.person(Role::Customer, None).await
    }

    /// A new customer whose language is set, such as `de-DE`.
    pub async fn customer_who_speaks(&self, language: &str) -> Customer {
        self.person(Role::Customer, Some(language.to_owned())).await
    }

    /// A new staff member, through an application with all permissions of the role.
    pub async fn staff(&self, role: Role) -> Principal {
        let session = self.person(role, None).await.person.session();
        let scope = "licenses profile vendor".to_owned();
        Principal::Account { session, scope, permissions: Permission::of_role(role) }
    }

    async fn person(&self, role: Role, language: Option<String>) -> Customer {
        let account = Account {
            id: self.app.new_id(),
            email: format!("person{}@example.org", self.number()),
            name: "Robin".to_owned(),
            password_hash: HASH.clone(),
            role,
            language,
            created_at: self.now(),
            credentials_version: 0,
            disabled_at: None,
        };
        let row = account.clone();
        self.app.store.write(move |tx| tx.account_insert(&row)).await.unwrap();
        self.sign_in(account).await
    }

    /// Opens a browser session for an account.
    pub async fn sign_in(&self, account: Account) -> Customer {
        let session = WebSession {
            id: self.app.new_id(),
            account: account.id,
            browser: "Firefox on Linux".to_owned(),
            seen_at: self.now(),
            created_at: self.now(),
            expires_at: self.now() + 3_650 * DAY,
        };
        let row = session.clone();
        let digest = entropy::bytes();
        self.app.store.write(move |tx| tx.web_session_insert(&digest, &row)).await.unwrap();
        Customer { person: Person { account, session, needs_second_factor: false } }
    }

    /// Ends all sessions of a customer, as a recovery does.
    pub async fn sign_out(&self, customer: &Customer) {
        let (account, now) = (customer.id(), self.now());
        self.app.store.write(move |tx| tx.sessions_end(account, None, now)).await.unwrap();
    }
}
