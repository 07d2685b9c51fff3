use axum::body::{Body as Stream, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use keystead_app::catalog::make_keys::make_keys;
use keystead_app::context::Shared;
use keystead_protocol::api::{KeyBatchLine, KeyBatchRequest};

use crate::auth::{Keys, Vendor};
use crate::extract::{Body, Slug};
use crate::problem::ApiError;

/// Creates a batch of product keys.
///
/// Streams newline-delimited JSON with one `KeyBatchLine` per line: first `batch`, then any number of `keys`, finally `done` or `failed`. Each key is shown only once. There is no `Idempotency-Key`: a repeated request creates another batch.
#[utoipa::path(
    post,
    path = "/products/{product}/key-batches",
    params(("product" = String, Path)),
    request_body = KeyBatchRequest,
    operation_id = "create_keys",
    tag = "Catalog",
    security(("vendor_token" = ["keys"]), ("account_token" = ["vendor"])),
    responses(
        (status = 200, description = "Lines of JSON", body = KeyBatchLine, content_type = "application/x-ndjson"),
    ),
)]
pub async fn make(
    State(app): State<Shared>,
    vendor: Vendor<Keys>,
    Slug(product): Slug,
    body: Body<KeyBatchRequest>,
) -> Result<Response, ApiError> {
    let lines = make_keys(&app, &vendor.principal, product, body.value).await?;
    let stream = futures_util::stream::unfold(lines, |mut lines| async {
        let line = lines.recv().await?;
        let mut text = serde_json::to_vec(&line).ok()?;
        text.push(b'\n');
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(text)), lines))
    });
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Stream::from_stream(stream)).into_response())
}
