//! Finds which part of a connection failed.

use std::io::ErrorKind;
use std::net::ToSocketAddrs as _;

use keystead_protocol::Code;
use rustls::CertificateError;
use ureq::Timeout;
use ureq::http::Uri;

use crate::Error;

/// The error for a failed request to `url`.
pub(super) fn fault(error: &ureq::Error, url: &str, by_proxy: bool) -> Error {
    Error::new(code(error, url, by_proxy), error)
}

fn code(error: &ureq::Error, url: &str, by_proxy: bool) -> Code {
    if let Some(error) = tls_error(error) {
        return tls_code(error);
    }
    match error {
        ureq::Error::ConnectProxyFailed(why) if why.contains("407") => Code::ProxySignInRequired,
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => Code::ProxyRefused,
        ureq::Error::Tls(_) => Code::TlsFailed,
        ureq::Error::BadUri(_) => Code::NotConfigured,
        ureq::Error::Protocol(_) => Code::NotTheServer,
        ureq::Error::Io(error) if is_unreachable(error) => Code::Offline,
        // With a proxy, this device resolves and connects to the proxy only.
        ureq::Error::HostNotFound | ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) if by_proxy => {
            Code::ProxyRefused
        }
        ureq::Error::Io(error) if by_proxy && error.kind() == ErrorKind::ConnectionRefused => {
            Code::ProxyRefused
        }
        ureq::Error::HostNotFound | ureq::Error::Timeout(Timeout::Resolve) => not_found(),
        ureq::Error::Timeout(Timeout::Connect) | ureq::Error::ConnectionFailed => Code::ConnectionTimedOut,
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => Code::ConnectionRefused,
        // The bytes received are not TLS.
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData && url.starts_with("https://") => {
            Code::TlsFailed
        }
        ureq::Error::Io(_) if !by_proxy && !resolves(url) => not_found(),
        _ => Code::ServerUnavailable,
    }
}

fn tls_error(error: &ureq::Error) -> Option<&rustls::Error> {
    match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref(),
        _ => None,
    }
}

/// The code for a TLS error. A TLS certificate that is expired or not valid yet usually means that
/// this device's clock is wrong.
fn tls_code(error: &rustls::Error) -> Code {
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => Code::ClockWrong,
        _ => Code::TlsFailed,
    }
}

fn not_found() -> Code {
    if has_network() { Code::ServerNotFound } else { Code::Offline }
}

/// Whether the server's name can be resolved. The connection error does not tell.
fn resolves(url: &str) -> bool {
    let Some(authority) = url.parse::<Uri>().ok().and_then(|uri| uri.into_parts().authority) else {
        return true;
    };
    (authority.host().trim_matches(['[', ']']), authority.port_u16().unwrap_or(443)).to_socket_addrs().is_ok()
}

fn is_unreachable(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::HostUnreachable
    )
}

/// Whether any network adapter except the loopback is up; `true` if unknown.
fn has_network() -> bool {
    let Ok(adapters) = std::fs::read_dir("/sys/class/net") else { return true };
    adapters.flatten().filter(|adapter| adapter.file_name() != "lo").any(|adapter| {
        std::fs::read_to_string(adapter.path().join("operstate")).is_ok_and(|s| s.trim() != "down")
    })
}
