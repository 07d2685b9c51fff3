//! ID tokens (OpenID Connect Core 1.0, section 2), signed with ES256 by a key of their own.

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_protocol::text::{from_base64url, to_base64url};
use keystead_storage::Account;
use serde_json::{Value, json};

use crate::auth;
use crate::error::ApiError;
use crate::keys;

/// How long an ID token is believed, seconds.
const LIFETIME: i64 = 10 * 60;

/// What an ID token tells of.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// Who signed in.
    pub account: &'a Account,
    /// When they last showed their credentials.
    pub authenticated_at: Millis,
    /// What the application may know.
    pub scope: &'a str,
    /// What the application wants to find.
    pub nonce: Option<&'a str>,
}

/// The key that signs ID tokens.
pub struct IdTokens {
    key: EncodingKey,
    public: Jwk,
    id: String,
}

impl IdTokens {
    /// Opens the key in `folder`, making it at the first start.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("id-token.key");
        let der = match std::fs::read_to_string(&path) {
            Ok(text) => from_base64url(text.trim()).context("id-token.key is damaged")?,
            Err(_) => {
                let random = aws_lc_rs::rand::SystemRandom::new();
                let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
                let der = made.ok().context("no key can be made")?.as_ref().to_vec();
                keys::create(&path, to_base64url(&der).as_bytes())?;
                der
            }
        };
        let key = EncodingKey::from_ec_der(&der);
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).context("id-token.key is damaged")?;
        let id = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { key, public, id })
    }

    /// The key set that clients verify with (RFC 7517, section 5).
    pub fn key_set(&self) -> Value {
        json!({ "keys": [self.public] })
    }

    /// Tells `client` who signed in. The scope decides how much.
    pub fn sign(
        &self,
        issuer: &str,
        client: &str,
        sign_in: SignIn<'_>,
        now: Millis,
    ) -> Result<String, ApiError> {
        let now = now / 1000;
        let mut claims = claims(sign_in.account, sign_in.scope);
        claims["auth_time"] = (sign_in.authenticated_at / 1000).into();
        claims["iss"] = issuer.into();
        claims["aud"] = client.into();
        claims["iat"] = now.into();
        claims["exp"] = (now + LIFETIME).into();
        if let Some(nonce) = sign_in.nonce {
            claims["nonce"] = nonce.into();
        }
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, &self.key).map_err(|error| {
            tracing::error!(%error, "an ID token could not be signed");
            Code::Internal.into()
        })
    }
}

/// What `scope` lets an application know about an account (OpenID Connect Core 1.0, section 5.4).
pub fn claims(account: &Account, scope: &str) -> Value {
    let has = |name| auth::has(scope, name);
    let mut claims = json!({ "sub": account.id });
    if has("profile") {
        claims["name"] = account.name.clone().into();
        if let Some(language) = &account.language {
            claims["locale"] = language.clone().into();
        }
    }
    if has("email") {
        claims["email"] = account.email.clone().into();
        claims["email_verified"] = true.into();
    }
    claims
}
