//! The issue log and the audit log as transparency logs: sequencing, checkpoints, proofs, verification.
//!
//! An attacker who can write the database and has the log key can rebuild a whole log. Verification detects
//! this: it compares the log with the checkpoints that the root countersigned. The attacker can delete these
//! checkpoints from the database. The attacker cannot change the server's log output, to which the server
//! writes both tree heads every hour. `begins_with` compares such a tree head with the stored log.

use std::sync::Arc;

use keystead_protocol::Code;
use keystead_protocol::api::{ConsistencyProof, InclusionProof, LogCheckpoint};
use keystead_protocol::certificate::UntrustedCertificate;
use keystead_protocol::id::AuditEventId;
use keystead_protocol::text::{from_hex, to_base64url, to_hex};
use keystead_protocol::tlog::{Hash, Log, TreeHead, merkle};
use keystead_storage::{Error, StoredCheckpoint, VerifiedLog};

use crate::context::{App, Shared};
use crate::error::AppError;
use crate::principal::{Permission, Principal};

/// Maximum number of entries appended per transaction.
const BATCH: u32 = 1000;

/// Appends up to one batch of waiting entries to the tree of a log. Returns whether more may be waiting.
///
/// # Errors
/// When the database fails, or when the stored tree was tampered with.
async fn sequence(app: &Shared, log: Log) -> Result<bool, Error> {
    if !app.store.read(move |connection| connection.log_has_unsequenced(log)).await? {
        return Ok(false);
    }
    let (shared, now) = (Arc::clone(app), app.now());
    let done = app.store.write(move |tx| {
        let keys = &shared.keys;
        tx.log_sequence(log, BATCH, now, &|head| keys.sign_checkpoint(log, head))
    });
    let added = done.await?.map_or(0, |done| done.added);
    metrics::counter!("keystead_log_entries_total", "log" => log.name()).increment(added);
    Ok(added == u64::from(BATCH))
}

/// Appends all waiting entries of both logs.
///
/// # Errors
/// Storage errors.
pub async fn sequence_logs(app: &Shared) -> Result<(), Error> {
    for log in Log::ALL {
        while sequence(app, log).await? {}
    }
    Ok(())
}

/// The newest tree head of a log.
///
/// # Errors
/// Storage errors, and a checkpoint that no log key signed.
pub(crate) async fn tree_head(app: &App, log: Log) -> Result<TreeHead, Error> {
    let stored = app.store.read(move |connection| connection.log_checkpoint(log)).await?;
    Ok(opened(app, log, stored)?.0)
}

fn opened(app: &App, log: Log, stored: Option<StoredCheckpoint>) -> Result<(TreeHead, String), Error> {
    let Some(StoredCheckpoint { note, .. }) = stored else {
        let head = TreeHead { size: 0, root: merkle::tree_hash(&[]) };
        return Ok((head, app.keys.sign_checkpoint(log, &head)));
    };
    let head = app.keys.open_checkpoint(log, &note).ok_or_else(|| Error::Inconsistent {
        table: "log_checkpoint",
        what: format!("no log key signed the newest of {log}"),
    })?;
    Ok((head, note))
}

/// Returns a log's newest checkpoint, its newest countersigned checkpoint, and the keys that verify its
/// checkpoints.
///
/// # Errors
/// Storage errors.
pub async fn show_checkpoint(app: &App, principal: &Principal, log: Log) -> Result<LogCheckpoint, AppError> {
    principal.require(Permission::Read)?;
    let stored: Result<_, Error> = app
        .store
        .read(move |connection| {
            Ok((connection.log_checkpoint(log)?, connection.log_countersignature_latest(log)?))
        })
        .await;
    let (newest, countersigned) = stored?;
    let (TreeHead { size, root }, note) = opened(app, log, newest)?;
    Ok(LogCheckpoint {
        log,
        size,
        root: to_base64url(&root),
        checkpoint: note,
        keys: app.keys.log_verifier_keys(log),
        countersigned: countersigned.map(|checkpoint| checkpoint.note),
    })
}

