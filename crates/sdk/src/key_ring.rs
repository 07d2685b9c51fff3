//! The keys that verify certificates. Each certificate comes with its root-signed keys. The newest
//! known keyset lists the revoked keys.

use keystead_protocol::certificate::{Certificate, CertificateError, KeyRing, Keyset, UntrustedCertificate};
use keystead_protocol::text::from_base64url;

use crate::Client;

impl Client {
    /// Verifies the certificate `token` with the root-signed `keys` that came with it.
    pub(crate) fn verify(&self, token: &str, keys: &[String]) -> Result<Certificate, CertificateError> {
        let ring = self.key_ring(keys)?;
        let bytes = from_base64url(token).ok_or(CertificateError::Malformed)?;
        UntrustedCertificate::parse(&bytes)?.verify(&ring, &self.profile.product)
    }

    /// Opens root-signed `keys` together with the keysets that are stored on this device.
    pub(crate) fn key_ring(&self, keys: &[String]) -> Result<KeyRing, CertificateError> {
        let signed: Option<Vec<_>> = keys.iter().map(|text| from_base64url(text)).collect();
        let mut signed = signed.ok_or(CertificateError::Malformed)?;
        // Ignore a stored keyset that is damaged or signed by a root that is no longer pinned.
        let valid = |text: &String| {
            from_base64url(text).filter(|bytes| Keyset::open(bytes, &self.profile.roots).is_ok())
        };
        let known: Vec<_> =
            self.data_dir.keysets().iter().map(|text| text.as_ref().and_then(valid)).collect();
        signed.extend(known.iter().flatten().cloned());
        let ring = KeyRing::open(&self.profile.roots, &signed)?;
        if let Some((_, newest)) = ring.keyset()
            && known.iter().any(|known| known.as_deref() != Some(newest))
        {
            // The root signed the keyset, so its source does not matter. If storing fails, the next
            // call tries again.
            self.data_dir.store_keyset(newest).ok();
        }
        Ok(ring)
    }
}
