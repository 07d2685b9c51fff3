//! OAuth clients: applications that sign their users in. All are public clients (RFC 6749, section 2.1), because a
//! secret shipped to customers is not secret.

use std::net::IpAddr;

use serde::Deserialize;

use crate::oauth::scope::{LICENSES, OWNERSHIP, VENDOR};

/// Supported scopes.
pub const SCOPES: [&str; 7] = ["openid", "profile", "email", "offline_access", LICENSES, OWNERSHIP, VENDOR];

/// Default scope of an application that requests none.
const DEFAULT_SCOPE: &str = "profile email licenses";

/// A grant type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// Authorization code in the browser (RFC 6749, section 4.1).
    AuthorizationCode,
    /// Device code, entered in a browser on another device (RFC 8628).
    DeviceCode,
}

/// An OAuth client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// The display name, shown on the consent page.
    pub name: String,
    /// Allowed redirect addresses. An address on `http://127.0.0.1` or `http://[::1]` allows every port (RFC
    /// 8252, section 7.3).
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Allowed grant types. Default: both.
    #[serde(default = "all_grants")]
    pub grants: Vec<Grant>,
    /// Allowed scopes, in addition to `vendor`. Default: all.
    #[serde(default = "all_scopes")]
    pub scopes: Vec<String>,
    /// Whether staff may let the application act for the vendor. Default: no.
    #[serde(default)]
    pub vendor: bool,
    /// Whether the application is the vendor's own and may ask for passwords itself. Default: no.
    #[serde(default)]
    pub first_party: bool,
}

fn all_grants() -> Vec<Grant> {
    vec![Grant::AuthorizationCode, Grant::DeviceCode]
}

fn all_scopes() -> Vec<String> {
    SCOPES.into_iter().filter(|name| *name != VENDOR).map(str::to_owned).collect()
}

/// The clients that every server has.
pub fn built_in() -> Vec<Client> {
    let loopback = || vec!["http://127.0.0.1/callback".to_owned(), "http://[::1]/callback".to_owned()];
    let client = |id: &str, name: &str| Client { redirect_uris: loopback(), ..Client::new(id, name) };
    vec![
        client("keystead-cli", "Keystead command line"),
        client("keystead-settings", "Settings"),
        client("keystead-sdk", "Application"),
    ]
}

impl Client {
    /// A client with default settings.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            redirect_uris: Vec::new(),
            grants: all_grants(),
            scopes: all_scopes(),
            vendor: false,
            first_party: false,
        }
    }

    /// Rejects invalid values.
    pub fn check(&self) -> anyhow::Result<()> {
        let whole = |uri: &String| uri.parse::<url::Url>().is_ok_and(|url| url.fragment().is_none());
        anyhow::ensure!(
            !self.id.is_empty() && self.redirect_uris.iter().all(whole),
            "clients: {} needs an id and whole addresses as redirect_uris",
            self.name
        );
        let known = all_scopes();
        if let Some(unknown) = self.scopes.iter().find(|name| !known.contains(name)) {
            anyhow::bail!("clients: {} has the scope {unknown}; there are {}", self.id, known.join(", "));
        }
        Ok(())
    }

    /// Returns the allowed names of a requested scope, without duplicates. Drops other names (RFC 6749,
    /// section 3.3).
    pub fn scope(&self, asked: &str) -> String {
        let asked = if asked.trim().is_empty() { DEFAULT_SCOPE } else { asked };
        let asked: Vec<&str> = asked.split(' ').collect();
        let own =
            |name: &str| if name == VENDOR { self.vendor } else { self.scopes.iter().any(|own| own == name) };
        let may = |name: &&str| asked.contains(name) && own(name);
        SCOPES.into_iter().filter(may).collect::<Vec<_>>().join(" ")
    }

    /// Whether codes may be sent to `uri`. It must equal a registered address, except for the port of a
    /// loopback address.
    pub fn may_redirect_to(&self, uri: &str) -> bool {
        let Ok(asked) = uri.parse::<url::Url>() else { return false };
        self.redirect_uris.iter().any(|known| {
            known == uri || known.parse().is_ok_and(|known: url::Url| same_but_for_port(known, &asked))
        })
    }
}

fn same_but_for_port(mut known: url::Url, asked: &url::Url) -> bool {
    let address = known.host_str().and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok());
    let loopback = known.scheme() == "http" && address.is_some_and(|address| address.is_loopback());
    loopback && known.set_port(asked.port()).is_ok() && known == *asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_registered_gets_codes_and_only_loopback_has_any_port() {
        let mut client = built_in().remove(0);
        client.redirect_uris.push("https://app.example.org/signed-in".into());
        for good in [
            "http://127.0.0.1:4711/callback",
            "http://127.0.0.1/callback",
            "http://[::1]:9/callback",
            "https://app.example.org/signed-in",
        ] {
            assert!(client.may_redirect_to(good), "{good}");
        }
        for bad in [
            "http://127.0.0.1:4711/other",
            "http://127.0.0.1:4711/callback?x=1",
            "http://127.0.0.1:4711/callback#x",
            "http://user@127.0.0.1:4711/callback",
            "https://127.0.0.1/callback",
            "http://localhost:4711/callback",
            "http://127.0.0.1.example.org/callback",
            "https://app.example.org:8443/signed-in",
            "https://app.example.org/signed-in/../x",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!client.may_redirect_to(bad), "{bad}");
        }
    }
}
