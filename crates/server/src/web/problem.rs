//! What goes wrong on the way to a page is told on a page: a browser asks for HTML and shows nobody a problem's JSON.

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use super::page::trouble;
use super::visit::Visit;
use crate::app::Shared;
use crate::error::Told;

/// Turns the problems that browsers get into pages; applications keep theirs.
pub async fn as_pages(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let by_browser = accepts.is_some_and(|types| types.contains("text/html"));
    if !by_browser || request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(told) = response.extensions().get::<Told>().cloned() else { return response };
    let Ok(visit) = Visit::from_request_parts(&mut asked, &app).await else { return response };
    let mut page = trouble(visit.shell(), &told.into());
    if let Some(wait) = response.headers().get(header::RETRY_AFTER) {
        page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    page
}
