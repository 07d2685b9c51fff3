use keystead_protocol::Code;
use serde::Serialize;

use crate::Error;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// It is done.
    Done,
    /// There is no way to the server now, which is no fault of the user's.
    Offline,
    /// Something is the matter.
    Trouble,
}

/// What became of an intent, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What is the matter, in one sentence.
    pub sentence: String,
    /// What is particular to this case.
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: Option<String>,
    /// The code.
    pub code: Option<Code>,
    /// The id of the request that the server refused.
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

    pub(super) fn of(error: &Error) -> Self {
        Self {
            tone: if is_offline(error.code) { Tone::Offline } else { Tone::Trouble },
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
