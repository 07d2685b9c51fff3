//! License files, which bring a certificate to a device without a network.

use ciborium::Value;

use super::armour::{armour, content};
use super::{CertificateError, cbor};

const LABEL: &str = "LICENCE";
const VERSION: i64 = 1;
const MAX_STATEMENTS: usize = 16;

/// The content of a `.lic` file: CBOR `[1, token, [key statements], ratchet]`. It is untrusted until the certificate
/// is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseFile {
    /// The certificate.
    pub token: Vec<u8>,
    /// Root-signed statements about issuing keys.
    pub statements: Vec<Vec<u8>>,
    /// The ratchet value for the device's first online refresh.
    pub ratchet: [u8; 16],
}

impl LicenseFile {
    /// Encodes the file.
    pub fn to_text(&self) -> String {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let statements = self.statements.iter().map(|statement| bytes(statement)).collect();
        let content =
            vec![Value::from(VERSION), bytes(&self.token), Value::Array(statements), bytes(&self.ratchet)];
        armour(LABEL, cbor::encode(&Value::Array(content)))
    }

    /// Parses a file.
    pub fn parse(text: &str) -> Result<Self, CertificateError> {
        use CertificateError::{Malformed, Unsupported};
        let content: Value = ciborium::from_reader(&*content(LABEL, text)?).map_err(|_| Malformed)?;
        let content = content.into_array().map_err(|_| Malformed)?;
        let [version, token, statements, ratchet] = <[Value; 4]>::try_from(content).map_err(|_| Malformed)?;
        if cbor::integer(&version)? != VERSION {
            return Err(Unsupported);
        }
        let bytes = |value: Value| value.into_bytes().map_err(|_| Malformed);
        let statements = statements.into_array().map_err(|_| Malformed)?;
        if statements.len() > MAX_STATEMENTS {
            return Err(CertificateError::TooLarge);
        }
        Ok(Self {
            token: bytes(token)?,
            statements: statements.into_iter().map(bytes).collect::<Result<_, _>>()?,
            ratchet: cbor::bytes(&ratchet)?,
        })
    }
}
