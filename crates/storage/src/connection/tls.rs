//! TLS to PostgreSQL, with the modes of libpq.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;

use super::tls_parameters::TlsParameters;
use crate::Error;

/// Whether a connection uses TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    Never,
    Preferred,
    Required,
}

impl Encryption {
    pub(super) fn mode(self) -> SslMode {
        match self {
            Encryption::Never => SslMode::Disable,
            Encryption::Preferred => SslMode::Prefer,
            Encryption::Required => SslMode::Require,
        }
    }
}

/// What the client verifies in the server's certificate.
#[derive(Debug)]
enum Verification {
    Nothing,
    Chain(Roots),
    ChainAndName(Roots),
}

/// The trusted certificate authorities.
#[derive(Debug)]
enum Roots {
    System,
    File(PathBuf),
}

/// The TLS configuration.
#[derive(Debug)]
pub(super) struct Tls {
    pub(super) encryption: Encryption,
    verification: Verification,
    identity: Option<(PathBuf, PathBuf)>,
}

impl Tls {
    pub(super) fn from_parameters(parameters: TlsParameters) -> Result<Self, Error> {
        let identity = match (parameters.certificate, parameters.key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(Error::Settings("sslcert and sslkey are only of use together".into())),
        };
        let roots = parameters.root_certificate.map(|root| match root.as_str() {
            "system" => Roots::System,
            path => Roots::File(path.into()),
        });
        let (encryption, verification) = requirement(parameters.mode.as_deref(), roots)?;
        Ok(Self { encryption, verification, identity })
    }

    /// Whether the connection is protected against eavesdropping and impersonation.
    pub(super) fn verifies_the_server(&self) -> bool {
        self.encryption == Encryption::Required && matches!(self.verification, Verification::ChainAndName(_))
    }

    pub(super) fn client_config(&self) -> Result<ClientConfig, Error> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Settings(error.to_string()))?;
        let builder = match &self.verification {
            Verification::ChainAndName(roots) => builder.with_root_certificates(roots.load()?),
            Verification::Chain(roots) => {
                let verifier = NameUnchecked { provider, roots: Some(roots.load()?) };
                builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
            }
            Verification::Nothing => {
                let verifier = NameUnchecked { provider, roots: None };
                builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
            }
        };
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                let chain = certificates(certificate)?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
                builder.with_client_auth_cert(chain, key).map_err(|error| unreadable(certificate, &error))?
            }
        };
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        Ok(config)
    }
}

/// Applies libpq's rules for `sslmode` and `sslrootcert`.
fn requirement(mode: Option<&str>, roots: Option<Roots>) -> Result<(Encryption, Verification), Error> {
    let verified = |roots: Option<Roots>| roots.map_or(Verification::Nothing, Verification::Chain);
    Ok(match (mode, roots) {
        (None | Some("verify-full"), Some(Roots::System)) => {
            (Encryption::Required, Verification::ChainAndName(Roots::System))
        }
        (Some(mode), Some(Roots::System)) if mode != "disable" => {
            return Err(Error::Settings(format!(
                "sslrootcert=system trusts public authorities, so sslmode={mode} is too weak; use verify-full"
            )));
        }
        (Some("disable"), _) => (Encryption::Never, Verification::Nothing),
        (None | Some("prefer"), roots) => (Encryption::Preferred, verified(roots)),
        (Some("require"), roots) => (Encryption::Required, verified(roots)),
        (Some("verify-ca"), Some(roots)) => (Encryption::Required, Verification::Chain(roots)),
        (Some("verify-full"), Some(roots)) => (Encryption::Required, Verification::ChainAndName(roots)),
        (Some(mode @ ("verify-ca" | "verify-full")), None) => {
            return Err(Error::Settings(format!(
                "sslmode={mode} needs sslrootcert=FILE with the authority's certificate, or sslrootcert=system"
            )));
        }
        (Some(mode), _) => {
            return Err(Error::Settings(format!(
                "sslmode={mode} is unknown; use disable, prefer, require, verify-ca or verify-full"
            )));
        }
    })
}

impl Roots {
    fn load(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        match self {
            Roots::System => {
                let found = rustls_native_certs::load_native_certs();
                store.add_parsable_certificates(found.certs);
            }
            Roots::File(path) => {
                for certificate in certificates(path)? {
                    store.add(certificate).map_err(|error| unreadable(path, &error))?;
                }
            }
        }
        if store.is_empty() {
            return Err(Error::Settings(format!("there is no certificate to trust: {self:?}")));
        }
        Ok(store)
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    certificates.map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Settings(format!("{} cannot be used for TLS: {error}", path.display()))
}

/// Verifies the certificate chain, but not the name. Without `roots`, verifies nothing.
#[derive(Debug)]
struct NameUnchecked {
    provider: Arc<CryptoProvider>,
    roots: Option<RootCertStore>,
}

impl ServerCertVerifier for NameUnchecked {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(roots) = &self.roots {
            let algorithms = self.provider.signature_verification_algorithms.all;
            let certificate = ParsedCertificate::try_from(end_entity)?;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, intermediates, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
