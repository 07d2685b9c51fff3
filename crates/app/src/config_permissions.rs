//! Warns if a configuration file contains passwords and every user of the machine can read it.

use std::path::Path;

use url::Url;

use crate::config::{Config, file_source};
use crate::security::private_files;

/// Logs the warning, if it applies.
pub fn warn_if_exposed(file: Option<&Path>) {
    let path = file.unwrap_or(Path::new(Config::FILE));
    let read = config::Config::builder().add_source(file_source(file)).build();
    let config = read.and_then(config::Config::try_deserialize::<Config>);
    if config.is_ok_and(|config| config.holds_passwords()) && private_files::is_readable_by_all(path) {
        tracing::warn!(
            path = %path.display(),
            "the configuration holds passwords and others can read it; remove their access with chmod o-rwx"
        );
    }
}

impl Config {
    fn holds_passwords(&self) -> bool {
        let urls = [&self.database_url, &self.mail.smtp_url].into_iter().flatten();
        let mut urls = urls.filter_map(|url| url.parse::<Url>().ok());
        urls.any(|url| url.password().is_some())
            || self.providers.iter().any(|provider| provider.client_secret.is_some())
    }
}
