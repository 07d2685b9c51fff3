use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use keystead_protocol::text::to_hex;
use keystead_storage::Digest;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Customer, World};
use crate::entropy;
use crate::oauth::authorize::{AuthorizationRequest, IssuedTokens, TokenRequest, allow, exchange};
use crate::oauth::id_token::IdTokens;
use crate::security::bearer::Bearer;
use crate::security::dpop::{self, DpopProof, ProvenRequest};

/// The `client_id` of the application that customers use.
pub const CLIENT: &str = "keystead-sdk";
/// The application's redirect address.
pub const REDIRECT_URI: &str = "http://127.0.0.1/callback";
/// The application's PKCE verifier.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A key to which an application's tokens are bound.
pub struct DpopKey(Zeroizing<Vec<u8>>);

impl DpopKey {
    /// A new key.
    pub fn draw() -> Self {
        Self(IdTokens::draw().unwrap())
    }

    /// A new proof for a request.
    pub fn proof(&self, world: &World) -> DpopProof {
        let key = EncodingKey::from_ec_der(&self.0);
        let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        let header =
            Header { typ: Some("dpop+jwt".to_owned()), jwk: Some(jwk), ..Header::new(Algorithm::ES256) };
        let (method, path) = ("POST", "/oauth2/token");
        let claims = json!({
            "htm": method,
            "htu": format!("{}{path}", world.app.public_url),
            "iat": world.now() / 1000,
            "jti": to_hex(&entropy::bytes::<16>()),
        });
        let proof = encode(&header, &claims, &key).unwrap();
        dpop::verify(&world.app, &proof, ProvenRequest { method, path, token: None }).unwrap()
    }
}

/// The application's authorization request for a scope.
pub fn authorization(scope: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        client: CLIENT.to_owned(),
        redirect_uri: REDIRECT_URI.to_owned(),
        challenge: challenge(VERIFIER),
        nonce: None,
        scope: scope.to_owned(),
    }
}

fn challenge(verifier: &str) -> Digest {
    Sha256::digest(verifier.as_bytes()).into()
}

/// The application's request to exchange a code for tokens.
pub fn token_request(code: &Bearer) -> TokenRequest<'_> {
    TokenRequest { code: code.expose(), client: CLIENT, redirect_uri: REDIRECT_URI, verifier: VERIFIER }
}

impl World {
    /// Signs a customer in to the application. With a proof, the tokens are bound to the key of the proof.
    pub async fn application(
        &self,
        customer: &Customer,
        scope: &str,
        proof: Option<DpopProof>,
    ) -> IssuedTokens {
        let code = allow(&self.app, &customer.principal(), authorization(scope)).await.unwrap();
        exchange(&self.app, token_request(&code), proof).await.unwrap().expect("the code is valid")
    }
}
