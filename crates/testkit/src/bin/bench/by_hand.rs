//! The baseline for durable work: handwritten SQL writes the same rows through the same SQLite library and commits in
//! groups.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::work::{CLIENTS, Work};

/// Number of operations per commit.
const GROUP: u64 = 32;
/// Number of rows to refresh: the number of clients in the HTTP measurement.
const ACTIVATIONS: u64 = CLIENTS as u64;

/// The log tables as the newest migration creates them. The baseline does not run this migration, because it depends
/// on migrations that the baseline does not need.
const LOGS: &str = "DROP TABLE issue_log; DROP TABLE audit;
    CREATE TABLE issue_log (token_id BLOB PRIMARY KEY, covers TEXT NOT NULL, hash BLOB NOT NULL,
        activation_id BLOB NOT NULL, actor TEXT NOT NULL, reason TEXT NOT NULL, issued_at BIGINT NOT NULL,
        leaf BLOB, log_index BIGINT);
    CREATE UNIQUE INDEX issue_log_index ON issue_log (log_index);
    CREATE INDEX issue_log_waiting ON issue_log (token_id) WHERE log_index IS NULL;
    CREATE TABLE audit (id BLOB PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT NOT NULL, personal_hash BLOB, leaf BLOB, log_index BIGINT);
    CREATE UNIQUE INDEX audit_index ON audit (log_index);
    CREATE INDEX audit_waiting ON audit (id) WHERE log_index IS NULL;
    CREATE INDEX audit_subject ON audit (subject, id);";

const BASELINE: &str = r#"{"class":"phys","fp":{"tpm":"3905","uuid":"5e4b","board":"d0fe","disk":"4528","mac":"d3a1","osid":"f1d7","vol":"dc82"}}"#;

/// Performs operations for the duration of `turn`; returns operations per second.
pub fn measure(work: Work, folder: &Path, turn: Duration) -> anyhow::Result<f64> {
    let path = folder.join("by-hand.db");
    let connection = Connection::open(&path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;")?;
    connection.set_prepared_statement_cache_capacity(64);
    // These migrations create the tables that the operations write.
    connection.execute_batch(include_str!("../../../../storage/migrations/sqlite/0001_foundation.sql"))?;
    connection.execute_batch(include_str!("../../../../storage/migrations/sqlite/0004_device_pages.sql"))?;
    connection.execute_batch(include_str!("../../../../storage/migrations/sqlite/0007_floating.sql"))?;
    connection.execute_batch(include_str!("../../../../storage/migrations/sqlite/0009_device_lists.sql"))?;
    connection.execute_batch(LOGS)?;
    stock(&connection)?;
    let (began, mut count) = (Instant::now(), 0u64);
    while began.elapsed() < turn {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..GROUP {
            count += 1;
            match work {
                Work::Refresh => refresh(&connection, count)?,
                Work::Activate => activate(&connection, count)?,
            }
        }
        connection.execute_batch("COMMIT")?;
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    drop(connection);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("by-hand.db{ending}")));
    }
    Ok(rate)
}

