//! Upstream providers: any OpenID Connect issuer, including Google and Microsoft.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use keystead_domain::Millis;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenClaims, IdTokenFields,
    IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse,
    StandardTokenResponse, TokenResponse as _,
};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use crate::accounts::upstream_settings::UpstreamSettings;

/// How long a provider's metadata and keys are cached.
const FRESH: Millis = 10 * 60 * 1000;
/// Timeout of a request to a provider.
const UPSTREAM_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of a provider's response.
const MAX_RESPONSE_BYTES: u64 = 512 * 1024;
/// Paths of Microsoft Entra issuers that accept accounts of every tenant.
const EVERY_TENANT: [&str; 2] = ["/common/", "/organizations/"];
/// Placeholder for the tenant in the issuer that Entra's metadata names.
const TENANT: &str = "{tenantid}";

/// An upstream account, as asserted by its provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamAccount {
    /// The issuer of the assertion. For Entra, the issuer of the account's tenant.
    pub issuer: String,
    /// The account's id at the provider.
    pub subject: String,
    /// The account's display name.
    pub label: String,
}

/// State of a sign-in at a provider, kept until the person returns.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PendingSignIn {
    nonce: String,
    verifier: String,
}

/// Why a provider's response was rejected. Not shown to clients.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// The provider is unreachable, or its response is unusable.
    #[error("the provider's answer cannot be used: {0}")]
    Answer(String),
    /// The metadata names another issuer.
    #[error("the issuer is {0}")]
    Issuer(String),
    /// The ID token lacks a claim.
    #[error("the ID token has no claim {0}")]
    Claim(&'static str),
}

