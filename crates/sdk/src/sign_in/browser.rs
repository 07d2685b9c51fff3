//! The system's browser, which comes back to a port of this device (RFC 8252, section 7.3).

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use keystead_protocol::Code;
use keystead_protocol::text::to_base64url;

use super::{SignInPurpose, Verifier};
use crate::{Client, Error, entropy};

/// The longest request line and headers that are read, bytes.
const MOST: u64 = 16 * 1024;
/// How long one visitor may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is looked whether somebody gave up.
const PAUSE: Duration = Duration::from_millis(50);

/// A sign-in that a browser was opened for.
pub struct BrowserSignIn {
    /// What to open in the browser.
    pub address: String,
    listener: TcpListener,
    redirect_uri: String,
    state: String,
    verifier: Verifier,
}

impl Client {
    /// Begins a sign-in in the browser on this device; open its address, then wait for it.
    pub fn begin_browser_sign_in(&self, purpose: SignInPurpose) -> Result<BrowserSignIn, Error> {
        let failed = |error: std::io::Error| Error::new(Code::BrowserFailed, error);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let redirect_uri = format!("http://127.0.0.1:{port}/callback");
        let (state, verifier) = (to_base64url(&entropy::bytes::<16>()), Verifier::draw());
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

    /// Waits until the browser came back, or `given_up` says that nobody waits any more.
    pub fn wait_for_browser(
        &self,
        pending: &BrowserSignIn,
        given_up: impl Fn() -> bool,
    ) -> Result<(), Error> {
        loop {
            match pending.listener.accept() {
                Ok((visitor, _)) => {
                    if let Some(code) = pending.hear(visitor, &self.profile.server)? {
                        return self.exchange_code(&code, &pending.redirect_uri, &pending.verifier);
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if given_up() {
                        return Err(Code::Cancelled.into());
                    }
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(Error::new(Code::BrowserFailed, error)),
            }
        }
    }
}

impl BrowserSignIn {
    /// The code that a visitor brings. Whoever brings none that was asked for is sent away, and the wait goes on.
    fn hear(&self, mut visitor: TcpStream, server: &str) -> Result<Option<String>, Error> {
        let Some(path) = read_path(&mut visitor) else { return Ok(None) };
        let Some(query) = path.strip_prefix("/callback?") else {
            answer(&mut visitor, "404 Not Found", "There is nothing here.");
            return Ok(None);
        };
        let find = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        // The issuer is compared as well (RFC 9207): the answer must be of the server that was asked.
        let asked_for = find("state").as_ref() == Some(&self.state)
            && find("iss").is_some_and(|issuer| issuer == format!("{server}/id"));
        if !asked_for {
            answer(&mut visitor, "400 Bad Request", "This is not the sign-in that was begun here.");
            return Ok(None);
        }
        match (find("code"), find("error").as_deref()) {
            (Some(code), None) => {
                answer(&mut visitor, "200 OK", "You are signed in. You can close this window.");
                Ok(Some(code))
            }
            (_, Some("access_denied")) => {
                answer(&mut visitor, "200 OK", "You did not allow it. You can close this window.");
                Err(Code::SignInDenied.into())
            }
            (_, error) => {
                answer(&mut visitor, "200 OK", "The sign-in did not work. You can close this window.");
                Err(Error::new(Code::BrowserFailed, error.unwrap_or("no code")))
            }
        }
    }
}

/// The path of a GET request.
fn read_path(visitor: &mut TcpStream) -> Option<String> {
    visitor.set_nonblocking(false).ok()?;
    visitor.set_read_timeout(Some(PATIENCE)).ok()?;
    visitor.set_write_timeout(Some(PATIENCE)).ok()?;
    let mut request = Vec::new();
    let mut part = [0; 2048];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = visitor.read(&mut part).ok().filter(|&read| read > 0)?;
        request.extend_from_slice(&part[..read]);
        if request.len() as u64 > MOST {
            return None;
        }
    }
    let line = request.split(|&byte| byte == b'\r').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split(' ');
    (words.next() == Some("GET")).then(|| words.next().map(str::to_owned)).flatten()
}

fn answer(visitor: &mut TcpStream, status: &str, sentence: &str) {
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
    // A visitor that does not listen has already said what it came for.
    let _ = visitor.write_all(head.as_bytes()).and_then(|()| visitor.write_all(page.as_bytes()));
}
