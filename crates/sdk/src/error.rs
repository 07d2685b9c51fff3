use keystead_protocol::Code;
use keystead_protocol::api::{Problem, ProblemFacts};

/// An error: a stable code, the cause, and what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{cause}{}", detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
pub struct Error {
    /// The code.
    pub code: Code,
    /// The cause in one sentence.
    pub cause: String,
    /// Details of this case.
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: String,
    /// The id of the refused request, to find it in the server's log.
    pub request_id: Option<String>,
    /// Facts in a form that depends on the code.
    pub facts: Option<ProblemFacts>,
}

impl Error {
    /// An error with a code and details of this case.
    pub fn new(code: Code, detail: impl ToString) -> Self {
        Self { detail: Some(detail.to_string()), ..code.into() }
    }

    /// The code and the request's id, to quote to support: `[internal] request id …`.
    pub fn reference(&self) -> String {
        let request = self.request_id.as_ref().map(|id| format!(" request id {id}")).unwrap_or_default();
        format!("[{}]{request}", self.code.name())
    }

    /// The error as JSON, for scripts and other languages.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "code": self.code.name(),
            "number": self.code.number(),
            "cause": self.cause,
            "detail": self.detail,
            "next_action": self.next_action,
            "request_id": self.request_id,
            "facts": self.facts,
        })
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        let (cause, next_action) = (code.cause().to_owned(), code.next_action().to_owned());
        Self { code, cause, detail: None, next_action, request_id: None, facts: None }
    }
}

impl From<Problem> for Error {
    /// A code that this version does not know becomes [`Code::Internal`]. Its cause and next action
    /// stay.
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.parse().unwrap_or(Code::Internal),
            cause: problem.title,
            detail: problem.detail,
            next_action: problem.next_action,
            request_id: problem.request_id,
            facts: problem.facts,
        }
    }
}
