//! Old rows are deleted in batches, together with the rows that refer to them.

use keystead_protocol::id::SessionId;
use keystead_storage::testing::Database;
use keystead_storage::{AppSession, Error, TokenKind};

use crate::support::{LICENSE, with_account, with_license};

#[tokio::test]
async fn sign_ins_of_applications_are_deleted_with_their_tokens() {
    for database in Database::each() {
        let store = database.open();
        let account = with_account(&store).await;
        let session = move |n: u8, expires_at| AppSession {
            id: SessionId::from_bytes([n; 16]),
            account,
            client: "keystead-cli".into(),
            device_name: "Desk PC".into(),
            scope: "licenses".into(),
            key_thumbprint: None,
            authenticated_at: 1,
            created_at: 1,
            expires_at,
            ended_at: None,
        };
        let stored: Result<(), Error> = store
            .write(move |tx| {
                for (n, expires_at) in [(1, 50), (2, 500), (3, 500)] {
                    let session = session(n, expires_at);
                    tx.app_session_insert(&session)?;
                    tx.app_token_insert(&[n; 32], session.id, TokenKind::Refresh, 500)?;
                }
                tx.app_session_end(SessionId::from_bytes([2; 16]), 60)
            })
            .await;
        stored.unwrap();
        for expected in [1, 1, 0] {
            let deleted: Result<u64, Error> = store.write(|tx| tx.app_sessions_prune(61, 1)).await;
            assert_eq!(deleted.unwrap(), expected);
        }
        let left =
            store.read(move |connection| connection.app_sessions_of_account(account, 100, 9)).await.unwrap();
        assert_eq!(left, [session(3, 500)]);
    }
}

#[tokio::test]
async fn uses_of_budgets_are_deleted_by_their_kind_the_oldest_first() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 1).await;
        let stored: Result<(), Error> = store
            .write(|tx| {
                for (n, kind, at) in
                    [(1, "repeat", 30), (2, "repeat", 20), (3, "repeat", 10), (4, "rebind", 10)]
                {
                    tx.budget_use_insert([n; 16], LICENSE, kind, at)?;
                }
                Ok(())
            })
            .await;
        stored.unwrap();
        for (expected, left) in [(1, vec![20, 30]), (1, vec![30]), (0, vec![30])] {
            let outcome: Result<_, Error> = store
                .write(|tx| {
                    Ok((
                        tx.budget_uses_prune("repeat", 30, 1)?,
                        tx.budget_uses_of_license(LICENSE, "repeat", 0)?,
                    ))
                })
                .await;
            assert_eq!(outcome.unwrap(), (expected, left));
        }
        let others =
            store.read(|connection| connection.budget_uses_of_license(LICENSE, "rebind", 0)).await.unwrap();
        assert_eq!(others, [10]);
    }
}
