//! The error type of every use case: a code and public text. The source is logged and never shown to clients.

use keystead_domain::Refusal;
use keystead_protocol::Code;
use keystead_protocol::api::ProblemFacts;

/// The cause of an error.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error as shown to a client.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct AppError {
    code: Code,
    /// Detail of this case, for the client.
    pub detail: Option<String>,
    /// Numbers and times that a client can act on.
    pub facts: Option<ProblemFacts>,
    source: Option<Cause>,
}

impl AppError {
    /// An error with all parts.
    pub const fn new(code: Code, detail: Option<String>, facts: Option<ProblemFacts>) -> Self {
        Self { code, detail, facts, source: None }
    }

    /// An error with a detail.
    pub fn with_detail(code: Code, detail: impl ToString) -> Self {
        Self { code, detail: Some(detail.to_string()), facts: None, source: None }
    }

    /// An internal failure with its cause.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self { code: Code::Internal, detail: None, facts: None, source: Some(cause.into()) }
    }

    /// An invalid value, with the name of its field.
    pub fn value(field: &str, error: impl std::fmt::Display) -> Self {
        Self::with_detail(Code::ValueNotAllowed, format!("{field}: {error}"))
    }

    /// Cause, detail, next action and code, as the command line prints them.
    fn sentence(&self) -> String {
        let (cause, next_action) = (self.code.cause(), self.code.next_action());
        let detail = self.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        format!("{cause}{detail} {next_action} [{}]", self.code.name())
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Logs the source, if there is one.
    pub fn log(&self) {
        if let Some(source) = &self.source {
            tracing::error!(code = self.code.name(), %source, "a request failed");
        }
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self { code, detail: None, facts: None, source: None }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        let facts = match refusal {
            Refusal::NoFreeSeat { limit, used } => Some(ProblemFacts::Seats { limit, used }),
            Refusal::RebindBudgetExhausted { next_at } | Refusal::ReinstallBudgetExhausted { next_at } => {
                Some(ProblemFacts::Budget { next_at })
            }
            _ => None,
        };
        Self { code: refusal.code(), detail: None, facts, source: None }
    }
}

impl From<keystead_storage::Error> for AppError {
    fn from(error: keystead_storage::Error) -> Self {
        match error {
            keystead_storage::Error::UniqueViolation(_) => Code::AlreadyExists.into(),
            keystead_storage::Error::Overloaded => Code::Overloaded.into(),
            source => Self { code: code_of(&source), detail: None, facts: None, source: Some(source.into()) },
        }
    }
}

const fn code_of(error: &keystead_storage::Error) -> Code {
    match error {
        keystead_storage::Error::Unavailable(_) | keystead_storage::Error::Conflict => Code::Overloaded,
        keystead_storage::Error::OutcomeUnknown => Code::OutcomeUnknown,
        _ => Code::Internal,
    }
}
