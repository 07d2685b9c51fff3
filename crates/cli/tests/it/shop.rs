use std::path::Path;

use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::context::App;
use keystead_app::oauth::make_api_token::make_api_token;
use keystead_app::principal::Principal;
use keystead_server::{Server, serve};
use keystead_testkit::Transcript;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// A vendor's server without products, and a folder for its data and for devices.
pub struct Shop {
    pub url: String,
    pub token: String,
    folder: tempfile::TempDir,
    _running: Server,
    _runtime: Runtime,
}

impl Shop {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("server");
        let runtime = Runtime::new().unwrap();
        let (running, url, token) = runtime.block_on(start(Config { data, ..Config::default() }));
        Self { url, token, folder, _running: running, _runtime: runtime }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A vendor's terminal.
    pub fn vendor(&self) -> Transcript {
        let mut terminal = terminal(self.folder());
        terminal.set("KEYSTEAD_SERVER", &self.url);
        terminal.set("KEYSTEAD_TOKEN", &self.token);
        terminal
    }
}

async fn start(mut config: Config) -> (Server, String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    config.listen = listener.local_addr().unwrap();
    config.limits.requests_per_second = 0;
    let url = format!("http://{}", config.listen);
    config.public_url = Some(url.clone());
    let app = App::open(config, Clock::System).await.unwrap();
    let (token, _) = make_api_token(&app, &Principal::Operator, "automation", "all", None).await.unwrap();
    (serve(app, listener).unwrap(), url, token)
}

/// A terminal in a folder.
pub fn terminal(folder: &Path) -> Transcript {
    Transcript::new(env!("CARGO_BIN_EXE_keystead"), folder)
}
