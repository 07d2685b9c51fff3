//! The writer: commit groups, savepoints, refusals, panics, other nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use keystead_domain::guess_limits::{Attempts, Door};
use keystead_protocol::id::ActivationId;
use keystead_storage::testing::{Database, change_while_reading, schema};
use keystead_storage::{Error, Options, Store};

use crate::support::{LICENSE, activation, device, event, with_license};

async fn seats_used(store: &Store) -> u32 {
    store
        .read(|connection| connection.license_by_id(LICENSE))
        .await
        .map(|license| license.unwrap().seats_used)
        .unwrap()
}

#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let Some(postgres) = Database::postgres() else { return };
    let sqlite = Database::sqlite();
    drop((sqlite.open(), postgres.open()));
    let (sqlite, postgres) = (schema(&sqlite.location).unwrap(), schema(&postgres.location).unwrap());
    assert!(sqlite.len() > 100, "the schema was read");
    assert_eq!(sqlite, postgres);
}

#[tokio::test]
async fn connections_that_read_cannot_write() {
    for database in Database::each() {
        drop(database.open());
        let refusal = change_while_reading(&database.location).unwrap_err();
        assert!(matches!(refusal, Error::Database(_)), "{refusal}");
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    for database in Database::each() {
        with_license(&database.open(), 3).await;
        assert_eq!(seats_used(&database.open()).await, 0);
    }
}

#[tokio::test]
async fn a_refused_operation_leaves_nothing_behind_and_spoils_no_other() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 10).await;
        let writes = (0..40u32).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        tx.audit_event_insert(event("license"));
                        if n.is_multiple_of(2) {
                            tx.license_claim_seat(LICENSE)?;
                        }
                        if n % 4 == 0 { Err(Error::Overloaded) } else { Ok(()) }
                    })
                    .await
            })
        });
        let outcomes = futures(writes).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 10);
        assert_eq!(seats_used(&store).await, 10);
        assert_eq!(
            store
                .read(|connection| connection.audit_events_of_subject("license", 0, 100))
                .await
                .unwrap()
                .len(),
            30
        );
    }
}

