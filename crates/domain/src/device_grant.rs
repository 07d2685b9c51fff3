//! The device authorization grant (RFC 8628): an application without a browser waits while its user approves the
//! sign-in in a browser.

use keystead_protocol::id::{AccountId, GrantId};

use crate::Millis;

/// Lifetime of a user code.
pub const LIFETIME: Millis = 10 * 60 * 1000;
/// Minimum time between two polls.
pub const INTERVAL: Millis = 5 * 1000;

/// A device authorization grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceGrant {
    /// The grant's id.
    pub id: GrantId,
    /// The application's `client_id`.
    pub client: String,
    /// The device's name, as the application states it.
    pub device_name: String,
    /// Requested scope, space-separated.
    pub scope: String,
    /// Maximum age of the approver's authentication, if the application sets one.
    pub max_age: Option<Millis>,
    /// The status.
    pub status: GrantStatus,
    /// Expiry of the codes.
    pub expires_at: Millis,
    /// The application's last poll.
    pub polled_at: Option<Millis>,
}

/// The account that approves or denies a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver {
    /// The account's id.
    pub account: AccountId,
    /// Time of the person's last authentication.
    pub authenticated_at: Millis,
}

/// The status of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantStatus {
    /// Waits for a decision.
    Pending,
    /// Approved.
    Approved {
        /// The approver.
        by: Approver,
        /// Time of approval.
        at: Millis,
    },
    /// Denied.
    Denied {
        /// Time of denial.
        at: Millis,
    },
    /// The application has received its tokens.
    Consumed {
        /// Time of the exchange.
        at: Millis,
    },
}

/// Why a poll returns no tokens. Names as in RFC 8628, section 3.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Poll {
    /// Waits for a decision.
    #[error("authorization_pending")]
    Pending,
    /// The application polls too often.
    #[error("slow_down")]
    SlowDown,
    /// The person denied the grant.
    #[error("access_denied")]
    Denied,
    /// The grant has expired.
    #[error("expired_token")]
    Expired,
    /// The tokens were already issued.
    #[error("invalid_grant")]
    Consumed,
}

/// Why a grant cannot be approved or denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// The grant was already decided, or it has expired.
    #[error("the grant is decided or expired")]
    Closed,
    /// The approver signed in longer ago than the application accepts.
    #[error("the approver's sign-in is too old")]
    AuthenticationTooOld,
}

impl DeviceGrant {
    /// Whether the grant can still be decided.
    pub fn is_open(&self, now: Millis) -> bool {
        self.status == GrantStatus::Pending && now < self.expires_at
    }

    /// Approves the grant.
    ///
    /// # Errors
    /// [`DecisionError`]
    pub fn approve(&self, by: Approver, now: Millis) -> Result<GrantStatus, DecisionError> {
        self.require_open(now)?;
        if self.max_age.is_some_and(|max_age| now - by.authenticated_at > max_age) {
            return Err(DecisionError::AuthenticationTooOld);
        }
        Ok(GrantStatus::Approved { by, at: now })
    }

    /// Denies the grant.
    ///
    /// # Errors
    /// [`DecisionError::Closed`]
    pub fn deny(&self, now: Millis) -> Result<GrantStatus, DecisionError> {
        self.require_open(now)?;
        Ok(GrantStatus::Denied { at: now })
    }

    /// Exchanges an approved grant for tokens. Returns the approver, whose account gets the tokens, and the next
    /// status.
    ///
    /// # Errors
    /// [`Poll`]: the reason.
    pub fn exchange(&self, now: Millis) -> Result<(Approver, GrantStatus), Poll> {
        match self.status {
            GrantStatus::Consumed { .. } => Err(Poll::Consumed),
            GrantStatus::Denied { .. } => Err(Poll::Denied),
            _ if now >= self.expires_at => Err(Poll::Expired),
            GrantStatus::Approved { by, .. } => Ok((by, GrantStatus::Consumed { at: now })),
            GrantStatus::Pending if self.polled_at.is_some_and(|last| now - last < INTERVAL) => {
                Err(Poll::SlowDown)
            }
            GrantStatus::Pending => Err(Poll::Pending),
        }
    }

    fn require_open(&self, now: Millis) -> Result<(), DecisionError> {
        if self.is_open(now) { Ok(()) } else { Err(DecisionError::Closed) }
    }
}
