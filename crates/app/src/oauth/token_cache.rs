//! Cache of valid API tokens. The vendor's backend may validate with one token thousands of times per second.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use keystead_domain::Millis;
use keystead_storage::Digest;

use crate::principal::Principal;

/// How long a token is accepted without asking the database. A revoked token stops working within this time.
const TOKEN_CACHE_TTL: Millis = 2_000;
/// Maximum number of cached tokens.
const MAX_CACHED_TOKENS: usize = 1_000;

/// Recently validated API tokens, by digest.
#[derive(Default)]
pub struct TokenCache(RwLock<HashMap<Digest, (Principal, Millis)>>);

impl TokenCache {
    /// The principal of a token that was inserted within the last two seconds.
    pub fn get(&self, digest: &Digest, now: Millis) -> Option<Principal> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = cached.get(digest).filter(|(_, at)| (0..TOKEN_CACHE_TTL).contains(&(now - at)));
        fresh.map(|(principal, _)| principal.clone())
    }

    /// Caches a token that was just validated.
    pub fn insert(&self, digest: Digest, principal: Principal, now: Millis) {
        let mut cached = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= MAX_CACHED_TOKENS {
            cached.clear();
        }
        cached.insert(digest, (principal, now));
    }
}
