//! Parses a PostgreSQL URL, including libpq's TLS parameters, which the client library does not support.

use std::net::IpAddr;
use std::time::Duration;

use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls::{Encryption, Tls};
use super::tls_parameters::TlsParameters;
use crate::{Error, Timeouts};

type Connected = (Client, Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>);

/// The address of a PostgreSQL server and its connection parameters.
pub(super) struct Address {
    config: Config,
    tls: Tls,
}

impl Address {
    /// Parses a `postgres://` URL. Its parameters override `timeouts`.
    pub(super) fn parse(url: &str, timeouts: &Timeouts) -> Result<Self, Error> {
        // A question mark before the `@` belongs to the password.
        let credentials = url.find('@').unwrap_or(0);
        let query = url[credentials..].find('?').map_or(url.len(), |at| credentials + at);
        let mut parameters = TlsParameters::default();
        let mut others = Vec::new();
        for pair in url[query..].trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !parameters.take(name, value)? {
                others.push(pair);
            }
        }
        let config = format!("{}?{}", &url[..query], others.join("&")).parse::<Config>();
        let mut config = config.map_err(|error| Error::Settings(crate::error::described(&error)))?;
        limit(&mut config, &others, timeouts);
        let mut tls = Tls::from_parameters(parameters)?;
        // As in libpq, Unix sockets do not use TLS: they cannot be intercepted on the network.
        let hosts = config.get_hosts();
        if !hosts.is_empty() && hosts.iter().all(|host| matches!(host, Host::Unix(_))) {
            tls.encryption = Encryption::Never;
        }
        config.ssl_mode(tls.encryption.mode());
        Ok(Self { config, tls })
    }

    /// Whether the server is on this machine or its certificate is verified.
    pub(super) fn is_protected(&self) -> bool {
        let is_here = |host: &Host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                name == "localhost" || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            }
        };
        let addresses = self.config.get_hostaddrs();
        let is_local =
            self.config.get_hosts().iter().all(is_here) && addresses.iter().all(IpAddr::is_loopback);
        is_local || self.tls.verifies_the_server()
    }

    /// Maximum duration of [`Address::connect`].
    pub(super) fn deadline(&self, timeouts: &Timeouts) -> Duration {
        let hosts = self.config.get_hosts().len().max(1) as u32;
        self.config.get_connect_timeout().copied().unwrap_or(timeouts.connect) * hosts
    }

    pub(super) async fn connect(&self) -> Result<Connected, Error> {
        let connector = MakeRustlsConnect::new(self.tls.client_config()?);
        match self.config.connect(connector.clone()).await {
            Err(error) if self.may_go_without_tls(&error) => {
                let mut plain = self.config.clone();
                plain.ssl_mode(tokio_postgres::config::SslMode::Disable);
                // The first error is more useful than the failure of the fallback without TLS.
                plain.connect(connector).await.map_err(|_| error.into())
            }
            connected => Ok(connected?),
        }
    }

    /// Whether to retry without TLS. As in libpq, `sslmode=prefer` retries if TLS fails or `pg_hba.conf` has
    /// no entry for TLS connections.
    fn may_go_without_tls(&self, error: &tokio_postgres::Error) -> bool {
        let refused = error.code().is_none_or(|code| *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
        self.tls.encryption == Encryption::Preferred && refused
    }
}

/// Sets timeouts and keepalives that the URL does not set. A dead connection is then detected within the
/// response timeout.
fn limit(config: &mut Config, given: &[&str], timeouts: &Timeouts) {
    let is_given = |name: &str| given.iter().any(|pair| pair.split('=').next() == Some(name));
    if !is_given("connect_timeout") {
        config.connect_timeout(timeouts.connect);
    }
    if !is_given("keepalives_idle") {
        config.keepalives_idle(Duration::from_secs(10));
    }
    if !is_given("keepalives_interval") {
        config.keepalives_interval(Duration::from_secs(5));
    }
    if !is_given("keepalives_retries") {
        config.keepalives_retries(3);
    }
    if !is_given("tcp_user_timeout") {
        config.tcp_user_timeout(timeouts.answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str) -> String {
        Address::parse(url, &Timeouts::default()).err().unwrap().to_string()
    }

    fn encryption(url: &str) -> Encryption {
        Address::parse(url, &Timeouts::default()).unwrap().tls.encryption
    }

    #[test]
    fn parameters_are_read_as_libpq_reads_them() {
        assert_eq!(encryption("postgres://db"), Encryption::Preferred);
        assert_eq!(encryption("postgres://a:p?w@db/x?sslmode=disable"), Encryption::Never);
        assert_eq!(encryption("postgres://db/x?connect_timeout=3&sslmode=require"), Encryption::Required);
        assert_eq!(encryption("postgres://%2Frun%2Fpostgresql/x?sslmode=require"), Encryption::Never);
        assert_eq!(encryption("postgres://db?sslrootcert=system"), Encryption::Required);
        assert_eq!(encryption("postgres://db?sslmode=verify-ca&sslrootcert=%2Fca.pem"), Encryption::Required);
    }

    #[test]
    fn a_mode_that_cannot_be_satisfied_is_refused_with_its_reason() {
        assert!(refusal("postgres://db?sslmode=strict").contains("verify-full"));
        assert!(refusal("postgres://db?sslmode=verify-full").contains("sslrootcert"));
        assert!(refusal("postgres://db?sslmode=require&sslrootcert=system").contains("verify-full"));
        assert!(refusal("postgres://db?sslcert=a.pem").contains("sslkey"));
        assert!(refusal("postgres://db?nonsense=1").contains("nonsense"));
    }

    #[test]
    fn a_refused_address_does_not_show_its_password() {
        assert!(!refusal("postgres://keystead:secret@db?sslmode=strict").contains("secret"));
        assert!(!refusal("postgres://keystead:secret@db:port").contains("secret"));
    }

    #[test]
    fn a_server_elsewhere_is_protected_by_verify_full_only() {
        let is_protected = |url: &str| Address::parse(url, &Timeouts::default()).unwrap().is_protected();
        for open in ["", "?sslmode=require", "?sslmode=verify-ca&sslrootcert=ca.pem"] {
            assert!(!is_protected(&format!("postgres://db.example/keystead{open}")), "{open}");
        }
        for protected in [
            "postgres://db.example/keystead?sslmode=verify-full&sslrootcert=ca.pem",
            "postgres://db.example/keystead?sslrootcert=system",
            "postgres://localhost/keystead",
            "postgres://127.0.0.1:5432/keystead",
            "postgres://%2Frun%2Fpostgresql/keystead",
        ] {
            assert!(is_protected(protected), "{protected}");
        }
        assert!(!is_protected("postgres://localhost,db.example/keystead"));
    }
}
