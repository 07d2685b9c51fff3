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
