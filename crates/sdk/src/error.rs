use keystead_protocol::Code;
use keystead_protocol::api::{Problem, ProblemFacts};

/// Why something did not work: a stable code, the cause and what to do next.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{cause}{}", detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default())]
pub struct Error {
    /// The code.
    pub code: Code,
    /// The cause in one sentence.
    pub cause: String,
    /// What is particular to this case.
    pub detail: Option<String>,
    /// What to do next.
    pub next_action: String,
    /// The id of the request that the server refused, by which its operator finds it in the log.
    pub request_id: Option<String>,
    /// Further facts, by code.
    pub facts: Option<ProblemFacts>,
}

impl Error {
    /// The code with what is particular to this case.
    pub fn new(code: Code, detail: impl ToString) -> Self {
        Self { detail: Some(detail.to_string()), ..code.into() }
    }

    /// The code and the request's id, by which support and the operator find out more: `[internal] request id …`.
    pub fn reference(&self) -> String {
        let request = self.request_id.as_ref().map(|id| format!(" request id {id}")).unwrap_or_default();
        format!("[{}]{request}", self.code.name())
    }

    /// The same as JSON, for scripts and other languages.
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
    /// A newer server's code that is not known here keeps its sentences.
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
