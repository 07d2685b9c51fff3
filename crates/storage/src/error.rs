use std::error::Error as StdError;

/// Why the store could not do as asked. Not for the eyes of clients.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint says that it exists already.
    #[error("it exists already: {0}")]
    Exists(String),
    /// A row says something that no state of the rules says.
    #[error("inconsistent row in {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row's id and the defect.
        what: String,
    },
    /// More writes are waiting than the queue holds.
    #[error("too many operations are waiting")]
    Overloaded,
    /// The store was closed, or an operation panicked.
    #[error("the operation did not finish")]
    Interrupted,
    /// Another transaction was in the way; the operation may be run again.
    #[error("the transaction must be repeated")]
    Repeat,
    /// The schema is newer than this program, or was changed by hand.
    #[error("the database's schema does not fit this program: {0}")]
    Schema(String),
    /// What the database said.
    #[error(transparent)]
    Database(Box<dyn StdError + Send + Sync>),
}

impl Error {
    pub(crate) fn inconsistent(table: &'static str, what: impl ToString) -> Self {
        Error::Inconsistent { table, what: what.to_string() }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
        match &error {
            rusqlite::Error::SqliteFailure(code, message)
                if matches!(code.extended_code, SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY) =>
            {
                Error::Exists(message.clone().unwrap_or_default())
            }
            rusqlite::Error::SqliteFailure(code, _)
                if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) =>
            {
                Error::Repeat
            }
            _ => Error::Database(Box::new(error)),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => Error::Exists(error.to_string()),
            Some(&SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE) => Error::Repeat,
            _ => Error::Database(Box::new(error)),
        }
    }
}
