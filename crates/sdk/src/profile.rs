use ed25519_dalek::VerifyingKey;
use keystead_protocol::Code;
use keystead_protocol::api::{AppProfile, OfflineTerms};
use keystead_protocol::certificate::PinnedRoots;
use keystead_protocol::text::array_from_base64url;

use crate::Error;

/// The vendor's application profile. It is shipped with the application and trusted like the
/// application's code.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The server's address, without a trailing slash.
    pub server: String,
    /// The product's short name.
    pub product: String,
    /// The product's name.
    pub product_name: String,
    /// The product's number in its product keys.
    pub product_code: u16,
    /// The features that work without a license.
    pub limited_features: Vec<String>,
    /// The terms that an offline confirmation can grant.
    pub(crate) offline: Option<OfflineTerms>,
    pub(crate) roots: PinnedRoots,
    pub(crate) salt: [u8; 32],
}

impl Profile {
    /// Reads a profile that the server generated.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let profile: AppProfile =
            serde_json::from_slice(json).map_err(|error| Error::new(Code::NotConfigured, error))?;
        let damaged = |what| Error::new(Code::NotConfigured, format!("the profile's {what} is damaged"));
        let root = |text: &String| {
            array_from_base64url(text)
                .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
                .ok_or(damaged("root key"))
        };
        let keys = profile.roots.iter().map(root).collect::<Result<Vec<_>, _>>()?;
        let names_are_plain = [&profile.issuer, &profile.product]
            .iter()
            .all(|name| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']));
        if keys.is_empty() || !names_are_plain {
            return Err(damaged("content"));
        }
        Ok(Self {
            server: profile.server.trim_end_matches('/').to_owned(),
            product: profile.product,
            product_name: profile.product_name,
            product_code: profile.product_code,
            limited_features: profile.limited_features,
            offline: profile.offline,
            roots: PinnedRoots { issuer: profile.issuer, keys },
            salt: array_from_base64url(&profile.fingerprint_salt).ok_or(damaged("salt"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;

    #[test]
    fn the_example_is_a_profile() {
        let profile = Profile::from_json(include_bytes!("../examples/profile.json")).unwrap();
        assert_eq!(profile.product, "acme.photo");
    }
}
