//! Middleware for every request and response.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use keystead_app::context::{App, Shared};
use keystead_app::security::nonce;
use keystead_protocol::Code;
use keystead_protocol::proof::{NONCE_HEADER, PROOF_HEADER};
use tower::ServiceBuilder;
use tower_http::request_id::{PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tracing::Instrument as _;

use crate::extract::client_ip;
use crate::problem::{ApiError, write_problem};
use crate::request_id::{NewRequestId, REQUEST_ID_HEADER, remove_untrusted, text};
use crate::security_headers;

/// Gives each request an id and a log span, and measures the response time.
pub fn observe(router: Router<Shared>, app: Shared) -> Router {
    let behind_proxies = app.clone();
    let layers = ServiceBuilder::new()
        .map_request(move |request| remove_untrusted(&behind_proxies, request))
        .layer(SetRequestIdLayer::new(REQUEST_ID_HEADER, NewRequestId(app.clone())))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID_HEADER))
        .layer(from_fn_with_state(app.clone(), log_and_measure));
    router.layer(layers).with_state(app)
}

async fn log_and_measure(
    State(app): State<Shared>,
    Extension(id): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let id = text(&id).to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    // The span has the highest level, ERROR. Log filters therefore keep it, and every logged line has the
    // request id.
    let actor = tracing::field::Empty;
    let span = tracing::error_span!("request", request_id = %id, method = %request.method(), route, actor);
    let answer = async {
        let began = Instant::now();
        let mut response = write_problem(next.run(request).await, id);
        security_headers::set(response.headers_mut(), app.public_url.starts_with("https://"));
        let status = response.status().as_u16();
        tracing::debug!(status, "answered");
        metrics::histogram!("keystead_request_seconds", "path" => route, "status" => status.to_string())
            .record(began.elapsed().as_secs_f64());
        response
    };
    answer.instrument(span).await
}

/// Adds the principal to all later log lines of this request.
pub fn note_actor(actor: &str) {
    tracing::Span::current().record("actor", actor);
}

/// Refuses requests from an address that exceeds the rate limit.
pub async fn limit(State(app): State<Shared>, request: Request, next: Next) -> Response {
    warn_of_unknown_proxy(&app, request.headers());
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = client_ip(request.headers(), connection, app.config.trusted_proxies);
    match app.limits.request(from) {
        Ok(()) => next.run(request).await,
        Err(error) => ApiError(error).into_response(),
    }
}

/// Warns once if requests come through an unconfigured proxy. Behind such a proxy, all customers share one
/// address, which soon exceeds the rate limit.
fn warn_of_unknown_proxy(app: &App, headers: &HeaderMap) {
    const FORWARDING: [&str; 3] = ["x-forwarded-for", "forwarded", "x-real-ip"];
    if app.config.trusted_proxies > 0 {
        return;
    }
    if let Some(header) = FORWARDING.into_iter().find(|name| headers.contains_key(*name)) {
        metrics::counter!("keystead_forwarding_headers_ignored_total").increment(1);
        app.unknown_proxy.call_once(|| {
            tracing::warn!(
                header,
                "a request came with a proxy's header, but trusted_proxies is 0, so all customers behind that proxy \
                 count as one address; set trusted_proxies to the number of your proxies"
            );
        });
    }
}

/// Ends a request that exceeds the time limit. A change that the request makes may still be committed.
pub async fn end_in_time(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(app.config.limits.request_seconds);
    let code = if request.method().is_safe() { Code::Overloaded } else { Code::OutcomeUnknown };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::with_detail(code, "the request took too long").into_response(),
    }
}

/// Reads the body before the handler runs, so that handlers never wait for the client.
pub async fn receive_body(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let limit = Duration::from_secs(app.config.limits.body_seconds);
    let bytes = match tokio::time::timeout(limit, read(body, app.config.limits.body_bytes)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => return error.into_response(),
        Err(_) => return ApiError::from(Code::RequestTooSlow).into_response(),
    };
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

async fn read(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let mut request = Request::new(body);
    DefaultBodyLimit::max(limit).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge.into(),
        _ => ApiError::with_detail(Code::MalformedRequest, "the body did not arrive"),
    })
}

/// Adds a fresh nonce for the next proof to the responses of signed requests and of requests for the time.
pub async fn give_nonce(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let signs = request.headers().contains_key(PROOF_HEADER) || request.uri().path() == "/api/v1/time";
    let mut response = next.run(request).await;
    if signs && let Ok(nonce) = HeaderValue::try_from(nonce::fresh(&app.keys.nonce(), app.now())) {
        response.headers_mut().insert(HeaderName::from_static(NONCE_HEADER), nonce);
    }
    response
}