fn id(kind: u8, number: u64) -> [u8; 16] {
    let mut id = [kind; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    id
}

fn wide(kind: u8, number: u64) -> [u8; 32] {
    let mut wide = [kind; 32];
    wide[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    wide
}

fn stock(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("BEGIN")?;
    connection.execute("INSERT INTO product VALUES (?1, 'studio', 'Studio', 1, 0)", params![id(1, 0)])?;
    connection
        .execute("INSERT INTO edition VALUES (?1, ?2, 'pro', 'Pro', '[]', 0)", params![id(2, 0), id(1, 0)])?;
    connection
        .execute("INSERT INTO policy VALUES (?1, ?2, 'retail', 1, '{}', 0)", params![id(3, 0), id(1, 0)])?;
    connection.execute(
        "INSERT INTO key_batch VALUES (?1, ?2, ?3, ?4, 1, '', 0)",
        params![id(4, 0), id(1, 0), id(2, 0), id(3, 0)],
    )?;
    let mut key =
        connection.prepare("INSERT INTO product_key VALUES (?1, ?2, 'DWY6M', NULL, 'issued', 0)")?;
    for number in 0..200_000 {
        key.execute(params![&wide(5, number)[..16], id(4, 0)])?;
    }
    drop(key);
    for number in 0..ACTIVATIONS {
        rows_of_an_activation(connection, (1 << 40) | number)?;
    }
    connection.execute_batch("COMMIT")
}

fn answer_and_log(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    connection.prepare_cached("INSERT INTO idempotency VALUES (?1, ?2, ?3, 200, ?4, 0)")?.execute(
        params![&wide(6, number)[..16], format!("{:032}", number), wide(7, number), &[8u8; 1800][..]],
    )?;
    connection
        .prepare_cached("INSERT INTO issue_log VALUES (?1, 'claims', ?2, ?3, 'device:dev_00000000000000000000000000000000', 'refresh', 0, ?4, NULL)")?
        .execute(params![id(10, number), wide(11, number), id(12, number), wide(9, number)])?;
    Ok(())
}

fn refresh(connection: &Connection, count: u64) -> rusqlite::Result<()> {
    let activation = id(12, (1 << 40) | (count % ACTIVATIONS));
    connection
        .prepare_cached(
            "UPDATE activation SET live = 1, standing = 'active', ratchet_current = ?2, ratchet_sequence = ?3, \
             previous_r = ?4, previous_x = ?5, baseline = ?6, drift_points = 0, refreshed_at = ?3, lease_until_at = ?3 \
             WHERE id = ?1",
        )?
        .execute(params![
            activation,
            &wide(13, count)[..16],
            count as i64,
            &wide(14, count)[..16],
            &wide(15, count)[..16],
            BASELINE
        ])?;
    answer_and_log(connection, count)
}

fn rows_of_an_activation(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO license VALUES (?1, ?2, ?3, ?4, NULL, NULL, 'active', NULL, NULL, 1, 0, 'DWY6M', 0)",
        )?
        .execute(params![id(16, number), id(1, 0), id(2, 0), id(3, 0)])?;
    connection
        .prepare_cached("UPDATE license SET seats_used = seats_used + 1 WHERE id = ?1 AND standing = 'active' AND seats_used < seats")?
        .execute(params![id(16, number)])?;
    connection
        .prepare_cached("INSERT INTO device VALUES (?1, ?2, 'Desk PC', 'Debian', 0, 0)")?
        .execute(params![id(17, number), wide(18, number)])?;
    connection
        .prepare_cached(
            "INSERT INTO activation (id, license_id, device_id, live, standing, ratchet_current, ratchet_sequence, \
             baseline, drift_points, drift_since_at, app_version, activated_at, refreshed_at, lease_until_at) \
             VALUES (?1, ?2, ?3, 1, 'active', ?4, 0, ?5, 0, 0, '', 0, 0, 0)",
        )?
        .execute(params![id(12, number), id(16, number), id(17, number), &wide(13, number)[..16], BASELINE])?;
    Ok(())
}

fn activate(connection: &Connection, count: u64) -> rusqlite::Result<()> {
    rows_of_an_activation(connection, count)?;
    connection
        .prepare_cached("UPDATE product_key SET license_id = ?2, standing = 'claims', standing_at = 1 WHERE key_index = ?1 AND standing = 'issued'")?
        .execute(params![&wide(5, count)[..16], id(16, count)])?;
    answer_and_log(connection, count)?;
    let subject = format!("act_{count:032x}");
    connection
        .prepare_cached("INSERT INTO audit VALUES (?1, 0, ?2, 'activation.create', ?3, ?4, NULL, ?5, NULL)")?
        .execute(params![
            id(20, count),
            format!("device:dev_{count:032x}"),
            subject,
            format!("lic_{count:032x}"),
            wide(19, count)
        ])?;
    Ok(())
}
