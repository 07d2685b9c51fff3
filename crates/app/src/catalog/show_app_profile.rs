//! Serves data that applications need before any sign-in: the app profile and the server's time.

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

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;
    use keystead_protocol::api::EditionRequest;
    use keystead_protocol::text::from_base64url;

    use super::*;
    use crate::catalog::define_edition::define_edition;
    use crate::principal::Principal;
    use crate::testing::{PRODUCT, on_both, refusal, value};

    #[test]
    fn profile_names_the_server_and_the_features_that_need_no_license() {
        on_both(async |world| {
            world.define(PRODUCT).await;
            let profile = show_app_profile(&world.app, PRODUCT.to_owned()).await.unwrap();
            assert_eq!(profile.server, "https://licenses.example");
            assert_eq!((profile.product_code, profile.roots.len()), (1, 1));
            assert!(profile.limited_features.is_empty());
            let asked = EditionRequest {
                slug: LIMITED.to_owned(),
                name: "Limited".to_owned(),
                features: vec!["view".to_owned()],
            };
            let (operator, of) = (Principal::Operator, PRODUCT.to_owned());
            value(define_edition(&world.app, &operator, of.clone(), &asked, &world.request()).await);
            let profile = show_app_profile(&world.app, of).await.unwrap();
            assert_eq!(profile.limited_features, ["view"]);
            let unknown = show_app_profile(&world.app, "player".to_owned()).await;
            assert_eq!(refusal(unknown), Code::NotFound);
        });
    }

    #[test]
    fn time_statement_covers_the_nonce_of_the_client() {
        on_both(async |world| {
            let nonce = [3; 16];
            let shown = show_time(&world.app, &to_base64url(&nonce)).unwrap();
            let (time, ring) = (from_base64url(&shown.time).unwrap(), world.app.keys.ring());
            let opened = ServerTime::open(&time, &nonce, &ring).unwrap();
            assert_eq!(opened.at, world.now() / 1000);
            assert!(ServerTime::open(&time, &[4; 16], &ring).is_err());
            assert_eq!(refusal(show_time(&world.app, "AAAA")), Code::ValueNotAllowed);
        });
    }
}
