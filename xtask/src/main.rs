//! Every developer command: `cargo xtask demo`, `ci`, `tidy`, `web`, `bench`, `crash`, `openapi`, `dependencies`.

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
    /// Play the main job with the real binaries: from a product key to a digital license that survives a hardware change.
    Demo {
        /// Leave the server up and print its addresses.
        #[arg(long)]
        keep: bool,
    },
    /// The whole gate: format, clippy, tidy, all tests on SQLite and PostgreSQL, the API's checks, the demo.
    Ci,
    /// Check the rules that the compiler does not know.
    Tidy,
    /// Measure against limits taken in the same run; prints a table and writes target/bench.json.
    Bench {
        /// Seconds a measurement.
        #[arg(long, default_value_t = 5)]
        seconds: u32,
    },
    /// Compare the times of answers about known and unknown addresses.
    Timing {
        /// How often each is asked.
        #[arg(long, default_value_t = 2000)]
        tries: u32,
    },
    /// Kill the server again and again and check that nothing acknowledged is lost.
    Crash {
        /// How often.
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// Every journey of a customer in a real browser and sign-in by real OAuth clients, on SQLite and on PostgreSQL; screenshots in target/screenshots.
    Web {
        /// On SQLite only.
        #[arg(long)]
        quick: bool,
        /// One of the stories only, as `passkeys`.
        #[arg(long)]
        story: Option<String>,
    },
    /// A customer's journeys through the Settings window on a display of its own; screenshots in target/screenshots/desktop.
    Desktop,
    /// What the window and the library cost, against their limits; builds for release.
    Measure,
    /// The command line built for Windows and played under wine.
    Windows,
    /// The C interface from C, C++, Python, Node.js, Java and Go, against a live server.
    Bindings,
    /// Fuzz every parser that takes bytes from outside.
    Fuzz {
        /// Seconds a target.
        #[arg(long, default_value_t = 600)]
        seconds: u32,
        /// One of the targets only, as `certificate`.
        #[arg(long)]
        target: Option<String>,
    },
    /// Check licenses, duplicates and sources of all that the project depends on.
    Dependencies,
    /// Ask the RustSec database for known vulnerabilities of dependencies; needs a network, so ci does not.
    Advisories,
    /// The C header.
    Header(Header),
    /// The API's description.
    Openapi(Openapi),
    /// Write crates/domain/data/common-passwords.bin from lists of passwords, the commonest first.
    Passwords {
        /// Text with one a line, or a JSON array.
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
    /// Fail if it is not what the code says.
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
    /// Fail if docs/openapi.json is not what the server says.
    Check,
    /// Let spectral and redocly look at docs/openapi.json.
    Lint,
    /// Generate clients of docs/openapi.json and let them play the vendor's day on a live server.
    Clients,
    /// Let schemathesis try everything that it allows and forbids on a live server.
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
