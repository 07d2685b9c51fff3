//! Files that pages load.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The one stylesheet.
pub async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("../../../assets/style.css"))
}

/// The script of the page where a product key is typed.
pub async fn key_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/key.js"))
}

/// The script of the page where a device's file is brought.
pub async fn file_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/file.js"))
}

/// The script of the pages where passkeys are used and added.
pub async fn passkey_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/passkey.js"))
}

/// The script that works for the server while it is flooded.
pub async fn work_script() -> Response {
    asset(SCRIPT, include_str!("../../../assets/work.js"))
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

fn asset(media_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "max-age=3600")], text).into_response()
}
