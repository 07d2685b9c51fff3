//! Failed attempts and the origins of sign-ins.

use keystead_domain::guess_limits::{Attempts, Door};
use keystead_protocol::tlog::Log;
use keystead_storage::testing::Database;
use keystead_storage::{AuditEvent, Error, Personal, SignInTally};

use crate::support::{event, sequence, whole};

#[tokio::test]
async fn failures_are_counted_by_door_and_target_and_the_least_are_forgotten_first() {
    for database in Database::each() {
        let nodes = [database.open(), database.open()];
        let failed = |failures| Attempts { failures, failed_at: 10 + i64::from(failures), locked_until: 0 };
        let set: Result<(), Error> = nodes[0]
            .write(move |tx| {
                tx.attempts_set(Door::Password, &[1; 32], failed(1))?;
                tx.attempts_set(Door::Password, &[1; 32], failed(2))?;
                tx.attempts_set(Door::Recovery, &[1; 32], failed(5))?;
                tx.attempts_set(Door::Password, &[2; 32], failed(3))
            })
            .await;
        set.unwrap();
        let count =
            |door, n: u8| nodes[1].read(move |connection| connection.attempts_by_target(door, &[n; 32]));
        assert_eq!(count(Door::Password, 1).await.unwrap(), failed(2));
        assert_eq!(count(Door::Recovery, 1).await.unwrap(), failed(5));
        assert_eq!(count(Door::SecondFactor, 1).await.unwrap(), Attempts::default());
        assert_eq!(nodes[1].write(|tx| tx.attempts_prune(13, 1)).await.unwrap(), 2);
        assert_eq!(count(Door::Recovery, 1).await.unwrap(), failed(5));
        nodes[1].write(|tx| tx.attempts_clear(Door::Recovery, &[1; 32])).await.unwrap();
        assert_eq!(count(Door::Recovery, 1).await.unwrap(), Attempts::default());
    }
}

fn sign_in(at: i64) -> AuditEvent {
    let personal = Personal {
        salt: [at as u8; 16],
        address: format!("192.0.2.{at}"),
        browser: "Firefox on Linux".into(),
    };
    AuditEvent { at, action: "sign_in.fail", personal: Some(personal), ..event("acc_1") }
}

#[tokio::test]
async fn where_a_sign_in_came_from_is_erased_and_the_tree_stays_whole() {
    for database in Database::each() {
        let store = database.open();
        let written: Result<(), Error> = store
            .write(|tx| {
                tx.audit_event_insert(event("acc_1"));
                tx.audit_event_insert(sign_in(1));
                tx.audit_event_insert(sign_in(2));
                Ok(())
            })
            .await;
        written.unwrap();
        sequence(&store, Log::Audit, 10).await;
        let sign_ins = || store.read(|connection| connection.sign_ins_of_subject("acc_1", 10));
        let from = |rows: Vec<keystead_storage::SignInRow>| {
            rows.into_iter().map(|row| row.from.map(|from| from.address)).collect::<Vec<_>>()
        };
        let both = [Some("192.0.2.2".to_owned()), Some("192.0.2.1".to_owned())];
        assert_eq!(from(sign_ins().await.unwrap()), both);
        assert_eq!(whole(&store, Log::Audit).await.size, 3);
        assert_eq!(store.write(|tx| tx.personal_fields_prune(2, 10)).await.unwrap(), 1);
        assert_eq!(from(sign_ins().await.unwrap()), [both[0].clone(), None]);
        assert_eq!(whole(&store, Log::Audit).await.size, 3);
        store.write(|tx| tx.personal_fields_erase("acc_1")).await.unwrap();
        assert_eq!(from(sign_ins().await.unwrap()), [None, None]);
        assert_eq!(whole(&store, Log::Audit).await.size, 3);
    }
}

#[tokio::test]
async fn failed_sign_ins_are_tallied_by_the_hour() {
    for database in Database::each() {
        let store = database.open();
        let tally = |hour_at| store.write(move |tx| tx.sign_in_tally_increment("anybody", hour_at));
        assert_eq!((tally(0).await.unwrap(), tally(0).await.unwrap(), tally(60).await.unwrap()), (1, 2, 1));
        let past = store.read(|connection| connection.sign_in_tallies_before(60, 10)).await.unwrap();
        let first = SignInTally { subject: "anybody".into(), hour_at: 0, failures: 2 };
        assert_eq!(past, std::slice::from_ref(&first));
        let forget = |tally: SignInTally| store.write(move |tx| tx.sign_in_tally_delete(&tally));
        assert!(forget(first.clone()).await.unwrap() && !forget(first).await.unwrap());
    }
}
