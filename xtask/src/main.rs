//! The developer commands. `cargo xtask --help` lists them.

mod bench;
mod bindings;
mod ci;
mod clients;
mod command;
mod demo;
mod dependencies;
mod desktop;
mod front;
mod fuzz;
mod header;
mod install;
mod measure;
mod openapi;
mod passwords;
mod postgres;
mod schemathesis;
mod tidy;
mod web;
mod windows;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Every developer command")]
enum Task {
    /// Run the main customer journey with the real binaries: from a product key to a digital license that survives a
    /// hardware change.
    Demo {
        /// Keep the server running and print its addresses.
        #[arg(long)]
        keep: bool,
    },
    /// Run every check: format, tidy, dependencies, clippy, tests on SQLite and PostgreSQL, API, web, bindings,
    /// desktop, Windows, crash loop, demo.
    Ci,
    /// Check the rules that the compiler does not check.
    Tidy,
    /// Benchmark against limits measured in the same run; prints a table and writes target/bench.json.
    Bench {
        /// Seconds per measurement.
        #[arg(long, default_value_t = 5)]
        seconds: u32,
    },
    /// Compare response times for known and unknown addresses.
    Timing {
        /// Requests per address.
        #[arg(long, default_value_t = 2000)]
        tries: u32,
    },
    /// Kill the server repeatedly and check that no acknowledged change is lost.
    Crash {
        /// Number of kills.
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// Test every customer journey in a real browser, and sign-in with real OAuth clients, on SQLite and PostgreSQL;
    /// screenshots in target/screenshots.
    Web {
        /// Use SQLite only.
        #[arg(long)]
        quick: bool,
        /// Run only this story, for example `passkeys`.
        #[arg(long)]
        story: Option<String>,
    },
    /// Test customer journeys through the Settings window on a separate display; screenshots in
    /// target/screenshots/desktop.
    Desktop,
    /// Measure size, time and memory of the window and the library against limits; builds for release.
    Measure,
    /// Build the command line for Windows and test it under Wine.
    Windows,
    /// Test the C interface from C, C++, Python, Node.js, Java and Go against a live server.
    Bindings,
    /// Fuzz every parser of untrusted bytes.
    Fuzz {
        /// Seconds per target.
        #[arg(long, default_value_t = 600)]
        seconds: u32,
        /// Fuzz only this target, for example `certificate`.
        #[arg(long)]
        target: Option<String>,
    },
    /// Check licenses, duplicates and sources of all dependencies.
    Dependencies,
    /// Check dependencies against the RustSec database; needs a network, so ci does not run it.
    Advisories,
    /// Write or check the C header.
    Header(Header),
    /// Write, check or test the API description.
    Openapi(Openapi),
    /// Write crates/domain/data/common-passwords.bin from lists of passwords, most common first.
    Passwords {
        /// Text with one password per line, or a JSON array.
        lists: Vec<std::path::PathBuf>,
    },
}

#[derive(clap::Args)]
struct Header {
    #[command(subcommand)]
    action: HeaderAction,
}

#[derive(Subcommand)]
enum HeaderAction {
    /// Write crates/sdk-c/include/keystead.h.
    Write,
    /// Fail if the header is outdated.
    Check,
}

#[derive(clap::Args)]
struct Openapi {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Write docs/openapi.json.
    Write,
    /// Fail if docs/openapi.json is outdated.
    Check,
    /// Lint docs/openapi.json with spectral and redocly.
    Lint,
    /// Generate clients from docs/openapi.json and run typical vendor tasks with them on a live server.
    Clients,
    /// Run schemathesis on a live server: valid and invalid requests.
    Test,
}

fn main() -> anyhow::Result<()> {
    std::env::set_current_dir(command::root())?;
    match Task::parse() {
        Task::Demo { keep } => demo::run(keep),
        Task::Ci => ci::run(),
        Task::Tidy => tidy::run(),
        Task::Bench { seconds } => bench::bench(seconds),
        Task::Timing { tries } => bench::timing(tries),
        Task::Crash { rounds } => bench::crash(rounds),
        Task::Web { quick: true, story } => web::run(&[None], story.as_deref()),
        Task::Web { quick: false, story } => {
            let postgres = postgres::Postgres::start()?;
            web::run(&[None, Some(postgres.database("keystead_pages")?)], story.as_deref())
        }
        Task::Measure => measure::run(),
        Task::Windows => windows::run(),
        Task::Bindings => bindings::run(),
        Task::Desktop => desktop::run(),
        Task::Dependencies => dependencies::check(),
        Task::Advisories => dependencies::advisories(),
        Task::Fuzz { seconds, target } => fuzz::run(seconds, target.as_deref()),
        Task::Passwords { lists } => passwords::write(&lists),
        Task::Header(Header { action: HeaderAction::Write }) => header::write(),
        Task::Header(Header { action: HeaderAction::Check }) => header::check(),
        Task::Openapi(Openapi { action: Action::Write }) => openapi::write(),
        Task::Openapi(Openapi { action: Action::Check }) => openapi::check(),
        Task::Openapi(Openapi { action: Action::Lint }) => openapi::lint(),
        Task::Openapi(Openapi { action: Action::Clients }) => clients::run(),
        Task::Openapi(Openapi { action: Action::Test }) => schemathesis::run(),
    }
}
