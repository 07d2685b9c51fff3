//! Serves applications before any sign-in: the app profile they ship with, and the server's time.

use keystead_protocol::api::{AppProfile, TimeView};
use keystead_protocol::certificate::ServerTime;
use keystead_protocol::text::{array_from_base64url, to_base64url};

use crate::catalog::list_catalog;
use crate::context::Shared;
use crate::error::AppError;
use crate::offline::terms;

/// Short name of the edition whose features work without a license.
const LIMITED: &str = "limited";

/// The app profile of a product.
pub async fn show_app_profile(app: &Shared, product: String) -> Result<AppProfile, AppError> {
    let product = list_catalog::product(app, product).await?;
    let of = product.id;
    let editions = app.store.read(move |connection| connection.editions_of_product(of)).await?;
    let limited = editions.iter().find(|edition| edition.slug == LIMITED);
    let limited_features = limited.map_or_else(Vec::new, |edition| edition.features.clone());
    Ok(AppProfile {
        server: app.public_url.clone(),
        issuer: app.keys.issuer.clone(),
        product: product.slug,
        product_name: product.name,
        product_code: product.code,
        roots: app.keys.roots(),
        fingerprint_salt: to_base64url(&app.tenant.fingerprint_salt),
        limited_features,
        offline: Some(terms::terms(app, editions)),
    })
}

/// A signed time statement that covers the client's nonce.
pub fn show_time(app: &Shared, nonce: &str) -> Result<TimeView, AppError> {
    let nonce = array_from_base64url(nonce)
        .ok_or_else(|| AppError::value("nonce", "expected 16 bytes as base64url"))?;
    let signer = app.keys.signer(app.now())?;
    let time = ServerTime::seal(&app.keys.issuer, app.now() / 1000, &nonce, &signer.key);
    Ok(TimeView { time: to_base64url(&time), keys: signer.keys.clone() })
}
