use std::io::Read as _;

use anyhow::Context as _;
use clap::Subcommand;
use keystead_app::accounts::make_staff::{NewStaff, make_staff};
use keystead_app::accounts::manage_accounts::{AccountChange, change_account, list_staff};
use keystead_app::context::App;
use keystead_app::principal::Principal;
use keystead_app::time_format::date;
use keystead_protocol::Code;
use keystead_storage::{Account, Role};

/// Manage staff accounts, and sign any account out.
#[derive(Subcommand)]
pub enum Staff {
    /// Create a staff account; the password is read from standard input.
    Create {
        /// The email address.
        #[arg(long)]
        email: String,
        /// The display name.
        #[arg(long, default_value = "Administrator")]
        name: String,
        /// The role: `admin` may do everything, `support` may look up licenses and help customers.
        #[arg(long, value_parser = ["admin", "support"], default_value = "admin")]
        role: String,
    },
    /// List all staff accounts.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Disable an account and end all its sessions.
    Disable(Target),
    /// Enable a disabled account.
    Enable(Target),
    /// Change an account's role and end all its sessions.
    SetRole {
        #[command(flatten)]
        target: Target,
        /// The new role.
        #[arg(value_parser = ["admin", "support", "customer"])]
        role: String,
    },
    /// End all sessions of any account, including a customer's.
    SignOut(Target),
}

#[derive(clap::Args)]
pub struct Target {
    /// The account's email address.
    email: String,
}

impl Staff {
    /// Runs the command.
    pub async fn run(self, app: &std::sync::Arc<App>) -> anyhow::Result<()> {
        let (email, change, done) = match self {
            Staff::Create { email, name, role } => return create(app, email, name, &role).await,
            Staff::List { json } => return list(app, json).await,
            Staff::Disable(Target { email }) => (email, AccountChange::Disable, "is disabled and signed out"),
            Staff::Enable(Target { email }) => (email, AccountChange::Enable, "can sign in again"),
            Staff::SetRole { target, role } => {
                let role: Role = role.parse().context("role")?;
                (target.email, AccountChange::SetRole(role), "has the new role and is signed out")
            }
            Staff::SignOut(Target { email }) => (email, AccountChange::SignOut, "is signed out"),
        };
        change_account(app, &Principal::Operator, &email, change).await.map_err(|error| {
            match error.code() {
                Code::NotFound => anyhow::anyhow!("No account has the address {email}. [not_found]"),
                _ => error.into(),
            }
        })?;
        println!("{email} {done}.");
        Ok(())
    }
}

async fn create(app: &std::sync::Arc<App>, email: String, name: String, role: &str) -> anyhow::Result<()> {
    let mut password = String::new();
    std::io::stdin().take(4096).read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let role = role.parse().context("--role")?;
    let new = NewStaff { email, name, password, role };
    println!("{}", make_staff(app, &Principal::Operator, new).await?);
    Ok(())
}

fn status(account: &Account) -> &'static str {
    if account.disabled_at.is_some() { "disabled" } else { "active" }
}

async fn list(app: &std::sync::Arc<App>, json: bool) -> anyhow::Result<()> {
    let staff = list_staff(app, &Principal::Operator).await?;
    if json {
        let staff = staff.iter().map(|account| {
            serde_json::json!({
                "id": account.id, "email": account.email, "name": account.name, "role": account.role.name(),
                "status": status(account), "created_at": account.created_at,
            })
        });
        println!("{}", serde_json::to_string_pretty(&staff.collect::<serde_json::Value>())?);
        return Ok(());
    }
    for account in &staff {
        let (role, since) = (account.role.name(), date(account.created_at));
        println!("{role:<8} {:<9} {}  {}  since {since}", status(account), account.email, account.name);
    }
    if staff.is_empty() {
        println!("No staff accounts yet. Create one with `keystead-server staff create`.");
    }
    Ok(())
}
