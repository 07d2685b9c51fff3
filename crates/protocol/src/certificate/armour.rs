//! Text armor of files (RFC 7468).

use super::CertificateError;

/// Encodes `content` as armored text with a label.
pub(super) fn armour(label: &str, content: Vec<u8>) -> String {
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    pem::encode_config(&pem::Pem::new(label, content), config)
}

/// Decodes the armored content with that label. Surrounding text is ignored.
pub(super) fn content(label: &str, text: &str) -> Result<Vec<u8>, CertificateError> {
    let found = pem::parse(text).ok().filter(|found| found.tag() == label);
    found.map(pem::Pem::into_contents).ok_or(CertificateError::Malformed)
}
