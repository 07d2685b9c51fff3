use keystead_protocol::text::to_base64url;
use sha2::{Digest as _, Sha256};

use crate::entropy;

/// A PKCE code verifier (RFC 7636).
pub(super) struct CodeVerifier(String);

impl CodeVerifier {
    pub(super) fn generate() -> Self {
        Self(to_base64url(&entropy::bytes::<32>()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn challenge(&self) -> String {
        to_base64url(&Sha256::digest(self.0.as_bytes()))
    }
}
