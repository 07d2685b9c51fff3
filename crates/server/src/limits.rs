//! How often an address may do what.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use keystead_domain::Millis;
use keystead_protocol::Code;

use crate::config;
use crate::error::ApiError;

/// How long an address waits after it typed too many bad keys.
const PENALTY: Millis = 60_000;
/// Addresses that are remembered at the most.
const REMEMBERED: usize = 100_000;

/// The limits in force.
pub struct Limits {
    requests: Option<DefaultKeyedRateLimiter<IpAddr>>,
    sign_ins: Option<DefaultKeyedRateLimiter<IpAddr>>,
    accounts: Option<DefaultKeyedRateLimiter<String>>,
    letters: Option<DefaultKeyedRateLimiter<String>>,
    bad_keys: Option<DefaultKeyedRateLimiter<IpAddr>>,
    penalties: Mutex<HashMap<IpAddr, Millis>>,
}

impl Limits {
    /// The limits of a configuration.
    pub fn new(limits: &config::Limits) -> Self {
        let accounts = NonZeroU32::new(limits.sign_ins_per_minute);
        let per_minute =
            |count| NonZeroU32::new(count).map(|count| RateLimiter::keyed(Quota::per_minute(count)));
        let requests = NonZeroU32::new(limits.requests_per_second)
            .map(|count| RateLimiter::keyed(Quota::per_second(count).allow_burst(count.saturating_mul(TEN))));
        Self {
            requests,
            sign_ins: per_minute(limits.sign_ins_per_minute),
            accounts: accounts.map(|count| RateLimiter::keyed(Quota::per_minute(count))),
            letters: NonZeroU32::new(limits.letters_per_hour)
                .map(|count| RateLimiter::keyed(Quota::per_hour(count))),
            bad_keys: per_minute(limits.bad_keys_per_minute),
            penalties: Mutex::default(),
        }
    }

    /// Counts a request.
    pub fn request(&self, from: IpAddr) -> Result<(), ApiError> {
        check(self.requests.as_ref(), from)
    }

    /// Counts an attempt to sign in, sign up or type a code.
    pub fn sign_in(&self, from: IpAddr) -> Result<(), ApiError> {
        check(self.sign_ins.as_ref(), from)
    }

    /// Counts a password for an account, from wherever it comes; unknown accounts count too.
    pub fn password(&self, email: &str) -> Result<(), ApiError> {
        check(self.accounts.as_ref(), email.trim().to_lowercase())
    }

    /// Counts a letter that somebody has us write to an address, so that nobody's mailbox is flooded.
    pub fn letter(&self, email: &str) -> Result<(), ApiError> {
        check(self.letters.as_ref(), email.to_owned())
    }

    /// Refuses an address that typed too many bad keys, before its next key is looked at.
    pub fn product_key(&self, from: IpAddr, now: Millis) -> Result<(), ApiError> {
        let penalties = self.penalties.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match penalties.get(&from) {
            Some(&until) if now < until => Err(Code::TooManyRequests.into()),
            _ => Ok(()),
        }
    }

    /// Counts a product key that was not accepted.
    pub fn bad_key(&self, from: IpAddr, now: Millis) {
        if check(self.bad_keys.as_ref(), from).is_ok() {
            return;
        }
        let mut penalties = self.penalties.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if penalties.len() >= REMEMBERED {
            penalties.retain(|_, until| now < *until);
        }
        penalties.insert(from, now + PENALTY);
    }

    /// Forgets addresses that were not seen lately.
    pub fn forget(&self) {
        for limiter in [&self.requests, &self.sign_ins, &self.bad_keys].into_iter().flatten() {
            limiter.retain_recent();
        }
        self.letters.iter().for_each(|limiter| limiter.retain_recent());
        self.accounts.iter().for_each(|limiter| limiter.retain_recent());
    }
}

const TEN: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

fn check<K: Hash + Eq + Clone>(limiter: Option<&DefaultKeyedRateLimiter<K>>, key: K) -> Result<(), ApiError> {
    match limiter {
        Some(limiter) => limiter.check_key(&key).map_err(|_| Code::TooManyRequests.into()),
        None => Ok(()),
    }
}
