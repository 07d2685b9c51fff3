//! Renders errors of page requests as pages, because browsers do not render a problem's JSON.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use keystead_app::context::Shared;
use keystead_protocol::Code;
use tower_http::request_id::RequestId;

use crate::extract::texts;
use crate::pages::shared::page::{Place, Shell, trouble};
use crate::pages::shared::page_context::Visit;
use crate::problem::ProblemContent;

/// Converts problems for browsers into pages. Applications receive the problem itself.
pub async fn as_pages(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let by_browser = accepts.is_some_and(|types| types.contains("text/html"));
    let path = request.uri().path();
    let of_applications = path.starts_with("/api/") || path.starts_with("/id/") && path != "/id/authorize";
    if !by_browser || of_applications {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(told) = response.extensions().get::<ProblemContent>().cloned() else { return response };
    let Some(request_id) = asked.extensions.get::<RequestId>().cloned() else { return response };
    let shell = match told.code {
        // These errors are rendered without a database query: rate-limited clients must not cause one, and a failing
        // database must not be queried again.
        Code::TooManyRequests | Code::Overloaded | Code::OutcomeUnknown => {
            Shell::new(&app, texts(&asked.headers), None, Place::Elsewhere, request_id)
        }
        _ => match Visit::from_request_parts(&mut asked, &app).await {
            Ok(visit) => visit.shell(),
            Err(_) => return response,
        },
    };
    let mut page = trouble(shell, &told.into());
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
