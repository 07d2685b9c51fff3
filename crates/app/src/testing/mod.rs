//! The environment for tests of use cases: an application on a new database, a clock that the test moves, and
//! the vendor, customers and devices that use the application.

mod application;
mod catalog;
mod customer;
mod device;
mod licensing;
mod mailbox;
mod offline;
mod sign_in;
mod world;

use keystead_protocol::Code;
use keystead_storage::testing::Database;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::idempotency::StoredResponse;

pub use self::application::{CLIENT, DpopKey, REDIRECT_URI, VERIFIER, authorization, token_request};
pub use self::customer::{Customer, PASSWORD};
pub use self::device::{Device, PRODUCT, PRODUCT_CODE};
pub use self::mailbox::Email;
pub use self::sign_in::{Authenticator, CODE_PERIOD, texts, typed, wrong_code};
pub use self::world::{START, World};

/// Runs a test on SQLite. If `KEYSTEAD_TEST_POSTGRES` names a test server, runs it on PostgreSQL, too.
pub fn on_both(test: impl AsyncFn(World)) {
    run(Database::sqlite(), &test);
    if let Some(database) = Database::migrated_postgres() {
        run(database, &test);
    }
}

/// Runs a test that does not depend on the kind of database.
pub fn on_sqlite(test: impl AsyncFn(World)) {
    run(Database::sqlite(), &test);
}

fn run(database: Database, test: &impl AsyncFn(World)) {
    // The test harness shows this output only if the test fails.
    println!("on {:?}", database.location);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async { test(World::open(database).await).await });
}

/// The code of a refusal.
///
/// # Panics
/// When the outcome is not a refusal.
pub fn refusal<T>(outcome: Result<T, AppError>) -> Code {
    outcome.err().expect("the use case must refuse").code()
}

/// The value of a successful response.
///
/// # Panics
/// When the outcome is a refusal.
pub fn value<T: DeserializeOwned>(outcome: Result<StoredResponse<T>, AppError>) -> T {
    outcome.and_then(|response| response.value()).unwrap()
}

/// Converts the outcome of an operator's use case, whose refusals are wrapped in `anyhow::Error`.
///
/// # Panics
/// When the outcome is another error than a refusal.
pub fn as_refusal<T>(outcome: anyhow::Result<T>) -> Result<T, AppError> {
    outcome.map_err(|error| error.downcast::<AppError>().expect("the error is a refusal"))
}
