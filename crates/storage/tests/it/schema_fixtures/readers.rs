//! What the samples look like through the store's own methods.

use keystead_domain::account::Email;
use keystead_domain::throttle::Door;
use keystead_protocol::tlog::{Covers, IssueEntry, Log};
use keystead_storage::{Account, Error, KeyRecord, KeyStanding, Reader, Store, StoredKey, TokenKind};

use super::MERKLE_TREES;
use super::samples::{self, ACCOUNT, ACTIVATION, KEY_INDEX, LICENSE, NOW, PRODUCT, digest};

use crate::support::{sequence, whole};

/// Every sample of the fixture that ends with the migration `number` comes back as it was inserted.
pub async fn check(store: &Store, number: i64) {
    for log in Log::ALL {
        sequence(store, log, 10).await;
        assert_eq!(whole(store, log).await.size, 1, "{log}");
    }
    let read: Result<(), Error> = store
        .read(move |reader| {
            check_vendor(reader)?;
            check_licensing(reader)?;
            check_sign_in(reader)?;
            check_sessions(reader)?;
            check_logs(reader, number)
        })
        .await;
    read.unwrap();
}

fn check_vendor(reader: &mut Reader) -> Result<(), Error> {
    assert!(reader.tenant()?.is_some());
    let record = KeyRecord {
        roots: vec![[0x31; 32]],
        checks: vec![samples::secret_check()],
        keyset: samples::keyset(),
    };
    assert_eq!(reader.key_record()?, Some(record));
    assert_eq!(reader.products()?, [samples::product()]);
    assert_eq!(reader.editions(PRODUCT)?, [samples::edition()]);
    assert_eq!(reader.policies(PRODUCT)?, [samples::policy()]);
    assert_eq!(reader.key_batch(samples::batch().id)?, Some(samples::batch()));
    assert_eq!(reader.api_token(&digest(0x41), NOW)?, Some(samples::api_token()));
    Ok(())
}

fn check_licensing(reader: &mut Reader) -> Result<(), Error> {
    assert_eq!(reader.license(LICENSE)?, Some(samples::license()));
    let standing = KeyStanding::Claims { license: LICENSE, at: NOW };
    assert_eq!(reader.product_key(&KEY_INDEX)?, Some(StoredKey { standing, ..samples::product_key() }));
    assert_eq!(reader.device(samples::device().id)?, Some(samples::device()));
    let details = reader.activation(ACTIVATION)?.expect("the activation is there");
    assert_eq!((details.activation, details.license), (samples::activation(), samples::license()));
    assert_eq!(reader.budget_uses(LICENSE, "rebind", 0)?, [NOW]);
    let consents = reader.consents_of(ACCOUNT)?;
    assert_eq!(consents.len(), 1);
    assert_eq!((consents[0].license, consents[0].purpose.as_str()), (LICENSE, "link"));
    let installation = reader.offline_installation(&samples::INSTALLATION)?;
    assert_eq!(installation, Some(samples::installation()));
    assert_eq!(reader.offline_file(&samples::REQUEST)?, Some(samples::offline_file()));
    Ok(())
}

fn check_sign_in(reader: &mut Reader) -> Result<(), Error> {
    let email: Email = samples::account().email.parse().expect("the sample's address is valid");
    let account = reader.account_by_email(&email)?.expect("the account is there");
    let credentials_version = account.credentials_version;
    assert_eq!(account, Account { credentials_version, ..samples::account() });
    assert_eq!(reader.totp(ACCOUNT)?, Some(samples::totp()));
    assert_eq!(reader.recovery_codes_left(ACCOUNT)?, 1);
    assert_eq!(reader.half_sign_in(&digest(0x44), NOW)?.map(|waiting| waiting.account), Some(ACCOUNT));
    assert_eq!(reader.passkeys(ACCOUNT, 10)?, [samples::passkey()]);
    assert_eq!(reader.upstream_identities(ACCOUNT, 10)?, [samples::upstream_identity()]);
    assert_eq!(reader.email_link(&digest(0x45), NOW)?, Some(samples::email_link()));
    assert_eq!(reader.letters_due(NOW, 10)?, [samples::letter()]);
    assert_eq!(reader.attempts(Door::Password, &digest(0x46))?, samples::attempts());
    let tallies = reader.sign_in_tallies(NOW + 1, 10)?;
    assert_eq!(tallies.iter().map(|tally| tally.failures).collect::<Vec<_>>(), [1]);
    Ok(())
}

fn check_sessions(reader: &mut Reader) -> Result<(), Error> {
    let (session, _) = reader.web_session(&digest(0x47), NOW)?.expect("the session is open");
    assert_eq!(session, samples::web_session());
    let token = reader.app_token(&digest(0x48), TokenKind::Refresh, NOW)?.expect("the token is alive");
    assert_eq!(token.session, samples::app_session());
    assert_eq!(reader.authorization_code(&digest(0x49))?, Some(samples::authorization_code()));
    assert_eq!(reader.grant_by_device_code(&digest(0x4a))?, Some(samples::grant()));
    assert_eq!(reader.answer(&samples::REQUEST)?, Some(samples::answer()));
    Ok(())
}

fn check_logs(reader: &mut Reader, number: i64) -> Result<(), Error> {
    let event = samples::audit_event();
    let events = reader.audit_of(&event.subject, 0, 10)?;
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].at, &events[0].actor, events[0].action.as_str()),
        (NOW, &event.actor, event.action)
    );
    assert_eq!((&events[0].detail, &events[0].personal), (&event.detail, &event.personal));
    let sign_ins = reader.sign_ins_of(&ACCOUNT.to_string(), 10)?;
    assert_eq!(sign_ins.into_iter().map(|row| row.from).collect::<Vec<_>>(), [Some(samples::personal())]);

    let has_trees = number >= MERKLE_TREES;
    let covers = if has_trees { Covers::Claims } else { Covers::Token };
    let entry = IssueEntry { covers, ..samples::issue_entry() };
    assert_eq!(reader.issued(&entry.token_id)?, Some(entry));
    let messages = reader.messages_due(NOW, 10)?;
    let ids = messages.iter().map(|message| (message.id, message.consumer.as_str(), message.topic.as_str()));
    let sample = samples::message();
    let expected = has_trees.then_some((sample.id, samples::CONSUMER, sample.topic));
    assert_eq!(ids.collect::<Vec<_>>(), Vec::from_iter(expected));
    Ok(())
}
