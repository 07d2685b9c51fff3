//! Every row is read back as it was stored.

use keystead_domain::account::Email;
use keystead_domain::activation::ActivationStatus;
use keystead_domain::device_grant::{self, DeviceGrant};
use keystead_domain::license::{self, License, Ownership};
use keystead_domain::ratchet::{LeftBranch, LeftBy, Shown};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{AccountId, ApiTokenId, GrantId, LicenseId, SessionId};
use keystead_storage::testing::{Database, tenant};
use keystead_storage::{
    Account, AccountSession, Answer, ApiToken, AppSession, AppToken, Error, KeyRecord, OfflineFile,
    ProductKeyStatus, Role, SecretCheck, SessionRef, StoredKey, StoredKeyset, TokenKind,
};

use crate::support::{BATCH, LICENSE, activation, browser, device, license, with_account, with_license};

#[tokio::test]
async fn the_vendor_and_accounts() {
    for database in Database::each() {
        let store = database.open();
        assert_eq!(store.read(|connection| connection.tenant()).await.unwrap(), None);
        store.write(|tx| tx.tenant_insert(&tenant())).await.unwrap();
        assert_eq!(store.read(|connection| connection.tenant()).await.unwrap(), Some(tenant()));

        let id = with_account(&store).await;
        let email: Email = "Person@example.org".parse().unwrap();
        let found = store.read(move |connection| connection.account_by_email(&email)).await.unwrap().unwrap();
        assert_eq!((found.id, found.role), (id, Role::Customer));
        let again = store.write(move |tx| {
            tx.account_insert(&Account { id: AccountId::from_bytes([9; 16]), ..found.clone() })
        });
        assert!(matches!(again.await, Err(Error::UniqueViolation(_))));
    }
}

#[tokio::test]
async fn licenses_in_every_status() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 2).await;
        let owner = with_account(&store).await;
        let ownership = Ownership::Owned { by: owner, since: 11 };
        for status in
            [license::LicenseStatus::Suspended { at: 12 }, license::LicenseStatus::Revoked { at: 13 }]
        {
            let changed: Result<_, Error> = store
                .write(move |tx| {
                    tx.license_set_ownership(LICENSE, ownership)?;
                    tx.license_set_status(LICENSE, status)?;
                    assert!(!tx.license_claim_seat(LICENSE)?, "only an active license gives seats");
                    tx.licenses_of_account(owner, None, 10)
                })
                .await;
            let expected = license::License { ownership, status, ..license(2) };
            assert_eq!(changed.unwrap(), [expected]);
        }
        assert_eq!(
            store
                .read(move |connection| connection.licenses_of_account(owner, Some(LICENSE), 10))
                .await
                .unwrap(),
            []
        );
    }
}

#[tokio::test]
async fn product_keys_are_spent_once() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let key = StoredKey {
            index: [6; 16],
            batch: BATCH,
            last_group: "DWY6M".into(),
            status: ProductKeyStatus::Issued { at: 1 },
        };
        let stored = key.clone();
        let outcome: Result<_, Error> = store
            .write(move |tx| {
                assert!(tx.product_key_insert(&stored)?);
                assert!(!tx.product_key_insert(&stored)?);
                assert!(tx.product_key_claim(&[6; 16], LICENSE, 2)?);
                assert!(!tx.product_key_claim(&[6; 16], LICENSE, 2)?);
                tx.product_key_by_index(&[6; 16])
            })
            .await;
        let claims = ProductKeyStatus::Claims { license: LICENSE, at: 2 };
        assert_eq!(outcome.unwrap(), Some(StoredKey { status: claims, ..key }));
        let disabled: Result<_, Error> = store
            .write(|tx| {
                tx.product_keys_disable(LICENSE, 3)?;
                tx.product_key_by_index(&[6; 16])
            })
            .await;
        assert_eq!(disabled.unwrap().unwrap().status, ProductKeyStatus::Disabled { at: 3 });
    }
}

