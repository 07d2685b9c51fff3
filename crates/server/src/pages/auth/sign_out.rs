use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use keystead_app::accounts::sign_in;
use keystead_app::context::Shared;

use crate::cookies;
use crate::problem::ApiError;

/// Ends the session, in the browser and on the server.
pub async fn submit(State(app): State<Shared>, jar: CookieJar) -> Result<Response, ApiError> {
    if let Some(secret) = cookies::secret(&app, &jar) {
        sign_in::close_session(&app, &secret).await?;
    }
    Ok((cookies::forget(&app, jar), cookies::clear_site_data(), Redirect::to("/sign-in")).into_response())
}
