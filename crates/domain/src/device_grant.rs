//! The device authorization grant (RFC 8628): an application without a browser waits while its user approves the
//! sign-in elsewhere.

use keystead_protocol::id::{AccountId, GrantId};

use crate::Millis;

/// Lifetime of a user code.
pub const LIFETIME: Millis = 10 * 60 * 1000;
/// Minimum time between two polls.
pub const INTERVAL: Millis = 5 * 1000;

/// A grant.
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
    pub standing: GrantStatus,
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

impl DeviceGrant {
    /// Whether the grant can still be decided.
    pub fn is_open(&self, now: Millis) -> bool {
        self.standing == GrantStatus::Pending && now < self.expires_at
    }

    /// Whether `by` authenticated recently enough to approve.
    pub fn may_be_approved_by(&self, by: Approver, now: Millis) -> bool {
        self.max_age.is_none_or(|max_age| now - by.authenticated_at <= max_age)
    }

    /// Approves or denies the grant; `None` if it is no longer open.
    pub fn decide(self, by: Approver, approve: bool, now: Millis) -> Option<GrantStatus> {
        if !self.is_open(now) {
            return None;
        }
        Some(if approve { GrantStatus::Approved { by, at: now } } else { GrantStatus::Denied { at: now } })
    }

    /// Answers a poll: the approver whose tokens the application receives.
    pub fn poll(&self, now: Millis) -> Result<Approver, Poll> {
        match self.standing {
            GrantStatus::Consumed { .. } => Err(Poll::Consumed),
            GrantStatus::Denied { .. } => Err(Poll::Denied),
            _ if now >= self.expires_at => Err(Poll::Expired),
            GrantStatus::Approved { by, .. } => Ok(by),
            GrantStatus::Pending if self.polled_at.is_some_and(|last| now - last < INTERVAL) => {
                Err(Poll::SlowDown)
            }
            GrantStatus::Pending => Err(Poll::Pending),
        }
    }
}
