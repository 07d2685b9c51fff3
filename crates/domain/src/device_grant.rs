//! The device authorization grant (RFC 8628): an application without a browser waits while its user approves the
//! sign-in elsewhere.

use keystead_protocol::id::{AccountId, GrantId};

use crate::Millis;

/// How long a user code can be used.
pub const LIFETIME: Millis = 10 * 60 * 1000;
/// The least time between two polls.
pub const INTERVAL: Millis = 5 * 1000;

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceGrant {
    /// Its id.
    pub id: GrantId,
    /// The application that asks.
    pub client: String,
    /// The device that asks, in its own words.
    pub device_name: String,
    /// What it wants to do, names separated by spaces.
    pub scope: String,
    /// How long ago at most its approver may have shown their credentials, if the application asks for that.
    pub max_age: Option<Millis>,
    /// Where it stands.
    pub standing: Standing,
    /// When the code dies.
    pub expires_at: Millis,
    /// When the application last asked.
    pub polled_at: Option<Millis>,
}

/// The account that approves a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approver {
    /// Its id.
    pub account: AccountId,
    /// When its person last showed their credentials.
    pub authenticated_at: Millis,
}

/// Where a grant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody decided yet.
    Pending,
    /// Somebody approved.
    Approved {
        /// Who.
        by: Approver,
        /// When.
        at: Millis,
    },
    /// Somebody denied.
    Denied {
        /// When.
        at: Millis,
    },
    /// The application has its tokens.
    Consumed {
        /// When.
        at: Millis,
    },
}

/// Why a poll gives no tokens; the names are those of RFC 8628, section 3.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Poll {
    /// Nobody decided yet.
    #[error("authorization_pending")]
    Pending,
    /// Too soon after the last poll.
    #[error("slow_down")]
    SlowDown,
    /// Somebody denied.
    #[error("access_denied")]
    Denied,
    /// Too late.
    #[error("expired_token")]
    Expired,
    /// The tokens were given out already.
    #[error("invalid_grant")]
    Consumed,
}

impl DeviceGrant {
    /// Whether somebody can still decide.
    pub fn is_open(&self, now: Millis) -> bool {
        self.standing == Standing::Pending && now < self.expires_at
    }

    /// Whether `by` showed their credentials recently enough to approve.
    pub fn may_be_approved_by(&self, by: Approver, now: Millis) -> bool {
        self.max_age.is_none_or(|max_age| now - by.authenticated_at <= max_age)
    }

    /// Approves or denies; `None` when it is too late for that.
    pub fn decide(self, by: Approver, approve: bool, now: Millis) -> Option<Standing> {
        if !self.is_open(now) {
            return None;
        }
        Some(if approve { Standing::Approved { by, at: now } } else { Standing::Denied { at: now } })
    }

    /// The application asks: whose tokens it gets.
    pub fn poll(&self, now: Millis) -> Result<Approver, Poll> {
        match self.standing {
            Standing::Consumed { .. } => Err(Poll::Consumed),
            Standing::Denied { .. } => Err(Poll::Denied),
            _ if now >= self.expires_at => Err(Poll::Expired),
            Standing::Approved { by, .. } => Ok(by),
            Standing::Pending if self.polled_at.is_some_and(|last| now - last < INTERVAL) => {
                Err(Poll::SlowDown)
            }
            Standing::Pending => Err(Poll::Pending),
        }
    }
}