async fn futures<T: Send + 'static>(
    tasks: impl Iterator<Item = tokio::task::JoinHandle<Result<T, Error>>>,
) -> Vec<Result<T, Error>> {
    let tasks: Vec<_> = tasks.collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn a_panicking_operation_is_rolled_back_and_the_store_goes_on() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 5).await;
        let outcome: Result<(), Error> = store
            .write(|tx| {
                tx.license_claim_seat(LICENSE)?;
                panic!("a mistake in an operation");
            })
            .await;
        assert!(matches!(outcome, Err(Error::Interrupted)));
        assert_eq!(seats_used(&store).await, 0);
        assert!(store.write(|tx| tx.license_claim_seat(LICENSE)).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_never_give_a_seat_twice() {
    for database in Database::each() {
        let nodes = [database.open(), database.open()];
        with_license(&nodes[0], 5).await;
        let granted = Arc::new(AtomicU32::new(0));
        let claims = (0..40).map(|n| {
            let (store, granted) = (nodes[n % 2].clone(), Arc::clone(&granted));
            tokio::spawn(async move {
                let claimed = store.write(|tx| tx.license_claim_seat(LICENSE)).await?;
                granted.fetch_add(u32::from(claimed), Ordering::Relaxed);
                Ok::<_, Error>(())
            })
        });
        for outcome in futures(claims).await {
            outcome.unwrap();
        }
        assert_eq!((granted.load(Ordering::Relaxed), seats_used(&nodes[1]).await), (5, 5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_read_and_then_write_lose_no_change() {
    for database in Database::each() {
        let nodes = [database.open(), database.open()];
        let counts = (0..40usize).map(|n| {
            let store = nodes[n % 2].clone();
            tokio::spawn(async move {
                store
                    .write(|tx| {
                        let failures = tx.attempts_by_target(Door::Password, &[1; 32])?.failures + 1;
                        let counted = Attempts { failures, failed_at: 5, locked_until: 0 };
                        tx.attempts_set(Door::Password, &[1; 32], counted)?;
                        Ok::<_, Error>(failures)
                    })
                    .await
            })
        });
        let mut seen: Vec<_> = futures(counts).await.into_iter().map(Result::unwrap).collect();
        seen.sort_unstable();
        assert_eq!(seen, (1..41).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_inside_of_a_logged_change_delays_no_other_node() {
    let Some(database) = Database::postgres() else { return };
    let nodes = [database.open(), database.open()];
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let (begun, has_begun) = std::sync::mpsc::channel::<()>();
    let slow = nodes[0].clone();
    let held = tokio::spawn(async move {
        slow.write(move |tx| {
            tx.device_insert(&device(1))?;
            tx.device_by_id(device(1).id)?;
            tx.audit_event_insert(event("slow"));
            begun.send(()).map_err(|_| Error::Interrupted)?;
            wait.recv().map_err(|_| Error::Interrupted)
        })
        .await
    });
    has_begun.recv().unwrap();
    let other: Result<(), Error> = nodes[1]
        .write(|tx| {
            tx.audit_event_insert(event("quick"));
            tx.device_insert(&device(2))
        })
        .await;
    other.unwrap();
    assert!(!held.is_finished(), "the slow node is still inside");
    release.send(()).unwrap();
    held.await.unwrap().unwrap();
    for subject in ["slow", "quick"] {
        assert_eq!(
            nodes[1]
                .read(move |connection| connection.audit_events_of_subject(subject, 0, 9))
                .await
                .unwrap()
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn a_full_queue_turns_writes_away_at_once() {
    let database = Database::sqlite();
    let store = Store::open(&database.location, Options { queue: 1, ..Options::default() }, 0).unwrap();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let blocked = {
        let store = store.clone();
        tokio::spawn(async move { store.write(move |_| wait.recv().map_err(|_| Error::Interrupted)).await })
    };
    while store.waiting_writes() > 0
        || !{
            tokio::task::yield_now().await;
            true
        }
    {}
    let mut turned_away = false;
    let mut queued = Vec::new();
    for _ in 0..8 {
        let store = store.clone();
        queued.push(tokio::spawn(async move { store.write(|_| Ok::<_, Error>(())).await }));
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    for write in queued {
        turned_away |= matches!(write.await.unwrap(), Err(Error::Overloaded));
    }
    blocked.await.unwrap().unwrap();
    assert!(turned_away);
}

#[tokio::test]
async fn one_device_occupies_one_seat_of_a_license() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 5).await;
        let stored: Result<(), Error> = store
            .write(|tx| {
                tx.device_insert(&device(1))?;
                tx.activation_insert(&activation(1))
            })
            .await;
        stored.unwrap();
        let second = store
            .write(|tx| {
                let mut row = activation(1);
                row.activation.id = ActivationId::from_bytes([9; 16]);
                tx.activation_insert(&row)
            })
            .await;
        assert!(matches!(second, Err(Error::UniqueViolation(_))), "{second:?}");
    }
}

#[tokio::test]
async fn a_change_is_seen_by_whatever_is_asked_after_it() {
    for database in Database::each() {
        let store = database.open();
        let seen = store
            .write(|tx| {
                let mut seen = Vec::new();
                for number in 1..=100 {
                    tx.device_insert(&device(number))?;
                    tx.device_rename(device(number).id, "Renamed")?;
                    if number % 50 == 0 {
                        seen.push(tx.device_by_id(device(number).id)?.map(|device| device.name));
                    }
                }
                Ok::<_, Error>(seen)
            })
            .await;
        assert_eq!(seen.unwrap(), [Some("Renamed".to_owned()), Some("Renamed".to_owned())]);
        let last = store.read(|connection| connection.device_by_id(device(99).id)).await.unwrap();
        assert_eq!(last.unwrap().name, "Renamed");
    }
}

#[tokio::test]
async fn a_seat_that_was_assumed_and_is_not_there_is_refused_and_spoils_no_other() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 3).await;
        let claims = (0..12u8).map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        if !tx.license_claim_seat(LICENSE)? {
                            return Err(Error::Overloaded);
                        }
                        tx.device_insert(&device(n))
                    })
                    .await
            })
        });
        let outcomes = futures(claims).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        assert_eq!(seats_used(&store).await, 3);
        for (n, outcome) in (0..12u8).zip(outcomes) {
            let stored = store.read(move |connection| connection.device_by_id(device(n).id)).await.unwrap();
            assert_eq!(stored.is_some(), outcome.is_ok());
        }
    }
}
