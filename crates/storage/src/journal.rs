//! What is written along with every change: the hash-chained audit log and issue log, and the outbox. Entries are
//! collected while operations run and written once before the commit.

use keystead_domain::Millis;
use keystead_protocol::id::{ActivationId, OutboxId};
use sha2::{Digest as _, Sha256};

use crate::connection::Reader;
use crate::param::{Param, params};
use crate::row::Row;
use crate::sign_in::Personal;
use crate::{Digest, Error, Tx};

/// Something that happened, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// When.
    pub at: Millis,
    /// Who, as `device:…`, `account:…`, `token:…`, `operator` or `anybody`.
    pub actor: String,
    /// What, as `license.link`.
    pub action: &'static str,
    /// To what: an id.
    pub subject: String,
    /// The reason given, or facts as JSON. Never a secret.
    pub detail: String,
    /// Where it came from, where that is recorded.
    pub personal: Option<Personal>,
}

/// An audit event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, without gaps.
    pub number: i64,
    /// The chain's hash up to here.
    pub hash: Vec<u8>,
    /// When.
    pub at: Millis,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// Why, or facts.
    pub detail: String,
    /// Where it came from, until that is erased.
    pub personal: Option<Personal>,
}

/// An audit event, and the digest of where it came from.
type AuditEntry = (AuditRow, Option<Digest>);

macro_rules! audit_columns {
    () => {
        "SELECT a.number, a.hash, a.at, a.actor, a.action, a.subject, a.detail, a.personal_digest, \
         p.salt, p.address, p.browser FROM audit a LEFT JOIN audit_personal p ON p.number = a.number"
    };
}

fn audit_row(row: &Row<'_>) -> Result<AuditEntry, Error> {
    let event = AuditRow {
        number: row.get("number")?,
        hash: row.get("hash")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        personal: Personal::of_event(row)?,
    };
    Ok((event, row.optional_bytes("personal_digest")?))
}

/// A certificate that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The certificate's id.
    pub token_id: [u8; 16],
    /// The certificate.
    pub token: Vec<u8>,
}

/// A message to the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: OutboxId,
    /// What it tells of, as `license.linked`.
    pub topic: &'static str,
    /// JSON.
    pub payload: String,
    /// When.
    pub at: Millis,
}

#[derive(Clone)]
struct Head {
    number: i64,
    hash: Vec<u8>,
}

impl Head {
    fn advance(&mut self, parts: &[&[u8]]) -> &[u8] {
        let mut digest = Sha256::new_with_prefix(&self.hash);
        for part in parts {
            digest.update(part);
        }
        self.number += 1;
        self.hash = digest.finalize().to_vec();
        &self.hash
    }
}

/// The last links of both chains.
#[derive(Clone)]
pub(crate) struct Heads {
    audit: Head,
    issue: Head,
}

impl Heads {
    /// Reads both links and keeps other nodes from adding to them until the commit.
    pub(crate) fn lock(connection: &mut Reader) -> Result<Self, Error> {
        // SQLite's writer is alone by BEGIN IMMEDIATE and knows no row locks.
        const LOCK_SQLITE: &str = "SELECT chain, number, hash FROM chain_head ORDER BY chain";
        const LOCK_POSTGRES: &str = "SELECT chain, number, hash FROM chain_head ORDER BY chain FOR UPDATE";
        let sql = if connection.is_sqlite() { LOCK_SQLITE } else { LOCK_POSTGRES };
        let heads = connection
            .query(sql, params![], |row| Ok(Head { number: row.get("number")?, hash: row.get("hash")? }))?;
        let [audit, issue] =
            <[Head; 2]>::try_from(heads).map_err(|_| Error::inconsistent("chain_head", "not two rows"))?;
        Ok(Self { audit, issue })
    }
}

/// A link of a log's hash chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainLink {
    /// Its number; 0 before the first entry.
    pub number: i64,
    /// The hash of everything up to it.
    pub hash: Vec<u8>,
}

/// The last links of both logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHeads {
    /// The audit log's.
    pub audit: ChainLink,
    /// The issue log's.
    pub issue: ChainLink,
}

struct IssueEntry {
    number: i64,
    hash: Vec<u8>,
    token_id: [u8; 16],
    token_hash: Digest,
    activation: ActivationId,
    actor: String,
    reason: &'static str,
    at: Millis,
}

/// The entries of one commit.
pub(crate) struct Journal {
    heads: Heads,
    written: (i64, i64),
    audit: Vec<AuditEntry>,
    issues: Vec<IssueEntry>,
    messages: Vec<Message>,
}

/// A place to go back to.
pub(crate) struct Mark {
    heads: Heads,
    lengths: (usize, usize, usize),
}

