//! The keys that certificates are verified with: the root-signed ones that came along, less those that the newest keyset
//! revokes, whenever it was received.

use keystead_protocol::certificate::{CertificateError, KeyRing, Keyset};
use keystead_protocol::text::from_base64url;

use crate::Client;

impl Client {
    /// Opens root-signed `keys` together with the newest keyset that is known on this device.
    pub(crate) fn key_ring(&self, keys: &[String]) -> Result<KeyRing, CertificateError> {
        let signed: Option<Vec<_>> = keys.iter().map(|text| from_base64url(text)).collect();
        let mut signed = signed.ok_or(CertificateError::Malformed)?;
        // One that is damaged, or of a root that is not pinned any more, says nothing.
        let valid = |text: &String| {
            from_base64url(text).filter(|bytes| Keyset::open(bytes, &self.profile.roots).is_ok())
        };
        let known: Vec<_> = self.files.keysets().iter().map(|text| text.as_ref().and_then(valid)).collect();
        signed.extend(known.iter().flatten().cloned());
        let ring = KeyRing::open(&self.profile.roots, &signed)?;
        if let Some((_, newest)) = ring.keyset()
            && known.iter().any(|known| known.as_deref() != Some(newest))
        {
            // What a root signed is worth keeping wherever it comes from; it is kept again at the next contact if this fails.
            self.files.keep_keyset(newest).ok();
        }
        Ok(ring)
    }
}
