use std::fmt::Write as _;

use clap::Subcommand;
use keystead_app::context::App;
use keystead_app::oauth::make_api_token::make_api_token;
use keystead_app::oauth::manage_tokens::{list_api_tokens, revoke_api_token};
use keystead_app::principal::Principal;
use keystead_app::time_format::{date, date_time};
use keystead_protocol::Code;
use keystead_protocol::id::ApiTokenId;
use keystead_storage::ApiToken;

/// Default lifetime of a token, in days.
const DEFAULT_DAYS: u32 = 365;

/// Manage API tokens.
#[derive(Subcommand)]
pub enum Token {
    /// Create a token; it is shown only once.
    Create {
        /// The token's name.
        #[arg(long)]
        name: String,
        /// The scopes, separated by commas: catalog, keys, read, licenses, validate, support, accounts; or all.
        #[arg(long)]
        scopes: String,
        /// The lifetime in days.
        #[arg(long, default_value_t = DEFAULT_DAYS, conflicts_with = "no_expiry")]
        days: u32,
        /// Create a token that never expires.
        #[arg(long)]
        no_expiry: bool,
    },
    /// List all tokens with their scopes, last use and expiry.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token.
    Revoke {
        /// The token's ID, as `token list` shows it.
        id: ApiTokenId,
    },
}

impl Token {
    /// Runs the command.
    pub async fn run(self, app: &std::sync::Arc<App>) -> anyhow::Result<()> {
        match self {
            Token::Create { name, scopes, days, no_expiry } => {
                let days = (!no_expiry).then_some(days);
                let (secret, token) = make_api_token(app, &Principal::Operator, &name, &scopes, days).await?;
                eprintln!("{}", made(&token));
                println!("{secret}");
            }
            Token::List { json: true } => println!("{}", serde_json::to_string_pretty(&json(app).await?)?),
            Token::List { json: false } => {
                print!("{}", table(&list_api_tokens(app, &Principal::Operator).await?, app.now()))
            }
            Token::Revoke { id } => {
                let revoked = revoke_api_token(app, &Principal::Operator, id).await;
                revoked.map_err(|error| match error.code() {
                    Code::NotFound => anyhow::anyhow!("No active token has the ID {id}. [not_found]"),
                    _ => error.into(),
                })?;
                println!("{id} is revoked.");
            }
        }
        Ok(())
    }
}

fn made(token: &ApiToken) -> String {
    let expiry =
        token.expires_at.map_or_else(|| "never expires".to_owned(), |at| format!("expires on {}", date(at)));
    let scopes = token.scopes.replace(' ', ", ");
    format!(
        "Created the token {} (scopes: {scopes}). It {expiry}.\nSave it; it is shown only once. To revoke it:\n\
         keystead-server token revoke {}",
        token.name, token.id
    )
}

fn status(token: &ApiToken, now: i64) -> &'static str {
    match (token.revoked_at, token.expires_at) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now => "expired",
        _ => "active",
    }
}

fn table(tokens: &[ApiToken], now: i64) -> String {
    let mut table = String::new();
    for token in tokens {
        let never = || "never".to_owned();
        let _ = writeln!(
            table,
            "{}  {}  {}\n    scopes: {}\n    created: {}  expires: {}  last used: {}",
            token.id,
            status(token, now),
            token.name,
            token.scopes.replace(' ', ", "),
            date(token.created_at),
            token.expires_at.map_or_else(never, date),
            token.used_at.map_or_else(never, date_time),
        );
    }
    if table.is_empty() {
        "No tokens yet. Create one with `keystead-server token create`.\n".to_owned()
    } else {
        table
    }
}

async fn json(app: &std::sync::Arc<App>) -> anyhow::Result<serde_json::Value> {
    let now = app.now();
    let tokens = list_api_tokens(app, &Principal::Operator).await?;
    let tokens = tokens.iter().map(|token| {
        serde_json::json!({
            "id": token.id, "name": token.name, "status": status(token, now),
            "scopes": token.scopes.split(' ').collect::<Vec<_>>(), "created_at": token.created_at,
            "expires_at": token.expires_at, "used_at": token.used_at, "revoked_at": token.revoked_at,
        })
    });
    Ok(tokens.collect())
}
