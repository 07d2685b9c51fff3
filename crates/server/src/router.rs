//! Maps paths to handlers.

use axum::extract::{DefaultBodyLimit, State};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use keystead_app::context::Shared;
use keystead_protocol::Code;
use tower::ServiceBuilder;
use tower_http::csrf::CsrfLayer;

use crate::middleware::{end_in_time, give_nonce, limit, observe, receive_body};
use crate::problem::ApiError;
use crate::{api, oauth, pages};

/// The router for customers, their devices and the vendor.
pub fn router(app: Shared) -> Router {
    let (v1, _) = api::v1::router().split_for_parts();
    let api = Router::new()
        .nest("/api/v1", v1.method_not_allowed_fallback(method_not_allowed))
        .route("/api/openapi.json", get(describe))
        .layer(from_fn_with_state(app.clone(), give_nonce));
    let pages = pages::router().layer(CsrfLayer::new());
    // One combined layer is cheaper: a router boxes the service once per route and layer, and clones the
    // boxes for each request.
    let every_request = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), pages::as_pages))
        .layer(from_fn_with_state(app.clone(), limit))
        .layer(from_fn_with_state(app.clone(), end_in_time))
        .layer(from_fn_with_state(app.clone(), receive_body))
        // `receive_body` has already limited the body.
        .layer(DefaultBodyLimit::disable());
    let router = Router::new()
        .merge(api)
        .merge(pages)
        .merge(oauth::router())
        .fallback(|| async { ApiError::from(Code::NotFound) })
        .method_not_allowed_fallback(method_not_allowed)
        .layer(every_request)
        .merge(health());
    observe(router, app)
}

/// The endpoints for liveness and readiness. They are not rate-limited.
pub fn health() -> Router<Shared> {
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready))
}

async fn describe(State(app): State<Shared>) -> Json<serde_json::Value> {
    Json(api::openapi(&app.public_url))
}

async fn ready(State(app): State<Shared>) -> Result<&'static str, ApiError> {
    app.readiness.check(&app.store).await?;
    app.keys.check(&app.store, app.now()).await?;
    Ok("ready")
}

async fn method_not_allowed() -> ApiError {
    Code::MethodNotAllowed.into()
}
