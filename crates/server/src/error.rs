//! The one error that leaves the server: a code and public text; its source is logged once and never sent.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystead_domain::Refusal;
use keystead_protocol::Code;
use keystead_protocol::api::{PROBLEM_MEDIA_TYPE, Problem, ProblemFacts};

use crate::request_id::RequestId;

/// What an answer tells, kept with it until it is written: for applications by [`write_problem`], for people on a page.
#[derive(Debug, Clone)]
pub struct Told {
    /// The code.
    pub code: Code,
    /// What is particular to this case.
    pub detail: Option<String>,
    facts: Option<ProblemFacts>,
}

/// An error as a client sees it.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct ApiError {
    code: Code,
    detail: Option<String>,
    facts: Option<ProblemFacts>,
    source: Option<keystead_storage::Error>,
}

impl ApiError {
    /// The code with what is particular to this case.
    pub fn with_detail(code: Code, detail: impl ToString) -> Self {
        Self { code, detail: Some(detail.to_string()), facts: None, source: None }
    }

    /// A value that cannot be, and which.
    pub fn value(field: &str, error: impl std::fmt::Display) -> Self {
        Self::with_detail(Code::ValueNotAllowed, format!("{field}: {error}"))
    }

    /// What is the matter, what is particular to this case, and what to do next, as a command line says it.
    fn sentence(&self) -> String {
        let Problem { title, detail, next_action, .. } = self.problem();
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        format!("{title}{detail} {next_action} [{}]", self.code.name())
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The body, but for the request's id.
    pub fn problem(&self) -> Problem {
        Problem::new(self.code, status(self.code).as_u16(), self.detail.clone(), self.facts.clone())
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        status(self.code)
    }

    /// Writes the source to the log, if there is one.
    pub fn log(&self) {
        if let Some(source) = &self.source {
            tracing::error!(code = self.code.name(), %source, "a request failed");
        }
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self { code, detail: None, facts: None, source: None }
    }
}

impl From<Refusal> for ApiError {
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

impl From<keystead_storage::Error> for ApiError {
    fn from(error: keystead_storage::Error) -> Self {
        match error {
            keystead_storage::Error::Exists(_) => Code::AlreadyExists.into(),
            keystead_storage::Error::Overloaded => Code::Overloaded.into(),
            source => Self { code: code_of(&source), detail: None, facts: None, source: Some(source) },
        }
    }
}

const fn code_of(error: &keystead_storage::Error) -> Code {
    match error {
        keystead_storage::Error::Unavailable(_) | keystead_storage::Error::Repeat => Code::Overloaded,
        keystead_storage::Error::OutcomeUnknown => Code::OutcomeUnknown,
        _ => Code::Internal,
    }
}

const fn status(code: Code) -> StatusCode {
    match code {
        Code::MalformedRequest
        | Code::IdempotencyKeyMissing
        | Code::ProductKeyMistyped
        | Code::InstallationIdMistyped
        | Code::ConfirmationMistyped
        | Code::RequestFileRefused
        | Code::LicenseFileRefused
        | Code::ConsentMissing
        | Code::ConfirmationMissing
        | Code::PasswordTooWeak => StatusCode::BAD_REQUEST,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RequestTooSlow => StatusCode::REQUEST_TIMEOUT,
        Code::NotFound | Code::UserCodeUnknown | Code::LinkUnknown => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::IdempotencyKeyReused | Code::ValueNotAllowed => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooManyRequests | Code::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::SignInRequired
        | Code::CredentialsWrong
        | Code::PasswordWrong
        | Code::CodeWrong
        | Code::PasskeyRefused
        | Code::UpstreamRefused
        | Code::UpstreamUnknown
        | Code::TokenExpired
        | Code::ReauthenticationRequired
        | Code::ProofMissing
        | Code::ProofRefused
        | Code::NonceStale
        | Code::AccountRequired => StatusCode::UNAUTHORIZED,
        Code::PermissionMissing
        | Code::SecondFactorRequired
        | Code::WorkMissing
        | Code::OwnerOnly
        | Code::SignInDenied
        | Code::RebindBudgetExhausted
        | Code::ReinstallBudgetExhausted
        | Code::LicenseSuspended
        | Code::LicenseExpired
        | Code::LicenseRevoked
        | Code::ActivationRevoked
        | Code::ProductKeyNotAccepted
        | Code::ConfirmationRefused
        | Code::ReleaseCodeRefused
        | Code::ProductKeyOtherProduct => StatusCode::FORBIDDEN,
        Code::AlreadyExists
        | Code::NoFreeSeat
        | Code::AlreadyLinked
        | Code::NotLinked
        | Code::NoLicense
        | Code::HardwareChanged
        | Code::DifferentDevice
        | Code::ActivationReleased
        | Code::ActivationSuperseded
        | Code::ForkDetected
        | Code::NotActivated
        | Code::AlreadyActivated
        | Code::InstallationUsed
        | Code::RequestFileUsed
        | Code::ReleaseFileVoid
        | Code::ProlongationUnknown
        | Code::InstallationUnknown
        | Code::RebindNotNeeded
        | Code::EmailNotAvailable => StatusCode::CONFLICT,
        Code::Overloaded | Code::OutcomeUnknown | Code::SigningPaused | Code::KeysMismatch => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// RFC 9470, section 3; the age is that of [`crate::principal::RECENT`].
const REAUTHENTICATE: &str = "Bearer error=\"insufficient_user_authentication\", \
    error_description=\"a sign-in of the last ten minutes is needed\", max_age=600";

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        if self.status() == StatusCode::FORBIDDEN {
            tracing::info!(code = self.code.name(), "a request was not allowed");
        }
        metrics::counter!("keystead_refusals_total", "code" => self.code.name()).increment(1);
        let mut response = self.status().into_response();
        let extra: Option<(HeaderName, &str)> = match self.code {
            Code::TooManyRequests | Code::TooManyAttempts => Some((header::RETRY_AFTER, "60")),
            Code::Overloaded | Code::OutcomeUnknown => Some((header::RETRY_AFTER, "2")),
            Code::ReauthenticationRequired => Some((header::WWW_AUTHENTICATE, REAUTHENTICATE)),
            Code::SignInRequired | Code::TokenExpired => Some((header::WWW_AUTHENTICATE, "Bearer")),
            _ => None,
        };
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(Told { code: self.code, detail: self.detail, facts: self.facts });
        response
    }
}

/// Writes the body of an answer that tells of a problem, where the request's id is known.
pub fn write_problem(mut response: Response, id: &RequestId) -> Response {
    let Some(told) = response.extensions_mut().remove::<Told>() else { return response };
    let problem = Problem { request_id: Some(id.to_string()), ..ApiError::from(told).problem() };
    let (parts, _) = response.into_parts();
    let body = Json(problem).into_response().into_body();
    let mut response = Response::from_parts(parts, body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA_TYPE));
    // The router wrote the length of the empty body.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

impl From<Told> for ApiError {
    fn from(told: Told) -> Self {
        Self { code: told.code, detail: told.detail, facts: told.facts, source: None }
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::code::Kind;

    use super::*;

    #[test]
    fn only_what_is_the_servers_or_the_ways_fault_is_told_as_that() {
        for &code in Code::ALL {
            let ours = matches!(code.kind(), Kind::Server | Kind::Client);
            assert!(ours || status(code).is_client_error(), "{code} is told with {}", status(code));
        }
    }
}
