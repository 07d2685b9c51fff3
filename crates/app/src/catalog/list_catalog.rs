//! Lists products, editions and policies.

use keystead_protocol::Code;
use keystead_protocol::api::{EditionView, PolicyView, ProductView};
use keystead_storage::Product;

use crate::catalog::view;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::{Permission, Principal};

/// Finds a product by its short name.
pub(crate) async fn product(app: &Shared, slug: String) -> Result<Product, AppError> {
    app.store
        .read(move |connection| connection.product_by_slug(&slug))
        .await?
        .ok_or_else(|| Code::NotFound.into())
}

/// Lists all products.
pub async fn list_products(app: &Shared, principal: &Principal) -> Result<Vec<ProductView>, AppError> {
    principal.require(Permission::Read)?;
    let products = app.store.read(|connection| connection.products()).await?;
    Ok(products.into_iter().map(view::product).collect())
}

/// Lists the editions of a product.
pub async fn list_editions(
    app: &Shared,
    principal: &Principal,
    slug: String,
) -> Result<Vec<EditionView>, AppError> {
    principal.require(Permission::Read)?;
    let product = product(app, slug).await?;
    let editions = app.store.read(move |connection| connection.editions_of_product(product.id)).await?;
    Ok(editions.into_iter().map(|edition| view::edition(&product.slug, edition)).collect())
}

/// Lists the policies of a product.
pub async fn list_policies(
    app: &Shared,
    principal: &Principal,
    slug: String,
) -> Result<Vec<PolicyView>, AppError> {
    principal.require(Permission::Read)?;
    let product = product(app, slug).await?;
    let policies = app.store.read(move |connection| connection.policies_of_product(product.id)).await?;
    Ok(policies.into_iter().map(|policy| view::policy(&product.slug, policy)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{on_both, refusal};

    #[test]
    fn vendor_lists_what_was_defined() {
        on_both(async |world| {
            world.key_with(|rules| rules.seats = 7).await;
            world.define("player").await;
            let (app, reader) = (&world.app, world.vendor(&[Permission::Read]).await);
            let products = list_products(app, &reader).await.unwrap();
            let mut products: Vec<_> = products.into_iter().map(|product| product.slug).collect();
            products.sort();
            assert_eq!(products, ["player", "studio"]);
            let editions = list_editions(app, &reader, "player".to_owned()).await.unwrap();
            assert_eq!((editions.len(), editions[0].product.as_str()), (1, "player"));
            let policies = list_policies(app, &reader, "studio".to_owned()).await.unwrap();
            assert_eq!((policies.len(), policies[0].rules.seats), (1, 7));
            assert!(list_policies(app, &reader, "player".to_owned()).await.unwrap().is_empty());
        });
    }

    #[test]
    fn lists_need_their_permission_and_a_product() {
        on_both(async |world| {
            world.define("studio").await;
            let (app, vendor) = (&world.app, world.vendor(&[Permission::Catalog]).await);
            let studio = || "studio".to_owned();
            assert_eq!(refusal(list_products(app, &vendor).await), Code::PermissionMissing);
            assert_eq!(refusal(list_editions(app, &vendor, studio()).await), Code::PermissionMissing);
            let anonymous = list_policies(app, &Principal::Anonymous, studio()).await;
            assert_eq!(refusal(anonymous), Code::SignInRequired);
            let unknown = list_editions(app, &Principal::Operator, "player".to_owned()).await;
            assert_eq!(refusal(unknown), Code::NotFound);
        });
    }
}
