use std::error::Error as StdError;

/// Why a storage operation failed. Not shown to clients.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique constraint refused a row.
    #[error("a unique constraint is violated: {0}")]
    UniqueViolation(String),
    /// A row contains a state that the rules do not allow.
    #[error("inconsistent row in {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The row's id and the defect.
        what: String,
    },
    /// The JSON of a column cannot be read or written.
    #[error("invalid JSON in the column {column}: {source}")]
    Json {
        /// The column.
        column: &'static str,
        /// The defect.
        source: serde_json::Error,
    },
    /// The queue is full, or the operation waited too long in the queue.
    #[error("too many operations are waiting")]
    Overloaded,
    /// The store was closed, or an operation panicked.
    #[error("the operation did not finish")]
    Interrupted,
    /// The transaction conflicts with another one. The operation may be run again.
    #[error("the transaction conflicts with another one and must be repeated")]
    Conflict,
    /// The schema is newer than this program, or was changed by hand.
    #[error("the database's schema does not fit this program: {0}")]
    Schema(String),
    /// The database URL, its TLS parameters or the timeouts are invalid.
    #[error("the database's settings cannot be used: {0}")]
    Settings(String),
    /// The database is unreachable or does not respond in time. Nothing was committed.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The connection was lost during a commit, and the outcome could not be determined.
    #[error("it is not known whether the change was kept: the connection was lost during the commit")]
    OutcomeUnknown,
    /// An error reported by the database.
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
                Error::UniqueViolation(message.clone().unwrap_or_default())
            }
            rusqlite::Error::SqliteFailure(code, _)
                if matches!(code.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) =>
            {
                Error::Conflict
            }
            _ => Error::Database(Box::new(error)),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let said = described(&error);
        match error.code() {
            Some(&SqlState::UNIQUE_VIOLATION) => Error::UniqueViolation(said),
            Some(&SqlState::T_R_DEADLOCK_DETECTED | &SqlState::T_R_SERIALIZATION_FAILURE) => Error::Conflict,
            Some(code) if is_unavailable(code) => Error::Unavailable(said),
            None if lost(&error) => Error::Unavailable(said),
            _ => Error::Database(said.into()),
        }
    }
}

/// Whether PostgreSQL ended the session, refused a new session, or reached a timeout.
fn is_unavailable(code: &tokio_postgres::error::SqlState) -> bool {
    use tokio_postgres::error::SqlState;
    const CODES: [SqlState; 4] = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    // Class 08: connection errors. Class 57P: shutdown and restart.
    CODES.contains(code) || code.code().starts_with("08") || code.code().starts_with("57P")
}

/// Whether the connection failed, not just one statement.
fn lost(error: &tokio_postgres::Error) -> bool {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        if cause.is::<std::io::Error>() {
            return true;
        }
        source = cause.source();
    }
    error.is_closed()
}

/// The text of an error and its causes. For an error that PostgreSQL reports, the text has only severity,
/// message and code, because the detail may contain values.
pub(crate) fn described(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{}: {} ({})", said.severity(), said.message(), said.code().code());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