#[tokio::test]
async fn activations_in_every_status() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let inserted: Result<(), Error> = store
            .write(|tx| {
                tx.device_insert(&device(1))?;
                tx.activation_insert(&activation(1))
            })
            .await;
        inserted.unwrap();
        for status in [
            ActivationStatus::Active,
            ActivationStatus::HardwareChanged { at: 3, grace_until: 4 },
            ActivationStatus::Forked { at: 5 },
            ActivationStatus::Superseded { at: 6 },
            ActivationStatus::Revoked { at: 6 },
            ActivationStatus::Released { at: 7 },
        ] {
            let mut changed = activation(1).activation;
            changed.status = status;
            changed.ratchet.previous = Some(Shown { r: [1; 16], x: [2; 16] });
            let previous = Some(Shown { r: [4; 16], x: [5; 16] });
            changed.ratchet.left_branches = vec![
                LeftBranch { current: [3; 16], previous: None, left_at: 8, left_by: LeftBy::Activation },
                LeftBranch { current: [6; 16], previous, left_at: 9, left_by: LeftBy::Choice },
            ];
            let expected = changed.clone();
            let outcome: Result<_, Error> = store
                .write(move |tx| {
                    tx.activation_update(&changed)?;
                    tx.activation_by_id(changed.id)
                })
                .await;
            let details = outcome.unwrap().unwrap();
            assert_eq!(details.activation, expected);
            assert_eq!(
                (details.license.id, details.device_key),
                (LICENSE, DevicePublicKey::Ed25519([1; 32]))
            );
        }
        let live = store.read(|connection| connection.activations_of_license(LICENSE, 10)).await.unwrap();
        assert_eq!(live, []);
    }
}

#[tokio::test]
async fn sign_ins_live_until_they_expire_or_end() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let session = AppSession {
            id: SessionId::from_bytes([1; 16]),
            account,
            client: "cli".into(),
            device_name: "Desk PC".into(),
            scope: "openid licenses".into(),
            key_thumbprint: Some([3; 32]),
            authenticated_at: 1,
            created_at: 1,
            expires_at: 100,
            ended_at: None,
        };
        let stored = session.clone();
        let written: Result<(), Error> = store
            .write(move |tx| {
                tx.web_session_insert(&[1; 32], &browser(1, account))?;
                tx.app_session_insert(&stored)?;
                tx.app_token_insert(&[2; 32], stored.id, TokenKind::Refresh, 100)?;
                tx.app_token_use(&[2; 32], 7)
            })
            .await;
        written.unwrap();
        let web = |now| store.read(move |connection| connection.web_session_by_digest(&[1; 32], now));
        assert!(web(49).await.unwrap().is_some());
        assert!(web(50).await.unwrap().is_none());
        let by = |session, credentials_version| AccountSession {
            account,
            session,
            credentials_version,
            authenticated_at: 1,
        };
        let current = |by, now| store.read(move |connection| connection.session_is_current(&by, now));
        let (web_session, app_session) =
            (SessionRef::Browser(browser(1, account).id), SessionRef::Application(session.id));
        for session in [web_session, app_session] {
            assert!(current(by(session, 0), 49).await.unwrap());
            assert!(!current(by(session, 1), 49).await.unwrap(), "other credentials");
        }
        assert!(!current(by(web_session, 0), 50).await.unwrap(), "expired");
        let app = |kind| store.read(move |connection| connection.app_token_by_digest(&[2; 32], kind, 99));
        let token = AppToken {
            session: session.clone(),
            used_at: Some(7),
            role: Role::Customer,
            credentials_version: 0,
        };
        assert_eq!(app(TokenKind::Refresh).await.unwrap(), Some(token));
        assert_eq!(app(TokenKind::Access).await.unwrap(), None);
        store.write(move |tx| tx.app_session_end(session.id, 9)).await.unwrap();
        assert_eq!(app(TokenKind::Refresh).await.unwrap(), None);
        assert!(!current(by(app_session, 0), 49).await.unwrap(), "ended");
        store.write(move |tx| tx.account_set_password(account, "$argon2id$2")).await.unwrap();
        assert!(!current(by(web_session, 0), 49).await.unwrap(), "the password is another one");
        assert_eq!(store.write(|tx| tx.sessions_prune(100)).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn device_grants_api_tokens_and_answers() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let grant = DeviceGrant {
            id: GrantId::from_bytes([1; 16]),
            client: "cli".into(),
            device_name: "Desk PC".into(),
            scope: String::new(),
            max_age: None,
            status: device_grant::GrantStatus::Pending,
            expires_at: 100,
            polled_at: None,
        };
        let expected = grant.clone();
        let by = device_grant::Approver { account, authenticated_at: 5 };
        let outcome: Result<_, Error> = store
            .write(move |tx| {
                tx.grant_insert(&grant, &[1; 32], &[2; 32])?;
                assert_eq!(tx.grant_by_user_code(&[2; 32])?, Some(grant.clone()));
                tx.grant_note_poll(grant.id, 5)?;
                tx.grant_set_status(grant.id, device_grant::GrantStatus::Approved { by, at: 6 })?;
                tx.grant_set_status(grant.id, device_grant::GrantStatus::Consumed { at: 7 })?;
                tx.grant_by_device_code(&[1; 32])
            })
            .await;
        let status = device_grant::GrantStatus::Consumed { at: 7 };
        assert_eq!(outcome.unwrap(), Some(DeviceGrant { status, polled_at: Some(5), ..expected }));

        let token = ApiToken {
            id: ApiTokenId::from_bytes([3; 16]),
            name: "ci".into(),
            scopes: "validate".into(),
            created_at: 1,
            expires_at: Some(10),
            used_at: None,
            revoked_at: None,
        };
        let (stored, id) = (token.clone(), token.id);
        store.write(move |tx| tx.api_token_insert(&stored, &[4; 32])).await.unwrap();
        let alive = |now| store.read(move |connection| connection.api_token_by_digest(&[4; 32], now));
        assert_eq!(alive(9).await.unwrap(), Some(token));
        assert_eq!(alive(10).await.unwrap(), None);
        assert!(store.write(move |tx| tx.api_token_revoke(id, 2)).await.unwrap());
        assert_eq!(alive(9).await.unwrap(), None);

        let answer = Answer { request: [5; 32], status: 201, body: b"{}".to_vec() };
        let stored = answer.clone();
        store.write(move |tx| tx.answer_insert(&[6; 16], Some("nonce"), &stored, 1)).await.unwrap();
        assert_eq!(
            store.read(|connection| connection.answer_by_key(&[6; 16])).await.unwrap(),
            Some(answer.clone())
        );
        let replayed = store.write(move |tx| tx.answer_insert(&[7; 16], Some("nonce"), &answer, 1)).await;
        assert!(matches!(replayed, Err(Error::UniqueViolation(_))));
        assert_eq!(store.write(|tx| tx.answers_prune(2, 10)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_a_file_was_answered() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let file = OfflineFile {
            id: [8; 16],
            activation: activation(1).activation.id,
            answer: "-----BEGIN LICENCE-----".into(),
            answered_by: "account:acc_1".into(),
            answered_at: 5,
        };
        let stored = file.clone();
        let found: Result<_, Error> = store
            .write(move |tx| {
                tx.device_insert(&device(1))?;
                tx.activation_insert(&activation(1))?;
                tx.offline_file_insert(&stored)?;
                Ok((tx.offline_file_by_id(&[8; 16])?, tx.offline_file_by_id(&[9; 16])?))
            })
            .await;
        assert_eq!(found.unwrap(), (Some(file), None));
    }
}

#[tokio::test]
async fn uses_of_budgets_are_found_for_a_page_of_licenses_at_once() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let owner = with_account(&store).await;
        let id = |n: u8| LicenseId::from_bytes([n; 16]);
        let found: Result<_, Error> = store
            .write(move |tx| {
                for (n, by) in [(40, Some(owner)), (41, None), (42, Some(owner)), (43, Some(owner))] {
                    let ownership = by.map_or(Ownership::Held, |by| Ownership::Owned { by, since: 1 });
                    tx.license_insert(&License { id: id(n), ownership, ..license(5) })?;
                    tx.budget_use_insert([n; 16], id(n), "rebind", 10)?;
                }
                tx.budget_use_insert([1; 16], id(40), "rebind", 5)?;
                tx.budget_use_insert([2; 16], id(40), "transfer", 10)?;
                tx.budget_uses_of_account(owner, (id(40), id(42)), "rebind", 5)
            })
            .await;
        let mut found = found.unwrap();
        found.sort();
        assert_eq!(found, [(id(40), 10), (id(42), 10)], "of the owner, on the page, of the kind, since then");
    }
}

