//! Proofs that whoever shows a token holds the key it was given to (DPoP, RFC 9449).

use axum::http::{HeaderMap, Method};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use keystead_domain::Millis;
use keystead_protocol::text::{array_from_base64url, to_base64url};
use keystead_storage::Digest;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::app::Shared;
use crate::error::ApiError;

/// How far a proof's time may be from ours, either way.
const WINDOW: Millis = 60_000;

/// A proof that does not prove anything.
#[derive(Debug, thiserror::Error)]
pub enum DpopError {
    /// It is not what RFC 9449 asks for.
    #[error("the DPoP proof is not valid: {0}")]
    Invalid(&'static str),
    /// The server failed.
    #[error("the server made a mistake")]
    Server(ApiError),
}

#[derive(Deserialize)]
struct Claims {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
    ath: Option<String>,
}

/// The thumbprint (RFC 7638) of the key that signed the request's proof; `None` without a proof. `token` is the access
/// token that is shown with it.
pub async fn verify(
    app: &Shared,
    headers: &HeaderMap,
    method: &Method,
    path: &str,
    token: Option<&str>,
) -> Result<Option<Digest>, DpopError> {
    let mut proofs = headers.get_all("dpop").iter();
    let Some(proof) = proofs.next() else { return Ok(None) };
    if proofs.next().is_some() {
        return Err(DpopError::Invalid("there is more than one"));
    }
    let proof = proof.to_str().map_err(|_| DpopError::Invalid("it is no token"))?;
    let (key, claims) = open(proof)?;
    check(app, &claims, method, path, token)?;
    let thumbprint = key.thumbprint(ThumbprintHash::SHA256).ok();
    let thumbprint = thumbprint.and_then(|text| array_from_base64url(&text));
    let thumbprint = thumbprint.ok_or(DpopError::Invalid("its key cannot be used"))?;
    let (id, expires_at) =
        (sha256(format!("{}\0{}", to_base64url(&thumbprint), claims.jti).as_bytes()), app.now() + 2 * WINDOW);
    let fresh = app.store.write(move |tx| tx.use_dpop_proof(&id, expires_at)).await;
    match fresh {
        Ok(true) => Ok(Some(thumbprint)),
        Ok(false) => Err(DpopError::Invalid("it was shown before")),
        Err(error) => Err(DpopError::Server(ApiError::from(error))),
    }
}

fn open(proof: &str) -> Result<(Jwk, Claims), DpopError> {
    if proof.len() > 4096 {
        return Err(DpopError::Invalid("it is too long"));
    }
    let header = decode_header(proof).map_err(|_| DpopError::Invalid("it is no token"))?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err(DpopError::Invalid("its type is not dpop+jwt"));
    }
    if header.alg != Algorithm::ES256 {
        return Err(DpopError::Invalid("its algorithm is not ES256"));
    }
    let key = header.jwk.ok_or(DpopError::Invalid("it has no key"))?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let opener = DecodingKey::from_jwk(&key).map_err(|_| DpopError::Invalid("its key cannot be used"))?;
    let opened = decode::<Claims>(proof, &opener, &validation)
        .map_err(|_| DpopError::Invalid("its signature or its claims are wrong"))?;
    Ok((key, opened.claims))
}

fn check(
    app: &Shared,
    claims: &Claims,
    method: &Method,
    path: &str,
    token: Option<&str>,
) -> Result<(), DpopError> {
    if claims.htm != method.as_str() {
        return Err(DpopError::Invalid("it is for another method"));
    }
    let asked = claims.htu.split(['?', '#']).next().unwrap_or_default();
    if asked != format!("{}{path}", app.public_url) {
        return Err(DpopError::Invalid("it is for another address"));
    }
    if (app.now() - claims.iat.saturating_mul(1000)).abs() > WINDOW {
        return Err(DpopError::Invalid("its time is not now"));
    }
    if claims.jti.is_empty() || claims.jti.len() > 256 {
        return Err(DpopError::Invalid("its id is missing"));
    }
    let hash = token.map(|token| to_base64url(&sha256(token.as_bytes())));
    if hash.is_some() && claims.ath != hash {
        return Err(DpopError::Invalid("it is for another token"));
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}
