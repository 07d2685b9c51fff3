//! Who makes a request, and what they are permitted to do. Every use case takes a principal and checks it.

use keystead_domain::Millis;
use keystead_domain::device_grant::Approver;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, ApiTokenId};
use keystead_storage::{Account, AccountSession, Role, SessionRef, WebSession};

use crate::error::AppError;
use crate::oauth::scope::{self, LICENSES, OWNERSHIP, PROFILE};

/// How long after a sign-in an application may change who owns licenses, and may be shown a new product key.
pub const MAX_AUTHENTICATION_AGE: Millis = 10 * 60 * 1000;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A request without a sign-in. A device's signature may come with it.
    Anonymous,
    /// A person, at the pages or by an application's access token.
    Account {
        /// The account and the session.
        session: AccountSession,
        /// OAuth scope that the account allowed the application, space-separated.
        scope: String,
        /// What the account's role permits by this application.
        permissions: &'static [Permission],
    },
    /// Whoever runs commands on the server's machine.
    Operator,
    /// The vendor's automation.
    ApiToken {
        /// The token.
        token: ApiTokenId,
        /// What the token permits.
        permissions: Vec<Permission>,
    },
}

/// What a principal may do for the vendor. API tokens name permissions as their scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Define products, editions and policies.
    Catalog,
    /// Make and reissue product keys.
    Keys,
    /// See licenses, devices and activations.
    Read,
    /// Suspend, resume and revoke licenses.
    Licenses,
    /// Validate keys, certificates and activations.
    Validate,
    /// Act for a customer, with a reason.
    Support,
    /// Sign people out.
    Accounts,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 7] = [
        Permission::Catalog,
        Permission::Keys,
        Permission::Read,
        Permission::Licenses,
        Permission::Validate,
        Permission::Support,
        Permission::Accounts,
    ];

    /// The name in API tokens.
    pub const fn name(self) -> &'static str {
        match self {
            Permission::Catalog => "catalog",
            Permission::Keys => "keys",
            Permission::Read => "read",
            Permission::Licenses => "licenses",
            Permission::Validate => "validate",
            Permission::Support => "support",
            Permission::Accounts => "accounts",
        }
    }

    /// Parses space-separated names; `None` if one is unknown.
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let named = |name: &str| Self::ALL.into_iter().find(|permission| permission.name() == name);
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
    /// [`Code::SignInRequired`] without a sign-in, [`Code::PermissionMissing`] if the principal is no account or the account
    /// did not allow `scope`.
    pub fn require_account(&self, scope: &'static str) -> Result<AccountSession, AppError> {
        match self {
            Principal::Account { session, scope: allowed, .. } if scope::contains(allowed, scope) => {
                Ok(*session)
            }
            Principal::Account { .. } => Err(AppError::with_detail(
                Code::PermissionMissing,
                format!("the application was not allowed \"{scope}\""),
            )),
            Principal::ApiToken { .. } | Principal::Operator => {
                Err(AppError::with_detail(Code::PermissionMissing, "this is for a customer's account"))
            }
            Principal::Anonymous => Err(Code::SignInRequired.into()),
        }
    }

    /// The session of an account that may change who owns its licenses: signed in lately, by an application that was allowed
    /// [`OWNERSHIP`] (RFC 9470).
    ///
    /// # Errors
    /// Those of [`Self::require_account`], and [`Code::ReauthenticationRequired`].
    pub fn require_owner(&self, now: Millis) -> Result<AccountSession, AppError> {
        let session = self.require_account(LICENSES)?;
        require_recent(&session, now)?;
        self.require_account(OWNERSHIP)
    }

    /// The account, if there is one that allowed [`LICENSES`].
    pub fn account(&self) -> Option<AccountId> {
        self.require_account(LICENSES).ok().map(|session| session.account)
    }

    /// Whether the principal has a permission of the vendor's.
    pub fn may(&self, permission: Permission) -> bool {
        match self {
            Principal::Anonymous => false,
            Principal::Operator => true,
            Principal::Account { permissions, .. } => permissions.contains(&permission),
            Principal::ApiToken { permissions, .. } => permissions.contains(&permission),
        }
    }

    /// Refuses a principal without a permission.
    ///
    /// # Errors
    /// [`Code::SignInRequired`] without a sign-in, else [`Code::PermissionMissing`].
    pub fn require(&self, permission: Permission) -> Result<(), AppError> {
        match self {
            Principal::Anonymous => Err(Code::SignInRequired.into()),
            _ if self.may(permission) => Ok(()),
            _ => Err(AppError::with_detail(
                Code::PermissionMissing,
                format!("it needs a token with the scope \"{}\"", permission.name()),
            )),
        }
    }

    /// The name in the audit log.
    pub fn actor(&self) -> String {
        match self {
            Principal::Anonymous => "anybody".to_owned(),
            Principal::Operator => "operator".to_owned(),
            Principal::Account { session, .. } => format!("account:{}", session.account),
            Principal::ApiToken { token, .. } => format!("token:{token}"),
        }
    }
}

/// Refuses a session whose person signed in too long ago (RFC 9470).
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

/// A person signed in at the pages: the account and the browser's session, as they were when the request began.
#[derive(Debug, Clone)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// The browser's session.
    pub session: WebSession,
}

impl Person {
    /// The session by which the account asks.
    pub fn session(&self) -> AccountSession {
        AccountSession {
            account: self.account.id,
            session: SessionRef::Browser(self.session.id),
            credentials_version: self.account.credentials_version,
            authenticated_at: self.session.created_at,
        }
    }

    /// The person as a principal: their own licenses and profile, no permission of the vendor's. Who owns a license changes
    /// at the pages only with the password.
    pub fn principal(&self) -> Principal {
        let scope = format!("{LICENSES} {PROFILE}");
        Principal::Account { session: self.session(), scope, permissions: &[] }
    }

    /// The person as the approver of an application's sign-in.
    pub fn approver(&self) -> Approver {
        Approver { account: self.account.id, authenticated_at: self.session.created_at }
    }
}
