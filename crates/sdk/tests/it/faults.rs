//! Connection failures. Each has its own code, none is reported as "invalid key", and none changes
//! the activation.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use keystead::protocol::Code;
use keystead::protocol::api::ProblemFacts;
use keystead::protocol::code::Kind;
use keystead::{Error, Options, Proxy, RefreshOutcome, State};
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::shop::Shop;

const HTML: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 14\r\nconnection: close\r\n\r\n<p>Welcome</p>";

/// Starts a local server that runs `serves` for every connection.
fn something_that(serves: impl Fn(&mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            serves(&mut stream);
        }
    });
    address
}

/// Reads until the head of an HTTP request is complete or the connection is idle.
fn read_head(stream: &mut TcpStream) {
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    let (mut head, mut part) = (Vec::new(), [0; 4096]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(read) if read > 0 => head.extend_from_slice(&part[..read]),
            _ => return,
        }
    }
}

fn something_that_answers(bytes: &'static str) -> SocketAddr {
    something_that(move |stream| {
        read_head(stream);
        let _ = stream.write_all(bytes.as_bytes());
    })
}

fn impatient() -> Options {
    Options { timeout: Duration::from_secs(1), ..Options::default() }
}

/// Returns the error of a refresh. Checks that an activation fails with the same code, and that the
/// existing activation still works afterwards.
fn fault(server: &str, options: &Options) -> Error {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    let client = shop.client_of(server, folder.path(), options.clone());
    let error = client.refresh().unwrap_err();
    assert_eq!(client.activate(&shop.keys[1], "Desk PC").unwrap_err().code, error.code);
    assert!(
        matches!(error.code.kind(), Kind::Client | Kind::Server),
        "{error}: not the key's or the person's fault"
    );
    assert!(!error.next_action.is_empty());
    assert_eq!(client.status().unwrap().state, State::Activated, "the product goes on");
    shop.client(folder.path()).refresh().unwrap();
    error
}

fn assert_fault(server: &str, expected: Code) {
    let error = fault(server, &impatient());
    assert_eq!(error.code, expected, "{error}");
}

#[test]
fn a_problem_names_the_request_by_which_the_operator_finds_it() {
    let body = r#"{"type":"/errors/internal","title":"x","status":500,"code":"internal","number":5001,"next_action":"x","request_id":"019ab"}"#;
    let answer = format!(
        "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/problem+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let server = format!("http://{}", something_that_answers(answer.leak()));
    let error = fault(&server, &impatient());
    assert_eq!(error.reference(), "[internal] request id 019ab");
    assert_eq!(error.to_json()["request_id"], "019ab");
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let findings = shop.client_of(&server, folder.path(), impatient()).diagnose().findings;
    assert!(findings.iter().any(|finding| finding.request_id.as_deref() == Some("019ab")), "{findings:?}");
}

#[test]
fn nobody_listens() {
    assert_fault("http://127.0.0.1:9", Code::ConnectionRefused);
}

#[test]
fn a_black_hole() {
    // A listener that never calls accept. The loop fills its backlog, so the next connection hangs.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(waiting) = TcpStream::connect_timeout(&address, Duration::from_millis(300)) {
        queue.push(waiting);
    }
    assert_fault(&format!("http://{address}"), Code::ConnectionTimedOut);
}

#[test]
fn a_name_that_does_not_exist() {
    let error = fault("http://keystead.invalid", &impatient());
    assert!([Code::ServerNotFound, Code::Offline].contains(&error.code), "{error}");
}

#[test]
fn a_captive_portal() {
    assert_fault(&format!("http://{}", something_that_answers(HTML)), Code::NotTheServer);
    let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    assert_fault(&format!("http://{}", something_that_answers(elsewhere)), Code::NotTheServer);
}

#[test]
fn something_that_speaks_no_http() {
    assert_fault(
        &format!("http://{}", something_that_answers("SSH-2.0-OpenSSH_9.2\r\n")),
        Code::NotTheServer,
    );
}

#[test]
fn a_server_that_hangs_up() {
    assert_fault(&format!("http://{}", something_that_answers("")), Code::ServerUnavailable);
}

#[test]
fn bytes_that_trickle_in_too_slowly() {
    let slow = something_that(|stream| {
        for byte in HTML.bytes() {
            std::thread::sleep(Duration::from_millis(100));
            if stream.write_all(&[byte]).is_err() {
                return;
            }
        }
    });
    assert_fault(&format!("http://{slow}"), Code::ServerUnavailable);
}

#[test]
fn maintenance_says_when_to_come_back() {
    let closed = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\nretry-after: 120\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let error = fault(&format!("http://{}", something_that_answers(closed)), &impatient());
    assert_eq!(error.code, Code::Maintenance);
    assert_eq!(error.facts, Some(ProblemFacts::RetryAfter { seconds: 120 }));
}

