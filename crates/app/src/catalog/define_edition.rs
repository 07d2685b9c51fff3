//! Defines an edition of a product.

use keystead_domain::account::check_slug;
use keystead_protocol::api::{EditionRequest, EditionView};
use keystead_protocol::id::OutboxId;
use keystead_storage::Edition;

use crate::audit::Event;
use crate::catalog::define_product::{name, product, slug};
use crate::catalog::view;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Defines an edition of the product with the short name `of`.
pub async fn define_edition(
    app: &Shared,
    principal: &Principal,
    of: String,
    asked: &EditionRequest,
    request: &SignedRequest,
) -> Result<StoredResponse<EditionView>, AppError> {
    principal.require(Permission::Catalog)?;
    let (slug, name) = (slug(&asked.slug)?, name(&asked.name)?);
    if asked.features.len() > 64 {
        return Err(AppError::value("features", "at most 64"));
    }
    let mut features = asked.features.clone();
    for feature in &features {
        check_slug(feature).map_err(|error| AppError::value("features", error))?;
    }
    features.sort();
    features.dedup();
    let (id, message, now, actor) = (app.new_id(), app.new_id::<OutboxId>(), app.now(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let product = product(tx, &of)?;
            let (slug, name, features) = (slug.clone(), name.clone(), features.clone());
            let edition = Edition { id, product: product.id, slug, name, features, created_at: now };
            tx.edition_insert(&edition)?;
            Event { id: message, at: now, actor: &actor, action: "edition.define" }.record(
                tx,
                id,
                &edition.slug,
            );
            Ok(Outcome::Created(view::edition(&product.slug, edition)))
        })
        .await
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{on_both, refusal, value};

    #[test]
    fn edition_keeps_its_features_sorted_and_without_duplicates() {
        on_both(async |world| {
            world.define("studio").await;
            let define = async |of: &str, features: Vec<String>| {
                let asked = EditionRequest { slug: "max".into(), name: "Maximum".into(), features };
                let (operator, request) = (Principal::Operator, world.request());
                define_edition(&world.app, &operator, of.to_owned(), &asked, &request).await
            };
            let features = ["raw", "batch", "raw"].map(str::to_owned).to_vec();
            let edition = value(define("studio", features.clone()).await);
            assert_eq!(edition.features, ["batch", "raw"]);
            assert_eq!(world.actions(edition.id).await, ["edition.define"]);
            assert_eq!(refusal(define("player", features).await), Code::NotFound);
            let many = (0..65).map(|number| format!("feature-{number}")).collect();
            assert_eq!(refusal(define("studio", many).await), Code::ValueNotAllowed);
            assert_eq!(refusal(define("studio", vec!["No".into()]).await), Code::ValueNotAllowed);
        });
    }
}
