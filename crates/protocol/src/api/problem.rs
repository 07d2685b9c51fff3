use serde::{Deserialize, Serialize};

use crate::Code;

/// The media type of a [`Problem`] (RFC 9457).
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// The body of an error response (RFC 9457, section 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI reference that identifies the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The cause in one sentence.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// The number of the code.
    pub number: u16,
    /// Details of this occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: String,
    /// The request's id in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Additional data for some codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub facts: Option<ProblemFacts>,
}

impl Problem {
    /// Creates the body for a code, without a request id.
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

/// Additional data for a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemFacts {
    /// With `no_free_seat`.
    Seats {
        /// Total number of seats of the license.
        limit: u32,
        /// Number of used seats.
        used: u32,
    },
    /// The request can be retried later.
    RetryAfter {
        /// Seconds until the retry.
        seconds: u32,
    },
    /// With `rebind_budget_exhausted` and `reinstall_budget_exhausted`.
    Budget {
        /// Time of the next possible move or reinstallation, UTC milliseconds.
        next_at: i64,
    },
}
