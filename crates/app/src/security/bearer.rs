//! Bearer secrets: a prefix that tells what one is, 32 random bytes and a checksum, so that a scanner finds a leaked
//! one and a typing mistake never reaches the database. Only the SHA-256 digest is stored.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::text::{from_base64url, to_base64url, to_hex};
use keystead_storage::Digest;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::entropy;

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The vendor's automation.
    ApiToken,
    /// An application's requests.
    Access,
    /// An application's new tokens.
    Refresh,
    /// A browser.
    WebSession,
    /// An application that waits for approval (RFC 8628).
    DeviceCode,
    /// A one-time link in a letter.
    EmailLink,
    /// A sign-in that waits for its second factor.
    MfaChallenge,
    /// What an application gets by way of the browser, to be exchanged once.
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

/// A text that is no bearer secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBearer;

impl Bearer {
    /// A new secret.
    pub fn new(kind: Kind) -> Self {
        Self::of(kind, entropy::bytes())
    }

    /// The secret that follows on this one: always the same, and known to nobody who lacks this one or the server's `key`.
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

    /// Reads a secret that must be of one kind.
    pub fn parse(text: &str, kind: Kind) -> Option<Self> {
        text.parse().ok().filter(|bearer: &Self| bearer.kind == kind)
    }

    /// What it is for.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The secret itself, to be shown once.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What it is stored under.
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
