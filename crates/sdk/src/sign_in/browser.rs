//! Sign-in in the system's browser. The browser returns the authorization code to a loopback port
//! of this device (RFC 8252, section 7.3).

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::text::to_base64url;

use super::pkce::CodeVerifier;
use super::purpose::SignInPurpose;
use crate::{Client, Error, entropy};

const MAX_REQUEST_BYTES: usize = 16 * 1024;
/// Timeout of each read and each write of a connection.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// How often to check whether the sign-in was cancelled.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// A pending sign-in in the browser of this device.
pub struct BrowserSignIn {
    /// The address to open in the browser.
    pub address: String,
    listener: TcpListener,
    redirect_uri: String,
    state: String,
    verifier: CodeVerifier,
}

impl Client {
    /// Starts a sign-in in the browser of this device. Open the address, then call
    /// [`Client::wait_for_browser`].
    pub fn begin_browser_sign_in(&self, purpose: SignInPurpose) -> Result<BrowserSignIn, Error> {
        let failed = |error: std::io::Error| Error::new(Code::BrowserFailed, error);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let redirect_uri = format!("http://127.0.0.1:{port}/callback");
        let (state, verifier) = (to_base64url(&entropy::bytes::<16>()), CodeVerifier::generate());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.options.client_id)
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("scope", purpose.scope())
            .append_pair("state", &state)
            .append_pair("code_challenge", &verifier.challenge())
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(purpose.max_age().map(|seconds| ("max_age", seconds)));
        let address = format!("{}/id/authorize?{}", self.profile.server, query.finish());
        Ok(BrowserSignIn { address, listener, redirect_uri, state, verifier })
    }

    /// Waits until the browser returns the authorization code, or `cancelled` returns true.
    pub fn wait_for_browser(
        &self,
        pending: &BrowserSignIn,
        cancelled: impl Fn() -> bool,
    ) -> Result<(), Error> {
        loop {
            match pending.listener.accept() {
                Ok((connection, _)) => {
                    if let Some(code) = pending.handle_request(connection, &self.profile.server)? {
                        return self.exchange_code(&code, &pending.redirect_uri, &pending.verifier);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if cancelled() {
                        return Err(Code::Cancelled.into());
                    }
                    std::thread::sleep(POLL_INTERVAL);
                }
                Err(error) => return Err(Error::new(Code::BrowserFailed, error)),
            }
        }
    }
}

impl BrowserSignIn {
    /// Responds to one request and returns its authorization code. If the request does not belong
    /// to this sign-in, responds with an error page and returns `None`.
    fn handle_request(&self, mut connection: TcpStream, server: &str) -> Result<Option<String>, Error> {
        let Some(path) = read_path(&mut connection) else { return Ok(None) };
        let Some(query) = path.strip_prefix("/callback?") else {
            respond(&mut connection, "404 Not Found", "Page not found");
            return Ok(None);
        };
        let find = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        // Compare the issuer, too (RFC 9207), to reject a response of another server.
        let is_response = find("state").as_ref() == Some(&self.state)
            && find("iss").is_some_and(|issuer| issuer == format!("{server}/id"));
        if !is_response {
            respond(&mut connection, "400 Bad Request", "This link belongs to a different sign-in");
            return Ok(None);
        }
        match (find("code"), find("error").as_deref()) {
            (Some(code), None) => {
                respond(&mut connection, "200 OK", "You're signed in. You can close this window.");
                Ok(Some(code))
            }
            (_, Some("access_denied")) => {
                respond(&mut connection, "200 OK", "Sign-in was denied. You can close this window.");
                Err(Code::SignInDenied.into())
            }
            (_, error) => {
                respond(&mut connection, "200 OK", "Sign-in failed. Close this window and try again.");
                Err(Error::new(Code::BrowserFailed, error.unwrap_or("no code")))
            }
        }
    }
}

/// Reads a request. Returns its path and query; `None` unless it is a GET request.
fn read_path(connection: &mut TcpStream) -> Option<String> {
    connection.set_nonblocking(false).ok()?;
    connection.set_read_timeout(Some(REQUEST_TIMEOUT)).ok()?;
    connection.set_write_timeout(Some(REQUEST_TIMEOUT)).ok()?;
    let mut request = Vec::new();
    let mut part = [0; 2048];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = connection.read(&mut part).ok().filter(|&read| read > 0)?;
        request.extend_from_slice(&part[..read]);
        if request.len() > MAX_REQUEST_BYTES {
            return None;
        }
    }
    let line = request.split(|&byte| byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    (words.next() == Some("GET")).then(|| words.next().map(str::to_owned)).flatten()
}

fn respond(connection: &mut TcpStream, status: &str, sentence: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>Sign-in</title><style>body{{font:1.2rem system-ui;display:grid;place-items:center;height:90vh}}</style>\
         <main><h1>{sentence}</h1></main></html>"
    );
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         content-security-policy: default-src 'none'; style-src 'unsafe-inline'\r\nreferrer-policy: no-referrer\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        page.len()
    );
    // Ignore errors: the browser may close the connection early, and its request is handled.
    let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(page.as_bytes()));
}
