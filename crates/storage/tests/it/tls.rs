//! TLS to a real PostgreSQL server, in every mode of libpq.

use std::fs;

use keystead_storage::testing::{Database, POSTGRES, is_encrypted};
use keystead_storage::{Error, Location};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::cluster::Cluster;

/// The host name in the server's certificate. The server listens on 127.0.0.1.
const NAME: &str = "db.example.org";

struct Authority {
    certificate: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// A certificate for `name` and its key.
    fn issue(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// A server, the path of its own authority's certificate, and the path of another authority's certificate.
fn start() -> Option<(Cluster, String, String)> {
    std::env::var_os(POSTGRES)?;
    // Both authorities have the same name, as in an attack.
    let (own, foreign) = (Authority::new(), Authority::new());
    let (certificate, key) = own.issue(NAME);
    let access =
        "hostssl postgres all 127.0.0.1/32 scram-sha-256\nhostnossl template1 all 127.0.0.1/32 trust\n";
    let cluster = Cluster::start(&certificate, &key, access);
    let file = |name: &str, content: &str| {
        fs::write(cluster.path(name), content).unwrap();
        cluster.path(name).to_str().unwrap().to_owned()
    };
    let (own, foreign) = (file("own.pem", &own.certificate), file("foreign.pem", &foreign.certificate));
    Some((cluster, own, foreign))
}

/// Connects with the host name in the certificate.
fn by_name(cluster: &Cluster, parameters: &str) -> Result<bool, Error> {
    connect(&format!(
        "postgres://keystead:secret@{NAME}:{}/postgres?hostaddr=127.0.0.1&{parameters}",
        cluster.port
    ))
}

/// Connects with the IP address. The certificate does not contain the address.
fn by_address(cluster: &Cluster, parameters: &str) -> Result<bool, Error> {
    connect(&format!("postgres://keystead:secret@127.0.0.1:{}/postgres?{parameters}", cluster.port))
}

fn connect(url: &str) -> Result<bool, Error> {
    is_encrypted(&Location::Postgres(url.to_owned()))
}

fn refusal(outcome: Result<bool, Error>) -> String {
    let refusal = outcome.unwrap_err().to_string();
    assert!(!refusal.contains("secret"), "{refusal}");
    refusal
}

#[test]
fn every_sslmode_means_what_it_means_to_libpq() {
    let Some((cluster, own, foreign)) = start() else { return };
    let refused = refusal(by_address(&cluster, "sslmode=disable"));
    assert!(refused.contains("no encryption"), "{refused}");
    for (encrypted, what) in [
        (by_address(&cluster, ""), "prefer is the default"),
        (by_address(&cluster, "sslmode=prefer"), "prefer"),
        (by_address(&cluster, "sslmode=require"), "require checks nothing"),
        (by_address(&cluster, &format!("sslmode=require&sslrootcert={own}")), "require with an authority"),
        (
            by_address(&cluster, &format!("sslmode=verify-ca&sslrootcert={own}")),
            "verify-ca and the wrong name",
        ),
        (by_name(&cluster, &format!("sslmode=verify-full&sslrootcert={own}")), "verify-full"),
        (by_name(&cluster, "sslmode=require&channel_binding=require"), "channel binding"),
    ] {
        assert!(encrypted.unwrap_or_else(|error| panic!("{what}: {error}")), "{what}");
    }
    for (outcome, reason) in [
        (by_address(&cluster, &format!("sslmode=verify-full&sslrootcert={own}")), "not valid for name"),
        (by_name(&cluster, &format!("sslmode=verify-full&sslrootcert={foreign}")), "BadSignature"),
        (by_name(&cluster, &format!("sslmode=verify-ca&sslrootcert={foreign}")), "BadSignature"),
        (by_name(&cluster, &format!("sslmode=require&sslrootcert={foreign}")), "BadSignature"),
        (by_name(&cluster, "sslrootcert=system"), "UnknownIssuer"),
        (by_name(&cluster, "sslmode=verify-full"), "sslrootcert"),
        (by_name(&cluster, "sslmode=verify-full&sslrootcert=/nowhere.pem"), "/nowhere.pem"),
    ] {
        let refused = refusal(outcome);
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
}

#[test]
fn prefer_goes_on_without_tls_where_the_server_wants_that_and_require_does_not() {
    let Some((cluster, _, _)) = start() else { return };
    let url = |mode| format!("postgres://keystead@127.0.0.1:{}/template1?sslmode={mode}", cluster.port);
    assert!(!connect(&url("prefer")).unwrap());
    assert!(refusal(connect(&url("require"))).contains("pg_hba.conf"));
}

#[test]
fn a_server_without_tls_is_refused_by_require_and_taken_by_prefer() {
    let Some(database) = Database::postgres() else { return };
    let Location::Postgres(url) = database.location else { return };
    assert!(!connect(&format!("{url}?sslmode=prefer")).unwrap());
    let refused = refusal(connect(&format!("{url}?sslmode=require")));
    assert!(refused.contains("server does not support TLS"), "{refused}");
}
