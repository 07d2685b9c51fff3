use std::path::PathBuf;
use std::time::Duration;

use crate::{Proxy, Tpm};

/// How a [`Client`](crate::Client) works, where the defaults do not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The OAuth client that the application is known as to the vendor's server.
    pub client_id: String,
    /// How requests leave this network.
    pub proxy: Proxy,
    /// Which TPM keeps the device key.
    pub tpm: Tpm,
    /// Where a helper with more rights publishes this machine's hardware ([`Client::publish_hardware`](crate::Client::publish_hardware)).
    pub published: PathBuf,
    /// Where the second copy of what a state follows from is kept, away from the folder; by default `$XDG_STATE_HOME` or `~/.local/state`,
    /// `~/Library/Preferences` on macOS, `%APPDATA%` on Windows.
    pub second_folder: Option<PathBuf>,
    /// The application's version, shown with its activations.
    pub app_version: Option<String>,
    /// How long an answer of the server may take.
    pub patience: Duration,
    /// Authorities to trust in place of the system's, in PEM, for a server whose certificate is the vendor's own.
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
            patience: Duration::from_secs(30),
            authorities: Vec::new(),
        }
    }
}
