//! The pages: rendered here, without script. Each owns its view and its handlers; all call operations.

mod approve;
mod assets;
mod cookie;
mod home;
mod page;
mod sign_in;
mod sign_out;
mod sign_up;

use axum::Router;
use axum::routing::{get, post};

use crate::app::Shared;

/// All pages.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_out::submit))
        .route("/device", get(approve::show).post(approve::check))
        .route("/device/decide", post(approve::decide))
        .route("/assets/style.css", get(assets::style))
}
