//! Sets a person's name and the language of their pages and emails.

use keystead_domain::account::check_name;
use keystead_protocol::id::OutboxId;

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::i18n::LANGUAGES;
use crate::principal::Principal;

/// Sets the name and the language. Without a language, the browser's setting applies.
pub async fn set_profile(
    app: &Shared,
    principal: &Principal,
    name: &str,
    language: &str,
) -> Result<(), AppError> {
    let id = principal.require_person()?.account.id;
    let name = check_name(name).map_err(|error| AppError::value("name", error))?;
    let language = LANGUAGES.iter().map(|(tag, _)| *tag).find(|tag| *tag == language);
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(principal, move |tx| {
        tx.account_set_profile(id, &name, language)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.set_profile" }
            .record(tx, id, "");
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{on_both, refusal};

    #[test]
    fn name_and_language_are_stored() {
        on_both(async |world| {
            let customer = world.customer().await;
            let set = async |name: &str, language: &str| {
                set_profile(&world.app, &customer.principal(), name, language).await.unwrap();
                let account = world.account(customer.id()).await.unwrap();
                (account.name, account.language)
            };
            assert_eq!(set(" Kim ", "de-DE").await, ("Kim".to_owned(), Some("de-DE".to_owned())));
            assert_eq!(set("Kim", "").await, ("Kim".to_owned(), None));
            assert_eq!(set("Kim", "tlh").await, ("Kim".to_owned(), None));
            assert_eq!(world.actions(customer.id()).await, ["account.set_profile"; 3]);
        });
    }

    #[test]
    fn empty_name_is_refused() {
        on_both(async |world| {
            let customer = world.customer().await;
            let refused = set_profile(&world.app, &customer.principal(), " ", "").await;
            assert_eq!(refusal(refused), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn only_a_signed_in_person_sets_the_profile() {
        on_both(async |world| {
            let customer = world.customer().await;
            let attempt = async |principal: &Principal| set_profile(&world.app, principal, "Kim", "").await;
            world.assert_for_persons_only(&customer, attempt).await;
            world.sign_out(&customer).await;
            assert_eq!(refusal(attempt(&customer.principal()).await), Code::TokenExpired);
        });
    }
}
