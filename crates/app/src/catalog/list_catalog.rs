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
