//! Bearer secrets: a prefix for the kind, 32 random bytes and a checksum. The prefix lets scanners find
//! leaked secrets. The checksum rejects typing mistakes before any query. Only the SHA-256 digest is stored.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::text::{from_base64url, to_base64url, to_hex};
use keystead_storage::Digest;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::entropy;

/// Purpose of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// API token of the vendor's automation.
    ApiToken,
    /// Access token of an application.
    Access,
    /// Refresh token of an application.
    Refresh,
    /// Browser session.
    WebSession,
    /// Device code of an application that waits for approval (RFC 8628).
    DeviceCode,
    /// One-time link in an email.
    EmailLink,
    /// Sign-in that waits for its second factor.
    MfaChallenge,
    /// Authorization code of an application, exchanged once.
    AuthorizationCode,
}

impl Kind {
    const ALL: [Kind; 8] = [
        Kind::ApiToken,
        Kind::Access,
        Kind::Refresh,
        Kind::WebSession,
        Kind::DeviceCode,
        Kind::EmailLink,
        Kind::MfaChallenge,
        Kind::AuthorizationCode,
    ];

    const fn prefix(self) -> &'static str {
        match self {
            Kind::ApiToken => "kst_",
            Kind::Access => "ksa_",
            Kind::Refresh => "ksr_",
            Kind::WebSession => "ksw_",
            Kind::DeviceCode => "ksd_",
            Kind::EmailLink => "kse_",
            Kind::MfaChallenge => "ksh_",
            Kind::AuthorizationCode => "ksc_",
        }
    }
}

/// A bearer secret.
pub struct Bearer {
    kind: Kind,
    text: Zeroizing<String>,
}

/// The text is not a bearer secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBearer;

impl Bearer {
    /// A new secret.
    pub fn new(kind: Kind) -> Self {
        Self::of(kind, entropy::bytes())
    }

    /// The successor of this secret, derived from it and the server's `key`.
    pub fn next(&self, kind: Kind, key: &[u8; 32]) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
        mac.update(b"keystead/next-bearer/v1\0");
        mac.update(kind.prefix().as_bytes());
        mac.update(self.text.as_bytes());
        Self::of(kind, mac.finalize().into_bytes().into())
    }

    fn of(kind: Kind, random: [u8; 32]) -> Self {
        let body = format!("{}{}", kind.prefix(), to_base64url(&random));
        let text = Zeroizing::new(format!("{body}{}", checksum(&body)));
        Self { kind, text }
    }

    /// Parses a secret of the given kind.
    pub fn parse(text: &str, kind: Kind) -> Option<Self> {
        text.parse().ok().filter(|bearer: &Self| bearer.kind == kind)
    }

    /// Purpose of the secret.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The text of the secret, which is shown once.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The digest that is stored.
    pub fn digest(&self) -> Digest {
        Sha256::digest(self.text.as_bytes()).into()
    }
}

fn checksum(body: &str) -> String {
    to_hex(&Sha256::digest(body.as_bytes())[..3])
}

impl FromStr for Bearer {
    type Err = NoBearer;

    fn from_str(text: &str) -> Result<Self, NoBearer> {
        let kind = Kind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix())).ok_or(NoBearer)?;
        let (body, check) = text.split_at_checked(text.len().saturating_sub(6)).ok_or(NoBearer)?;
        let random = body.strip_prefix(kind.prefix()).and_then(from_base64url).ok_or(NoBearer)?;
        if random.len() != 32 || check != checksum(body) {
            return Err(NoBearer);
        }
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.kind.prefix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_again_and_stays_out_of_debug_output() {
        let secret = Bearer::new(Kind::Access);
        let again: Bearer = secret.expose().parse().unwrap();
        assert_eq!((again.kind(), again.digest()), (Kind::Access, secret.digest()));
        assert_eq!(format!("{secret:?}"), "ksa_…");
    }

    #[test]
    fn a_mistyped_secret_is_none() {
        let secret = Bearer::new(Kind::ApiToken).expose().to_owned();
        let mistyped =
            format!("{}{}", &secret[..20], if &secret[20..21] == "x" { "y" } else { "x" }) + &secret[21..];
        for text in ["", "kst_", "é", "kst_é", &mistyped, &secret[1..]] {
            assert_eq!(text.parse::<Bearer>().unwrap_err(), NoBearer);
        }
    }
}
