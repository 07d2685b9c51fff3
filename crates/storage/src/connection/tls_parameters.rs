//! libpq's TLS parameters, which the client library does not support.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::Error;

/// The values of libpq's TLS parameters in a URL.
#[derive(Default)]
pub(super) struct TlsParameters {
    pub(super) mode: Option<String>,
    pub(super) root_certificate: Option<String>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

impl TlsParameters {
    /// Stores a parameter. Returns `false` if it is not a TLS parameter.
    pub(super) fn take(&mut self, name: &str, value: &str) -> Result<bool, Error> {
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_| Error::Settings(format!("{name} is not UTF-8")))?
            .into_owned();
        match name {
            "sslmode" => self.mode = Some(value),
            "sslrootcert" => self.root_certificate = Some(value),
            "sslcert" => self.certificate = Some(value.into()),
            "sslkey" => self.key = Some(value.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }
}
