//! The configuration of an upstream provider.

use anyhow::Context as _;
use secrecy::SecretString;
use serde::Deserialize;

use crate::security::protected_url::is_protected;

/// An upstream provider, as configured.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSettings {
    /// A short name, used in URLs.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The issuer, such as `https://accounts.google.com`.
    pub issuer: String,
    /// The client id that the provider assigned to this server.
    pub client_id: String,
    /// The client secret, if the provider assigned one.
    pub client_secret: Option<SecretString>,
    /// Whether the provider is Microsoft Entra. Entra users are identified by tenant and object id, because the
    /// subject differs for every application.
    #[serde(default)]
    pub entra: bool,
}

impl UpstreamSettings {
    /// Rejects invalid values.
    pub fn check(&self) -> anyhow::Result<()> {
        keystead_domain::account::check_slug(&self.id).context("providers.id")?;
        let url: url::Url = self.issuer.parse().with_context(|| format!("providers.{}.issuer", self.id))?;
        anyhow::ensure!(is_protected(&url), "providers.{}.issuer must start with https://", self.id);
        Ok(())
    }
}
