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
use crate::catalog::view;
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
    policy::check(&asked.rules).map_err(|error| AppError::with_detail(Code::ValueNotAllowed, error))?;
    let (id, message, now, actor) =
        (app.new_id::<PolicyId>(), app.new_id::<OutboxId>(), app.now(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let product = product(tx, &of)?;
            let number = tx.policy_next_number()?;
            let (slug, rules) = (slug.clone(), asked.rules.clone());
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
