//! The terms of offline confirmations: a table that applications ship with. Confirmations refer to rows by
//! number, so rows never move. The table has one row per edition and term. Editions are in the order of their
//! creation.

use keystead_domain::license::License;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::api::{OfflineRow, OfflineTerms};
use keystead_protocol::text::to_base64url;
use keystead_storage::Edition;

use crate::context::App;
use crate::error::AppError;

/// Terms of a confirmation, in days. The longest term that fits the license's remaining time is granted.
const TERMS: [u32; 4] = [7, 30, 90, 365];

/// Maximum number of editions with row numbers.
const MOST_EDITIONS: usize = 60;

fn in_order(mut editions: Vec<Edition>) -> Vec<Edition> {
    editions.sort_by_key(|edition| edition.id);
    editions.truncate(MOST_EDITIONS);
    editions
}

/// The table for a product with these editions.
pub fn terms(app: &App, editions: Vec<Edition>) -> OfflineTerms {
    let row = |edition: &Edition, days| OfflineRow {
        edition: edition.slug.clone(),
        features: edition.features.clone(),
        days,
    };
    let editions = in_order(editions);
    let rows = editions.iter().flat_map(|edition| TERMS.map(|days| row(edition, days))).collect();
    let key = app.keys.with(|secrets| secrets.confirmation.public());
    OfflineTerms { key: to_base64url(&key), rows }
}

/// Returns the number of the row for a license at `now`, and its term in days.
pub fn row(license: &License, editions: Vec<Edition>, now: Millis) -> Result<(u8, u32), AppError> {
    let left = license.expires_at.map_or(Millis::MAX, |end| end - now);
    let term = TERMS.iter().rposition(|days| i64::from(*days) * DAY <= left);
    let at = in_order(editions).iter().position(|edition| edition.id == license.edition);
    let (Some(term), Some(at)) = (term, at) else {
        return Err(AppError::value("license", "it ends too soon to be confirmed offline"));
    };
    let number = u8::try_from(at * TERMS.len() + term).map_err(|_| AppError::from(Code::Internal))?;
    Ok((number, TERMS[term]))
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;
    use keystead_protocol::api::Term;

    use super::*;
    use crate::testing::{Device, PRODUCT, on_both, refusal};

    #[test]
    fn longest_term_that_the_license_outlives_is_granted() {
        on_both(async |world| {
            for (term, row) in
                [(None, Some((3, 365))), (Some(100), Some((2, 90))), (Some(8), Some((0, 7))), (Some(6), None)]
            {
                let term = term.map_or(Term::Perpetual, Term::Days);
                let key = world.key_with(|rules| rules.term = term).await;
                let id = world.activated(&Device::new(1), &key).await.license;
                let license = world.license(id).await;
                let product = license.product;
                let editions = world.read(move |connection| connection.editions_of_product(product)).await;
                let found = super::row(&license, editions, world.now());
                match row {
                    Some(row) => assert_eq!(found.unwrap(), row),
                    None => assert_eq!(refusal(found), Code::ValueNotAllowed),
                }
            }
        });
    }

    #[test]
    fn rows_of_an_edition_stay_where_they_are_when_another_is_defined() {
        on_both(async |world| {
            world.define(PRODUCT).await;
            let editions = async || {
                let product = world.read(|connection| connection.product_by_slug(PRODUCT)).await.unwrap().id;
                world.read(move |connection| connection.editions_of_product(product)).await
            };
            let before = terms(&world.app, editions().await).rows;
            let added = Edition {
                id: world.app.new_id(),
                slug: "a-new-one".to_owned(),
                ..editions().await.remove(0)
            };
            let all = [vec![added], editions().await].concat();
            let after = terms(&world.app, all).rows;
            assert_eq!(after[..before.len()], before);
            assert_eq!(after.len(), 2 * TERMS.len());
        });
    }
}
