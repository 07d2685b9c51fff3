use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use keystead_app::accounts::make_staff::{NewStaff, make_staff};
use keystead_app::accounts::manage_accounts::{AccountChange, change_account};
use keystead_app::audit::transparency_logs::{sequence_logs, verify_logs};
use keystead_app::clock::Clock;
use keystead_app::config::{Config, MetricsListen};
use keystead_app::context::App;
use keystead_app::jobs::{Pruned, prune};
use keystead_app::oauth::make_api_token::make_api_token;
use keystead_app::oauth::manage_tokens::{list_api_tokens, revoke_api_token};
use keystead_app::oauth::oauth_client::Client;
use keystead_app::principal::Principal;
use keystead_protocol::id::ApiTokenId;
use keystead_protocol::tlog::{Log, TreeHead};
use keystead_server::{Server, listen, serve};
use keystead_storage::testing::Database;
use keystead_storage::{ApiToken, Connection, Error, Location, Role};
use keystead_testkit::{Browser, Device, Exchange, Http, Mailbox, PASSWORD, Reply};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::authenticator::with_totp;
use crate::nodes::Node;

pub const START: i64 = 1_795_238_400_000;
pub const HOUR: i64 = 60 * 60 * 1000;
pub const DAY: i64 = 24 * HOUR;

/// Blocks all writes until the gate is opened.
pub struct Gate(std::sync::mpsc::Sender<()>);

impl Gate {
    pub fn open(self) {
        drop(self.0);
    }
}

/// A running server with its database, clock and mailbox.
pub struct World {
    pub http: Http,
    pub server: String,
    /// The address of the operator's listener.
    pub operations: String,
    pub token: String,
    pub mailbox: Mailbox,
    clock: Arc<AtomicI64>,
    config: Config,
    app: Arc<App>,
    runtime: Arc<Runtime>,
    running: Option<Server>,
    database: Database,
    folder: tempfile::TempDir,
}

/// A customer with an account and a signed-in application.
pub struct Customer {
    pub browser: Browser,
    pub tokens: Value,
    pub email: String,
    /// The recovery codes, if the account has a second factor.
    pub recovery_codes: Vec<String>,
}

impl Customer {
    pub fn token(&self) -> &str {
        self.tokens["access_token"].as_str().unwrap()
    }
}

impl Customer {
    /// Exchanges the application's refresh token for new tokens.
    pub fn renew(&mut self) {
        let refresh = self.tokens["refresh_token"].as_str().unwrap();
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "keystead-cli"), ("refresh_token", refresh)];
        let (status, tokens) = self.browser.submit("/id/token", &fields).unwrap();
        assert_eq!(status, 200, "{tokens}");
        self.tokens = serde_json::from_str(&tokens).unwrap();
    }
}

impl World {
    /// One world per database.
    pub fn each() -> Vec<Self> {
        Database::each().into_iter().map(|database| Self::open(database, |_| {})).collect()
    }

    /// A world on SQLite.
    pub fn sqlite() -> Self {
        Self::open(Database::sqlite(), |_| {})
    }

