//! From an address to its handler, and what every answer has in common.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use keystead_protocol::Code;
use keystead_protocol::proof::{NONCE_HEADER, PROOF_HEADER};
use metrics_exporter_prometheus::PrometheusHandle;
use tower::ServiceBuilder;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::Shared;
use crate::error::ApiError;
use crate::extract::client_ip;
use crate::{api, identity, nonce, web};

/// All of the server.
pub fn router(app: Shared, metrics: Option<PrometheusHandle>) -> Router {
    let (v1, _) = api::v1::router().split_for_parts();
    let api = Router::new()
        .nest("/api/v1", v1.method_not_allowed_fallback(method_not_allowed))
        .route("/api/openapi.json", get(|| async { Json(api::openapi()) }))
        .layer(from_fn_with_state(app.clone(), give_nonce));
    let pages = web::router().layer(CsrfLayer::new());
    let limits = &app.config.limits;
    let timeout = Duration::from_secs(limits.request_seconds);
    // In one piece: a router boxes what it gets for each route and each layer anew, and clones the boxes for each request.
    let every_request = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), web::as_pages))
        .layer(from_fn_with_state(app.clone(), limit))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        .layer(DefaultBodyLimit::max(limits.body_bytes));
    Router::new()
        .merge(api)
        .merge(pages)
        .merge(identity::router())
        .fallback(|| async { ApiError::from(Code::NotFound) })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(every_request)
        .merge(operations(metrics))
        .layer(from_fn_with_state(app.clone(), observe))
        .with_state(app)
}

/// What the operator's tools ask; not limited.
fn operations(metrics: Option<PrometheusHandle>) -> Router<Shared> {
    let render = move || {
        let text = metrics.as_ref().map(PrometheusHandle::render).unwrap_or_default();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text) }
    };
    Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
}

async fn ready(State(app): State<Shared>) -> Result<&'static str, ApiError> {
    app.store.read(|reader| reader.ping()).await?;
    app.keys.check(&app.store, app.now()).await?;
    Ok("ready")
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}

async fn limit(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from = client_ip(request.headers(), connection, app.config.trusted_proxies);
    match app.limits.request(from) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Whoever signs, or asks for the time to sign next, gets a nonce for the next proof.
async fn give_nonce(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let signs = request.headers().contains_key(PROOF_HEADER) || request.uri().path() == "/api/v1/time";
    let mut response = next.run(request).await;
    if signs && let Ok(nonce) = HeaderValue::try_from(nonce::fresh(&app.keys.nonce(), app.now())) {
        response.headers_mut().insert(HeaderName::from_static(NONCE_HEADER), nonce);
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn observe(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let began = std::time::Instant::now();
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if app.public_url.starts_with("https://") {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, "answered");
    metrics::histogram!("keystead_request_seconds", "path" => path, "status" => status.to_string())
        .record(began.elapsed().as_secs_f64());
    response
}
