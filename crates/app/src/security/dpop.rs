//! DPoP proofs (RFC 9449). With a proof, a client shows that it has the key to which its token is bound.

use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use keystead_domain::Millis;
use keystead_protocol::text::{array_from_base64url, to_base64url};
use keystead_storage::{Digest, Error, Tx};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::context::App;

/// Maximum difference between a proof's time and the server's, in either direction.
const WINDOW: Millis = 60_000;

/// Accepted algorithms: P-256 for keys in a TPM, Ed25519 for keys in a file (RFC 8037). A key works with one
/// of them only.
const ALGORITHMS: [Algorithm; 2] = [Algorithm::ES256, Algorithm::EdDSA];

/// A proof that violates RFC 9449.
#[derive(Debug, thiserror::Error)]
#[error("the DPoP proof is not valid: {0}")]
pub struct DpopError(pub &'static str);

#[derive(Deserialize)]
struct Claims {
    htm: String,
    htu: String,
    iat: i64,
    jti: String,
    ath: Option<String>,
}

/// A verified DPoP proof. [`DpopProof::consume`] detects replays.
#[derive(Debug, Clone, Copy)]
pub struct DpopProof {
    /// The key's SHA-256 thumbprint (RFC 7638).
    pub thumbprint: Digest,
    id: Digest,
    expires_at: Millis,
}

impl DpopProof {
    /// Consumes the proof in the transaction of its request. Returns `false` if it was used before.
    pub fn consume(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        tx.spent_token_insert(&self.id, self.expires_at)
    }
}

/// The request that a proof must match.
#[derive(Debug, Clone, Copy)]
pub struct ProvenRequest<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The path, without the query.
    pub path: &'a str,
    /// The access token sent with the proof, if any.
    pub token: Option<&'a str>,
}

/// Verifies the DPoP proof of a request and returns its key.
///
/// # Errors
/// A [`DpopError`] for a proof that RFC 9449, section 4.3, rejects.
pub fn verify(app: &App, proof: &str, request: ProvenRequest<'_>) -> Result<DpopProof, DpopError> {
    let (key, claims) = open(proof)?;
    check(app, &claims, request)?;
    let thumbprint = key.thumbprint(ThumbprintHash::SHA256).ok();
    let thumbprint = thumbprint.and_then(|text| array_from_base64url(&text));
    let thumbprint = thumbprint.ok_or(DpopError("its key cannot be used"))?;
    let id = sha256(format!("{}\0{}", to_base64url(&thumbprint), claims.jti).as_bytes());
    Ok(DpopProof { thumbprint, id, expires_at: app.now() + 2 * WINDOW })
}

fn open(proof: &str) -> Result<(Jwk, Claims), DpopError> {
    if proof.len() > 4096 {
        return Err(DpopError("it is too long"));
    }
    let header = decode_header(proof).map_err(|_| DpopError("it is no token"))?;
    if header.typ.as_deref() != Some("dpop+jwt") {
        return Err(DpopError("its type is not dpop+jwt"));
    }
    if !ALGORITHMS.contains(&header.alg) {
        return Err(DpopError("its algorithm is neither ES256 nor EdDSA"));
    }
    let key = header.jwk.ok_or(DpopError("it has no key"))?;
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let opener = DecodingKey::from_jwk(&key).map_err(|_| DpopError("its key cannot be used"))?;
    let opened = decode::<Claims>(proof, &opener, &validation)
        .map_err(|_| DpopError("its signature or its claims are wrong"))?;
    Ok((key, opened.claims))
}

fn check(app: &App, claims: &Claims, request: ProvenRequest<'_>) -> Result<(), DpopError> {
    let ProvenRequest { method, path, token } = request;
    if claims.htm != method {
        return Err(DpopError("it is for another method"));
    }
    let asked = claims.htu.split(['?', '#']).next().unwrap_or_default();
    if asked != format!("{}{path}", app.public_url) {
        return Err(DpopError("it is for another address"));
    }
    if app.now().abs_diff(claims.iat.saturating_mul(1000)) > WINDOW.unsigned_abs() {
        return Err(DpopError("its time is not now"));
    }
    if claims.jti.is_empty() || claims.jti.len() > 256 {
        return Err(DpopError("its id is missing"));
    }
    let hash = token.map(|token| to_base64url(&sha256(token.as_bytes())));
    if hash.is_some() && claims.ath != hash {
        return Err(DpopError("it is for another token"));
    }
    Ok(())
}

fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}
