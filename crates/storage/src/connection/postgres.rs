//! A connection to PostgreSQL. Round trips are expensive, so changes are collected and sent together with the next
//! statement that needs a response.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::{try_join, try_join_all};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Statement};

use super::address::Address;
use super::{Purpose, placeholders};
use crate::connection::param::{Bound, Param, Value};
use crate::connection::row::Row;
use crate::{Error, Timeouts};

/// Maximum number of rows per `INSERT`.
const ROWS_AT_ONCE: usize = 64;

pub(super) struct Postgres {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
    inserts: HashMap<(&'static str, usize), Statement>,
    waiting: Vec<Change>,
    pipelining: bool,
    /// Response timeout.
    answer: Option<Duration>,
    connection: JoinHandle<()>,
    // Drives the connection while waiting for a statement.
    runtime: Runtime,
}

struct Change {
    statement: Statement,
    values: Vec<Value>,
    /// The assumed number of affected rows.
    rows: Option<u64>,
}

impl Change {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let rows = client.execute_raw(&self.statement, self.values).await?;
        if self.rows.is_some_and(|assumed| assumed != rows) { Err(Error::Conflict) } else { Ok(()) }
    }
}

impl Postgres {
    pub(super) fn open(url: &str, timeouts: &Timeouts, purpose: Purpose) -> Result<Self, Error> {
        let address = Address::parse(url, timeouts)?;
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|e| Error::Database(Box::new(e)))?;
        let connect = async { timeout(address.deadline(timeouts), address.connect()).await };
        let connected = runtime.block_on(connect).unwrap_or_else(|_| Err(silent()));
        let (client, connection) = match connected {
            Ok(connected) => connected,
            Err(error) => {
                // Do not wait for a pending DNS lookup.
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let connection = runtime.spawn(async {
            if let Err(error) = connection.await {
                tracing::warn!(error = crate::error::described(&error), "a connection to PostgreSQL ended");
            }
        });
        let mut opened = Self {
            client,
            prepared: HashMap::new(),
            inserts: HashMap::new(),
            waiting: Vec::new(),
            pipelining: false,
            answer: Some(timeouts.answer),
            connection,
            runtime,
        };
        opened.batch(&session(timeouts, purpose))?;
        if purpose == Purpose::Migrate {
            opened.answer = None;
        }
        Ok(opened)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed() || self.connection.is_finished()
    }

    /// Enables or disables pipelining, and drops changes that were not sent yet.
    pub(super) fn set_pipelining(&mut self, on: bool) {
        self.waiting.clear();
        self.pipelining = on;
    }

    /// Sends the pending changes and then `last`, and waits for all responses. Returns the first failure.
    ///
    /// The client sends a statement when its future is first polled. The combinators poll the futures in
    /// order.
    fn settle_with<T>(
        &mut self,
        last: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let client = &self.client;
        let last = async { Ok(last(client).await?) };
        if waiting.is_empty() {
            return self.wait_for(last);
        }
        let changes = waiting.into_iter().map(|change| change.run(client));
        Ok(self.wait_for(try_join(try_join_all(changes), last))?.1)
    }

    /// Waits for a response. If the response timeout passes, the connection is closed.
    fn wait_for<T>(&self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let Some(limit) = self.answer else { return self.runtime.block_on(answer) };
        let within_limit = async {
            match timeout(limit, answer).await {
                Ok(answered) => answered,
                Err(_) => {
                    self.connection.abort();
                    // Lets the runtime drop the connection, which closes it.
                    tokio::task::yield_now().await;
                    Err(silent())
                }
            }
        };
        self.runtime.block_on(within_limit)
    }

    pub(super) fn settle(&mut self) -> Result<(), Error> {
        self.settle_with(async |_| Ok(()))
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        self.settle_with(async |client| client.batch_execute(sql).await)
    }

    fn prepare(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.settle_with(async |client| client.prepare(sql).await)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) fn query<T>(
        &mut self,
        Bound { sql, params }: Bound<'_>,
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let statement = self.prepare(sql)?;
        let params: Vec<_> =
            params.iter().map(|param| param as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
        let rows = self.settle_with(async |client| client.query(&statement, &params).await)?;
        rows.iter().map(|row| read(&Row::postgres(row))).collect()
    }

    pub(super) fn execute(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        self.settle_with(async |client| client.execute_raw(&statement, params.iter().copied()).await)
    }

    pub(super) fn change(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        self.send(statement, params)
    }

    pub(super) fn change_one(&mut self, sql: &'static str, params: &[Param<'_>]) -> Result<bool, Error> {
        if !self.pipelining {
            return Ok(self.execute(sql, params)? == 1);
        }
        let statement = self.prepare(sql)?;
        self.wait_with(statement, params, Some(1));
        Ok(true)
    }

    fn send(&mut self, statement: Statement, params: &[Param<'_>]) -> Result<(), Error> {
        if !self.pipelining {
            let run = async |client: &Client| client.execute_raw(&statement, params.iter().copied()).await;
            return self.settle_with(run).map(drop);
        }
        self.wait_with(statement, params, None);
        Ok(())
    }

    fn wait_with(&mut self, statement: Statement, params: &[Param<'_>], rows: Option<u64>) {
        let values = params.iter().map(|param| param.to_value()).collect();
        self.waiting.push(Change { statement, values, rows });
    }

    pub(super) fn insert(&mut self, into: &'static str, rows: &[Vec<Param<'_>>]) -> Result<(), Error> {
        for chunk in rows.chunks(ROWS_AT_ONCE) {
            let statement = self.insert_statement(into, chunk.len(), chunk[0].len())?;
            let params: Vec<Param<'_>> = chunk.iter().flatten().copied().collect();
            self.send(statement, &params)?;
        }
        Ok(())
    }

    fn insert_statement(
        &mut self,
        into: &'static str,
        rows: usize,
        columns: usize,
    ) -> Result<Statement, Error> {
        if let Some(statement) = self.inserts.get(&(into, rows)) {
            return Ok(statement.clone());
        }
        let sql = format!("{into} VALUES {}", placeholders(rows, columns));
        let statement = self.settle_with(async |client| client.prepare(&sql).await)?;
        self.inserts.insert((into, rows), statement.clone());
        Ok(statement)
    }
}

fn silent() -> Error {
    Error::Unavailable("there was no answer in time".into())
}

/// The settings of a session. Migrations have no lock timeout and no statement timeout. Every session has a
/// timeout for idle transactions, because an idle transaction holds its locks.
fn session(timeouts: &Timeouts, purpose: Purpose) -> String {
    let set = |name: &str, limit: Duration| format!("SET {name} = {};", limit.as_millis().max(1));
    let mut settings = vec![
        set("idle_in_transaction_session_timeout", timeouts.idle_in_transaction),
        set("tcp_user_timeout", timeouts.answer),
    ];
    if purpose != Purpose::Migrate {
        settings.push(set("lock_timeout", timeouts.lock));
        settings.push(set("statement_timeout", timeouts.statement));
    }
    if purpose == Purpose::Read {
        settings.push("SET default_transaction_read_only = on;".into());
    }
    settings.concat()
}