/// Proves that an entry is in the newest tree. `id` is the hexadecimal id of a certificate, or the id of an
/// audit event.
///
/// # Errors
/// [`Code::NotFound`] when the log has no such entry, or the newest tree does not include it yet.
pub async fn prove_inclusion(
    app: &App,
    principal: &Principal,
    log: Log,
    id: &str,
) -> Result<InclusionProof, AppError> {
    principal.require(Permission::Read)?;
    let id = match log {
        Log::Issue => from_hex(id).and_then(|bytes| bytes.try_into().ok()),
        Log::Audit => id.parse::<AuditEventId>().ok().map(|id| *id.as_bytes()),
    };
    let id: [u8; 16] = id.ok_or(Code::NotFound)?;
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let (entry, stored) = (connection.log_entry(log, &id)?, connection.log_checkpoint(log)?);
            let (Some(entry), Some(stored)) = (entry, stored) else { return Ok(None) };
            let Some(index) = entry.index.filter(|index| *index < stored.size) else { return Ok(None) };
            let proof = connection.log_inclusion_proof(log, index, stored.size)?;
            Ok(Some((index, entry.encoded, proof, stored)))
        })
        .await;
    let (index, encoded, proof, stored) = found?.ok_or(Code::NotFound)?;
    let (_, note) = opened(app, log, Some(stored))?;
    Ok(InclusionProof { log, index, entry: to_base64url(&encoded), proof: texts(&proof), checkpoint: note })
}

/// Proves that this server issued a certificate.
///
/// # Errors
/// [`Code::CertificateInvalid`] when the input is not a certificate. [`Code::NotFound`] when the issue log
/// has no entry with its id and claims: then the signing key was used outside this server.
pub async fn prove_certificate(
    app: &App,
    principal: &Principal,
    certificate: &[u8],
) -> Result<InclusionProof, AppError> {
    principal.require(Permission::Read)?;
    let parsed = UntrustedCertificate::parse(certificate).map_err(|_| Code::CertificateInvalid)?;
    let id = parsed.claimed_id().ok_or(Code::CertificateInvalid)?;
    let entry = app.store.read(move |connection| connection.issue_by_token(&id)).await?;
    if !entry.is_some_and(|entry| entry.is_of(certificate, parsed.claims_bytes())) {
        return Err(Code::NotFound.into());
    }
    prove_inclusion(app, principal, Log::Issue, &to_hex(&id)).await
}

/// Proves that the tree of `to` entries (default: the newest tree) extends the tree of `from` entries.
///
/// # Errors
/// When the log has fewer entries.
pub async fn prove_consistency(
    app: &App,
    principal: &Principal,
    log: Log,
    from: u64,
    to: Option<u64>,
) -> Result<ConsistencyProof, AppError> {
    principal.require(Permission::Read)?;
    let newest = tree_head(app, log).await?.size;
    let to = to.unwrap_or(newest);
    if to > newest {
        return Err(AppError::value("to", format!("at most {newest}, the size of the newest tree")));
    }
    if from > to {
        return Err(AppError::value("from", "at most `to`"));
    }
    let proved: Result<_, Error> = app
        .store
        .read(move |connection| {
            let heads = (connection.log_head(log, from)?, connection.log_head(log, to)?);
            Ok((heads, connection.log_consistency_proof(log, from, to)?))
        })
        .await;
    let ((old, new), proof) = proved?;
    let (from_root, to_root) = (to_base64url(&old.root), to_base64url(&new.root));
    Ok(ConsistencyProof { log, from, from_root, to, to_root, proof: texts(&proof) })
}

fn texts(proof: &[Hash]) -> Vec<String> {
    proof.iter().map(|hash| to_base64url(hash)).collect()
}

/// Verifies both logs: every entry, the trees, and all checkpoints that the log keys and the root signed.
///
/// # Errors
/// The first defect, as a storage error. [`Code::PermissionMissing`]
pub async fn verify_logs(app: &Shared, principal: &Principal) -> anyhow::Result<Vec<(Log, VerifiedLog)>> {
    principal.require(Permission::Read)?;
    let mut verified = Vec::new();
    for log in Log::ALL {
        let shared = Arc::clone(app);
        let whole = app
            .store
            .read(move |connection| {
                let keys = &shared.keys;
                connection.log_verify(log, &|note| keys.open_checkpoint(log, note), &|note| {
                    keys.open_countersigned(log, note)
                })
            })
            .await?;
        verified.push((log, whole));
    }
    Ok(verified)
}

/// Whether a log extends the tree head `noted`, which was written down earlier.
///
/// # Errors
/// Storage errors. [`Code::PermissionMissing`]
pub async fn begins_with(
    app: &App,
    principal: &Principal,
    log: Log,
    noted: TreeHead,
) -> anyhow::Result<bool> {
    principal.require(Permission::Read)?;
    if tree_head(app, log).await?.size < noted.size {
        return Ok(false);
    }
    Ok(app.store.read(move |connection| connection.log_head(log, noted.size)).await? == noted)
}

#[cfg(test)]
mod tests {
    use keystead_protocol::text::from_base64url;

    use super::*;
    use crate::testing::{Device, World, as_refusal, on_both, refusal};

    const OPERATOR: Principal = Principal::Operator;

