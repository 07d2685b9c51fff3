//! The `keystead-server` binary. It runs without any configuration.

mod commands;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use commands::{Key, Log, Staff, Token};
use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::config_permissions::warn_if_exposed;
use keystead_app::context::App;
use keystead_server::{listen, serve};
use tracing_subscriber::EnvFilter;

/// Values of a request are created on one thread and freed on another. With the allocator of glibc, the threads
/// then wait for each other.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The Keystead license server.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file; by default keystead.toml in the current folder, if it exists.
    #[arg(long, env = "KEYSTEAD_CONFIG", global = true, help_heading = "Global options")]
    config: Option<PathBuf>,
    /// The data folder; overrides the configuration.
    #[arg(long, global = true, help_heading = "Global options")]
    data: Option<PathBuf>,
    /// The database: a postgres:// URL or a SQLite file; overrides the configuration.
    #[arg(long, global = true, help_heading = "Global options")]
    database_url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server until it receives a stop signal.
    Serve {
        /// The listen address; overrides the configuration.
        #[arg(long)]
        listen: Option<std::net::SocketAddr>,
    },
    /// Manage staff accounts.
    #[command(subcommand)]
    Staff(Staff),
    /// Manage API tokens.
    #[command(subcommand)]
    Token(Token),
    /// Verify and countersign the audit log and the issue log.
    #[command(subcommand)]
    Log(Log),
    /// Manage the server's keys.
    #[command(subcommand)]
    Key(Key),
    /// Print the API description (OpenAPI 3.1).
    Openapi,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Command::Openapi = arguments.command {
        println!("{}", serde_json::to_string_pretty(&keystead_server::openapi("https://keystead.example"))?);
        return Ok(());
    }
    let mut config = Config::load(arguments.config.as_deref())?;
    if let Some(data) = arguments.data {
        config.data = data;
    }
    config.database_url = arguments.database_url.or(config.database_url);
    start_log(&config)?;
    warn_if_exposed(arguments.config.as_deref());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(arguments.command, config))
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&config.log.filter).context("the setting log.filter is not a valid filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log.json {
        log.json().init()
    } else {
        log.with_ansi(false).init()
    }
    // Write a panic to the log like any other line, with the request's id.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "the server made a mistake")));
    Ok(())
}

async fn run(command: Command, mut config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve { listen } => {
            config.listen = listen.unwrap_or(config.listen);
            run_server(config).await
        }
        Command::Staff(command) => command.run(&App::open(config, Clock::System).await?).await,
        Command::Token(command) => command.run(&App::open(config, Clock::System).await?).await,
        Command::Log(command) => command.run(&App::open(config, Clock::System).await?).await,
        Command::Key(Key::Renew(command)) => command.run(),
        Command::Key(Key::OnServer(command)) => command.run(&App::open(config, Clock::System).await?).await,
        Command::Openapi => Ok(()),
    }
}

async fn run_server(mut config: Config) -> anyhow::Result<()> {
    let listener = listen(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    config.listen = listener.local_addr()?;
    let app = App::open(config, Clock::System).await?;
    let server = serve(app.clone(), listener)?;
    let metrics = server.operations.map(|address| address.to_string());
    tracing::info!(
        address = %server.address,
        metrics,
        url = app.public_url,
        data = %app.config.data.display(),
        "ready"
    );
    stop_signal().await?;
    tracing::info!("stopping");
    server.stop().await
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}
