//! Delivers outbox messages to their consumers. Failed deliveries are retried with growing delays, and
//! abandoned after a day and a half.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use keystead_domain::Millis;
use keystead_storage::{Error, QueuedMessage, Store};

use crate::context::Shared;
use crate::retry_schedule::{self, MAX_ATTEMPTS};

#[cfg(doc)]
use crate::outbox_consumers::CONSUMERS;

/// Messages per batch.
const BATCH: u32 = 20;
const INTERVAL: Duration = Duration::from_secs(1);

/// Delivers messages to an external system, such as a webhook.
pub trait Consumer: Send + Sync {
    /// The consumer's name; one of [`CONSUMERS`].
    fn name(&self) -> &'static str;
    /// Delivers a message. The same message may arrive again if its success could not be recorded.
    fn deliver<'a>(
        &'a self,
        message: &'a QueuedMessage,
    ) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;
}

/// The consumers, one for each of [`CONSUMERS`].
pub fn consumers() -> Vec<Box<dyn Consumer>> {
    Vec::new()
}

/// Delivers messages until the server stops. Returns at once if there are no consumers.
pub async fn run(app: Shared, consumers: Vec<Box<dyn Consumer>>) {
    if consumers.is_empty() {
        return;
    }
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        if let Err(error) = deliver_due(&app.store, &consumers, app.now()).await {
            tracing::error!(%error, "messages could not be delivered");
        }
    }
}

async fn deliver_due(store: &Store, consumers: &[Box<dyn Consumer>], now: Millis) -> Result<(), Error> {
    for message in store.read(move |connection| connection.messages_due(now, BATCH)).await? {
        let next_at = now + retry_schedule::delay(message.attempts);
        let of = message.clone();
        if !store.write(move |tx| tx.message_take(&of, now, next_at)).await? {
            continue;
        }
        let done = match consumers.iter().find(|consumer| consumer.name() == message.consumer) {
            Some(consumer) => consumer.deliver(&message).await,
            None => Err(anyhow::anyhow!("there is no such consumer")),
        };
        if let Err(error) = done {
            let given_up = message.attempts + 1 >= MAX_ATTEMPTS;
            let error = format!("{error:#}");
            tracing::warn!(id = %message.id, consumer = message.consumer, given_up, error, "a message could not be delivered");
            if !given_up {
                continue;
            }
        }
        store.write(move |tx| tx.message_delete(&message)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use keystead_domain::DAY;
    use keystead_protocol::id::OutboxId;
    use keystead_storage::testing::Database;
    use keystead_storage::{Message, Options};

    use super::*;

    /// A consumer that always succeeds or always fails.
    struct Constant {
        succeeds: bool,
    }

    impl Consumer for Constant {
        fn name(&self) -> &'static str {
            "test"
        }

        fn deliver<'a>(
            &'a self,
            _: &'a QueuedMessage,
        ) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>> {
            Box::pin(async { if self.succeeds { Ok(()) } else { Err(anyhow::anyhow!("it is down")) } })
        }
    }

    /// Number of deliveries of one message when the job runs at these times.
    async fn attempts(succeeds: bool, times: &[Millis]) -> usize {
        let database = Database::sqlite();
        let options = Options { consumers: &["test"], ..Options::default() };
        let store = Store::open(&database.location, options, 0).unwrap();
        let id = OutboxId::new(1, [0; 10]);
        let send = move |tx: &mut keystead_storage::Tx<'_>| {
            tx.message_enqueue(Message { id, topic: "license.link", payload: "{}".into(), at: 1 });
            Ok::<_, Error>(())
        };
        store.write(send).await.unwrap();
        let consumers: Vec<Box<dyn Consumer>> = vec![Box::new(Constant { succeeds })];
        let mut tried = 0;
        for now in times.iter().copied() {
            let due = store.read(move |connection| connection.messages_due(now, 9)).await.unwrap();
            tried += due.len();
            deliver_due(&store, &consumers, now).await.unwrap();
        }
        tried
    }

    #[tokio::test]
    async fn a_delivered_message_is_not_delivered_again() {
        assert_eq!(attempts(true, &[1, DAY, 2 * DAY]).await, 1);
    }

    #[tokio::test]
    async fn a_failed_delivery_is_tried_again_later_and_later_and_given_up() {
        assert_eq!(attempts(false, &[1, 60_000, 60_001, 120_000]).await, 2);
        let daily: Vec<Millis> = (1..40).map(|day| day * DAY).collect();
        assert_eq!(attempts(false, &daily).await, MAX_ATTEMPTS as usize);
    }
}
