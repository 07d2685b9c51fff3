//! Log lines about a change have the span of the request, regardless of the thread that makes the change.

use keystead_storage::Error;
use keystead_storage::testing::Database;
use tracing::{Instrument as _, Span};

#[tokio::test]
async fn the_span_of_a_request_follows_it_to_the_threads_of_the_store() {
    // The subscriber must be global, because the store has its own threads.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    for database in Database::each() {
        let store = database.open();
        let span = tracing::info_span!("request");
        let expected = span.id();
        assert!(expected.is_some());
        let inside = async {
            let written: Result<_, Error> = store.write(|_| Ok(Span::current().id())).await;
            let read: Result<_, Error> = store.read(|_| Ok(Span::current().id())).await;
            (written.unwrap(), read.unwrap())
        };
        assert_eq!(inside.instrument(span).await, (expected.clone(), expected));
        let outside: Result<_, Error> = store.write(|_| Ok(Span::current().id())).await;
        assert_eq!(outside.unwrap(), None, "the writer has left the request");
    }
}
