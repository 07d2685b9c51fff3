//! Static files that pages load.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The stylesheet.
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("../../../assets/style.css"))
}

/// The script of the product key field.
pub async fn key_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/key.js"))
}

/// The script of the request file field.
pub async fn file_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/file.js"))
}

/// The script for using and adding passkeys.
pub async fn passkey_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/passkey.js"))
}

/// The script that computes proofs of work during a flood of sign-ups.
pub async fn work_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/work.js"))
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

fn asset(media_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "max-age=3600")], text).into_response()
}