    /// A world with custom settings.
    pub fn open(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { data: folder.path().join("data"), ..Config::default() };
        config.database_url = Some(match &database.location {
            Location::Sqlite(path) => path.to_str().unwrap().to_owned(),
            Location::Postgres(url) => url.clone(),
        });
        config.metrics_listen = MetricsListen::At(([127, 0, 0, 1], 0).into());
        config.limits.requests_per_second = 0;
        config.limits.bad_keys_per_minute = 0;
        config.limits.sign_ins_per_minute = 0;
        config.limits.sign_ups_per_minute = 0;
        config.limits.emails_per_hour = 0;
        config.clients.push(Client { vendor: true, ..Client::new("console", "Console") });
        change(&mut config);
        let clock = Arc::new(AtomicI64::new(START));
        let runtime = Arc::new(Runtime::new().unwrap());
        let (app, running, token) = runtime.block_on(async {
            let app = App::open(config.clone(), Clock::Manual(Arc::clone(&clock))).await.unwrap();
            let token = make_api_token(&app, &Principal::Operator, "tests", "all", None).await.unwrap().0;
            let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
            (app.clone(), serve(app, listener).unwrap(), token)
        });
        let server = format!("http://{}", running.address);
        let http = Http::new(&server);
        Self {
            http,
            server,
            operations: running.operations.map_or_else(String::new, |address| format!("http://{address}")),
            token,
            mailbox: Mailbox::of(&folder.path().join("data")),
            clock,
            config,
            app,
            runtime,
            running: Some(running),
            database,
            folder,
        }
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The application, for operations without an endpoint.
    pub fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Waits for an operation without an endpoint.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Starts another server on this world's database and keys folder.
    pub fn another_node(&self) -> Node {
        Node::start(self.config.clone(), Clock::Manual(Arc::clone(&self.clock)), Arc::clone(&self.runtime))
    }

    /// Signs in with a new browser. All test accounts have the same password.
    pub fn sign_in(&self, email: &str) -> Browser {
        let browser = Browser::new(&self.server);
        assert_eq!(browser.sign_in(email).unwrap().0, 303);
        browser
    }

    /// Reads from the database.
    pub fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.runtime.block_on(self.app.store.read(question)).unwrap()
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    pub fn pass(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
        self.http.forget_nonces();
        // The server's job renews the keys every minute of real time.
        self.runtime.block_on(self.app.keys.renew(&self.app.store, self.now())).unwrap();
    }

    /// Blocks the writer until the gate is opened. Meanwhile, writes queue up. The sequencer does not write,
    /// because the logs have no new entries.
    pub fn hold_writes(&self) -> Gate {
        loop {
            self.wait(sequence_logs(&self.app)).unwrap();
            let gate = self.hold_writer();
            let waits = self.read(|connection| {
                Ok(connection.log_has_unsequenced(Log::Issue)?
                    || connection.log_has_unsequenced(Log::Audit)?)
            });
            if !waits && self.app.store.waiting_writes() == 0 {
                return gate;
            }
        }
    }

    fn hold_writer(&self) -> Gate {
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (open, opened) = std::sync::mpsc::channel::<()>();
        let store = self.app.store.clone();
        self.runtime.spawn(async move {
            let held = store.write(move |_| {
                let _ = begun.send(());
                let _ = opened.recv();
                Ok::<_, keystead_storage::Error>(())
            });
            held.await
        });
        has_begun.recv().unwrap();
        Gate(open)
    }

    /// Waits until this many writes are queued.
    pub fn wait_for_writes(&self, waiting: usize) {
        while self.app.store.waiting_writes() < waiting {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    /// Sequences and verifies a log, and returns its tree.
    pub fn tree(&self, log: Log) -> TreeHead {
        self.wait(sequence_logs(&self.app)).unwrap();
        let verified = self.wait(verify_logs(&self.app, &Principal::Operator)).unwrap();
        verified.into_iter().find(|(verified, _)| *verified == log).unwrap().1.head
    }

    /// Deletes old rows, as the hourly job does.
    pub fn prune(&self) -> Pruned {
        self.runtime.block_on(prune(&self.app)).unwrap()
    }

    /// Stops the server and waits until it has stopped.
    pub fn stop(&mut self) {
        let server = self.running.take().unwrap();
        self.runtime.block_on(server.stop()).unwrap();
    }

    pub fn send(&self, exchange: &Exchange<'_>) -> Reply {
        self.http.send(exchange).unwrap()
    }

    /// Sends a request of the vendor, which must succeed.
    pub fn vendor(&self, path: &str, body: Value) -> Value {
        let reply = self.send(&Exchange::post(path).json(&body).bearer(&self.token));
        assert!(reply.status < 300, "{path}: {} {}", reply.status, reply.json());
        reply.json()
    }

    /// Defines a product with an edition and a policy with these rules.
    pub fn product(&self, slug: &str, rules: Value) {
        self.vendor("/api/v1/products", json!({ "slug": slug, "name": "Studio" }));
        let edition = json!({ "slug": "pro", "name": "Professional", "features": ["raw", "batch"] });
        self.vendor(&format!("/api/v1/products/{slug}/editions"), edition);
        self.vendor(
            &format!("/api/v1/products/{slug}/policies"),
            json!({ "slug": "retail", "rules": rules }),
        );
    }

    /// Creates product keys.
    pub fn keys(&self, slug: &str, count: u32) -> Vec<String> {
        let body = json!({ "edition": "pro", "policy": "retail", "count": count });
        let path = format!("/api/v1/products/{slug}/key-batches");
        let reply = self.send(&Exchange::post(path).json(&body).bearer(&self.token));
        assert_eq!(reply.status, 200, "{}", reply.json());
        let lines = String::from_utf8(reply.bytes).unwrap();
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.last().unwrap(), &json!({ "done": count }));
        let keys = lines.iter().filter_map(|line| line["keys"].as_array()).flatten();
        keys.map(|key| key.as_str().unwrap().to_owned()).collect()
    }

    /// Defines a product and returns a product key for a license with `seats` seats.
    pub fn one_key(&self, seats: u32) -> String {
        self.product("studio", json!({ "seats": seats }));
        self.keys("studio", 1).remove(0)
    }

    /// A customer with a new account.
    pub fn customer(&self) -> Customer {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let browser = Browser::new(&self.server);
        let email = format!("person{}@example.org", NEXT.fetch_add(1, Ordering::Relaxed));
        browser.sign_up(&self.mailbox, &email).unwrap();
        let tokens = browser.sign_in_application().unwrap();
        assert!(tokens["access_token"].is_string(), "{tokens}");
        Customer { browser, tokens, email, recovery_codes: Vec::new() }
    }

    /// Creates a staff account, and an application that has the permissions of its role.
    pub fn staff(&self, role: Role) -> Customer {
        let email = self.make_staff(role);
        let browser = self.sign_in(&email);
        let (_, recovery_codes) = with_totp(self, &browser);
        let tokens = browser.sign_in_application_for("console", "profile email licenses vendor").unwrap();
        Customer { browser, tokens, email, recovery_codes }
    }

    /// Starts a device grant for an application. The response contains the code to approve.
    pub fn device_code(&self, customer: &Customer, scope: &str, max_age: Option<u32>) -> Value {
        let max_age = max_age.map(|seconds| seconds.to_string());
        let mut fields = vec![("client_id", "keystead-cli"), ("device_name", "Desk PC"), ("scope", scope)];
        fields.extend(max_age.as_deref().map(|seconds| ("max_age", seconds)));
        let (_, started) = customer.browser.submit("/id/device_authorization", &fields).unwrap();
        serde_json::from_str(&started).unwrap()
    }

    /// The access token of an application that the customer granted `scope`.
    pub fn application(&self, customer: &Customer, scope: &str, max_age: Option<u32>) -> String {
        let started = self.device_code(customer, scope, max_age);
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        let decision = [("code", &*text("user_code")), ("decision", "approve")];
        assert_eq!(customer.browser.submit("/device/decide", &decision).unwrap().0, 200);
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", "keystead-cli"),
            ("device_code", &text("device_code")),
        ];
        let tokens: Value =
            serde_json::from_str(&customer.browser.submit("/id/token", &fields).unwrap().1).unwrap();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    /// A token with the scope `ownership` for the customer, who has just signed in.
    pub fn owner_token(&self, customer: &Customer) -> String {
        self.application(customer, "licenses ownership", Some(600))
    }

    /// Creates a staff account and returns its email address.
    pub fn make_staff(&self, role: Role) -> String {
        let email = format!("{}@example.org", role.name());
        let (name, password) = ("Staff".to_owned(), PASSWORD.to_owned());
        let new = NewStaff { email: email.clone(), name, password, role };
        self.runtime.block_on(make_staff(&self.app, &Principal::Operator, new)).unwrap();
        email
    }

    /// An API token of the vendor.
    pub fn api_token(&self, scopes: &str) -> String {
        self.runtime
            .block_on(make_api_token(&self.app, &Principal::Operator, "tests", scopes, None))
            .unwrap()
            .0
    }

    /// An API token that expires.
    pub fn api_token_for_days(&self, scopes: &str, days: u32) -> String {
        self.runtime
            .block_on(make_api_token(&self.app, &Principal::Operator, "tests", scopes, Some(days)))
            .unwrap()
            .0
    }

    pub fn api_tokens(&self) -> Vec<ApiToken> {
        self.runtime.block_on(list_api_tokens(&self.app, &Principal::Operator)).unwrap()
    }

    pub fn revoke_api_token(&self, id: ApiTokenId) {
        self.runtime.block_on(revoke_api_token(&self.app, &Principal::Operator, id)).unwrap();
    }

    /// Changes an account as the operator.
    pub fn change_account(&self, email: &str, change: AccountChange) {
        self.runtime.block_on(change_account(&self.app, &Principal::Operator, email, change)).unwrap();
    }

    pub fn activate(&self, device: &Device, key: &str) -> Reply {
        self.send(&activation(device, key))
    }

    /// Activates a device, which must succeed, and returns the response.
    pub fn activated(&self, device: &Device, key: &str) -> Value {
        let reply = self.activate(device, key);
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()
    }

    pub fn refresh(&self, device: &Device, activated: &Value, x: u8) -> Reply {
        self.send(&refresh(device, activated, x))
    }

    /// Releases a device's seat.
    pub fn release(&self, device: &Device, activated: &Value) -> Reply {
        let path = format!("/api/v1/activations/{}/release", activated["activation"].as_str().unwrap());
        self.send(&Exchange::post(path).signed(device))
    }

    pub fn link(&self, device: &Device, activated: &Value, customer: &Customer) -> Reply {
        let path = format!("/api/v1/licenses/{}/link", activated["license"].as_str().unwrap());
        let body =
            json!({ "activation": activated["activation"], "consent": { "version": 1, "agreed": true } });
        self.send(&Exchange::post(path).json(&body).bearer(customer.token()).signed(device))
    }

    /// Sends a request that accepts these media types.
    pub fn browse(&self, path: &str, accept: &str) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(format!("{}{path}", self.server)).header("accept", accept).call().unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
    }

    pub fn get(&self, path: &str, token: &str) -> Reply {
        self.send(&Exchange::get(path).bearer(token))
    }

    /// The only license, in the vendor's view.
    pub fn license(&self) -> Value {
        self.get("/api/v1/licenses", &self.token).json()["items"][0].clone()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = self.running.take() {
            let stopped = self.runtime.block_on(server.stop());
            assert!(stopped.is_ok() || std::thread::panicking(), "{stopped:?}");
        }
    }
}

pub fn activation<'a>(device: &'a Device, key: &str) -> Exchange<'a> {
    let body = json!({ "product": "studio", "product_key": key, "device": device.description() });
    Exchange::post("/api/v1/activations").json(&body).signed(device)
}

pub fn refresh<'a>(device: &'a Device, activated: &Value, x: u8) -> Exchange<'a> {
    let path = format!("/api/v1/activations/{}/refresh", activated["activation"].as_str().unwrap());
    let x = keystead_protocol::text::to_base64url(&[x; 16]);
    let body = json!({ "ratchet": { "r": activated["ratchet"], "x": x }, "fingerprint": device.fingerprint });
    Exchange::post(path).json(&body).signed(device)
}

pub fn rebind<'a>(device: &'a Device, activated: &Value, customer: &Customer) -> Exchange<'a> {
    let path = format!("/api/v1/activations/{}/rebind", activated["activation"].as_str().unwrap());
    let body = json!({ "device": device.description(), "confirm": "this_is_that_device" });
    Exchange::post(path).json(&body).bearer(customer.token()).signed(device)
}
