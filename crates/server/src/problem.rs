//! Maps errors of use cases to HTTP: status, headers and problem body (RFC 9457).

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keystead_app::error::AppError;
use keystead_domain::Refusal;
use keystead_protocol::Code;
use keystead_protocol::api::{PROBLEM_MEDIA_TYPE, Problem, ProblemFacts};

/// The content of an error response, kept until the response is rendered. [`write_problem`] renders it for
/// applications. For people, it is rendered as a page.
#[derive(Debug, Clone)]
pub struct ProblemContent {
    /// The code.
    pub code: Code,
    /// The detail of this case.
    pub detail: Option<String>,
    facts: Option<ProblemFacts>,
}

/// An error of a use case, as a response.
#[derive(Debug)]
pub struct ApiError(pub AppError);

impl ApiError {
    /// An error with a code and the detail of this case.
    pub fn with_detail(code: Code, detail: impl ToString) -> Self {
        Self(AppError::with_detail(code, detail))
    }

    /// An error about an invalid value, with the name of its field.
    pub fn value(field: &str, error: impl std::fmt::Display) -> Self {
        Self(AppError::value(field, error))
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code()
    }

    /// The problem body, without the request's id.
    pub fn problem(&self) -> Problem {
        let status = self.status().as_u16();
        Problem::new(self.code(), status, self.0.detail.clone(), self.0.facts.clone())
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        status(self.code())
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self(error)
    }
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

/// The HTTP status of an error.
pub fn status_of(error: &AppError) -> StatusCode {
    status(error.code())
}

const fn status(code: Code) -> StatusCode {
    match code {
        _ if is_malformed(code) => StatusCode::BAD_REQUEST,
        _ if is_unauthenticated(code) => StatusCode::UNAUTHORIZED,
        _ if is_forbidden(code) => StatusCode::FORBIDDEN,
        _ if is_conflict(code) => StatusCode::CONFLICT,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RequestTooSlow => StatusCode::REQUEST_TIMEOUT,
        Code::NotFound | Code::UserCodeUnknown | Code::LinkUnknown => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::IdempotencyKeyReused | Code::ValueNotAllowed => StatusCode::UNPROCESSABLE_ENTITY,
        Code::TooManyRequests | Code::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::Overloaded
        | Code::Maintenance
        | Code::OutcomeUnknown
        | Code::SigningPaused
        | Code::KeysMismatch => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether the request, or a typed or uploaded value in it, is malformed.
const fn is_malformed(code: Code) -> bool {
    matches!(
        code,
        Code::MalformedRequest
            | Code::IdempotencyKeyMissing
            | Code::ProductKeyMistyped
            | Code::InstallationIdMistyped
            | Code::ConfirmationMistyped
            | Code::RequestFileRefused
            | Code::LicenseFileRefused
            | Code::ConsentMissing
            | Code::ConfirmationMissing
            | Code::PasswordTooWeak
    )
}

/// Whether credentials or a proof are missing, wrong or expired.
const fn is_unauthenticated(code: Code) -> bool {
    matches!(
        code,
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
            | Code::AccountRequired
    )
}

/// Whether the principal, license or device may not perform the action.
const fn is_forbidden(code: Code) -> bool {
    matches!(
        code,
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
            | Code::ProductKeyOtherProduct
    )
}

/// Whether the request conflicts with the current state of the account, license or device.
const fn is_conflict(code: Code) -> bool {
    matches!(
        code,
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
            | Code::EmailNotAvailable
    )
}

/// Requests a new sign-in (RFC 9470, section 3). `max_age` equals
/// [`keystead_app::principal::MAX_AUTHENTICATION_AGE`].
const REAUTHENTICATE: &str = "Bearer error=\"insufficient_user_authentication\", \
    error_description=\"a sign-in of the last ten minutes is needed\", max_age=600";

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let code = self.code();
        self.0.log();
        if self.status() == StatusCode::FORBIDDEN {
            tracing::info!(code = code.name(), "a request was not allowed");
        }
        metrics::counter!("keystead_refusals_total", "code" => code.name()).increment(1);
        let mut response = self.status().into_response();
        let extra: Option<(HeaderName, &str)> = match code {
            Code::TooManyRequests | Code::TooManyAttempts => Some((header::RETRY_AFTER, "60")),
            Code::Overloaded | Code::OutcomeUnknown => Some((header::RETRY_AFTER, "2")),
            Code::ReauthenticationRequired => Some((header::WWW_AUTHENTICATE, REAUTHENTICATE)),
            Code::SignInRequired | Code::TokenExpired => Some((header::WWW_AUTHENTICATE, "Bearer")),
            _ => None,
        };
        if let Some((name, value)) = extra {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response.extensions_mut().insert(ProblemContent { code, detail: self.0.detail, facts: self.0.facts });
        response
    }
}

/// Renders the problem body of an error response, with the request's id.
pub fn write_problem(mut response: Response, id: String) -> Response {
    let Some(told) = response.extensions_mut().remove::<ProblemContent>() else { return response };
    let problem = Problem { request_id: Some(id), ..ApiError(told.into()).problem() };
    let (parts, _) = response.into_parts();
    let body = Json(problem).into_response().into_body();
    let mut response = Response::from_parts(parts, body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA_TYPE));
    // The router set the length of the empty body.
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}

impl From<ProblemContent> for AppError {
    fn from(content: ProblemContent) -> Self {
        AppError::new(content.code, content.detail, content.facts)
    }
}

#[cfg(test)]
mod tests {
    use keystead_app::principal::{Permission, Principal};
    use keystead_domain::account::check_slug;
    use keystead_protocol::ProductKey;
    use keystead_protocol::api::ProductRequest;
    use keystead_protocol::code::Kind;
    use keystead_protocol::id::ApiTokenId;

