//! A world for the tests of use cases: an application on a fresh database, a clock that the test moves, and the vendor,
//! customers and devices that use it.

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

/// Runs one test on SQLite and, if `KEYSTEAD_TEST_POSTGRES` names a server for tests, on PostgreSQL.
pub fn on_both(test: impl AsyncFn(World)) {
    run(Database::sqlite(), &test);
    if let Some(database) = Database::migrated_postgres() {
        run(database, &test);
    }
}

/// Runs a test of what does not depend on the database.
pub fn on_sqlite(test: impl AsyncFn(World)) {
    run(Database::sqlite(), &test);
}

fn run(database: Database, test: &impl AsyncFn(World)) {
    // Shown only if the test fails.
    println!("on {:?}", database.location);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async { test(World::open(database).await).await });
}

/// The code of a refusal.
///
/// # Panics
/// When the outcome is no refusal.
pub fn refusal<T>(outcome: Result<T, AppError>) -> Code {
    outcome.err().expect("the use case must refuse").code()
}

/// The value of a response that must not be a refusal.
///
/// # Panics
/// When it is one.
pub fn value<T: DeserializeOwned>(outcome: Result<StoredResponse<T>, AppError>) -> T {
    outcome.and_then(|response| response.value()).unwrap()
}

/// The refusal of a use case for the operator, whose other errors are texts.
///
/// # Panics
/// When the outcome is no refusal.
pub fn as_refusal<T>(outcome: anyhow::Result<T>) -> Result<T, AppError> {
    outcome.map_err(|error| error.downcast::<AppError>().expect("the error is a refusal"))
}
