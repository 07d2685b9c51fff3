//! Reads the samples back with the store's methods.

use keystead_domain::account::Email;
use keystead_domain::guess_limits::Door;
use keystead_protocol::tlog::{Covers, IssueEntry, Log};
use keystead_storage::{
    Account, Connection, Error, KeyRecord, ProductKeyStatus, Store, StoredKey, TokenKind,
};

use super::samples::{self, ACCOUNT, ACTIVATION, KEY_INDEX, LICENSE, NOW, PRODUCT, digest};
use super::{COUNTERSIGNATURES, MERKLE_TREES};

use crate::support::{sequence, verify};

/// Asserts that every sample of the fixture `number` is read back as it was inserted.
pub async fn check(store: &Store, number: i64) {
    for log in Log::ALL {
        sequence(store, log, 10).await;
        let verified = verify(store, log).await.unwrap();
        let countersigned = u64::from(number >= COUNTERSIGNATURES);
        assert_eq!(
            (verified.head.size, verified.countersigned, verified.waiting),
            (1, countersigned, 0),
            "{log}"
        );
    }
    let read: Result<(), Error> = store
        .read(move |connection| {
            check_vendor(connection)?;
            check_licensing(connection)?;
            check_sign_in(connection)?;
            check_sessions(connection)?;
            check_logs(connection, number)
        })
        .await;
    read.unwrap();
}

fn check_vendor(connection: &mut Connection) -> Result<(), Error> {
    assert!(connection.tenant()?.is_some());
    let record = KeyRecord {
        roots: vec![[0x31; 32]],
        checks: vec![samples::secret_check()],
        keyset: samples::keyset(),
    };
    assert_eq!(connection.key_record()?, Some(record));
    assert_eq!(connection.products()?, [samples::product()]);
    assert_eq!(connection.editions_of_product(PRODUCT)?, [samples::edition()]);
    assert_eq!(connection.policies_of_product(PRODUCT)?, [samples::policy()]);
    assert_eq!(connection.key_batch_by_id(samples::batch().id)?, Some(samples::batch()));
    assert_eq!(connection.api_token_by_digest(&digest(0x41), NOW)?, Some(samples::api_token()));
    Ok(())
}

fn check_licensing(connection: &mut Connection) -> Result<(), Error> {
    assert_eq!(connection.license_by_id(LICENSE)?, Some(samples::license()));
    let status = ProductKeyStatus::Claims { license: LICENSE, at: NOW };
    assert_eq!(
        connection.product_key_by_index(&KEY_INDEX)?,
        Some(StoredKey { status, ..samples::product_key() })
    );
    assert_eq!(connection.device_by_id(samples::device().id)?, Some(samples::device()));
    let details = connection.activation_by_id(ACTIVATION)?.expect("the activation is there");
    assert_eq!((details.activation, details.license), (samples::activation(), samples::license()));
    assert_eq!(connection.budget_uses_of_license(LICENSE, "rebind", 0)?, [NOW]);
    let consents = connection.consents_of_account(ACCOUNT)?;
    assert_eq!(consents.len(), 1);
    assert_eq!((consents[0].license, consents[0].purpose.as_str()), (LICENSE, "link"));
    let installation = connection.offline_installation_by_id(&samples::INSTALLATION)?;
    assert_eq!(installation, Some(samples::installation()));
    assert_eq!(connection.offline_file_by_id(&samples::REQUEST)?, Some(samples::offline_file()));
    Ok(())
}

fn check_sign_in(connection: &mut Connection) -> Result<(), Error> {
    let email: Email = samples::account().email.parse().expect("the sample's address is valid");
    let account = connection.account_by_email(&email)?.expect("the account is there");
    let credentials_version = account.credentials_version;
    assert_eq!(account, Account { credentials_version, ..samples::account() });
    assert_eq!(connection.totp_of_account(ACCOUNT)?, Some(samples::totp()));
    assert_eq!(connection.recovery_codes_left(ACCOUNT)?, 1);
    assert_eq!(
        connection.mfa_challenge_by_digest(&digest(0x44), NOW)?.map(|waiting| waiting.account),
        Some(ACCOUNT)
    );
    assert_eq!(connection.passkeys_of_account(ACCOUNT, 10)?, [samples::passkey()]);
    assert_eq!(connection.upstream_identities_of_account(ACCOUNT, 10)?, [samples::upstream_identity()]);
    assert_eq!(connection.email_link_by_digest(&digest(0x45), NOW)?, Some(samples::email_link()));
    assert_eq!(connection.queued_emails_due(NOW, 10)?, [samples::email()]);
    assert_eq!(connection.attempts_by_target(Door::Password, &digest(0x46))?, samples::attempts());
    let tallies = connection.sign_in_tallies_before(NOW + 1, 10)?;
    assert_eq!(tallies.iter().map(|tally| tally.failures).collect::<Vec<_>>(), [1]);
    Ok(())
}

fn check_sessions(connection: &mut Connection) -> Result<(), Error> {
    let (session, _) = connection.web_session_by_digest(&digest(0x47), NOW)?.expect("the session is open");
    assert_eq!(session, samples::web_session());
    let token =
        connection.app_token_by_digest(&digest(0x48), TokenKind::Refresh, NOW)?.expect("the token is alive");
    assert_eq!(token.session, samples::app_session());
    assert_eq!(connection.authorization_code_by_digest(&digest(0x49))?, Some(samples::authorization_code()));
    assert_eq!(connection.grant_by_device_code(&digest(0x4a))?, Some(samples::grant()));
    assert_eq!(connection.answer_by_key(&samples::REQUEST)?, Some(samples::answer()));
    Ok(())
}

fn check_logs(connection: &mut Connection, number: i64) -> Result<(), Error> {
    let event = samples::audit_event();
    let events = connection.audit_events_of_subject(&event.subject, 0, 10)?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].at, &events[0].actor, events[0].action.as_str()),
        (NOW, &event.actor, event.action)
    );
    assert_eq!((&events[0].detail, &events[0].personal), (&event.detail, &event.personal));
    let sign_ins = connection.sign_ins_of_subject(&ACCOUNT.to_string(), 10)?;
    assert_eq!(sign_ins.into_iter().map(|row| row.from).collect::<Vec<_>>(), [Some(samples::personal())]);

    let has_trees = number >= MERKLE_TREES;
    let covers = if has_trees { Covers::Claims } else { Covers::Token };
    let entry = IssueEntry { covers, ..samples::issue_entry() };
    assert_eq!(connection.issue_by_token(&entry.token_id)?, Some(entry));
    let messages = connection.messages_due(NOW, 10)?;
    let ids = messages.iter().map(|message| (message.id, message.consumer.as_str(), message.topic.as_str()));
    let sample = samples::message();
    let expected = has_trees.then_some((sample.id, samples::CONSUMER, sample.topic));
    assert_eq!(ids.collect::<Vec<_>>(), Vec::from_iter(expected));
    Ok(())
}
