use serde::{Deserialize, Serialize};

use crate::Code;

/// The media type of a [`Problem`] (RFC 9457).
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// An error's body (RFC 9457, section 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The cause in one sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// The code's number.
    pub number: u16,
    /// What is particular to this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: String,
    /// The request's id, by which the operator finds it in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Further facts, by code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub facts: Option<ProblemFacts>,
}

impl Problem {
    /// The body for a code, without the request's id.
    pub fn new(code: Code, status: u16, detail: Option<String>, facts: Option<ProblemFacts>) -> Self {
        Self {
            kind: format!("/errors/{}", code.name()),
            title: code.cause().to_owned(),
            status,
            code: code.name().to_owned(),
            number: code.number(),
            detail,
            next_action: code.next_action().to_owned(),
            request_id: None,
            facts,
        }
    }
}

/// Facts that help to act on a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemFacts {
    /// With `no_free_seat`.
    Seats {
        /// Seats of the license.
        limit: u32,
        /// Seats in use.
        used: u32,
    },
    /// Where it makes sense to ask again later.
    RetryAfter {
        /// In how many seconds.
        seconds: u32,
    },
    /// With `rebind_budget_exhausted` and `reinstall_budget_exhausted`.
    Budget {
        /// When the next move is possible, UTC milliseconds.
        next_at: i64,
    },
}
