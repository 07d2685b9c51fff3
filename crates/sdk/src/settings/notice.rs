use keystead_protocol::Code;
use serde::Serialize;

use crate::Error;

/// The kind of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The action succeeded.
    Done,
    /// The server cannot be reached.
    Offline,
    /// The action failed.
    Problem,
}

/// The outcome of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// The kind of the notice.
    pub tone: Tone,
    /// The outcome in one sentence.
    pub sentence: String,
    /// Details of this case.
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: Option<String>,
    /// The code.
    pub code: Option<Code>,
    /// The id of the refused request.
    pub request_id: Option<String>,
}

impl Notice {
    pub(super) fn done(sentence: impl Into<String>) -> Self {
        Self {
            tone: Tone::Done,
            sentence: sentence.into(),
            detail: None,
            next_action: None,
            code: None,
            request_id: None,
        }
    }

    pub(super) fn from_error(error: &Error) -> Self {
        Self {
            tone: if is_offline(error.code) { Tone::Offline } else { Tone::Problem },
            sentence: error.cause.clone(),
            detail: error.detail.clone(),
            next_action: Some(error.next_action.clone()),
            code: Some(error.code),
            request_id: error.request_id.clone(),
        }
    }
}

const fn is_offline(code: Code) -> bool {
    matches!(
        code,
        Code::Offline
            | Code::ServerNotFound
            | Code::ServerUnavailable
            | Code::ConnectionRefused
            | Code::ConnectionTimedOut
            | Code::Maintenance
    )
}
