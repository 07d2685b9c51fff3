//! "Find a setting": searches the settings by the texts of their pages.

use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use keystead_app::i18n::Texts;
use serde::Deserialize;

use crate::pages::shared::page::{Place, Shell, render};
use crate::pages::shared::page_context::SignedIn;

/// A searchable setting.
struct Setting {
    /// The path of the setting's page.
    path: &'static str,
    title: String,
    lead: String,
}

#[derive(Template)]
#[template(path = "account/search.html")]
struct Page {
    shell: Shell,
    asked: String,
    found: Vec<Setting>,
}

#[derive(Deserialize)]
pub struct SearchQuery {
    #[serde(default)]
    q: String,
}

fn settings(texts: &Texts) -> Vec<Setting> {
    let say = |name: &'static str| texts.say(name).to_string();
    [
        ("/", say("nav-overview"), String::new()),
        ("/account", say("info-title"), say("field-name")),
        ("/account", say("field-language"), String::new()),
        ("/account#email", say("email-title"), say("change-email")),
        ("/devices", say("nav-devices"), say("remove-lead")),
        ("/link", say("nav-link"), say("link-lead")),
        ("/offline", say("offline-title"), say("offline-lead")),
        ("/security#password", say("password-title"), say("change-password")),
        ("/security#passkeys", say("passkeys-title"), say("passkeys-lead")),
        ("/security#totp", say("totp-title"), say("totp-lead")),
        ("/security#browsers", say("browsers-title"), say("sign-out")),
        ("/security#applications", say("applications-title"), say("sign-out")),
        ("/security#browsers", say("end-others"), String::new()),
        ("/privacy", say("stored-title"), say("stored-hardware")),
        ("/privacy#sharing", say("shared-title"), say("shared-nobody")),
        ("/privacy#export", say("export-title"), say("export-lead")),
        ("/privacy/delete", say("delete-title"), say("delete-lead")),
    ]
    .map(|(path, title, lead)| Setting { path, title, lead })
    .into()
}

/// The settings whose texts contain all words of `asked`.
fn find(texts: &Texts, asked: &str) -> Vec<Setting> {
    let asked = asked.to_lowercase();
    let words: Vec<&str> = asked.split_whitespace().take(10).collect();
    let mut found = settings(texts);
    found.retain(|setting| {
        let said = format!("{} {}", setting.title, setting.lead).to_lowercase();
        words.iter().all(|word| said.contains(word))
    });
    found
}

/// Redirects to the only match, or lists all matches.
pub async fn show(visit: SignedIn, Query(query): Query<SearchQuery>) -> Response {
    let found = find(visit.texts, &query.q);
    if let [only] = &found[..] {
        return Redirect::to(only.path).into_response();
    }
    let asked = query.q.chars().take(100).collect();
    render(StatusCode::OK, &Page { shell: visit.shell(Place::Elsewhere), asked, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_found_by_the_words_of_its_page_in_every_language() {
        let paths = |tag: &str, asked: &str| -> Vec<&str> {
            find(Texts::of(tag), asked).iter().map(|setting| setting.path).collect()
        };
        assert_eq!(paths("en-US", "Authenticator"), ["/security#totp"]);
        assert_eq!(paths("en-US", "my data"), ["/privacy#export"]);
        assert_eq!(paths("de-DE", "sprache"), ["/account"]);
        assert!(paths("en-US", "password").len() > 1);
        assert!(paths("en-US", "flux capacitor").is_empty());
    }
}