    use super::*;

    #[test]
    fn every_code_has_one_status() {
        for &code in Code::ALL {
            let groups =
                [is_malformed(code), is_unauthenticated(code), is_forbidden(code), is_conflict(code)];
            assert!(groups.into_iter().filter(|holds| *holds).count() <= 1, "{code} is in two groups");
        }
    }

    #[test]
    fn only_what_is_the_servers_or_the_ways_fault_is_told_as_that() {
        for &code in Code::ALL {
            let ours = matches!(code.kind(), Kind::Server | Kind::Client);
            assert!(ours || status(code).is_client_error(), "{code} is told with {}", status(code));
        }
    }

    /// An error with this code, and with its usual detail or facts.
    fn sample(code: Code) -> ApiError {
        let api_token =
            Principal::ApiToken { token: ApiTokenId::from_bytes([0; 16]), permissions: Vec::new() };
        let next_at = 1_795_132_800_000;
        match code {
            Code::MalformedRequest => {
                let error = serde_json::from_str::<ProductRequest>("{}").expect_err("fields are missing");
                ApiError::with_detail(code, error)
            }
            Code::NotFound => ApiError::with_detail(code, "the product has no such edition or policy"),
            Code::ValueNotAllowed => ApiError::value("slug", check_slug("Studio 2").expect_err("a space")),
            Code::ProductKeyMistyped => {
                ApiError::with_detail(code, "HELLO".parse::<ProductKey>().expect_err("too short"))
            }
            Code::PermissionMissing => {
                api_token.require(Permission::Keys).expect_err("it has no permission").into()
            }
            Code::NoFreeSeat => Refusal::NoFreeSeat { limit: 2, used: 2 }.into(),
            Code::RebindBudgetExhausted => Refusal::RebindBudgetExhausted { next_at }.into(),
            Code::ReinstallBudgetExhausted => Refusal::ReinstallBudgetExhausted { next_at }.into(),
            code => code.into(),
        }
    }

    /// The status, the headers and the body of a response.
    async fn shown(error: ApiError) -> String {
        let id = "01900000-0000-7000-8000-000000000000".to_owned();
        let (parts, body) = write_problem(error.into_response(), id).into_parts();
        let mut shown = format!("{}\n", parts.status);
        for (name, value) in &parts.headers {
            shown += &format!("{name}: {}\n", value.to_str().expect("a text"));
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body in memory");
        let body: Problem = serde_json::from_slice(&body).expect("a problem");
        format!("{shown}\n{}\n\n", serde_json::to_string_pretty(&body).expect("JSON"))
    }

    #[tokio::test]
    async fn every_code_has_its_problem_body() {
        let mut all = String::new();
        for &code in Code::ALL {
            // Only clients use codes of this kind.
            if code.kind() != Kind::Client {
                all += &shown(sample(code)).await;
            }
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("problems", all);
        });
    }
}
