//! Account data other than licenses: emails, links, second factors, sessions.

use keystead_protocol::id::{AccountId, PasskeyId, QueuedEmailId, SessionId, UpstreamIdentityId};
use keystead_storage::testing::Database;
use keystead_storage::{
    AuthorizationCode, EmailLink, Error, LinkPurpose, Passkey, QueuedEmail, Totp, UpstreamIdentity,
};

use crate::support::{LICENSE, browser, with_account, with_license};

fn email(n: u8) -> QueuedEmail {
    QueuedEmail {
        id: QueuedEmailId::from_bytes([n; 16]),
        recipient: "person@example.org".into(),
        subject: "Confirm your email address".into(),
        body: vec![1, 2, 3],
        created_at: 10,
        attempts: 0,
    }
}

#[tokio::test]
async fn an_email_is_taken_by_one_node_and_tried_again_later() {
    for database in Database::each() {
        let nodes = [database.open(), database.open()];
        nodes[0].write(|tx| tx.queued_email_insert(&email(1))).await.unwrap();
        let due = |now| nodes[0].read(move |connection| connection.queued_emails_due(now, 10));
        assert_eq!(due(9).await.unwrap(), []);
        assert_eq!(due(10).await.unwrap(), [email(1)]);
        let take = |node: usize| nodes[node].write(|tx| tx.queued_email_take(email(1).id, 10, 70));
        assert_eq!((take(0).await.unwrap(), take(1).await.unwrap()), (true, false));
        assert_eq!(due(69).await.unwrap(), []);
        assert_eq!(due(70).await.unwrap(), [QueuedEmail { attempts: 1, ..email(1) }]);
        nodes[1].write(|tx| tx.queued_email_delete(email(1).id)).await.unwrap();
        assert_eq!(due(1000).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_link_serves_once_and_until_it_expires() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let account = with_account(&store).await;
        let purposes = [
            LinkPurpose::SignUp { name: "Person".into(), password_hash: "$argon2id$".into() },
            LinkPurpose::Recover(account),
            LinkPurpose::ChangeEmail(account),
            LinkPurpose::Transfer { owner: account, license: LICENSE },
        ];
        for (n, purpose) in (1..).zip(purposes) {
            let (digest, email) = ([n; 32], "person@example.org".to_owned());
            let link = EmailLink { email, purpose, expires_at: 100 };
            let stored = link.clone();
            store.write(move |tx| tx.email_link_insert(&digest, &stored)).await.unwrap();
            let find = |now| store.read(move |connection| connection.email_link_by_digest(&digest, now));
            assert_eq!(find(99).await.unwrap(), Some(link));
            assert_eq!(find(100).await.unwrap(), None);
        }
        let spend = |n| store.write(move |tx| tx.email_link_use(&[n; 32]));
        assert_eq!((spend(1).await.unwrap(), spend(1).await.unwrap()), (true, false));
        store.write(move |tx| tx.email_links_delete(account)).await.unwrap();
        assert!(!spend(2).await.unwrap() && !spend(3).await.unwrap());
    }
}

#[tokio::test]
async fn a_code_of_a_second_factor_is_used_once() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let totp = Totp { secret: vec![7; 40], started_at: 4, confirmed_at: Some(5), last_step: 0 };
        let stored = totp.clone();
        let set: Result<(), Error> = store
            .write(move |tx| {
                tx.totp_set(account, &stored)?;
                tx.recovery_codes_set(account, &[[1; 32], [2; 32]])?;
                tx.mfa_challenge_insert(&[9; 32], account, 100)
            })
            .await;
        set.unwrap();
        assert_eq!(
            store.read(move |connection| connection.totp_of_account(account)).await.unwrap(),
            Some(totp)
        );
        let step = |step| store.write(move |tx| tx.totp_use_step(account, step));
        assert_eq!(
            (step(5).await.unwrap(), step(5).await.unwrap(), step(4).await.unwrap()),
            (true, false, false)
        );
        let code = |digest| store.write(move |tx| tx.recovery_code_use(account, &digest, 6));
        assert_eq!((code([1; 32]).await.unwrap(), code([1; 32]).await.unwrap()), (true, false));
        assert_eq!(store.read(move |connection| connection.recovery_codes_left(account)).await.unwrap(), 1);
        store.write(|tx| tx.mfa_challenge_count(&[9; 32])).await.unwrap();
        let half =
            store.read(|connection| connection.mfa_challenge_by_digest(&[9; 32], 99)).await.unwrap().unwrap();
        assert_eq!((half.account, half.attempts), (account, 1));
        assert_eq!(
            store.read(|connection| connection.mfa_challenge_by_digest(&[9; 32], 100)).await.unwrap(),
            None
        );
        store.write(move |tx| tx.account_remove_second_factor(account)).await.unwrap();
        assert_eq!(store.read(move |connection| connection.recovery_codes_left(account)).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_session_that_nobody_uses_is_neither_listed_nor_kept() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let opened: Result<(), Error> = store
            .write(move |tx| (1..=2).try_for_each(|n| tx.web_session_insert(&[n; 32], &browser(n, account))))
            .await;
        opened.unwrap();
        store.write(|tx| tx.web_session_touch(SessionId::from_bytes([2; 16]), 7)).await.unwrap();
        let left = store
            .read(move |connection| connection.web_sessions_of_account(account, 9, 6, 10))
            .await
            .unwrap();
        assert_eq!(left.iter().map(|session| session.seen_at).collect::<Vec<_>>(), [7]);
        assert_eq!(store.write(|tx| tx.web_sessions_prune_idle(7)).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn sessions_are_ended_by_their_own_account_only() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let stranger = keystead_protocol::id::AccountId::from_bytes([0x77; 16]);
        let opened: Result<(), Error> = store
            .write(move |tx| (1..=3).try_for_each(|n| tx.web_session_insert(&[n; 32], &browser(n, account))))
            .await;
        opened.unwrap();
        let id = |n| SessionId::from_bytes([n; 16]);
        let end = |who, n| store.write(move |tx| tx.session_end(who, id(n), 9));
        assert!(!end(stranger, 1).await.unwrap());
        assert!(end(account, 1).await.unwrap());
        store.write(move |tx| tx.sessions_end(account, Some(id(3)), 9)).await.unwrap();
        let left = store
            .read(move |connection| connection.web_sessions_of_account(account, 9, 0, 10))
            .await
            .unwrap();
        assert_eq!(left, [browser(3, account)]);
    }
}

#[tokio::test]
async fn an_authorization_code_opens_one_session_and_a_proof_is_shown_once() {
    for database in Database::each() {
        let store = database.open();
        let code = AuthorizationCode {
            account: with_account(&store).await,
            client: "app".into(),
            redirect_uri: "http://127.0.0.1:4711/callback".into(),
            challenge: [4; 32],
            nonce: Some("nonce".into()),
            scope: "openid".into(),
            authenticated_at: 3,
            expires_at: 60,
            session: None,
        };
        let stored = code.clone();
        store.write(move |tx| tx.authorization_code_insert(&[1; 32], &stored)).await.unwrap();
        let found = || store.read(|connection| connection.authorization_code_by_digest(&[1; 32]));
        assert_eq!(found().await.unwrap(), Some(code));
        let spend =
            |n| store.write(move |tx| tx.authorization_code_use(&[1; 32], SessionId::from_bytes([n; 16])));
        assert_eq!((spend(1).await.unwrap(), spend(2).await.unwrap()), (true, false));
        assert_eq!(found().await.unwrap().unwrap().session, Some(SessionId::from_bytes([1; 16])));
        let proof = || store.write(|tx| tx.spent_token_insert(&[2; 32], 100));
        assert_eq!((proof().await.unwrap(), proof().await.unwrap()), (true, false));
        let forgotten = store.write(|tx| tx.authorization_codes_prune(101 + 24 * 60 * 60 * 1000)).await;
        assert_eq!(forgotten.unwrap(), 2);
    }
}

#[tokio::test]
async fn a_passkey_and_an_account_elsewhere_sign_in_to_one_account_only() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let passkey = Passkey {
            id: PasskeyId::from_bytes([1; 16]),
            credential_id: vec![7; 40],
            account,
            name: "My laptop".into(),
            credential: "{}".into(),
            created_at: 1,
            used_at: None,
        };
        let add = |passkey: Passkey| store.write(move |tx| tx.passkey_insert(&passkey));
        assert!(add(passkey.clone()).await.unwrap());
        assert!(!add(Passkey { id: PasskeyId::from_bytes([2; 16]), ..passkey.clone() }).await.unwrap());
        assert!(store.write(move |tx| tx.passkey_use(passkey.id, "{\"counter\":1}", 5)).await.unwrap());
        let used = Passkey { credential: "{\"counter\":1}".into(), used_at: Some(5), ..passkey.clone() };
        let found = store.read(|connection| connection.passkey_by_credential(&[7; 40])).await.unwrap();
        assert_eq!(found.as_ref(), Some(&used));
        assert_eq!(
            store.read(move |connection| connection.passkeys_of_account(account, 10)).await.unwrap(),
            [used]
        );

        let elsewhere = UpstreamIdentity {
            id: UpstreamIdentityId::from_bytes([1; 16]),
            issuer: "https://id.example.org".into(),
            subject: "4711".into(),
            account,
            label: "person@example.org".into(),
            created_at: 1,
            used_at: None,
        };
        let link = |identity: UpstreamIdentity| store.write(move |tx| tx.upstream_identity_insert(&identity));
        assert!(link(elsewhere.clone()).await.unwrap());
        assert!(
            !link(UpstreamIdentity { id: UpstreamIdentityId::from_bytes([2; 16]), ..elsewhere.clone() })
                .await
                .unwrap()
        );
        let other = |issuer: &'static str| {
            store.read(move |connection| connection.upstream_identity_by_subject(issuer, "4711"))
        };
        assert_eq!(other("https://id.example.org").await.unwrap(), Some(elsewhere.clone()));
        assert_eq!(other("https://elsewhere.example.org").await.unwrap(), None);

        let stranger = AccountId::from_bytes([9; 16]);
        let remove = |whose| {
            store.write(move |tx| {
                Ok::<_, Error>((
                    tx.passkey_delete(whose, PasskeyId::from_bytes([1; 16]))?,
                    tx.upstream_identity_delete(whose, UpstreamIdentityId::from_bytes([1; 16]))?,
                ))
            })
        };
        assert_eq!(remove(stranger).await.unwrap(), (false, false));
        assert_eq!(remove(account).await.unwrap(), (true, true));
    }
}
