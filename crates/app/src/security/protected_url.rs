//! Decides whether the connection to a URL is protected.

use std::net::IpAddr;

/// Whether the connection is unreadable on the network: it uses TLS, or the host is this machine.
pub fn is_protected(url: &url::Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && url.host_str().is_some_and(is_this_machine)
}

/// Whether a URL's host is this machine.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
