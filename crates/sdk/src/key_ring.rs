//! The keys that certificates are verified with: the root-signed keys that came with a certificate, minus those that the newest known
//! keyset revokes.

use keystead_protocol::certificate::{Certificate, CertificateError, KeyRing, Keyset, UntrustedCertificate};
use keystead_protocol::text::from_base64url;

use crate::Client;

impl Client {
    /// Verifies a certificate with the root-signed `keys` that came with it.
    pub(crate) fn verify(&self, token: &str, keys: &[String]) -> Result<Certificate, CertificateError> {
        let ring = self.key_ring(keys)?;
        let bytes = from_base64url(token).ok_or(CertificateError::Malformed)?;
        UntrustedCertificate::parse(&bytes)?.verify(&ring, &self.profile.product)
    }

    /// Opens root-signed `keys` together with the newest keyset that is stored on this device.
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
            // A root-signed keyset is trusted whatever its source. If storing fails, the next contact stores it.
            self.data_dir.store_keyset(newest).ok();
        }
        Ok(ring)
    }
}
