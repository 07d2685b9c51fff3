//! The principal of a request and its permissions. Every use case takes a principal and checks its
//! permission.
//!
//! The exceptions check a credential of their own: a password, a passkey, a link in an email, a code or token
//! of an application, or a device's signature. `xtask/tidy/principals.txt` lists them.

use std::sync::Arc;

use keystead_domain::Millis;
use keystead_domain::device_grant::Approver;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, ApiTokenId};
use keystead_storage::{Account, AccountSession, Role, SessionRef, WebSession};

use crate::error::AppError;
use crate::oauth::scope::{self, LICENSES, OWNERSHIP, PROFILE};

/// Maximum age of a sign-in that may change the owner of licenses or show a new product key.
pub const MAX_AUTHENTICATION_AGE: Millis = 10 * 60 * 1000;

/// The principal of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// No sign-in. The request may have a device's signature.
    Anonymous,
    /// A person signed in on the pages. This principal can access the person's account and has no vendor
    /// permissions.
    Person(Arc<Person>),
    /// An application, identified by its access token. A person has signed in to it.
    Account {
        /// The account and the session.
        session: AccountSession,
        /// OAuth scope that the account granted to the application, space-separated.
        scope: String,
        /// Permissions of the account's role that this application may use.
        permissions: &'static [Permission],
    },
    /// A person who runs commands on the server's machine.
    Operator,
    /// The vendor's automation.
    ApiToken {
        /// The token's id.
        token: ApiTokenId,
        /// The token's permissions.
        permissions: Vec<Permission>,
    },
}

/// A permission to act for the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Define products, editions and policies.
    Catalog,
    /// Create and reissue product keys.
    Keys,
    /// See licenses, devices and activations.
    Read,
    /// Suspend, resume and revoke licenses.
    Licenses,
    /// Validate keys, certificates and activations.
    Validate,
    /// Act for a customer, with a reason.
    Support,
    /// Sign accounts out.
    Accounts,
    /// Manage staff accounts and API tokens. API tokens cannot have this permission.
    Staff,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 8] = [
        Permission::Catalog,
        Permission::Keys,
        Permission::Read,
        Permission::Licenses,
        Permission::Validate,
        Permission::Support,
        Permission::Accounts,
        Permission::Staff,
    ];

    /// The permissions that API tokens can have.
    pub const API_SCOPES: [Permission; 7] = [
        Permission::Catalog,
        Permission::Keys,
        Permission::Read,
        Permission::Licenses,
        Permission::Validate,
        Permission::Support,
        Permission::Accounts,
    ];

    /// The permission's name. It is also its scope in API tokens.
    pub const fn name(self) -> &'static str {
        match self {
            Permission::Catalog => "catalog",
            Permission::Keys => "keys",
            Permission::Read => "read",
            Permission::Licenses => "licenses",
            Permission::Validate => "validate",
            Permission::Support => "support",
            Permission::Accounts => "accounts",
            Permission::Staff => "staff",
        }
    }

    /// Parses the space-separated scopes of an API token; `None` if one is unknown.
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let named = |name: &str| Self::API_SCOPES.into_iter().find(|permission| permission.name() == name);
        text.split_whitespace().map(named).collect()
    }

    /// The permissions of a role.
    pub const fn of_role(role: Role) -> &'static [Self] {
        match role {
            Role::Customer => &[],
            Role::Support => &[Permission::Read, Permission::Validate, Permission::Support],
            Role::Admin => &Self::ALL,
        }
    }
}

impl Principal {
    /// The account's session.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] without a sign-in. [`Code::PermissionMissing`] if the principal is not an
    /// account, or the account did not grant `scope`. [`Code::SecondFactorRequired`] for a person who must
    /// set up a second factor first.
    pub fn require_account(&self, scope: &'static str) -> Result<AccountSession, AppError> {
        match self {
            Principal::Account { session, scope: allowed, .. } if scope::contains(allowed, scope) => {
                Ok(*session)
            }
            // On the pages, changing the owner of a license requires the password instead of a scope.
            Principal::Person(_) if [LICENSES, PROFILE].contains(&scope) => {
                Ok(self.require_person()?.session())
            }
            Principal::Account { .. } | Principal::Person(_) => Err(AppError::with_detail(
                Code::PermissionMissing,
                format!("the application was not allowed \"{scope}\""),
            )),
            Principal::ApiToken { .. } | Principal::Operator => {
                Err(AppError::with_detail(Code::PermissionMissing, "this is for a customer's account"))
            }
            Principal::Anonymous => Err(Code::SignInRequired.into()),
        }
    }

