//! Outbox messages are written for each consumer, retried and deleted.

use keystead_protocol::id::OutboxId;
use keystead_storage::testing::Database;
use keystead_storage::{Error, Message, Options, QueuedMessage, Store};

fn open(database: &Database, consumers: &'static [&'static str]) -> Store {
    Store::open(&database.location, Options { consumers, ..Options::default() }, 0).unwrap()
}

async fn send(store: &Store, at: u64) {
    let message =
        Message { id: OutboxId::new(at, [0; 10]), topic: "test", payload: "{}".into(), at: at as i64 };
    let sent: Result<(), Error> = store
        .write(move |tx| {
            tx.message_enqueue(message.clone());
            Ok(())
        })
        .await;
    sent.unwrap();
}

async fn due(store: &Store, now: i64) -> Vec<QueuedMessage> {
    store.read(move |connection| connection.messages_due(now, 100)).await.unwrap()
}

#[tokio::test]
async fn a_new_consumer_begins_without_a_backlog() {
    for database in Database::each() {
        send(&open(&database, &[]), 1).await;
        let store = open(&database, &["one", "two"]);
        assert_eq!(due(&store, 10).await, []);
        send(&store, 2).await;
        let waiting = due(&store, 10).await;
        assert_eq!(waiting.iter().map(|of| of.consumer.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(due(&store, 1).await, []);
    }
}

#[tokio::test]
async fn one_node_delivers_a_message_and_another_only_after_a_wait() {
    for database in Database::each() {
        let nodes = [open(&database, &["one"]), open(&database, &["one"])];
        send(&nodes[0], 2).await;
        let message = due(&nodes[0], 10).await.remove(0);
        let take = |node: &Store, now, next_at| {
            let (node, message) = (node.clone(), message.clone());
            async move { node.write(move |tx| tx.message_take(&message, now, next_at)).await.unwrap() }
        };
        assert!(take(&nodes[0], 10, 70).await);
        assert!(!take(&nodes[1], 10, 70).await);
        assert_eq!(due(&nodes[1], 69).await, []);
        assert_eq!(due(&nodes[1], 70).await[0].attempts, 1);
        assert!(take(&nodes[1], 70, 200).await);
        nodes[1].write(move |tx| tx.message_delete(&message)).await.unwrap();
        assert_eq!(due(&nodes[0], 1000).await, []);
    }
}

#[tokio::test]
async fn messages_are_deleted_by_their_age_and_in_portions() {
    for database in Database::each() {
        let store = open(&database, &["one"]);
        for at in [100, 101, 102, 200] {
            send(&store, at).await;
        }
        for expected in [2, 1, 0] {
            let deleted: Result<u64, Error> = store.write(|tx| tx.messages_prune(200, 2)).await;
            assert_eq!(deleted.unwrap(), expected);
        }
        let last: Result<u64, Error> = store.write(|tx| tx.messages_prune(201, 2)).await;
        assert_eq!(last.unwrap(), 1);
    }
}
