//! Checks a product key for typing mistakes while it is typed. The database is not queried.

use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use keystead_protocol::typed_code::{Entry, Kind, Mark, Part};
use serde::Deserialize;

use crate::pages::shared::page::{Place, Shell, render};
use crate::pages::shared::page_context::SignedIn;

/// The result, as shown below the field.
pub struct KeyCheck {
    /// For each group typed so far: the name of its text, and its mark.
    pub groups: Vec<(&'static str, &'static str)>,
    /// Whether the key is complete and has no typing mistake.
    pub whole: bool,
    /// A suggested correction, in parts.
    pub suggestion: Option<Vec<Part>>,
}

impl KeyCheck {
    /// Checks the text typed so far.
    pub fn of(typed: &str) -> Self {
        let Entry { groups, whole, suggestion } = Entry::read(Kind::ProductKey, typed);
        Self { groups: groups.into_iter().map(look).collect(), whole, suggestion }
    }
}

const fn look(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Good => ("group-good", "good"),
        Mark::Open => ("group-open", "open"),
        Mark::Bad => ("group-bad", "bad"),
    }
}

#[derive(Template)]
#[template(path = "account/key_check.html")]
struct Fragment {
    shell: Shell,
    check: KeyCheck,
}

#[derive(Deserialize)]
pub struct KeyForm {
    product_key: String,
}

/// Renders the marks for the text typed so far.
pub async fn check(visit: SignedIn, Form(typed): Form<KeyForm>) -> Response {
    let shell = visit.shell(Place::Link);
    render(StatusCode::OK, &Fragment { shell, check: KeyCheck::of(&typed.product_key) })
}