/// Keeps only the texts of an error and its sources, because the fields of an error may hold tokens.
fn answer(error: impl std::error::Error) -> UpstreamError {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    UpstreamError::Answer(told)
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct EntraClaims {
    tid: Option<String>,
    oid: Option<String>,
}
impl AdditionalClaims for EntraClaims {}

type Claims = IdTokenClaims<EntraClaims, CoreGenderClaim>;
type Fields = IdTokenFields<
    EntraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Client = openidconnect::Client<
    EntraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// An upstream provider.
pub struct Upstream {
    /// The provider's settings.
    pub settings: UpstreamSettings,
    redirect: RedirectUrl,
    agent: ureq::Agent,
    /// The metadata and the time when it was fetched.
    known: Mutex<Option<(Millis, CoreProviderMetadata)>>,
}

impl Upstream {
    /// Creates a provider. Its redirects return to `public_url`.
    pub fn new(settings: UpstreamSettings, public_url: &str) -> anyhow::Result<Self> {
        let redirect = RedirectUrl::new(format!("{public_url}/sign-in/from/{}", settings.id))?;
        let agent = ureq::Agent::config_builder()
            .timeout_global(Some(UPSTREAM_TIMEOUT))
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        Ok(Self { settings, redirect, agent: agent.into(), known: Mutex::default() })
    }

    /// Returns the address at which the person signs in. The provider's redirect returns the value of
    /// `state`. This call blocks while it fetches the metadata.
    pub fn begin(
        &self,
        state: impl FnOnce(&PendingSignIn) -> String,
        now: Millis,
    ) -> Result<url::Url, UpstreamError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = Nonce::new_random();
        let asked = PendingSignIn { nonce: nonce.secret().clone(), verifier: verifier.into_secret() };
        let state = state(&asked);
        let scopes = ["email", "profile"].map(|scope| Scope::new(scope.into()));
        let client = self.client(now)?;
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || nonce,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge);
        Ok(request.url().0)
    }

    /// Exchanges the returned code for an ID token, verifies the token and returns its account. Blocks.
    pub fn finish(
        &self,
        asked: PendingSignIn,
        code: String,
        now: Millis,
    ) -> Result<UpstreamAccount, UpstreamError> {
        let client = self.client(now)?;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(answer)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(asked.verifier));
        let tokens = request.request(&|request| self.call(request)).map_err(answer)?;
        let token = tokens.id_token().ok_or(UpstreamError::Claim("id_token"))?;
        // Entra's issuer depends on the tenant, so `account` compares the issuer for all providers.
        let verifier = client.id_token_verifier().require_issuer_match(false);
        let claims = token.claims(&verifier, &Nonce::new(asked.nonce)).map_err(|error| {
            // The provider may have new keys. The next attempt fetches them.
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
            answer(error)
        })?;
        self.account(claims)
    }

    /// Whether `issuer` belongs to this provider.
    pub fn vouches_for(&self, issuer: &str) -> bool {
        let own = self.issuer();
        match own.split_once(TENANT) {
            Some((before, after)) => issuer.starts_with(before) && issuer.ends_with(after),
            None => own == issuer,
        }
    }

    fn account(&self, claims: &Claims) -> Result<UpstreamAccount, UpstreamError> {
        let own = claims.additional_claims();
        let issuer = self.issuer().replace(TENANT, own.tid.as_deref().unwrap_or_default());
        if claims.issuer().as_str() != issuer {
            return Err(UpstreamError::Issuer(claims.issuer().to_string()));
        }
        let subject = match (self.settings.entra, &own.oid) {
            (false, _) => claims.subject().to_string(),
            (true, Some(oid)) if own.tid.is_some() => oid.clone(),
            (true, _) => return Err(UpstreamError::Claim("oid and tid")),
        };
        let label = claims.email().map(|email| email.to_string());
        let label = label.or_else(|| claims.preferred_username().map(|name| name.to_string()));
        Ok(UpstreamAccount { issuer, label: label.unwrap_or_else(|| subject.clone()), subject })
    }

    /// The expected issuer. For an Entra issuer of every tenant, it contains a placeholder for the tenant.
    fn issuer(&self) -> String {
        let issuer = &self.settings.issuer;
        match EVERY_TENANT.into_iter().find(|every| self.settings.entra && issuer.contains(every)) {
            Some(every) => issuer.replace(every, &format!("/{TENANT}/")),
            None => issuer.clone(),
        }
    }

    fn client(&self, now: Millis) -> Result<Client, UpstreamError> {
        let secret = self.settings.client_secret.as_ref();
        let secret = secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
        let id = ClientId::new(self.settings.client_id.clone());
        let client = Client::from_provider_metadata(self.description(now)?, id, secret);
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }

    /// The provider's metadata with its keys (OpenID Connect Discovery 1.0, section 4).
    fn description(&self, now: Millis) -> Result<CoreProviderMetadata, UpstreamError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, description)) = known.filter(|(since, _)| now - since < FRESH) {
            return Ok(description);
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(answer)?;
        let address = issuer.join(".well-known/openid-configuration").map_err(answer)?;
        let request = openidconnect::http::Request::get(address.as_str()).body(Vec::new()).map_err(answer)?;
        let response = self.call(request).map_err(answer)?;
        let description: CoreProviderMetadata = serde_json::from_slice(response.body()).map_err(answer)?;
        let said = description.issuer().as_str();
        if said != self.issuer() {
            return Err(UpstreamError::Issuer(said.to_owned()));
        }
        let keys = CoreJsonWebKeySet::fetch(description.jwks_uri(), &|request| self.call(request));
        let description = description.set_jwks(keys.map_err(answer)?);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, description.clone()));
        Ok(description)
    }

    fn call(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let (head, body) = self.agent.run(request)?.into_parts();
        let body = body.into_with_config().limit(MAX_RESPONSE_BYTES).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(issuer: &str, entra: bool) -> Upstream {
        let settings = UpstreamSettings {
            id: "provider".into(),
            name: "Provider".into(),
            issuer: issuer.into(),
            client_id: "us".into(),
            client_secret: None,
            entra,
        };
        settings.check().unwrap();
        Upstream::new(settings, "https://example.org").unwrap()
    }

    #[test]
    fn every_tenant_of_entra_is_known_by_its_own_issuer_and_nobody_elses() {
        let every = upstream("https://login.example.org/common/v2.0", true);
        assert_eq!(every.issuer(), "https://login.example.org/{tenantid}/v2.0");
        assert!(every.vouches_for("https://login.example.org/4711/v2.0"));
        assert!(!every.vouches_for("https://evil.example.org/4711/v2.0"));
        let one = upstream("https://login.example.org/4711/v2.0", true);
        assert!(one.vouches_for("https://login.example.org/4711/v2.0"));
        assert!(!one.vouches_for("https://login.example.org/4712/v2.0"));
        let plain = upstream("https://login.example.org/common/v2.0", false);
        assert_eq!(plain.issuer(), "https://login.example.org/common/v2.0");
    }

    fn claims(issuer: &str, rest: &str) -> Claims {
        let text = format!(
            r#"{{"iss":"{issuer}","sub":"pairwise","aud":["us"],"exp":4102444800,"iat":0,"email":"p@example.org"{rest}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn an_account_is_known_by_subject_and_with_entra_by_object_id() {
        let plain = upstream("https://id.example.org", false);
        let account = plain.account(&claims("https://id.example.org", r#","oid":"o","tid":"t""#)).unwrap();
        assert_eq!((account.subject.as_str(), account.label.as_str()), ("pairwise", "p@example.org"));
        assert!(plain.account(&claims("https://evil.example.org", "")).is_err());
        let entra = upstream("https://login.example.org/common/v2.0", true);
        let good =
            entra.account(&claims("https://login.example.org/t/v2.0", r#","oid":"o","tid":"t""#)).unwrap();
        assert_eq!((good.issuer.as_str(), good.subject.as_str()), ("https://login.example.org/t/v2.0", "o"));
        for (issuer, rest) in [
            ("https://login.example.org/u/v2.0", r#","oid":"o","tid":"t""#),
            ("https://login.example.org/t/v2.0", r#","tid":"t""#),
            ("https://login.example.org//v2.0", r#","oid":"o""#),
        ] {
            assert!(entra.account(&claims(issuer, rest)).is_err(), "{issuer} {rest}");
        }
    }
}
