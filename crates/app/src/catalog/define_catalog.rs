//! Defines products, editions and policies.

use keystead_domain::account::{check_name, check_slug};
use keystead_domain::policy;
use keystead_protocol::Code;
use keystead_protocol::api::{
    EditionRequest, EditionView, PolicyRequest, PolicyView, ProductRequest, ProductView,
};
use keystead_protocol::id::{OutboxId, PolicyId, ProductId};
use keystead_storage::{Edition, Policy, Product, Tx};

use crate::audit::Event;
use crate::catalog::{rules, view};
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Maximum number of products: product keys have 12 bits for the product number.
const MOST_PRODUCTS: i64 = 4095;

fn slug(text: &str) -> Result<String, AppError> {
    check_slug(text).map_err(|error| AppError::value("slug", error))
}

fn name(text: &str) -> Result<String, AppError> {
    check_name(text).map_err(|error| AppError::value("name", error))
}

/// Defines a product.
pub async fn define_product(
    app: &Shared,
    principal: &Principal,
    asked: &ProductRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<ProductView>, AppError> {
    principal.require(Permission::Catalog)?;
    let (slug, name) = (slug(&asked.slug)?, name(&asked.name)?);
    let (id, message, now, actor) =
        (app.new_id::<ProductId>(), app.new_id::<OutboxId>(), app.now(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let code = tx.product_next_code()?;
            if code > MOST_PRODUCTS {
                return Err(AppError::value("slug", "a server holds 4,095 products at the most"));
            }
            let code = u16::try_from(code).unwrap_or_default();
            let product = Product { id, slug: slug.clone(), name: name.clone(), code, created_at: now };
            tx.product_insert(&product)?;
            Event { id: message, at: now, actor: &actor, action: "product.define" }.record(tx, id, &slug);
            Ok(Outcome::Created(view::product(product)))
        })
        .await
}

fn product(tx: &mut Tx<'_>, slug: &str) -> Result<Product, AppError> {
    tx.product_by_slug(slug)?.ok_or_else(|| Code::NotFound.into())
}

/// Defines an edition of the product with the short name `of`.
pub async fn define_edition(
    app: &Shared,
    principal: &Principal,
    of: String,
    asked: &EditionRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<EditionView>, AppError> {
    principal.require(Permission::Catalog)?;
    let (slug, name) = (slug(&asked.slug)?, name(&asked.name)?);
    if asked.features.len() > 64 {
        return Err(AppError::value("features", "at most 64"));
    }
    let mut features = asked.features.clone();
    for feature in &features {
        check_slug(feature).map_err(|error| AppError::value("features", error))?;
    }
    features.sort();
    features.dedup();
    let (id, message, now, actor) = (app.new_id(), app.new_id::<OutboxId>(), app.now(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let product = product(tx, &of)?;
            let (slug, name, features) = (slug.clone(), name.clone(), features.clone());
            let edition = Edition { id, product: product.id, slug, name, features, created_at: now };
            tx.edition_insert(&edition)?;
            Event { id: message, at: now, actor: &actor, action: "edition.define" }.record(
                tx,
                id,
                &edition.slug,
            );
            Ok(Outcome::Created(view::edition(&product.slug, edition)))
        })
        .await
}

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
    use crate::testing::{World, on_both, refusal, value};

    fn named(slug: &str) -> ProductRequest {
        ProductRequest { slug: slug.to_owned(), name: "Studio".to_owned() }
    }

    async fn defined(
        world: &World,
        principal: &Principal,
        slug: &str,
    ) -> Result<StoredResponse<ProductView>, AppError> {
        define_product(&world.app, principal, &named(slug), &world.request()).await
    }

    #[test]
    fn product_is_defined_once_and_the_audit_log_says_by_whom() {
        on_both(async |world| {
            let vendor = world.vendor(&[Permission::Catalog]).await;
            let product = value(defined(&world, &vendor, "studio").await);
            assert_eq!((product.code, product.created_at), (1, world.now()));
            assert_eq!(refusal(defined(&world, &vendor, "studio").await), Code::AlreadyExists);
            let audit = world.audit(product.id).await;
            let event = audit.first().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("product.define", "studio"));
            assert_eq!((audit.len(), event.actor.clone()), (1, vendor.actor()));
        });
    }

    #[test]
    fn repeated_request_gets_the_first_product() {
        on_both(async |world| {
            let (operator, request, asked) = (Principal::Operator, world.request(), named("studio"));
            let define = async || define_product(&world.app, &operator, &asked, &request).await.unwrap();
            let (first, second) = (define().await, define().await);
            assert_eq!((first.outcome, first.body), (Outcome::Created(()), second.body));
            assert_eq!(value(defined(&world, &operator, "player").await).code, 2);
        });
    }

    #[test]
    fn catalog_needs_its_permission_until_the_change_is_made() {
        on_both(async |world| {
            let reader = world.vendor(&[Permission::Read, Permission::Keys]).await;
            assert_eq!(refusal(defined(&world, &reader, "studio").await), Code::PermissionMissing);
            let anonymous = defined(&world, &Principal::Anonymous, "studio").await;
            assert_eq!(refusal(anonymous), Code::SignInRequired);
            let vendor = world.vendor(&[Permission::Catalog]).await;
            world.revoke(&vendor).await;
            assert_eq!(refusal(defined(&world, &vendor, "studio").await), Code::TokenExpired);
            assert!(world.read(|connection| connection.products()).await.is_empty());
        });
    }

    #[test]
    fn names_that_are_not_allowed_are_refused() {
        on_both(async |world| {
            let operator = Principal::Operator;
            for slug in ["", "Studio", "stu dio", "-studio"] {
                assert_eq!(refusal(defined(&world, &operator, slug).await), Code::ValueNotAllowed, "{slug}");
            }
            let unnamed = ProductRequest { name: " ".to_owned(), ..named("studio") };
            let refused = define_product(&world.app, &operator, &unnamed, &world.request()).await;
            assert_eq!(refusal(refused), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn edition_keeps_its_features_sorted_and_without_duplicates() {
        on_both(async |world| {
            world.define("studio").await;
            let define = async |of: &str, features: Vec<String>| {
                let asked = EditionRequest { slug: "max".into(), name: "Maximum".into(), features };
                let (operator, request) = (Principal::Operator, world.request());
                define_edition(&world.app, &operator, of.to_owned(), &asked, &request).await
            };
            let features = ["raw", "batch", "raw"].map(str::to_owned).to_vec();
            let edition = value(define("studio", features.clone()).await);
            assert_eq!(edition.features, ["batch", "raw"]);
            assert_eq!(world.actions(edition.id).await, ["edition.define"]);
            assert_eq!(refusal(define("player", features).await), Code::NotFound);
            let many = (0..65).map(|number| format!("feature-{number}")).collect();
            assert_eq!(refusal(define("studio", many).await), Code::ValueNotAllowed);
            assert_eq!(refusal(define("studio", vec!["No".into()]).await), Code::ValueNotAllowed);
        });
    }

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
