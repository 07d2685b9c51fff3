//! Finds the license that a typed product key claims. Anonymous clients cannot distinguish keys that were
//! never issued, disabled keys, and keys whose license has an owner: the error and the response time are the
//! same.

use std::net::IpAddr;
use std::sync::Arc;

use keystead_domain::license::{Claimant, License, LicenseStatus, Ownership};
use keystead_domain::{Millis, Refusal, policy};
use keystead_protocol::id::LicenseId;
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{Error, Policy, ProductKeyStatus, StoredKey, Tx};

use crate::context::Shared;
use crate::error::AppError;
use crate::security::timing_equalizer::TimingEqualizer;

/// Runs an operation that starts from a typed product key. Counts rejected keys, and gives their responses
/// the same duration.
pub(crate) async fn by_key<T>(
    app: &Shared,
    from: IpAddr,
    story: impl Future<Output = Result<T, AppError>>,
) -> Result<T, AppError> {
    let time = TimingEqualizer::begin();
    app.limits.product_key(from, app.now())?;
    let outcome = story.await;
    if matches!(&outcome, Err(error) if error.code() == Code::ProductKeyNotAccepted) {
        app.limits.bad_key(from, app.now());
        time.pass().await;
    }
    outcome
}

/// Parses the key and checks that this server created it. Needs no database query.
pub fn authentic(app: &Shared, typed: &str) -> Result<ProductKey, AppError> {
    let key: ProductKey =
        typed.parse().map_err(|error| AppError::with_detail(Code::ProductKeyMistyped, error))?;
    if app.keys.is_authentic(key) { Ok(key) } else { Err(Refusal::ProductKeyNotAccepted.into()) }
}

/// The license that `key` claims. The first use of a key creates its license, with the id `fresh`.
pub fn claim(
    tx: &mut Tx<'_>,
    app: &Shared,
    key: ProductKey,
    fresh: LicenseId,
    now: Millis,
) -> Result<(License, Arc<Policy>), AppError> {
    let index = app.keys.index(key);
    let Some(stored) = tx.product_key_by_index(&index)? else {
        // The MAC is valid, but no row exists. Either the secret has leaked, or an old backup was restored.
        tracing::error!(last_group = key.last_group(), "an authentic product key is not in the database");
        metrics::counter!("keystead_forged_keys_total").increment(1);
        return Err(Refusal::ProductKeyNotAccepted.into());
    };
    let license = match stored.status {
        ProductKeyStatus::Disabled { .. } => return Err(Refusal::ProductKeyNotAccepted.into()),
        ProductKeyStatus::Claims { license, .. } => {
            tx.license_by_id(license)?.ok_or_else(|| missing("license"))?
        }
        ProductKeyStatus::Issued { .. } => first_claim(tx, app, &stored, fresh, now)?,
    };
    let policy = app.catalog.policy(tx, license.policy)?;
    Ok((license, policy))
}

fn first_claim(
    tx: &mut Tx<'_>,
    app: &Shared,
    key: &StoredKey,
    id: LicenseId,
    now: Millis,
) -> Result<License, AppError> {
    let batch = app.catalog.batch(tx, key.batch)?;
    let policy = app.catalog.policy(tx, batch.policy)?;
    let license = License {
        id,
        product: batch.product,
        edition: batch.edition,
        policy: batch.policy,
        ownership: Ownership::Held,
        status: LicenseStatus::Active,
        expires_at: policy::expiry(&policy.rules, now),
        seats: policy.rules.seats,
        seats_used: 0,
        key_last_group: key.last_group.clone(),
        claimed_at: now,
    };
    tx.license_insert(&license)?;
    if !tx.product_key_claim(&key.index, id, now)? {
        return Err(Refusal::ProductKeyNotAccepted.into());
    }
    Ok(license)
}

/// Admits `claimant`. Hides from anonymous clients that the license has an owner.
pub fn admit(license: &License, claimant: Claimant, policy: &Policy, now: Millis) -> Result<(), AppError> {
    match license.admit(claimant, policy.rules.account, now) {
        Err(Refusal::OwnerOnly) if claimant == Claimant::KeyHolder => {
            Err(Refusal::ProductKeyNotAccepted.into())
        }
        verdict => Ok(verdict?),
    }
}

/// The error for a missing row that another row refers to.
pub fn missing(table: &'static str) -> AppError {
    Error::Inconsistent { table, what: "a row that is referred to is missing".into() }.into()
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;
    use keystead_protocol::api::Term;

    use super::*;
    use crate::catalog::mint;
    use crate::licensing::unlink_license::reissue_key;
    use crate::principal::Principal;
    use crate::testing::{Device, on_both, refusal, value};

    #[test]
    fn first_use_of_a_key_creates_its_license_and_starts_its_term() {
        on_both(async |world| {
            let key = world.key_with(|rules| rules.term = Term::Days(30)).await;
            world.pass(100 * DAY).await;
            let activated = world.activated(&Device::new(1), &key).await;
            let license = world.license(activated.license).await;
            assert_eq!((license.ownership, license.status), (Ownership::Held, LicenseStatus::Active));
            assert_eq!(license.expires_at, Some(world.now() + 30 * DAY));
            assert!(key.ends_with(&license.key_last_group));
        });
    }

    #[test]
    fn authentic_key_without_a_row_is_not_accepted() {
        on_both(async |world| {
            world.key().await;
            let forged = mint::product_key(&world.app, 1).to_string();
            let refused = world.activate(&Device::new(1), &forged).await;
            assert_eq!(refusal(refused), Code::ProductKeyNotAccepted);
        });
    }

    #[test]
    fn replaced_key_is_refused_like_one_that_was_never_issued() {
        on_both(async |world| {
            let (device, key) = (Device::new(1), world.key().await);
            let license = world.activated(&device, &key).await.license;
            let (operator, reason) = (Principal::Operator, "it leaked".to_owned());
            let fresh = value(reissue_key(&world.app, &operator, license, reason, &world.request()).await)
                .product_key;
            assert_eq!(refusal(world.activate(&device, &key).await), Code::ProductKeyNotAccepted);
            assert_eq!(world.activated(&device, &fresh).await.license, license);
        });
    }

    #[test]
    fn key_of_another_product_is_refused_and_stays_unused() {
        on_both(async |world| {
            world.key().await;
            world.define("player").await;
            let key = world.key_of("player", |_| {}).await;
            let refused = world.activate(&Device::new(1), &key).await;
            assert_eq!(refusal(refused), Code::ProductKeyOtherProduct);
            let index = world.app.keys.index(key.parse().unwrap());
            let stored = world.read(move |connection| connection.product_key_by_index(&index)).await.unwrap();
            assert!(matches!(stored.status, ProductKeyStatus::Issued { .. }));
        });
    }
}