    /// The person signed in on the pages.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] without a sign-in. [`Code::PermissionMissing`] for an application, an API
    /// token and the operator. [`Code::SecondFactorRequired`] for a person who must set up a second factor
    /// first.
    pub fn require_person(&self) -> Result<&Person, AppError> {
        match self.require_person_for_setup()? {
            person if person.needs_second_factor => Err(Code::SecondFactorRequired.into()),
            person => Ok(person),
        }
    }

    /// The person signed in on the pages, even if they must set up a second factor before anything else.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] and [`Code::PermissionMissing`], as in [`Self::require_person`].
    pub fn require_person_for_setup(&self) -> Result<&Person, AppError> {
        match self {
            Principal::Person(person) => Ok(person),
            Principal::Account { .. } | Principal::ApiToken { .. } | Principal::Operator => Err(
                AppError::with_detail(Code::PermissionMissing, "this is for a person on the account's pages"),
            ),
            Principal::Anonymous => Err(Code::SignInRequired.into()),
        }
    }

    /// The session of an account that may change the owner of its licenses. Requires a recent sign-in and the
    /// scope [`OWNERSHIP`] (RFC 9470).
    ///
    /// # Errors
    /// The errors of [`Self::require_account`], and [`Code::ReauthenticationRequired`].
    pub fn require_owner(&self, now: Millis) -> Result<AccountSession, AppError> {
        let session = self.require_account(LICENSES)?;
        require_recent(&session, now)?;
        self.require_account(OWNERSHIP)
    }

    /// The account, if it granted [`LICENSES`].
    pub fn account(&self) -> Option<AccountId> {
        self.require_account(LICENSES).ok().map(|session| session.account)
    }

    /// Whether the principal has a permission.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Principal::Anonymous | Principal::Person(_) => false,
            Principal::Operator => true,
            Principal::Account { permissions, .. } => permissions.contains(&permission),
            Principal::ApiToken { permissions, .. } => permissions.contains(&permission),
        }
    }

    /// Requires the operator, for changes on the server's machine.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] without a sign-in, otherwise [`Code::PermissionMissing`].
    pub fn require_operator(&self) -> Result<(), AppError> {
        match self {
            Principal::Operator => Ok(()),
            Principal::Anonymous => Err(Code::SignInRequired.into()),
            _ => Err(AppError::with_detail(Code::PermissionMissing, "this is for the operator")),
        }
    }

    /// Requires a permission.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] without a sign-in, otherwise [`Code::PermissionMissing`].
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        match self {
            Principal::Anonymous => Err(Code::SignInRequired.into()),
            _ if self.may(permission) => Ok(()),
            _ if permission == Permission::Staff => {
                Err(AppError::with_detail(Code::PermissionMissing, "this is for administrators"))
            }
            _ => Err(AppError::with_detail(
                Code::PermissionMissing,
                format!("it needs a token with the scope \"{}\"", permission.name()),
            )),
        }
    }

    /// The principal's name in the audit log.
    pub fn actor(&self) -> String {
        match self {
            Principal::Anonymous => "anybody".to_owned(),
            Principal::Operator => "operator".to_owned(),
            Principal::Person(person) => format!("account:{}", person.account.id),
            Principal::Account { session, .. } => format!("account:{}", session.account),
            Principal::ApiToken { token, .. } => format!("token:{token}"),
        }
    }
}

/// Refuses a session whose last authentication is too old (RFC 9470).
///
/// # Errors
/// [`Code::ReauthenticationRequired`]
pub fn require_recent(session: &AccountSession, now: Millis) -> Result<(), AppError> {
    if now - session.authenticated_at <= MAX_AUTHENTICATION_AGE {
        Ok(())
    } else {
        Err(Code::ReauthenticationRequired.into())
    }
}

/// A person signed in on the pages: account and browser session, as read when the request began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// The browser's session.
    pub session: WebSession,
    /// Whether the account must set up a second factor before anything else.
    pub needs_second_factor: bool,
}

impl Person {
    /// The session as a credential of the account.
    pub fn session(&self) -> AccountSession {
        AccountSession {
            account: self.account.id,
            session: SessionRef::Browser(self.session.id),
            credentials_version: self.account.credentials_version,
            authenticated_at: self.session.created_at,
        }
    }

    /// The person as the approver of a device grant.
    pub fn approver(&self) -> Approver {
        Approver { account: self.account.id, authenticated_at: self.session.created_at }
    }
}
