use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use keystead::protocol::certificate::KeyId;
use keystead::{Client, Options, Profile, SignInPurpose};
use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::context::App;
use keystead_app::oauth::make_api_token::make_api_token;
use keystead_app::principal::Principal;
use keystead_server::{Server, serve};
use keystead_testkit::{Browser, Exchange, Http, Mailbox};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The email address of the test account.
pub const EMAIL: &str = "person@example.org";

/// A vendor's server with one product and some product keys.
pub struct Shop {
    pub keys: Vec<String>,
    pub url: String,
    pub token: String,
    mailbox: Mailbox,
    http: Http,
    profile: Vec<u8>,
    app: Arc<App>,
    runtime: Runtime,
    running: Option<Server>,
    _folder: tempfile::TempDir,
}

impl Shop {
    pub fn open() -> Self {
        Self::with(Clock::System)
    }

    /// A server whose clock is stopped at a time some days ago.
    pub fn of_days_ago(days: i64) -> Self {
        let past = Clock::System.now() - days * 24 * 60 * 60 * 1000;
        Self::with(Clock::Manual(Arc::new(AtomicI64::new(past))))
    }

    fn with(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data: folder.path().join("data"), ..Config::default() };
        let runtime = Runtime::new().unwrap();
        let (app, running, token, url) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            config.listen = listener.local_addr().unwrap();
            config.limits.requests_per_second = 0;
            let url = format!("http://{}", config.listen);
            config.public_url = Some(url.clone());
            config.clients = serde_json::from_value(json!([
                { "id": "keystead-settings", "name": "Settings", "first_party": true,
                  "redirect_uris": ["http://127.0.0.1/callback"] }
            ]))
            .unwrap();
            let app = App::open(config, clock).await.unwrap();
            let token = make_api_token(&app, &Principal::Operator, "tests", "all", None).await.unwrap().0;
            (app.clone(), serve(app, listener).unwrap(), token, url)
        });
        let http = Http::new(&url);
        let mut shop = Self {
            keys: Vec::new(),
            url,
            token,
            mailbox: Mailbox::of(&folder.path().join("data")),
            http,
            profile: Vec::new(),
            app,
            runtime,
            running: Some(running),
            _folder: folder,
        };
        shop.stock();
        shop
    }

    fn stock(&mut self) {
        self.vendor("/api/v1/products", json!({ "slug": "studio", "name": "Studio" }));
        for (slug, name, features) in
            [("pro", "Professional", ["raw", "view"].as_slice()), ("limited", "Limited", &["view"])]
        {
            let edition = json!({ "slug": slug, "name": name, "features": features });
            self.vendor("/api/v1/products/studio/editions", edition);
        }
        self.vendor("/api/v1/products/studio/policies", json!({ "slug": "retail", "rules": {} }));
        self.keys = self.order("retail");
        self.profile = self.http.send(&Exchange::get("/api/v1/products/studio/profile")).unwrap().bytes;
    }

    /// Revokes the issuing key. From now on, another key signs.
    pub fn revoke_issuing_key(&self) {
        let (keys, now) = (&self.app.keys, self.app.now());
        let stolen = KeyId::of(&keys.signer(now).unwrap().key.verifying_key());
        self.runtime.block_on(keys.revoke(&self.app.store, stolen, now)).unwrap();
    }

    /// Replaces `keys` with keys of a policy whose certificates are due for a refresh at once.
    pub fn make_certificates_due(&mut self) {
        let policy = json!({ "slug": "impatient", "rules": { "refresh_days": 0 } });
        self.vendor("/api/v1/products/studio/policies", policy);
        self.keys = self.order("impatient");
    }

    /// Replaces `keys` with keys of a policy with a lease of one day and a grace period of one day.
    pub fn make_certificates_short(&mut self) {
        let rules = json!({ "lease_days": 1, "refresh_days": 1, "grace_days": 1, "floating_hours": 0 });
        let policy = json!({ "slug": "short", "rules": rules });
        self.vendor("/api/v1/products/studio/policies", policy);
        self.keys = self.order("short");
    }

    /// Replaces `keys` with keys of a policy with two seats.
    pub fn add_seats(&mut self) {
        self.vendor("/api/v1/products/studio/policies", json!({ "slug": "pair", "rules": { "seats": 2 } }));
        self.keys = self.order("pair");
    }

    /// Posts a request with this access token. Returns the status and the response.
    pub fn ask(&self, path: &str, body: Value, token: &str) -> (u16, Value) {
        let reply = self.http.send(&Exchange::post(path).json(&body).bearer(token)).unwrap();
        (reply.status, reply.json())
    }

    fn order(&self, policy: &str) -> Vec<String> {
        let batch = json!({ "edition": "pro", "policy": policy, "count": 5 });
        let lines = self.vendor("/api/v1/products/studio/key-batches", batch);
        let lines = String::from_utf8(lines).unwrap();
        let keys: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
        serde_json::from_value(keys["keys"].clone()).unwrap()
    }

    pub fn vendor(&self, path: &str, body: Value) -> Vec<u8> {
        let reply = self.http.send(&Exchange::post(path).json(&body).bearer(&self.token)).unwrap();
        assert!(reply.status < 300, "{path}: {}", reply.json());
        reply.bytes
    }

    /// A client of the product on a device with this data folder.
    pub fn client(&self, folder: &Path) -> Client {
        self.client_of(&self.url, folder, Options::default())
    }

    /// A client for a server with this address.
    pub fn client_of(&self, server: &str, folder: &Path, options: Options) -> Client {
        let profile = Profile::from_json(self.profile_at(server).as_bytes()).unwrap();
        let second_folder = options.second_folder.clone().or_else(|| Some(folder.join("second")));
        Client::open_with(profile, folder, Options { second_folder, ..options }).unwrap()
    }

    /// The application profile, with this address as the server's.
    pub fn profile_at(&self, server: &str) -> String {
        let mut profile: Value = serde_json::from_slice(&self.profile).unwrap();
        profile["server"] = server.into();
        profile.to_string()
    }

    /// A browser that is signed in to a new account.
    pub fn browser(&self) -> Browser {
        self.browser_of(EMAIL)
    }

    fn browser_of(&self, email: &str) -> Browser {
        let browser = Browser::new(&self.url);
        browser.sign_up(&self.mailbox, email).unwrap();
        browser
    }

    /// Signs the client in with a new account.
    pub fn sign_in(&self, client: &Client) {
        self.sign_in_as(client, EMAIL);
    }

    /// Signs the client in with the existing account.
    pub fn sign_in_again(&self, client: &Client) {
        approve(&self.browser_again(EMAIL), client, SignInPurpose::Use);
    }

    /// An access token that is not bound to a device.
    pub fn bearer_of(&self, email: &str) -> String {
        let tokens = self.browser_again(email).sign_in_application().unwrap();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    fn browser_again(&self, email: &str) -> Browser {
        let browser = Browser::new(&self.url);
        browser.sign_in(email).unwrap();
        browser
    }

    /// Signs the client in to change the owner of a license.
    pub fn sign_in_as_owner(&self, client: &Client) {
        approve(&self.browser_again(EMAIL), client, SignInPurpose::Ownership);
    }

    /// Signs the client in with a new account with this email address.
    pub fn sign_in_as(&self, client: &Client, email: &str) {
        approve(&self.browser_of(email), client, SignInPurpose::Use);
    }
}

fn approve(browser: &Browser, client: &Client, purpose: SignInPurpose) {
    let pending = client.begin_sign_in("Desk PC", purpose).unwrap();
    browser.approve(&pending.user_code).unwrap();
    assert_eq!(client.poll_sign_in(&pending).unwrap(), keystead::SignInPoll::Done);
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some(server) = self.running.take() {
            let stopped = self.runtime.block_on(server.stop());
            assert!(stopped.is_ok() || std::thread::panicking(), "{stopped:?}");
        }
    }
}
