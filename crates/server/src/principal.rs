//! Who a change is made for, and the check inside its transaction that they still may make it.
//!
//! What a request shows is checked before its transaction begins: a password takes a tenth of a second. Whatever was true then
//! may be over when the change is made, so [`Principal::recheck`] is the first step of every such transaction.

use keystead_domain::Millis;
use keystead_domain::device_grant::Approver;
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, ActivationId, ApiTokenId};
use keystead_storage::{Account, AccountSession, SessionRef, Tx, WebSession};

use crate::auth::Caller;
use crate::error::ApiError;

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

    /// The person as the approver of an application's sign-in.
    pub fn approver(&self) -> Approver {
        Approver { account: self.account.id, authenticated_at: self.session.created_at }
    }
}

/// How long after a sign-in the owner of a license may be changed by an application, and a new product key shown to one.
pub const RECENT: Millis = 10 * 60 * 1000;

/// Refuses a session whose person showed their credentials too long ago (RFC 9470).
///
/// # Errors
/// [`Code::ReauthenticationRequired`]
pub fn require_recent(session: &AccountSession, now: Millis) -> Result<(), ApiError> {
    if now - session.authenticated_at <= RECENT { Ok(()) } else { Err(Code::ReauthenticationRequired.into()) }
}

/// Who a change is made for.
#[derive(Debug, Clone)]
pub struct Principal {
    name: String,
    authority: Authority,
}

#[derive(Debug, Clone, Copy)]
enum Authority {
    /// A signed-in account.
    Session(AccountSession),
    /// An account whose credentials were checked in this request.
    Credentials { account: AccountId, version: i64 },
    /// The vendor's automation.
    ApiToken(ApiTokenId),
    /// A device's signature or a one-time link; the change itself checks the key or consumes the link.
    Proof,
}

impl Principal {
    /// The device of an activation.
    pub fn activation(id: ActivationId) -> Self {
        Self { name: format!("activation:{id}"), authority: Authority::Proof }
    }

    /// The reader of an account's mail, by a link that the change consumes.
    pub fn email_link(account: AccountId) -> Self {
        Self { name: format!("account:{account}"), authority: Authority::Proof }
    }

    /// The same principal on a device whose key signed the request.
    pub fn on_device(self, key: &str) -> Self {
        Self { name: format!("device:{key}:{}", self.name), authority: self.authority }
    }

    /// How requests of this principal are told from those of others.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Refuses when the session was ended, the credentials were changed or the token was revoked since the request began.
    pub fn recheck(&self, tx: &mut Tx<'_>, now: Millis) -> Result<(), ApiError> {
        let (current, otherwise) = match self.authority {
            Authority::Session(session) => (tx.session_is_current(&session, now)?, Code::TokenExpired),
            Authority::Credentials { account, version } => {
                (tx.credentials_are_current(account, version)?, Code::CredentialsWrong)
            }
            Authority::ApiToken(id) => (tx.api_token_is_alive(id, now)?, Code::TokenExpired),
            Authority::Proof => (true, Code::Internal),
        };
        if current { Ok(()) } else { Err(otherwise.into()) }
    }
}

impl From<AccountSession> for Principal {
    fn from(session: AccountSession) -> Self {
        Self { name: format!("account:{}", session.account), authority: Authority::Session(session) }
    }
}

impl From<&Person> for Principal {
    fn from(person: &Person) -> Self {
        person.session().into()
    }
}

impl From<&Account> for Principal {
    fn from(account: &Account) -> Self {
        let authority = Authority::Credentials { account: account.id, version: account.credentials_version };
        Self { name: format!("account:{}", account.id), authority }
    }
}

impl From<&Caller> for Principal {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Anybody => Self { name: caller.actor(), authority: Authority::Proof },
            Caller::Customer { session, .. } => (*session).into(),
            Caller::Vendor { token, .. } => {
                Self { name: caller.actor(), authority: Authority::ApiToken(*token) }
            }
        }
    }
}
