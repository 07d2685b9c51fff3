use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use super::cookie;
use crate::app::Shared;
use crate::error::ApiError;
use crate::operation::sign_in;

/// Ends the session here and on the server.
pub async fn submit(State(app): State<Shared>, jar: CookieJar) -> Result<Response, ApiError> {
    if let Some(secret) = cookie::secret(&app, &jar) {
        sign_in::close_session(&app, &secret).await?;
    }
    Ok((cookie::forget(&app, jar), cookie::clear_site_data(), Redirect::to("/sign-in")).into_response())
}
