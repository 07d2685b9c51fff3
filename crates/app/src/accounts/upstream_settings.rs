//! The configuration of an upstream provider: one whose accounts can sign in here.

use anyhow::Context as _;
use secrecy::SecretString;
use serde::Deserialize;

use crate::security::protected_url::is_protected;

/// An upstream provider, as the configuration names it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSettings {
    /// A short name, for addresses.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// The issuer, as `https://accounts.google.com`.
    pub issuer: String,
    /// What the provider calls this server.
    pub client_id: String,
    /// The secret that the provider gave this server, where it gave one.
    pub client_secret: Option<SecretString>,
    /// Whether it is Microsoft Entra, whose users are known by tenant and object id instead of a subject that differs
    /// for every application.
    #[serde(default)]
    pub entra: bool,
}

impl UpstreamSettings {
    /// Refuses values that cannot work.
    pub fn check(&self) -> anyhow::Result<()> {
        keystead_domain::account::check_slug(&self.id).context("providers.id")?;
        let url: url::Url = self.issuer.parse().with_context(|| format!("providers.{}.issuer", self.id))?;
        anyhow::ensure!(is_protected(&url), "providers.{}.issuer must start with https://", self.id);
        Ok(())
    }
}
