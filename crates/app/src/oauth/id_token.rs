//! ID tokens (OpenID Connect Core 1.0, section 2), signed with ES256 by a dedicated key.

use anyhow::Context as _;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_storage::Account;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::error::AppError;
use crate::oauth::scope;

/// Lifetime of an ID token, seconds.
const LIFETIME: i64 = 10 * 60;

/// The sign-in that an ID token describes.
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    /// The account that signed in.
    pub account: &'a Account,
    /// Time of the last authentication.
    pub authenticated_at: Millis,
    /// The granted scope.
    pub scope: &'a str,
    /// The nonce of the application's request.
    pub nonce: Option<&'a str>,
}

/// The keys of ID tokens. The newest key signs; the two newest keys verify. Two rotations invalidate a stolen
/// key.
pub struct IdTokens {
    newest: EncodingKey,
    id: String,
    public: Vec<Jwk>,
}

impl IdTokens {
    /// Parses keys (PKCS #8), oldest first.
    pub fn new(keys: &[Zeroizing<Vec<u8>>]) -> anyhow::Result<Self> {
        let public = keys.iter().rev().take(2).map(|der| public(der)).collect::<anyhow::Result<Vec<_>>>()?;
        let newest = keys.last().context("there is no key for ID tokens")?;
        let id = public[0].common.key_id.clone().unwrap_or_default();
        Ok(Self { newest: EncodingKey::from_ec_der(newest), id, public })
    }

    /// Creates a key.
    pub fn draw() -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let random = aws_lc_rs::rand::SystemRandom::new();
        let drawn = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        Ok(Zeroizing::new(drawn.ok().context("no key can be drawn")?.as_ref().to_vec()))
    }

    /// The public key set (RFC 7517, section 5), newest first.
    pub fn key_set(&self) -> Value {
        json!({ "keys": self.public })
    }

    /// Signs an ID token for `client`. The scope determines its claims.
    pub fn sign(
        &self,
        issuer: &str,
        client: &str,
        sign_in: SignIn<'_>,
        now: Millis,
    ) -> Result<String, AppError> {
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
        encode(&header, &claims, &self.newest).map_err(|error| {
            tracing::error!(%error, "an ID token could not be signed");
            Code::Internal.into()
        })
    }
}

fn public(der: &[u8]) -> anyhow::Result<Jwk> {
    let key = EncodingKey::from_ec_der(der);
    let mut public =
        Jwk::from_encoding_key(&key, Algorithm::ES256).context("a key for ID tokens is damaged")?;
    public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256)?);
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(public)
}

/// The claims about an account that `scope` allows (OpenID Connect Core 1.0, section 5.4).
pub fn claims(account: &Account, scope: &str) -> Value {
    let has = |name| scope::contains(scope, name);
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
