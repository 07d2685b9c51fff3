//! Whether what is sent to an address can be read on the way.

use std::net::IpAddr;

/// Whether nobody on the way to this address reads along: it is reached by TLS, or it is on this machine.
pub fn is_protected(url: &url::Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && url.host_str().is_some_and(is_this_machine)
}

/// Whether a host, as a URL has it, is the machine that this runs on.
pub fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
