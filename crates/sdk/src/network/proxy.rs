use keystead_protocol::Code;

use crate::Error;

/// How requests leave this network.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Proxy {
    /// As the system says: `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, and on Windows the Internet settings.
    #[default]
    System,
    /// By no proxy.
    Direct,
    /// By this one: `http://user:password@host:port`.
    Address(String),
}

impl Proxy {
    pub(crate) fn resolve(&self) -> Result<Option<ureq::Proxy>, Error> {
        match self {
            Proxy::System => Ok(ureq::Proxy::try_from_env()),
            Proxy::Direct => Ok(None),
            Proxy::Address(address) => ureq::Proxy::new(address)
                .map(Some)
                .map_err(|_| Error::new(Code::NotConfigured, "the proxy's address cannot be understood")),
        }
    }
}
