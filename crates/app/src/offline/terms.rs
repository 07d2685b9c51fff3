//! The terms of offline confirmations: a table that applications ship with. Confirmations refer to rows by number, so
//! rows never move: editions in creation order, one row per edition and term.

use keystead_domain::license::License;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::api::{OfflineRow, OfflineTerms};
use keystead_protocol::text::to_base64url;
use keystead_storage::Edition;

use crate::context::App;
use crate::error::AppError;

/// Terms of a confirmation, in days. The longest term within the license's lifetime is granted.
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

/// The row for a license at `now`: its number and its term in days.
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