impl Journal {
    pub(crate) fn new(heads: Heads) -> Self {
        let written = (heads.audit.number, heads.issue.number);
        Self { heads, written, audit: Vec::new(), issues: Vec::new(), messages: Vec::new() }
    }

    pub(crate) fn mark(&self) -> Mark {
        let lengths = (self.audit.len(), self.issues.len(), self.messages.len());
        Mark { heads: self.heads.clone(), lengths }
    }

    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.heads = mark.heads;
        self.audit.truncate(mark.lengths.0);
        self.issues.truncate(mark.lengths.1);
        self.messages.truncate(mark.lengths.2);
    }

    pub(crate) fn flush(self, connection: &mut Reader) -> Result<(), Error> {
        let audit = self.audit.iter().map(|(row, personal_digest)| {
            vec![
                Param::from(row.number),
                Param::from(&row.hash[..]),
                Param::from(row.at),
                Param::from(&row.actor),
                Param::from(&row.action),
                Param::from(&row.subject),
                Param::from(&row.detail),
                Param::from(personal_digest.as_ref()),
            ]
        });
        connection.insert(
            "INSERT INTO audit (number, hash, at, actor, action, subject, detail, personal_digest)",
            &audit.collect::<Vec<_>>(),
        )?;
        let personal = self
            .audit
            .iter()
            .filter_map(|(row, _)| row.personal.clone().map(|personal| (row.number, row.at, personal)));
        Personal::insert(connection, &personal.collect::<Vec<_>>())?;
        let issues = self.issues.iter().map(|entry| {
            vec![
                Param::from(entry.number),
                Param::from(&entry.hash[..]),
                Param::from(&entry.token_id),
                Param::from(&entry.token_hash),
                Param::from(entry.activation.as_bytes()),
                Param::from(&entry.actor),
                Param::from(entry.reason),
                Param::from(entry.at),
            ]
        });
        connection.insert(
            "INSERT INTO issue_log (number, hash, token_id, token_hash, activation_id, actor, reason, issued_at)",
            &issues.collect::<Vec<_>>(),
        )?;
        let messages = self.messages.iter().map(|message| {
            vec![
                Param::from(message.id.as_bytes()),
                Param::from(message.topic),
                Param::from(&message.payload),
                Param::from(message.at),
            ]
        });
        connection
            .insert("INSERT INTO outbox (id, topic, payload, created_at)", &messages.collect::<Vec<_>>())?;
        for (chain, head, before) in
            [("audit", &self.heads.audit, self.written.0), ("issue", &self.heads.issue, self.written.1)]
        {
            if head.number != before {
                connection.change(
                    "UPDATE chain_head SET number = $2, hash = $3 WHERE chain = $1",
                    params![chain, head.number, &head.hash[..]],
                )?;
            }
        }
        Ok(())
    }
}

/// The hash input: every field with its length before it, so that no two events have the same one. Of where an event came
/// from, the digest.
fn audit_input(at: Millis, fields: [&str; 4], personal_digest: Option<&Digest>) -> Vec<u8> {
    let mut input = at.to_be_bytes().to_vec();
    for field in fields.into_iter().map(str::as_bytes).chain(personal_digest.map(|digest| &digest[..])) {
        input.extend((field.len() as u64).to_be_bytes());
        input.extend(field);
    }
    input
}

impl Tx<'_> {
    /// Appends an audit event.
    pub fn audit(&mut self, event: AuditEvent) {
        let AuditEvent { at, actor, action, subject, detail, personal } = event;
        let personal_digest = personal.as_ref().map(Personal::digest);
        let input = audit_input(at, [&actor, action, &subject, &detail], personal_digest.as_ref());
        let head = &mut self.journal.heads.audit;
        let hash = head.advance(&[&input]).to_vec();
        let (number, action) = (head.number, action.to_owned());
        let row = AuditRow { number, hash, at, actor, action, subject, detail, personal };
        self.journal.audit.push((row, personal_digest));
    }

    /// Has `sign` make a certificate that carries its number in the issue log, and records it.
    pub fn issue(
        &mut self,
        activation: ActivationId,
        actor: &str,
        reason: &'static str,
        at: Millis,
        sign: impl FnOnce(u64) -> Issued,
    ) -> Vec<u8> {
        let head = &mut self.journal.heads.issue;
        let Issued { token_id, token } = sign(u64::try_from(head.number + 1).unwrap_or_default());
        let token_hash: Digest = Sha256::digest(&token).into();
        let hash = head.advance(&[&token_id, &token_hash, actor.as_bytes(), reason.as_bytes()]).to_vec();
        let number = head.number;
        let actor = actor.to_owned();
        self.journal.issues.push(IssueEntry {
            number,
            hash,
            token_id,
            token_hash,
            activation,
            actor,
            reason,
            at,
        });
        token
    }

    /// Puts a message into the outbox.
    pub fn send(&mut self, message: Message) {
        self.journal.messages.push(message);
    }

    /// Deletes messages from before `before`, `limit` at the most; their number.
    pub fn delete_messages(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        // Ids sort by time, so that the key serves as an index.
        let first_kept = OutboxId::new(before.unsigned_abs(), [0; 10]);
        self.execute(
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < $1 LIMIT $2)",
            params![first_kept.as_bytes(), limit],
        )
    }
}

