//! The credential of a change, checked before and inside its transaction.
//!
//! The first check comes before the transaction, because a password check takes a tenth of a second. In
//! between, the credential may become invalid. Therefore [`Credential::recheck`] is the first step of every
//! such transaction.

use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, ActivationId, ApiTokenId};
use keystead_storage::{Account, AccountSession, Tx};

use crate::error::AppError;
use crate::principal::Principal;

/// The credential that permits a change.
#[derive(Debug, Clone)]
pub struct Credential {
    name: String,
    basis: Basis,
}

#[derive(Debug, Clone, Copy)]
enum Basis {
    /// A signed-in account.
    Session(AccountSession),
    /// An account whose credentials were checked during this request.
    Credentials { account: AccountId, version: i64 },
    /// The vendor's API token.
    ApiToken(ApiTokenId),
    /// A device's signature or a one-time link. The change itself checks the key or consumes the link.
    Proof,
}

impl Credential {
    /// The credential of an activation's device.
    pub fn activation(id: ActivationId) -> Self {
        Self { name: format!("activation:{id}"), basis: Basis::Proof }
    }

    /// The credential of an account's email link. The change consumes the link.
    pub fn email_link(account: AccountId) -> Self {
        Self { name: format!("account:{account}"), basis: Basis::Proof }
    }

    /// Adds the device key that signed the request.
    pub fn on_device(self, key: &str) -> Self {
        Self { name: format!("device:{key}:{}", self.name), basis: self.basis }
    }

    /// The scope of idempotency keys. It is unique per principal.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Refuses if, since the request began, the session was ended, the credentials were changed or the token
    /// was revoked.
    pub fn recheck(&self, tx: &mut Tx<'_>, now: Millis) -> Result<(), AppError> {
        let (current, otherwise) = match self.basis {
            Basis::Session(session) => (tx.session_is_current(&session, now)?, Code::TokenExpired),
            Basis::Credentials { account, version } => {
                (tx.credentials_are_current(account, version)?, Code::CredentialsWrong)
            }
            Basis::ApiToken(id) => (tx.api_token_is_active(id, now)?, Code::TokenExpired),
            Basis::Proof => (true, Code::Internal),
        };
        if current { Ok(()) } else { Err(otherwise.into()) }
    }
}

impl From<AccountSession> for Credential {
    fn from(session: AccountSession) -> Self {
        Self { name: format!("account:{}", session.account), basis: Basis::Session(session) }
    }
}

impl From<&Account> for Credential {
    fn from(account: &Account) -> Self {
        let basis = Basis::Credentials { account: account.id, version: account.credentials_version };
        Self { name: format!("account:{}", account.id), basis }
    }
}

impl From<&Principal> for Credential {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Anonymous | Principal::Operator => {
                Self { name: principal.actor(), basis: Basis::Proof }
            }
            Principal::Person(person) => person.session().into(),
            Principal::Account { session, .. } => (*session).into(),
            Principal::ApiToken { token, .. } => {
                Self { name: principal.actor(), basis: Basis::ApiToken(*token) }
            }
        }
    }
}
