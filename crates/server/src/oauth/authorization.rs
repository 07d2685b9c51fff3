//! Validates requests to the authorization endpoint (RFC 6749, section 4.1.1) before the person sees them.

use keystead_app::context::App;
use keystead_app::oauth::authorize::AuthorizationRequest;
use keystead_app::oauth::oauth_client::{Client, Grant};
use keystead_domain::Millis;
use keystead_protocol::text::array_from_base64url;
use serde::{Deserialize, Serialize};

/// Maximum authentication age after a sign-in that satisfied `prompt=login`, in seconds.
const JUST_SIGNED_IN: Millis = 10 * 60;

/// The request's parameters. They are sent in the query, and again with the person's decision.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    pub client_id: String,
    pub redirect_uri: String,
    pub response_type: String,
    pub response_mode: String,
    pub scope: String,
    pub state: String,
    pub nonce: String,
    pub prompt: String,
    pub max_age: String,
    pub code_challenge: String,
    pub code_challenge_method: String,
}

/// Why a request is refused without asking the person.
pub enum AuthorizationError {
    /// The client or its redirect URI is unknown. The error is shown on this server, without a redirect (RFC
    /// 6749, section 4.1.2.1).
    Here(&'static str),
    /// The error code and its description are sent to the client's redirect URI.
    There(&'static str, &'static str),
}

impl Parameters {
    /// Validates the parameters. Returns the client and its request.
    pub fn check<'a>(&self, app: &'a App) -> Result<(&'a Client, AuthorizationRequest), AuthorizationError> {
        let client =
            app.client(&self.client_id).ok_or(AuthorizationError::Here("This app isn't registered here."))?;
        if !client.may_redirect_to(&self.redirect_uri) {
            return Err(AuthorizationError::Here(
                "The app asked for a redirect to an address that isn't its own.",
            ));
        }
        if !client.grants.contains(&Grant::AuthorizationCode) {
            return Err(AuthorizationError::There(
                "unauthorized_client",
                "this application signs in by a device code",
            ));
        }
        if self.response_type != "code" {
            return Err(AuthorizationError::There("unsupported_response_type", "only code is supported"));
        }
        if !matches!(self.response_mode.as_str(), "" | "query") {
            return Err(AuthorizationError::There(
                "invalid_request",
                "only the response mode query is supported",
            ));
        }
        if self.code_challenge_method != "S256" {
            return Err(AuthorizationError::There("invalid_request", "PKCE with S256 is required"));
        }
        let challenge = array_from_base64url(&self.code_challenge).ok_or(AuthorizationError::There(
            "invalid_request",
            "code_challenge is no SHA-256 digest as base64url",
        ))?;
        if self.prompt.split(' ').any(|word| word == "none") {
            return Err(AuthorizationError::There("consent_required", "the person is always asked"));
        }
        if self.nonce.len() > 512 || self.state.len() > 2048 {
            return Err(AuthorizationError::There("invalid_request", "nonce or state is too long"));
        }
        if !self.max_age.is_empty() && self.max_age().is_none() {
            return Err(AuthorizationError::There("invalid_request", "max_age is a number of seconds"));
        }
        let request = AuthorizationRequest {
            client: client.id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            challenge,
            nonce: (!self.nonce.is_empty()).then(|| self.nonce.clone()),
            scope: client.scope(&self.scope),
        };
        Ok((client, request))
    }

    /// Maximum authentication age, in milliseconds (OpenID Connect Core 1.0, section 3.1.2.1; RFC 9470).
    fn max_age(&self) -> Option<Millis> {
        self.max_age.parse::<u32>().ok().map(|seconds| Millis::from(seconds) * 1000)
    }

    /// Whether the request always requires a new sign-in.
    pub fn asks_for_sign_in(&self) -> bool {
        self.prompt.split(' ').any(|word| word == "login")
    }

    /// Whether the person must sign in again, given their last authentication at `authenticated_at`.
    pub fn wants_sign_in(&self, authenticated_at: Millis, now: Millis) -> bool {
        self.asks_for_sign_in() || self.max_age().is_some_and(|max_age| now - authenticated_at > max_age)
    }

    /// The address of the authorization page to return to after the sign-in. The sign-in satisfies
    /// `prompt=login`, so the address contains `max_age` instead.
    pub fn after_sign_in(&self) -> String {
        let mut asked = self.clone();
        if self.asks_for_sign_in() {
            asked.prompt =
                self.prompt.split(' ').filter(|word| *word != "login").collect::<Vec<_>>().join(" ");
            asked.max_age = self.max_age().map_or(JUST_SIGNED_IN, |age| age / 1000).to_string();
        }
        let query = serde_urlencoded::to_string(&asked).unwrap_or_default();
        format!("/id/authorize?{query}")
    }

    /// The redirect URI with `answer`, the state and the issuer (RFC 9207) in its query.
    pub fn answer(&self, app: &App, answer: &[(&str, &str)]) -> String {
        let Ok(mut address) = self.redirect_uri.parse::<url::Url>() else { return "/".to_owned() };
        {
            let mut query = address.query_pairs_mut();
            query.extend_pairs(answer);
            if !self.state.is_empty() {
                query.append_pair("state", &self.state);
            }
            query.append_pair("iss", &super::issuer(app));
        }
        address.into()
    }

    /// The redirect target as a source expression for the content security policy. The policy cannot express
    /// IPv6 addresses and private-use schemes. Such targets are reduced to their scheme.
    pub fn target(&self) -> Option<String> {
        let address = self.redirect_uri.parse::<url::Url>().ok()?;
        match (address.origin(), address.host()) {
            (origin @ url::Origin::Tuple(..), Some(url::Host::Domain(_) | url::Host::Ipv4(_))) => {
                Some(origin.ascii_serialization())
            }
            _ => Some(format!("{}:", address.scheme())),
        }
    }
}