fn through(proxy: SocketAddr) -> Options {
    Options { proxy: Proxy::Address(format!("http://{proxy}")), ..impatient() }
}

#[test]
fn a_proxy_that_asks_who_it_is() {
    let asks = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n";
    let error = fault("http://licenses.example.org", &through(something_that_answers(asks)));
    assert_eq!(error.code, Code::ProxySignInRequired, "{error}");
}

#[test]
fn a_proxy_that_refuses_or_is_not_there() {
    let refuses = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n";
    let error = fault("http://licenses.example.org", &through(something_that_answers(refuses)));
    assert_eq!(error.code, Code::ProxyRefused, "{error}");
    let error = fault("http://licenses.example.org", &through("127.0.0.1:9".parse().unwrap()));
    assert_eq!(error.code, Code::ProxyRefused, "{error}");
}

#[test]
fn a_secure_address_that_is_not_secure() {
    let server = something_that_answers("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    assert_fault(&format!("https://{server}"), Code::TlsFailed);
}

/// Starts a TLS server whose certificate comes from a private authority. Returns the server's
/// address and the authority in PEM.
fn something_secure(years: std::ops::Range<i32>) -> (String, Vec<u8>) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let (key, mut leaf) =
        (KeyPair::generate().unwrap(), CertificateParams::new(vec!["localhost".to_owned()]).unwrap());
    leaf.not_before = rcgen::date_time_ymd(years.start, 1, 1);
    leaf.not_after = rcgen::date_time_ymd(years.end, 1, 1);
    let chain = vec![leaf.signed_by(&key, &authority).unwrap().der().clone()];
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .unwrap();
    let config = Arc::new(config);
    let address = something_that(move |stream| {
        let Ok(mut connection) = rustls::ServerConnection::new(Arc::clone(&config)) else { return };
        let mut secure = rustls::Stream::new(&mut connection, stream);
        let _ = secure.read(&mut [0; 4096]);
        let _ = secure.write_all(HTML.as_bytes());
    });
    (format!("https://localhost:{}", address.port()), authority.pem().into_bytes())
}

#[test]
fn an_authority_that_nobody_trusts() {
    let (server, _) = something_secure(2020..2100);
    assert_fault(&server, Code::TlsFailed);
}

#[test]
fn a_wrong_clock() {
    for years in [2020..2021, 2090..2100] {
        let (server, authorities) = something_secure(years);
        let error = fault(&server, &Options { authorities, ..impatient() });
        assert_eq!(error.code, Code::ClockWrong, "{error}");
    }
}

#[test]
fn an_authority_of_the_vendor_is_trusted_when_it_is_named() {
    let (server, authorities) = something_secure(2020..2100);
    let error = fault(&server, &Options { authorities, ..impatient() });
    assert_eq!(error.code, Code::NotTheServer, "the connection was secure: {error}");
}

#[test]
fn a_proxy_that_the_user_chose_is_kept_for_all_that_opens_the_folder_and_yields_to_the_applications() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let secret = "http://user:secret-of-the-proxy@127.0.0.1:9";
    client.set_proxy(&Proxy::Address(secret.into())).unwrap();
    assert_eq!(client.refresh().unwrap_err().code, Code::ProxyRefused, "from now on");
    assert_eq!(
        shop.client(folder.path()).refresh().unwrap_err().code,
        Code::ProxyRefused,
        "and after a restart"
    );
    assert!(!format!("{:?}", client.proxy()).contains("secret"));
    assert_eq!(client.diagnose().proxy.as_deref(), Some("127.0.0.1:9"));
    let direct =
        shop.client_of(&shop.url, folder.path(), Options { proxy: Proxy::Direct, ..Options::default() });
    assert_eq!(direct.refresh().unwrap(), RefreshOutcome::Renewed, "the application knows better");
    let nonsense = client.set_proxy(&Proxy::Address("no address at all".into())).unwrap_err();
    assert_eq!((nonsense.code, client.proxy()), (Code::NotConfigured, Proxy::Address(secret.into())));
    let socks = client.set_proxy(&Proxy::Address("socks5://127.0.0.1:9".into())).unwrap_err();
    assert_eq!(socks.code, Code::NotConfigured, "nobody here speaks that");
    std::fs::write(folder.path().join("vendor/proxy.json"), r#"{"address":"socks5://127.0.0.1:9"}"#).unwrap();
    assert_eq!(
        shop.client(folder.path()).refresh().unwrap(),
        RefreshOutcome::Renewed,
        "a choice like that is none"
    );
    client.set_proxy(&Proxy::System).unwrap();
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    assert!(!folder.path().join("vendor/proxy.json").exists());
}
