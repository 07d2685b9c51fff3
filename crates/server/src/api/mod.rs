//! The API under `/api`. Each file of `v1` is one endpoint: what it takes, the operation it calls, what it gives.

pub mod v1;

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

/// The description of the whole API (OpenAPI 3.1).
pub fn openapi() -> OpenApi {
    let (_, paths) = v1::router().split_for_parts();
    let info = InfoBuilder::new()
        .title("Keystead")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Product keys and digital licenses. Errors are `application/problem+json` (RFC 9457) with a stable code, \
             the cause and the next action. A change needs an `Idempotency-Key`; a device signs with `Keystead-Proof`.",
        ))
        .build();
    let mut api = OpenApiBuilder::new().info(info).build().nest("/api/v1", paths);
    api.components.get_or_insert_default().add_security_scheme(
        "bearer",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    api
}
