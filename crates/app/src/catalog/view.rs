//! Converts products, editions and policies to API types.

use keystead_protocol::api::{EditionView, PolicyView, ProductView};
use keystead_storage::{Edition, Policy, Product};

use crate::catalog::rules;

/// Converts a product.
pub fn product(product: Product) -> ProductView {
    let Product { id, slug, name, code, created_at } = product;
    ProductView { id, slug, name, code, created_at }
}

/// Converts an edition of the product with the short name `of`.
pub fn edition(of: &str, edition: Edition) -> EditionView {
    let Edition { id, slug, name, features, .. } = edition;
    EditionView { id, product: of.to_owned(), slug, name, features }
}

/// Converts a policy of the product with the short name `of`.
pub fn policy(of: &str, policy: Policy) -> PolicyView {
    let Policy { id, slug, number, rules, .. } = policy;
    PolicyView { id, product: of.to_owned(), slug, number, rules: rules::to_api(rules) }
}
