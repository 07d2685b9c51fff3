use std::fmt;

use keystead_protocol::Code;
use serde::{Deserialize, Serialize};
use ureq::ProxyProtocol;

use crate::Error;

/// The proxy for requests.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proxy {
    /// The proxy that the user stored ([`Client::set_proxy`](crate::Client::set_proxy)), otherwise
    /// the system's: `ALL_PROXY`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, and on Windows the
    /// Internet settings.
    #[default]
    System,
    /// No proxy.
    Direct,
    /// This proxy: `http://user:password@host:port`.
    Address(String),
}

impl fmt::Debug for Proxy {
    /// Omits the address, which may contain a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Proxy::System => "System",
            Proxy::Direct => "Direct",
            Proxy::Address(_) => "Address(…)",
        })
    }
}

impl Proxy {
    /// Host and port, such as `proxy.example:8080`.
    pub(crate) fn without_secrets(&self) -> Option<String> {
        let proxy = match self {
            Proxy::Direct => None,
            proxy => proxy.resolve().ok().flatten(),
        }?;
        Some(format!("{}:{}", proxy.host(), proxy.port()))
    }

    pub(crate) fn resolve(&self) -> Result<Option<ureq::Proxy>, Error> {
        match self {
            Proxy::System => Ok(ureq::Proxy::try_from_env()),
            Proxy::Direct => Ok(None),
            Proxy::Address(address) => ureq::Proxy::new(address)
                .ok()
                .filter(|proxy| matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https))
                .map(Some)
                .ok_or_else(|| {
                    let why = "the proxy's address is not of the form http://user:password@host:port";
                    Error::new(Code::NotConfigured, why)
                }),
        }
    }
}
