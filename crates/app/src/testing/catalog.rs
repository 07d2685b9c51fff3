use keystead_protocol::api::{
    EditionRequest, KeyBatchLine, KeyBatchRequest, PolicyRequest, PolicyRules, ProductRequest,
};

use super::{PRODUCT, World, value};
use crate::catalog::define_edition::define_edition;
use crate::catalog::define_policy::define_policy;
use crate::catalog::define_product::define_product;
use crate::catalog::make_keys::make_keys;
use crate::principal::Principal;

impl World {
    /// Defines a product with the edition `pro`.
    pub async fn define(&self, product: &str) {
        let (app, operator) = (&self.app, Principal::Operator);
        let named = ProductRequest { slug: product.to_owned(), name: "Studio".to_owned() };
        value(define_product(app, &operator, &named, &self.request()).await);
        let edition = EditionRequest {
            slug: "pro".to_owned(),
            name: "Professional".to_owned(),
            features: vec!["batch".to_owned(), "raw".to_owned()],
        };
        value(define_edition(app, &operator, product.to_owned(), &edition, &self.request()).await);
    }

    /// A new product key for one seat.
    pub async fn key(&self) -> String {
        self.key_with(|_| {}).await
    }

    /// A new product key. `change` modifies the default rules of its policy.
    pub async fn key_with(&self, change: impl FnOnce(&mut PolicyRules)) -> String {
        self.product.get_or_init(|| self.define(PRODUCT)).await;
        self.key_of(PRODUCT, change).await
    }

    /// A new product key of the product `product`. `change` modifies the default rules of its policy.
    pub async fn key_of(&self, product: &str, change: impl FnOnce(&mut PolicyRules)) -> String {
        let mut rules = PolicyRules::default();
        change(&mut rules);
        let slug = format!("policy-{}", self.number());
        let policy = PolicyRequest { slug: slug.clone(), rules };
        let (operator, of) = (Principal::Operator, product.to_owned());
        value(define_policy(&self.app, &operator, of.clone(), policy, &self.request()).await);
        let batch =
            KeyBatchRequest { edition: "pro".to_owned(), policy: slug, count: 1, note: String::new() };
        let mut lines = make_keys(&self.app, &operator, of, batch).await.unwrap();
        while let Some(line) = lines.recv().await {
            if let KeyBatchLine::Keys(mut keys) = line {
                return keys.remove(0);
            }
        }
        panic!("no product key was made");
    }
}
