//! Defines a policy of a product.

use keystead_domain::policy;
use keystead_protocol::Code;
use keystead_protocol::api::{PolicyRequest, PolicyView};
use keystead_protocol::id::{OutboxId, PolicyId};
use keystead_storage::Policy;

use crate::audit::Event;
use crate::catalog::define_product::{product, slug};
use crate::catalog::{rules, view};
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Defines a policy of the product with the short name `of`.
pub async fn define_policy(
    app: &Shared,
    principal: &Principal,
    of: String,
    asked: PolicyRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<PolicyView>, AppError> {
    principal.require(Permission::Catalog)?;
    let slug = slug(&asked.slug)?;
    let rules = rules::from_api(asked.rules);
    policy::check(&rules).map_err(|error| AppError::with_detail(Code::ValueNotAllowed, error))?;
    let (id, message, now, actor) =
        (app.new_id::<PolicyId>(), app.new_id::<OutboxId>(), app.now(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let product = product(tx, &of)?;
            let number = tx.policy_next_number()?;
            let slug = slug.clone();
            let policy = Policy { id, product: product.id, slug, number, rules, created_at: now };
            tx.policy_insert(&policy)?;
            Event { id: message, at: now, actor: &actor, action: "policy.define" }.record(
                tx,
                id,
                &policy.slug,
            );
            Ok(Outcome::Created(view::policy(&product.slug, policy)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use keystead_protocol::api::PolicyRules;

    use super::*;
    use crate::testing::{on_both, refusal, value};

    #[test]
    fn policy_with_rules_that_cannot_be_kept_is_refused() {
        on_both(async |world| {
            world.define("studio").await;
            let define = async |of: &str, rules: PolicyRules| {
                let asked = PolicyRequest { slug: "retail".to_owned(), rules };
                let (operator, request) = (Principal::Operator, world.request());
                define_policy(&world.app, &operator, of.to_owned(), asked, &request).await
            };
            let rules = PolicyRules { seats: 0, ..PolicyRules::default() };
            let refused = define("studio", rules).await.err().unwrap();
            assert_eq!(refused.code(), Code::ValueNotAllowed);
            assert!(refused.detail.unwrap().contains("seats"));
            assert_eq!(refusal(define("player", PolicyRules::default()).await), Code::NotFound);
            let policy = value(define("studio", PolicyRules::default()).await);
            assert_eq!(world.actions(policy.id).await, ["policy.define"]);
        });
    }
}