#[tokio::test]
async fn the_keys_that_the_database_belongs_to() {
    for database in Database::each() {
        let store = database.open();
        assert_eq!(store.read(|connection| connection.key_record()).await.unwrap(), None);
        let check = |generation| SecretCheck { kind: "nonce".into(), generation, value: [5; 16] };
        let keyset = |sequence| StoredKeyset { sequence, content: format!("[{sequence}]") };
        let stored: Result<_, Error> = store
            .write(move |tx| {
                tx.root_insert(0, &[9; 32], 1)?;
                tx.root_insert(1, &[8; 32], 2)?;
                tx.secret_check_insert(&check(0))?;
                tx.secret_check_insert(&check(1))?;
                tx.keyset_insert(&keyset(9), 3)?;
                tx.keyset_insert(&keyset(10), 4)
            })
            .await;
        stored.unwrap();
        let expected =
            KeyRecord { roots: vec![[9; 32], [8; 32]], checks: vec![check(0), check(1)], keyset: keyset(10) };
        assert_eq!(store.read(|connection| connection.key_record()).await.unwrap(), Some(expected));
        let again = store.write(move |tx| tx.keyset_insert(&keyset(10), 5)).await;
        assert!(matches!(again, Err(Error::UniqueViolation(_))));
    }
}
