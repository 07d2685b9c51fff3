//! Stalled nodes, networks that lose data or cut connections, and commits whose responses are lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use keystead_storage::testing::{Database, Fault, Proxy};
use keystead_storage::{Error, Location, Options, Store, Timeouts};
use tokio::task::JoinHandle;

use crate::support::{LICENSE, with_license};

const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    lock: Duration::from_millis(1500),
    statement: Duration::from_millis(1800),
    idle_in_transaction: Duration::from_millis(500),
    answer: Duration::from_secs(2),
    queue: Duration::from_secs(3),
};

fn open(location: &Location) -> Store {
    open_with(location, TIMEOUTS)
}

fn open_with(location: &Location, timeouts: Timeouts) -> Store {
    Store::open(location, Options { readers: 1, timeouts, ..Options::default() }, 0).unwrap()
}

async fn seats_used(store: &Store) -> u32 {
    store
        .read(|connection| connection.license_by_id(LICENSE))
        .await
        .map(|license| license.unwrap().seats_used)
        .unwrap()
}

async fn claim(store: &Store) -> Result<bool, Error> {
    store.write(|tx| tx.license_claim_seat(LICENSE)).await
}

/// A write that claims a seat and then stalls inside its transaction until the sender is dropped. Returns
/// when the write has stalled.
fn stalled(store: &Store) -> (mpsc::Sender<()>, JoinHandle<Result<bool, Error>>) {
    let (begun, has_begun) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let store = store.clone();
    let write = tokio::spawn(async move {
        let story = store.write(move |tx| {
            let claimed = tx.license_claim_seat(LICENSE)?;
            tx.license_by_id(LICENSE)?;
            let _ = begun.send(());
            let _ = released.recv();
            Ok::<_, Error>(claimed)
        });
        story.await
    });
    has_begun.recv().unwrap();
    (release, write)
}

/// A proxy that can simulate network faults, a store behind the proxy, and a store with a direct connection.
/// `None` without a PostgreSQL server.
async fn behind_a_proxy() -> Option<(Proxy, Store, Store)> {
    let database = Database::postgres()?;
    let direct = open(&database.location);
    with_license(&direct, 10).await;
    let proxy = Proxy::before(&database.location);
    let store = open(&proxy.location);
    Some((proxy, store, direct))
}

/// Claims a seat during a network fault. Returns the caller's result and how often the operation ran.
async fn claim_with(proxy: &Proxy, store: &Store, fault: Fault) -> (Result<bool, Error>, u32) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    proxy.set(fault);
    let claimed = store.write(move |tx| {
        counted.fetch_add(1, Ordering::SeqCst);
        tx.license_claim_seat(LICENSE)
    });
    (claimed.await, runs.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stalls_in_a_transaction_stops_no_other() {
    let Some(database) = Database::postgres() else { return };
    let nodes = [open(&database.location), open(&database.location)];
    with_license(&nodes[0], 10).await;
    let (release, stalled) = stalled(&nodes[0]);
    let began = Instant::now();
    assert!(claim(&nodes[1]).await.unwrap());
    assert!(began.elapsed() < TIMEOUTS.lock, "{:?}", began.elapsed());
    assert_eq!(seats_used(&nodes[1]).await, 1);
    drop(release);
    // PostgreSQL rolled the stalled transaction back, so the operation runs again.
    assert!(stalled.await.unwrap().unwrap());
    assert_eq!(seats_used(&nodes[1]).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_a_sqlite_file_writes_are_turned_away_in_time() {
    let database = Database::sqlite();
    let nodes = [open(&database.location), open(&database.location)];
    with_license(&nodes[0], 10).await;
    let (release, stalled) = stalled(&nodes[0]);
    let began = Instant::now();
    claim(&nodes[1]).await.unwrap_err();
    assert!(began.elapsed() < TIMEOUTS.queue + 2 * TIMEOUTS.lock, "{:?}", began.elapsed());
    drop(release);
    assert!(stalled.await.unwrap().unwrap());
    assert!(claim(&nodes[1]).await.unwrap());
    assert_eq!(seats_used(&nodes[0]).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_whose_turn_does_not_come_is_turned_away_and_never_run() {
    for database in Database::each() {
        let timeouts = Timeouts { queue: Duration::from_millis(200), ..TIMEOUTS };
        let store = open_with(&database.location, timeouts);
        with_license(&store, 10).await;
        let (release, stalled) = stalled(&store);
        assert!(matches!(claim(&store).await, Err(Error::Overloaded)));
        drop(release);
        let _ = stalled.await.unwrap();
        let before = seats_used(&store).await;
        assert!(claim(&store).await.unwrap());
        assert_eq!(seats_used(&store).await, before + 1, "nothing that was turned away was run");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_answers_hangs_neither_writer_nor_reader() {
    let Some((proxy, store, direct)) = behind_a_proxy().await else { return };
    assert!(claim(&store).await.unwrap());
    assert_eq!(seats_used(&store).await, 1);
    let began = Instant::now();
    let (refused, runs) = claim_with(&proxy, &store, Fault::Silence).await;
    assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    let read = store.read(|connection| connection.license_by_id(LICENSE)).await;
    assert!(matches!(read, Err(Error::Unavailable(_))), "{read:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!((runs, seats_used(&direct).await), (0, 1));
    proxy.set(Fault::Nothing);
    assert!(claim(&store).await.unwrap());
    assert_eq!(seats_used(&store).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_kept_once_and_its_caller_knows() {
    let Some((proxy, store, direct)) = behind_a_proxy().await else { return };
    let (claimed, runs) = claim_with(&proxy, &store, Fault::CutAfterCommit).await;
    assert!(claimed.unwrap());
    assert_eq!((runs, seats_used(&direct).await), (1, 1));
    assert!(claim(&store).await.unwrap(), "the writer goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_did_not_arrive_is_run_again() {
    for fault in [Fault::CutBeforeCommit, Fault::LoseCommit] {
        let Some((proxy, store, direct)) = behind_a_proxy().await else { return };
        let (claimed, runs) = claim_with(&proxy, &store, fault).await;
        assert!(claimed.unwrap());
        assert_eq!((runs, seats_used(&direct).await), (2, 1), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_cannot_be_asked_about_is_neither_repeated_nor_denied() {
    let Some((proxy, store, direct)) = behind_a_proxy().await else { return };
    let (claimed, runs) = claim_with(&proxy, &store, Fault::CutAfterCommitForGood).await;
    assert!(matches!(claimed, Err(Error::OutcomeUnknown)), "{claimed:?}");
    assert_eq!((runs, seats_used(&direct).await), (1, 1));
    proxy.set(Fault::Nothing);
    assert!(claim(&store).await.unwrap());
    assert_eq!(seats_used(&direct).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_writer_that_shares_a_lost_commit_is_told_the_truth() {
    let Some((proxy, store, direct)) = behind_a_proxy().await else { return };
    proxy.set(Fault::CutAfterCommit);
    let claims: Vec<_> = (0..20)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { claim(&store).await })
        })
        .collect();
    let mut granted = 0;
    for claimed in claims {
        granted += u32::from(claimed.await.unwrap().unwrap());
    }
    assert_eq!((granted, seats_used(&direct).await), (10, 10));
}

#[test]
fn nodes_that_open_and_close_a_fresh_database_together_all_get_in() {
    for database in (0..8).flat_map(|_| Database::each()) {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..4).for_each(|_| drop(open(&database.location))));
            }
        });
    }
}
