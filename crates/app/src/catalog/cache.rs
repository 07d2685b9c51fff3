//! Cache of products, editions, policies and key batches, which are immutable.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

use keystead_domain::license::License;
use keystead_protocol::id::{EditionId, KeyBatchId, PolicyId, ProductId};
use keystead_storage::{Edition, Error, KeyBatch, Policy, Product, Reader};

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

/// The product, edition and policy of a license: everything in a certificate except the activation.
pub struct Terms {
    /// The product.
    pub product: Arc<Product>,
    /// The edition.
    pub edition: Arc<Edition>,
    /// The policy.
    pub policy: Arc<Policy>,
}

/// The catalog cache. It caches every row that it reads, so a transaction must not look up rows that it wrote itself:
/// a rollback would leave them in the cache.
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
    pub fn product(&self, reader: &mut Reader, slug: &str) -> Result<Option<Arc<Product>>, Error> {
        self.slugs.find(slug.to_owned(), |slug| reader.product(slug))
    }

    /// The terms of `license`.
    pub fn terms(&self, reader: &mut Reader, license: &License) -> Result<Terms, Error> {
        let product = self.products.find(license.product, |id| reader.product_by_id(*id))?;
        Ok(Terms {
            product: product.ok_or_else(|| missing("product", license.product))?,
            edition: self.edition(reader, license.edition)?,
            policy: self.policy(reader, license.policy)?,
        })
    }

    /// An edition.
    pub fn edition(&self, reader: &mut Reader, id: EditionId) -> Result<Arc<Edition>, Error> {
        self.editions.find(id, |id| reader.edition(*id))?.ok_or_else(|| missing("edition", id))
    }

    /// A policy.
    pub fn policy(&self, reader: &mut Reader, id: PolicyId) -> Result<Arc<Policy>, Error> {
        self.policies.find(id, |id| reader.policy(*id))?.ok_or_else(|| missing("policy", id))
    }

    /// A batch of product keys.
    pub fn batch(&self, reader: &mut Reader, id: KeyBatchId) -> Result<Arc<KeyBatch>, Error> {
        self.batches.find(id, |id| reader.key_batch(*id))?.ok_or_else(|| missing("key_batch", id))
    }
}

fn missing(table: &'static str, id: impl std::fmt::Display) -> Error {
    Error::Inconsistent { table, what: format!("{id} is referred to and missing") }
}
