//! Rate limits against floods, counted in this process. Guesses of passwords and codes are counted in the
//! database (`attempts.rs`).

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use keystead_domain::Millis;
use keystead_protocol::Code;

use crate::config;
use crate::error::AppError;

/// How long an address is blocked after too many bad keys.
const PENALTY: Millis = 60_000;
/// How long a flood of sign-ups counts as ongoing after it was last detected.
const FLOOD: Millis = 10 * 60_000;
/// Number of blocked addresses at which expired blocks are removed.
const REMEMBERED: usize = 100_000;

/// The limits in force.
pub struct Limits {
    requests: Option<DefaultKeyedRateLimiter<IpAddr>>,
    sign_ins: Option<DefaultKeyedRateLimiter<IpAddr>>,
    emails: Option<DefaultKeyedRateLimiter<String>>,
    sign_ups: Option<DefaultDirectRateLimiter>,
    flooded_until: AtomicI64,
    bad_keys: Option<DefaultKeyedRateLimiter<IpAddr>>,
    penalties: Mutex<HashMap<IpAddr, Millis>>,
}

impl Limits {
    /// Creates the configured limits.
    pub fn new(limits: &config::Limits) -> Self {
        let requests = NonZeroU32::new(limits.requests_per_second)
            .map(|count| RateLimiter::keyed(Quota::per_second(count).allow_burst(count.saturating_mul(TEN))));
        Self {
            requests,
            sign_ins: per_minute_of(limits.sign_ins_per_minute),
            emails: NonZeroU32::new(limits.emails_per_hour)
                .map(|count| RateLimiter::keyed(Quota::per_hour(count))),
            sign_ups: NonZeroU32::new(limits.sign_ups_per_minute)
                .map(|count| RateLimiter::direct(Quota::per_minute(count))),
            flooded_until: AtomicI64::default(),
            bad_keys: per_minute_of(limits.bad_keys_per_minute),
            penalties: Mutex::default(),
        }
    }

    /// Counts a request.
    pub fn request(&self, from: IpAddr) -> Result<(), AppError> {
        check(self.requests.as_ref(), from)
    }

    /// Counts an attempt to sign in, sign up or enter a code.
    pub fn sign_in(&self, from: IpAddr) -> Result<(), AppError> {
        check(self.sign_ins.as_ref(), from)
    }

    /// Counts an email that an anonymous request causes. The limit prevents floods of a mailbox. Each
    /// `purpose` is counted separately.
    pub fn email(&self, purpose: &str, address: &str) -> Result<(), AppError> {
        check(self.emails.as_ref(), format!("{purpose} {address}"))
    }

    /// Counts a sign-up. Too many sign-ups mark a flood, but none is refused.
    pub fn sign_up(&self, now: Millis) {
        if self.sign_ups.as_ref().is_some_and(|limiter| limiter.check().is_err()) {
            self.flooded_until.fetch_max(now + FLOOD, Ordering::Relaxed);
        }
    }

    /// Whether sign-ups currently require a proof of work.
    pub fn is_flooded(&self, now: Millis) -> bool {
        now < self.flooded_until.load(Ordering::Relaxed)
    }

    /// Refuses an address that sent too many rejected keys. Called before its next key is checked.
    pub fn product_key(&self, from: IpAddr, now: Millis) -> Result<(), AppError> {
        let penalties = self.penalties.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match penalties.get(&from) {
            Some(&until) if now < until => Err(Code::TooManyRequests.into()),
            _ => Ok(()),
        }
    }

    /// Counts a rejected product key.
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

    /// Forgets addresses that were not seen recently.
    pub fn forget(&self) {
        for limiter in [&self.requests, &self.sign_ins, &self.bad_keys].into_iter().flatten() {
            limiter.retain_recent();
        }
        self.emails.iter().for_each(|limiter| limiter.retain_recent());
    }
}

const TEN: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

fn per_minute_of<K: Hash + Eq + Clone>(count: u32) -> Option<DefaultKeyedRateLimiter<K>> {
    NonZeroU32::new(count).map(|count| RateLimiter::keyed(Quota::per_minute(count)))
}

fn check<K: Hash + Eq + Clone>(limiter: Option<&DefaultKeyedRateLimiter<K>>, key: K) -> Result<(), AppError> {
    match limiter {
        Some(limiter) => limiter.check_key(&key).map_err(|_| Code::TooManyRequests.into()),
        None => Ok(()),
    }
}
