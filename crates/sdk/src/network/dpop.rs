//! DPoP proofs (RFC 9449). A proof shows that the sender of an access token has the device key that
//! the token is bound to.

use keystead_protocol::Code;
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::text::to_base64url;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::device_key::DeviceKey;
use crate::{Error, entropy};

/// An access token and the key that it is bound to.
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) key: DeviceKey,
}

/// Signs a proof for one request. `url` has no query. `at` is the server's time, Unix seconds.
pub(super) fn sign(
    key: &DeviceKey,
    method: &str,
    url: &str,
    token: Option<&str>,
    at: i64,
) -> Result<String, Error> {
    let public = key.public_key();
    let jwk = public.to_jwk().ok_or(Error::from(Code::DeviceKeyMissing))?;
    let header = format!(r#"{{"typ":"dpop+jwt","alg":"{}","jwk":{jwk}}}"#, public.jose_algorithm());
    let id = to_base64url(&entropy::bytes::<16>());
    let mut claims = json!({ "jti": id, "htm": method, "htu": url, "iat": at });
    if let Some(token) = token {
        claims["ath"] = to_base64url(&Sha256::digest(token)).into();
    }
    let signed = [header, claims.to_string()].map(|part| to_base64url(part.as_bytes())).join(".");
    let signature = key.sign(signed.as_bytes()).map_err(|error| match error.code {
        Code::DeviceKeyMissing => {
            Error::new(Code::TokenExpired, "the device key that the sign-in is bound to is gone")
        }
        _ => error,
    })?;
    Ok(format!("{signed}.{}", to_base64url(&signature)))
}