    /// Activates a device. Returns its certificate and the id of one of its audit events.
    async fn issued(world: &World, device: u8) -> (Vec<u8>, String) {
        let activated = world.activated(&Device::new(device), &world.key().await).await;
        let event = world.audit(activated.activation).await[0].id.to_string();
        (from_base64url(&activated.token).unwrap(), event)
    }

    #[test]
    fn entries_are_proven_once_they_are_sequenced() {
        on_both(async |world| {
            let (certificate, event) = issued(&world, 1).await;
            let app = &world.app;
            let of_event = async || prove_inclusion(app, &OPERATOR, Log::Audit, &event).await;
            assert_eq!(refusal(of_event().await), Code::NotFound);
            let refused = prove_certificate(app, &OPERATOR, &certificate).await;
            assert_eq!(refusal(refused), Code::NotFound);
            sequence_logs(app).await.unwrap();
            let proof = of_event().await.unwrap();
            let newest = show_checkpoint(app, &OPERATOR, Log::Audit).await.unwrap();
            assert_eq!((proof.log, &proof.checkpoint), (Log::Audit, &newest.checkpoint));
            assert!(proof.index < newest.size);
            assert_eq!(prove_certificate(app, &OPERATOR, &certificate).await.unwrap().index, 0);
        });
    }

    #[test]
    fn unknown_entries_are_not_found_and_other_texts_are_no_certificate() {
        on_both(async |world| {
            let app = &world.app;
            for id in ["", "no id", &to_hex(&[7; 16])] {
                for log in Log::ALL {
                    let refused = prove_inclusion(app, &OPERATOR, log, id).await;
                    assert_eq!(refusal(refused), Code::NotFound);
                }
            }
            let refused = prove_certificate(app, &OPERATOR, b"no certificate").await;
            assert_eq!(refusal(refused), Code::CertificateInvalid);
        });
    }

    #[test]
    fn later_tree_extends_an_earlier_one() {
        on_both(async |world| {
            let app = &world.app;
            issued(&world, 1).await;
            sequence_logs(app).await.unwrap();
            let earlier = tree_head(app, Log::Audit).await.unwrap();
            issued(&world, 2).await;
            sequence_logs(app).await.unwrap();
            let later = tree_head(app, Log::Audit).await.unwrap();
            assert!(later.size > earlier.size);
            assert!(begins_with(app, &OPERATOR, Log::Audit, earlier).await.unwrap());
            let other = TreeHead { root: [7; 32], ..earlier };
            assert!(!begins_with(app, &OPERATOR, Log::Audit, other).await.unwrap());
            let longer = TreeHead { size: later.size + 1, ..later };
            assert!(!begins_with(app, &OPERATOR, Log::Audit, longer).await.unwrap());
            let prove = async |from, to| prove_consistency(app, &OPERATOR, Log::Audit, from, to).await;
            let proof = prove(earlier.size, None).await.unwrap();
            assert_eq!((proof.to, proof.from_root), (later.size, to_base64url(&earlier.root)));
            assert_eq!(refusal(prove(0, Some(later.size + 1)).await), Code::ValueNotAllowed);
            assert_eq!(refusal(prove(2, Some(1)).await), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn verification_reads_both_logs() {
        on_both(async |world| {
            issued(&world, 1).await;
            let before = verify_logs(&world.app, &OPERATOR).await.unwrap();
            assert!(before.iter().all(|(_, log)| log.head.size == 0 && log.waiting > 0));
            sequence_logs(&world.app).await.unwrap();
            let after = verify_logs(&world.app, &OPERATOR).await.unwrap();
            assert!(after.iter().all(|(_, log)| log.head.size > 0 && log.waiting == 0));
        });
    }

    #[test]
    fn proofs_need_the_permission_to_read() {
        on_both(async |world| {
            let (app, log) = (&world.app, Log::Audit);
            let head = TreeHead { size: 0, root: merkle::tree_hash(&[]) };
            let read = Permission::Read;
            world
                .assert_needs(read, async |principal: &Principal| show_checkpoint(app, principal, log).await)
                .await;
            world
                .assert_needs(read, async |principal: &Principal| {
                    prove_inclusion(app, principal, log, "").await
                })
                .await;
            world
                .assert_needs(read, async |principal: &Principal| {
                    prove_certificate(app, principal, b"").await
                })
                .await;
            let consistency =
                async |principal: &Principal| prove_consistency(app, principal, log, 0, None).await;
            world.assert_needs(read, consistency).await;
            let verify = async |principal: &Principal| as_refusal(verify_logs(app, principal).await);
            world.assert_needs(read, verify).await;
            let begins =
                async |principal: &Principal| as_refusal(begins_with(app, principal, log, head).await);
            world.assert_needs(read, begins).await;
        });
    }
}
