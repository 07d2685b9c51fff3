use std::path::PathBuf;
use std::time::Duration;

use crate::{Proxy, Tpm};

/// Options of a [`Client`](crate::Client).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The application's OAuth client id at the vendor's server.
    pub client_id: String,
    /// The proxy for requests.
    pub proxy: Proxy,
    /// The TPM that holds the device key.
    pub tpm: Tpm,
    /// The folder with the hardware tags that root published
    /// ([`Client::publish_hardware`](crate::Client::publish_hardware)).
    pub published: PathBuf,
    /// Parent folder of the second copies of the values that decide the activation state. By
    /// default below `$XDG_STATE_HOME` or `~/.local/state`, `~/Library/Preferences` on macOS,
    /// `%APPDATA%` on Windows.
    pub second_folder: Option<PathBuf>,
    /// The application's version, shown with the activation.
    pub app_version: Option<String>,
    /// Longest time to wait for a response.
    pub timeout: Duration,
    /// Certificate authorities in PEM for a server with a private certificate. They replace the
    /// system's authorities; empty means the system's.
    pub authorities: Vec<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client_id: "keystead-sdk".to_owned(),
            proxy: Proxy::System,
            tpm: Tpm::System,
            published: PathBuf::from("/run/keystead"),
            second_folder: None,
            app_version: None,
            timeout: Duration::from_secs(30),
            authorities: Vec::new(),
        }
    }
}
