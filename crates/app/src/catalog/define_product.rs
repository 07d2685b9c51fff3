//! Defines a product. A product never changes afterwards, because every node caches it
//! (`immutable_cache.rs`).

use keystead_domain::account::{check_name, check_slug};
use keystead_protocol::Code;
use keystead_protocol::api::{ProductRequest, ProductView};
use keystead_protocol::id::{OutboxId, ProductId};
use keystead_storage::{Product, Tx};

use crate::audit::Event;
use crate::catalog::view;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Maximum number of products: product keys have 12 bits for the product number.
const MOST_PRODUCTS: i64 = 4095;

pub(super) fn slug(text: &str) -> Result<String, AppError> {
    check_slug(text).map_err(|error| AppError::value("slug", error))
}

pub(super) fn name(text: &str) -> Result<String, AppError> {
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

/// The product with a short name.
///
/// # Errors
/// [`Code::NotFound`]
pub(super) fn product(tx: &mut Tx<'_>, slug: &str) -> Result<Product, AppError> {
    tx.product_by_slug(slug)?.ok_or_else(|| Code::NotFound.into())
}

#[cfg(test)]
mod tests {
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
}
