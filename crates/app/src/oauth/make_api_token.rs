//! Creates an API token for the vendor's automation. The secret is shown once.

use anyhow::Context as _;
use keystead_domain::account::check_name;
use keystead_protocol::id::OutboxId;
use keystead_storage::ApiToken;

use crate::audit::Event;
use crate::context::Shared;
use crate::principal::{Permission, Principal};
use crate::security::bearer::{Bearer, Kind};

/// Creates a token with the named scopes, which are comma-separated (`all` for every scope). The token
/// expires after `days`, or never. Returns the secret and the stored token.
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

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;
    use keystead_storage::Role;

    use super::*;
    use crate::testing::{World, as_refusal, on_both, refusal};

    async fn made(world: &World, scopes: &str, days: Option<u32>) -> anyhow::Result<(String, ApiToken)> {
        make_api_token(&world.app, &Principal::Operator, " Shop ", scopes, days).await
    }

    #[test]
    fn token_has_the_named_scopes_and_its_secret_is_not_stored() {
        on_both(async |world| {
            let (secret, token) = made(&world, "read,keys", Some(30)).await.unwrap();
            assert_eq!((token.name.as_str(), token.scopes.as_str()), ("Shop", "read keys"));
            assert_eq!(token.expires_at, Some(world.now() + 30 * keystead_domain::DAY));
            let digest = secret.parse::<Bearer>().unwrap().digest();
            let now = world.now();
            let stored = world.read(move |connection| connection.api_token_by_digest(&digest, now)).await;
            assert_eq!(stored, Some(token.clone()));
            let event = world.audit(token.id).await.pop().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("api_token.create", "read keys"));
            assert!(!event.detail.contains(&secret));
        });
    }

    #[test]
    fn all_scopes_leave_out_the_management_of_staff() {
        on_both(async |world| {
            let (_, token) = made(&world, "all", None).await.unwrap();
            assert_eq!(token.scopes, "catalog keys read licenses validate support accounts");
            assert_eq!(token.expires_at, None);
        });
    }

    #[test]
    fn unknown_scopes_and_impossible_lifetimes_are_refused() {
        on_both(async |world| {
            for (scopes, days) in
                [("", None), ("read,all", None), ("staff", None), ("read", Some(0)), ("read", Some(3651))]
            {
                assert!(made(&world, scopes, days).await.is_err(), "{scopes} {days:?}");
            }
            let nameless = make_api_token(&world.app, &Principal::Operator, " ", "read", None).await;
            assert!(nameless.is_err());
            assert!(world.read(|connection| connection.api_tokens(9)).await.is_empty());
        });
    }

    #[test]
    fn only_administrators_and_the_operator_make_tokens() {
        on_both(async |world| {
            let attempt = async |principal: &Principal| {
                as_refusal(make_api_token(&world.app, principal, "Shop", "read", None).await)
            };
            world.assert_needs(Permission::Staff, attempt).await;
            let support = world.staff(Role::Support).await;
            assert_eq!(refusal(attempt(&support).await), Code::PermissionMissing);
            assert!(attempt(&world.staff(Role::Admin).await).await.is_ok());
        });
    }
}
