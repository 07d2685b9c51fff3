//! Creates an API token for the vendor's automation. The secret is shown once.

use anyhow::Context as _;
use keystead_domain::account::check_name;
use keystead_protocol::id::OutboxId;
use keystead_storage::ApiToken;

use crate::audit::Event;
use crate::context::Shared;
use crate::principal::{Permission, Principal};
use crate::security::bearer::{Bearer, Kind};

/// Creates a token with the named scopes, comma-separated (`all` for every scope). It expires after `days`, or never.
/// Returns the secret and the stored token.
pub async fn make_api_token(
    app: &Shared,
    principal: &Principal,
    name: &str,
    scopes: &str,
    days: Option<u32>,
) -> anyhow::Result<(String, ApiToken)> {
    principal.require(Permission::Staff)?;
    let name = check_name(name)?;
    let names: Vec<&str> = Permission::API_SCOPES.iter().map(|scope| scope.name()).collect();
    let scopes = if scopes == "all" { names.join(" ") } else { scopes.replace(',', " ") };
    Permission::parse_list(&scopes)
        .filter(|scopes| !scopes.is_empty())
        .with_context(|| format!("the scopes are {}", names.join(", ")))?;
    anyhow::ensure!(days.is_none_or(|days| (1..=3650).contains(&days)), "a token serves for 1 to 3650 days");
    let secret = Bearer::new(Kind::ApiToken);
    let (digest, now, message) = (secret.digest(), app.now(), app.new_id::<OutboxId>());
    let expires_at = days.map(|days| now + i64::from(days) * keystead_domain::DAY);
    let token = ApiToken {
        id: app.new_id(),
        name,
        scopes,
        created_at: now,
        expires_at,
        used_at: None,
        revoked_at: None,
    };
    let (made, actor) = (token.clone(), principal.actor());
    app.write_as(principal, move |tx| {
        tx.api_token_insert(&token, &digest)?;
        Event { id: message, at: now, actor: &actor, action: "api_token.create" }.record(
            tx,
            token.id,
            &token.scopes,
        );
        Ok(())
    })
    .await?;
    Ok((secret.expose().to_owned(), made))
}
