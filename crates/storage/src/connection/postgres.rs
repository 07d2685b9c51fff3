//! A connection to PostgreSQL. Round trips are what costs here, so changes are collected and sent in one go, together
//! with the next statement that is waited for.

use std::collections::HashMap;

use futures_util::future::{try_join, try_join_all};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls, Statement};

use super::placeholders;
use crate::Error;
use crate::param::{Param, Value};
use crate::row::Row;

/// Rows in one statement.
const ROWS_AT_ONCE: usize = 64;

pub(super) struct Postgres {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
    inserts: HashMap<(&'static str, usize), Statement>,
    waiting: Vec<Change>,
    pipelining: bool,
    // Drives the connection while a statement is waited for.
    runtime: Runtime,
}

struct Change {
    statement: Statement,
    values: Vec<Value>,
    /// How many rows it must touch, where that was assumed.
    rows: Option<u64>,
}

impl Change {
    async fn run(self, client: &Client) -> Result<(), Error> {
        let rows = client.execute_raw(&self.statement, self.values).await?;
        if self.rows.is_some_and(|assumed| assumed != rows) { Err(Error::Repeat) } else { Ok(()) }
    }
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, Error> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(|e| Error::Database(Box::new(e)))?;
        let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
        runtime.spawn(async {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to PostgreSQL ended");
            }
        });
        Ok(Self {
            client,
            prepared: HashMap::new(),
            inserts: HashMap::new(),
            waiting: Vec::new(),
            pipelining: false,
            runtime,
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Also forgets changes that were never sent.
    pub(super) fn set_pipelining(&mut self, on: bool) {
        self.waiting.clear();
        self.pipelining = on;
    }

    /// Sends what waits and then `last`, and waits for all answers; the first failure is the one that counts.
    ///
    /// A statement is sent when its future is first polled, which the combinators do in order.
    fn settle_with<T>(
        &mut self,
        last: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let client = &self.client;
        if waiting.is_empty() {
            return Ok(self.runtime.block_on(last(client))?);
        }
        let changes = waiting.into_iter().map(|change| change.run(client));
        let last = async { Ok(last(client).await?) };
        Ok(self.runtime.block_on(try_join(try_join_all(changes), last))?.1)
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

    pub(super) fn query<T>(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let statement = self.prepare(sql)?;
        let params: Vec<_> =
            params.iter().map(|param| param as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
        let rows = self.settle_with(async |client| client.query(&statement, &params).await)?;
        rows.iter().map(|row| read(&Row::postgres(row))).collect()
    }
}
