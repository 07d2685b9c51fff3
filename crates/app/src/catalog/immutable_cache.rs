//! Cache of products, editions, policies and key batches, which are immutable.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use keystead_domain::license::License;
use keystead_protocol::id::{EditionId, KeyBatchId, PolicyId, ProductId};
use keystead_storage::{Connection, Edition, Error, KeyBatch, Policy, Product};

/// Maximum number of cached rows of each kind.
const REMEMBERED: usize = 10_000;

struct Memo<K, V>(RwLock<HashMap<K, Arc<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Hash + Eq, V> Memo<K, V> {
    fn find(
        &self,
        key: K,
        ask: impl FnOnce(&K) -> Result<Option<V>, Error>,
    ) -> Result<Option<Arc<V>>, Error> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(found) = ask(&key)?.map(Arc::new) else { return Ok(None) };
        let mut memo = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if memo.len() >= REMEMBERED {
            memo.clear();
        }
        memo.insert(key, Arc::clone(&found));
        Ok(Some(found))
    }
}

/// The product, edition and policy of a license.
pub struct Terms {
    /// The product.
    pub product: Arc<Product>,
    /// The edition.
    pub edition: Arc<Edition>,
    /// The policy.
    pub policy: Arc<Policy>,
}

/// The catalog cache. It stores every row that it reads. A transaction must not look up rows that it wrote,
/// because they would stay in the cache after a rollback.
#[derive(Default)]
pub struct Catalog {
    slugs: Memo<String, Product>,
    products: Memo<ProductId, Product>,
    editions: Memo<EditionId, Edition>,
    policies: Memo<PolicyId, Policy>,
    batches: Memo<KeyBatchId, KeyBatch>,
}

impl Catalog {
    /// Finds a product by its short name.
    pub fn product(&self, connection: &mut Connection, slug: &str) -> Result<Option<Arc<Product>>, Error> {
        self.slugs.find(slug.to_owned(), |slug| connection.product_by_slug(slug))
    }

    /// The terms of `license`.
    pub fn terms(&self, connection: &mut Connection, license: &License) -> Result<Terms, Error> {
        let product = self.products.find(license.product, |id| connection.product_by_id(*id))?;
        Ok(Terms {
            product: product.ok_or_else(|| missing("product", license.product))?,
            edition: self.edition(connection, license.edition)?,
            policy: self.policy(connection, license.policy)?,
        })
    }

    /// An edition.
    pub fn edition(&self, connection: &mut Connection, id: EditionId) -> Result<Arc<Edition>, Error> {
        self.editions.find(id, |id| connection.edition_by_id(*id))?.ok_or_else(|| missing("edition", id))
    }

    /// A policy.
    pub fn policy(&self, connection: &mut Connection, id: PolicyId) -> Result<Arc<Policy>, Error> {
        self.policies.find(id, |id| connection.policy_by_id(*id))?.ok_or_else(|| missing("policy", id))
    }

    /// A batch of product keys.
    pub fn batch(&self, connection: &mut Connection, id: KeyBatchId) -> Result<Arc<KeyBatch>, Error> {
        self.batches.find(id, |id| connection.key_batch_by_id(*id))?.ok_or_else(|| missing("key_batch", id))
    }
}

fn missing(table: &'static str, id: impl std::fmt::Display) -> Error {
    Error::Inconsistent { table, what: format!("{id} is referred to and missing") }
}