impl Reader {
    /// Audit events about `subject` since `since`, newest first.
    pub fn audit_of(&mut self, subject: &str, since: Millis, limit: u32) -> Result<Vec<AuditRow>, Error> {
        let rows = self.query(
            concat!(audit_columns!(), " WHERE a.subject = $1 AND a.at >= $2 ORDER BY a.number DESC LIMIT $3"),
            params![subject, since, limit],
            audit_row,
        )?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    /// Walks the audit log's chain from the beginning; the number of events, or the first one that does not fit. Where an
    /// event came from must fit, too, unless it was erased.
    pub fn verify_audit(&mut self) -> Result<u64, Error> {
        let mut head = Head { number: 0, hash: vec![0] };
        loop {
            let rows = self.query(
                concat!(audit_columns!(), " WHERE a.number > $1 ORDER BY a.number LIMIT 1000"),
                params![head.number],
                audit_row,
            )?;
            if rows.is_empty() {
                return Ok(head.number as u64);
            }
            for (row, personal_digest) in rows {
                let fields = [&row.actor, &row.action, &row.subject, &row.detail].map(String::as_str);
                let input = audit_input(row.at, fields, personal_digest.as_ref());
                let personal = row.personal.as_ref().map(Personal::digest);
                let fits = head.advance(&[&input]) == row.hash && head.number == row.number;
                if !fits || (personal.is_some() && personal != personal_digest) {
                    return Err(Error::inconsistent("audit", format!("the chain breaks at {}", row.number)));
                }
            }
        }
    }

    /// Walks the issue log's chain from the beginning; the number of certificates, or the first that does not fit.
    pub fn verify_issue_log(&mut self) -> Result<u64, Error> {
        let mut head = Head { number: 0, hash: vec![0] };
        loop {
            let rows = self.query(
                "SELECT number, hash, token_id, token_hash, actor, reason FROM issue_log WHERE number > $1 \
                 ORDER BY number LIMIT 1000",
                params![head.number],
                |row| {
                    let (token_id, token_hash): ([u8; 16], Digest) =
                        (row.bytes("token_id")?, row.bytes("token_hash")?);
                    let (actor, reason): (String, String) = (row.get("actor")?, row.get("reason")?);
                    let input = [&token_id[..], &token_hash, actor.as_bytes(), reason.as_bytes()].concat();
                    Ok((row.get::<i64>("number")?, row.get::<Vec<u8>>("hash")?, input))
                },
            )?;
            if rows.is_empty() {
                return Ok(head.number as u64);
            }
            for (number, hash, input) in rows {
                if head.advance(&[&input]) != hash || head.number != number {
                    return Err(Error::inconsistent("issue_log", format!("the chain breaks at {number}")));
                }
            }
        }
    }

    /// The last links of both logs.
    pub fn chain_heads(&mut self) -> Result<ChainHeads, Error> {
        let heads =
            self.query("SELECT chain, number, hash FROM chain_head ORDER BY chain", params![], |row| {
                Ok(ChainLink { number: row.get("number")?, hash: row.get("hash")? })
            })?;
        let [audit, issue] = <[ChainLink; 2]>::try_from(heads)
            .map_err(|_| Error::inconsistent("chain_head", "not two rows"))?;
        Ok(ChainHeads { audit, issue })
    }

    /// The hash that the audit log had at `number`.
    pub fn audit_hash(&mut self, number: i64) -> Result<Option<Vec<u8>>, Error> {
        self.query_one("SELECT hash FROM audit WHERE number = $1", params![number], |row| row.get("hash"))
    }

    /// The hash that the issue log had at `number`.
    pub fn issue_hash(&mut self, number: i64) -> Result<Option<Vec<u8>>, Error> {
        self.query_one("SELECT hash FROM issue_log WHERE number = $1", params![number], |row| row.get("hash"))
    }

    /// The hash of a certificate as it was issued, by the certificate's number.
    pub fn issued_hash(&mut self, number: i64) -> Result<Option<Digest>, Error> {
        self.query_one("SELECT token_hash FROM issue_log WHERE number = $1", params![number], |row| {
            row.bytes("token_hash")
        })
    }
}
