//! The two logs: trees, sequencer, and detection of tampering.

use keystead_protocol::id::{ActivationId, AuditEventId};
use keystead_protocol::tlog::{
    Covers, IssueEntry, Log, TreeHead, merkle, verify_consistency, verify_inclusion,
};
use keystead_storage::testing::{Database, Session, make_old_schema};
use keystead_storage::{AuditEvent, Error, Personal, Store};

use crate::support::{countersign, event, sequence, verify, whole};

fn issue(n: u64) -> IssueEntry {
    IssueEntry {
        token_id: *AuditEventId::new(n, [n as u8; 10]).as_bytes(),
        covers: Covers::Claims,
        hash: [n as u8; 32],
        activation: ActivationId::from_bytes([1; 16]),
        actor: "device".into(),
        reason: "test".into(),
        issued_at: n as i64,
    }
}

async fn write_both(store: &Store, numbers: std::ops::Range<u64>) {
    let written: Result<(), Error> = store
        .write(move |tx| {
            for n in numbers.clone() {
                tx.issue_insert(issue(n));
                let personal = Personal { salt: [1; 16], address: "192.0.2.1".into(), browser: "Any".into() };
                tx.audit_event_insert(AuditEvent { personal: Some(personal), ..event("acc_1") });
            }
            Ok(())
        })
        .await;
    written.unwrap();
}

async fn sequence_all(store: &Store) {
    for log in Log::ALL {
        while sequence(store, log, 1000).await.is_none_or(|done| done.added > 0) {}
    }
}

#[tokio::test]
async fn entries_get_their_places_after_the_commit_and_proofs_verify_at_every_size() {
    for database in Database::each() {
        let store = database.open();
        write_both(&store, 1..701).await;
        assert_eq!(verify(&store, Log::Issue).await.unwrap().waiting, 700);
        let mut heads = vec![TreeHead { size: 0, root: merkle::tree_hash(&[]) }];
        for limit in [1, 254, 1, 1, 300, 1000] {
            heads.push(sequence(&store, Log::Issue, limit).await.unwrap().head);
        }
        assert_eq!(heads.iter().map(|head| head.size).collect::<Vec<_>>(), [0, 1, 255, 256, 257, 557, 700]);
        assert_eq!(sequence(&store, Log::Issue, 10).await.unwrap().added, 0);
        assert_eq!(whole(&store, Log::Issue).await, heads[6]);
        for (old, new) in heads.iter().zip(&heads[1..]) {
            let (old, new) = (*old, *new);
            let (proof, recomputed) = store
                .read(move |connection| {
                    let proof = connection.log_consistency_proof(Log::Issue, old.size, new.size)?;
                    Ok::<_, Error>((proof, connection.log_head(Log::Issue, new.size)?))
                })
                .await
                .unwrap();
            assert!(verify_consistency(&old, &new, &proof), "{old} {new}");
            assert_eq!(recomputed, new);
        }
        for n in [1, 256, 257, 700] {
            let entry =
                store.read(move |connection| connection.log_entry(Log::Issue, &issue(n).token_id)).await;
            let entry = entry.unwrap().unwrap();
            let index = entry.index.unwrap();
            assert_eq!(index, n - 1);
            let proof = store
                .read(move |connection| connection.log_inclusion_proof(Log::Issue, index, 700))
                .await
                .unwrap();
            assert!(verify_inclusion(&heads[6], index, &merkle::leaf_hash(&entry.encoded), &proof));
        }
    }
}

#[tokio::test]
async fn two_nodes_that_write_and_sequence_never_give_an_index_twice() {
    for database in Database::each() {
        let nodes = [database.open(), database.open()];
        let work = (0..40u64).map(|n| {
            let store = nodes[n as usize % 2].clone();
            tokio::spawn(async move {
                write_both(&store, n * 5 + 1..n * 5 + 6).await;
                for log in Log::ALL {
                    sequence(&store, log, 7).await;
                }
            })
        });
        for task in work.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        sequence_all(&nodes[1]).await;
        for log in Log::ALL {
            assert_eq!(whole(&nodes[0], log).await.size, 200);
        }
        assert_eq!(
            nodes[0]
                .read(|connection| connection.audit_events_of_subject("acc_1", 0, 1000))
                .await
                .unwrap()
                .len(),
            200
        );
    }
}

/// SQL that inserts an audit event in a separate transaction.
fn late_event(blob: &str) -> String {
    format!(
        "INSERT INTO audit (id, at, actor, action, subject, detail) \
         VALUES ({blob}, 1, 'operator', 'test.late', 'acc_1', '')"
    )
}

#[tokio::test]
async fn an_open_transaction_with_log_rows_delays_no_other_and_is_sequenced_late() {
    let Some(database) = Database::postgres() else { return };
    let store = database.open();
    let mut slow = Session::open(&database.location).unwrap();
    slow.run(&format!(
        "START TRANSACTION; {}",
        late_event("decode('00000000000070008000000000000001', 'hex')")
    ))
    .unwrap();
    let began = std::time::Instant::now();
    write_both(&store, 1..4).await;
    sequence_all(&store).await;
    assert_eq!(whole(&store, Log::Audit).await.size, 3);
    // A write that waits for the slow transaction would take longer, because that transaction commits only
    // below.
    assert!(began.elapsed() < std::time::Duration::from_secs(4));
    Session::open(&database.location)
        .unwrap()
        .run(
            "DO $$ BEGIN ASSERT (SELECT count(*) FROM pg_locks WHERE NOT granted AND database = \
              (SELECT oid FROM pg_database WHERE datname = current_database())) = 0; END $$",
        )
        .unwrap();
    slow.run("COMMIT").unwrap();
    sequence_all(&store).await;
    assert_eq!(whole(&store, Log::Audit).await.size, 4);
    let late = store
        .read(|connection| connection.log_entry(Log::Audit, AuditEventId::new(0, first_random()).as_bytes()))
        .await;
    assert_eq!(late.unwrap().unwrap().index, Some(3), "its id is the lowest, its place the last");
}

/// The random part of the id `00000000-0000-7000-8000-000000000001`.
fn first_random() -> [u8; 10] {
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
}

#[tokio::test]
async fn a_row_with_a_low_id_that_comes_late_is_not_skipped() {
    let database = Database::sqlite();
    let store = database.open();
    write_both(&store, 5..8).await;
    sequence_all(&store).await;
    write_both(&store, 1..2).await;
    sequence_all(&store).await;
    assert_eq!(whole(&store, Log::Issue).await.size, 4);
    let entry = store.read(|connection| connection.log_entry(Log::Issue, &issue(1).token_id)).await;
    assert_eq!(entry.unwrap().unwrap().index, Some(3));
}

/// The verification result of a log of 300 entries after `tampering`.
async fn found(database: &Database, log: Log, tampering: &str) -> String {
    let store = database.open();
    write_both(&store, 1..301).await;
    sequence_all(&store).await;
    let head = whole(&store, log).await;
    Session::open(&database.location).unwrap().run(tampering).unwrap();
    let refused = verify(&store, log).await.expect_err(tampering).to_string();
    assert_eq!(head.size, 300);
    refused
}

#[tokio::test]
async fn edits_deletions_and_swapped_entries_are_found() {
    const SWAP: &str = "UPDATE issue_log SET log_index = -1 WHERE log_index = 20; \
         UPDATE issue_log SET log_index = 20 WHERE log_index = 21; \
         UPDATE issue_log SET log_index = 21 WHERE log_index = -1";
    let cases = [
        (Log::Audit, "UPDATE audit SET detail = 'other' WHERE log_index = 7", "was changed"),
        (Log::Audit, "UPDATE audit_personal SET address = '192.0.2.9'", "came from was changed"),
        (Log::Audit, "DELETE FROM audit_personal; DELETE FROM audit WHERE log_index = 9", "9 is missing"),
        (Log::Issue, "UPDATE issue_log SET actor = 'nobody' WHERE log_index = 299", "was changed"),
        (
            Log::Issue,
            "UPDATE issue_log SET issued_at = 0, leaf = NULL WHERE log_index = 3",
            "tile 0 of level 0",
        ),
        (Log::Issue, "UPDATE issue_log SET issued_at = 0, leaf = NULL WHERE log_index = 270", "another root"),
        (Log::Issue, SWAP, "tile 0 of level 0"),
        (Log::Issue, "DELETE FROM issue_log WHERE log_index >= 290", "the tile 1 of level 0"),
        (
            Log::Issue,
            "DELETE FROM issue_log WHERE log_index >= 256",
            "300 entries were signed, 256 are there",
        ),
        (Log::Issue, "UPDATE log_checkpoint SET note = '300:' || substr(note, 6) || 'ff'", "not signed"),
        (
            Log::Issue,
            "INSERT INTO log_checkpoint (log, hour_at, size, note) VALUES ('issue', -1, 0, '')",
            "the checkpoint of 0 entries is not signed",
        ),
        (Log::Issue, "DELETE FROM log_checkpoint", "0 entries were signed, 300 are there"),
        (Log::Issue, "DELETE FROM log_tile WHERE level = 1", "tile 0 of level 1"),
    ];
    for (log, tampering, defect) in cases {
        for database in Database::each() {
            let said = found(&database, log, tampering).await;
            assert!(said.contains(defect), "{tampering}: {said}");
        }
    }
}

#[tokio::test]
async fn the_sequencer_appends_nothing_to_a_tree_that_was_tampered_with() {
    for database in Database::each() {
        let store = database.open();
        write_both(&store, 1..301).await;
        sequence_all(&store).await;
        Session::open(&database.location).unwrap().run("DELETE FROM log_tile WHERE number = 1").unwrap();
        write_both(&store, 301..302).await;
        let refused =
            store.write(|tx| tx.log_sequence(Log::Issue, 10, 5, &|head| head.to_string())).await.unwrap_err();
        assert!(matches!(refused, Error::Inconsistent { .. }), "{refused}");
    }
}

#[tokio::test]
async fn a_log_that_was_rebuilt_does_not_begin_with_a_tree_that_was_noted() {
    for database in Database::each() {
        let store = database.open();
        write_both(&store, 1..301).await;
        sequence_all(&store).await;
        let noted = whole(&store, Log::Issue).await;
        let rebuild = "UPDATE issue_log SET reason = 'other', leaf = NULL WHERE log_index = 5; \
             UPDATE issue_log SET log_index = NULL; DELETE FROM log_tile WHERE log = 'issue'; \
             DELETE FROM log_checkpoint WHERE log = 'issue'";
        Session::open(&database.location).unwrap().run(rebuild).unwrap();
        write_both(&store, 301..310).await;
        sequence_all(&store).await;
        assert_eq!(whole(&store, Log::Issue).await.size, 309, "it is whole by itself");
        let now = store.read(move |connection| connection.log_head(Log::Issue, noted.size)).await.unwrap();
        assert_ne!(now, noted);
    }
}

#[tokio::test]
async fn a_log_that_was_rebuilt_or_cut_does_not_fit_what_the_root_countersigned() {
    const REBUILD: &str = "UPDATE issue_log SET log_index = NULL; DELETE FROM log_tile WHERE log = 'issue'; \
         DELETE FROM log_checkpoint WHERE log = 'issue'";
    let cases = [
        (
            "UPDATE issue_log SET reason = 'other', leaf = NULL WHERE log_index = 5",
            "the checkpoint of 200 entries that the root signed has another root",
        ),
        (
            "UPDATE issue_log SET reason = 'other', leaf = NULL WHERE log_index = 250",
            "the checkpoint of 300 entries that the root signed has another root",
        ),
        ("DELETE FROM issue_log WHERE log_index >= 290", "the root signed 300 entries, 290 are there"),
        (
            "UPDATE log_countersignature SET note = 'other' WHERE size = 200",
            "the checkpoint of 200 entries is not signed by the root",
        ),
    ];
    for (tampering, defect) in cases {
        for database in Database::each() {
            let store = database.open();
            for numbers in [1..201, 201..301] {
                write_both(&store, numbers).await;
                sequence_all(&store).await;
                countersign(&store, Log::Issue).await;
            }
            assert_eq!(verify(&store, Log::Issue).await.unwrap().countersigned, 300);
            Session::open(&database.location).unwrap().run(&format!("{tampering}; {REBUILD}")).unwrap();
            sequence_all(&store).await;
            let found = verify(&store, Log::Issue).await.expect_err(tampering).to_string();
            assert!(found.contains(defect), "{tampering}: {found}");
        }
    }
}

#[tokio::test]
async fn a_log_may_be_countersigned_at_one_size_again_and_grows_from_there() {
    for database in Database::each() {
        let store = database.open();
        write_both(&store, 1..4).await;
        sequence_all(&store).await;
        countersign(&store, Log::Audit).await;
        let checkpoint = countersign(&store, Log::Audit).await;
        write_both(&store, 4..6).await;
        sequence_all(&store).await;
        let verified = verify(&store, Log::Audit).await.unwrap();
        assert_eq!((verified.head.size, verified.countersigned), (5, 3));
        assert_eq!(verify(&store, Log::Issue).await.unwrap().countersigned, 0);
        let newest = store.read(|connection| connection.log_countersignature_latest(Log::Audit)).await;
        assert_eq!(newest.unwrap(), Some(checkpoint));
    }
}

#[tokio::test]
async fn erasing_personal_fields_leaves_the_tree_whole() {
    for database in Database::each() {
        let store = database.open();
        write_both(&store, 1..4).await;
        sequence_all(&store).await;
        let before = whole(&store, Log::Audit).await;
        store.write(|tx| tx.personal_fields_erase("acc_1")).await.unwrap();
        let rows = store.read(|connection| connection.audit_events_of_subject("acc_1", 0, 10)).await.unwrap();
        assert!(rows.iter().all(|row| row.personal.is_none()));
        assert_eq!(whole(&store, Log::Audit).await, before);
    }
}

#[tokio::test]
async fn entries_from_before_the_tree_are_kept_and_sequenced_in_portions() {
    const OLD: &str = "INSERT INTO issue_log (number, hash, token_id, token_hash, activation_id, actor, reason, issued_at) \
         VALUES (1, H01, H000102030405060708090a0b0c0d0e0f, H0202020202020202020202020202020202020202020202020202020202020202, \
         H03030303030303030303030303030303, 'device:x', 'activate', 9); \
         INSERT INTO audit (number, hash, at, actor, action, subject, detail, personal_digest) VALUES \
         (1, H01, 1795238400000, 'operator', 'a', 'acc_1', '', NULL), \
         (2, H02, 1795238400000, 'operator', 'b', 'acc_1', '', H73c9d6d1b8d2ba3ac0e2a6c0f4d9d5f0d2d1d3d4d5d6d7d8d9dadbdcdddedfe0); \
         INSERT INTO audit_personal (number, salt, address, browser, noted_at) \
         VALUES (2, H01010101010101010101010101010101, '192.0.2.1', 'Any', 1795238400000); \
         INSERT INTO outbox (id, topic, payload, created_at) VALUES (H01, 'a', '{}', 1)";
    for database in Database::each() {
        make_old_schema(&database.location, 15).unwrap();
        let personal = Personal { salt: [1; 16], address: "192.0.2.1".into(), browser: "Any".into() };
        let commitment = keystead_protocol::text::to_hex(&personal.digest());
        let old =
            OLD.replace("73c9d6d1b8d2ba3ac0e2a6c0f4d9d5f0d2d1d3d4d5d6d7d8d9dadbdcdddedfe0", &commitment);
        let is_sqlite = matches!(database.location, keystead_storage::Location::Sqlite(_));
        Session::open(&database.location).unwrap().run(&blobs(&old, is_sqlite)).unwrap();
        let store = database.open();
        assert_eq!(sequence(&store, Log::Audit, 1).await.unwrap().added, 1);
        sequence_all(&store).await;
        assert_eq!(whole(&store, Log::Audit).await.size, 2);
        assert_eq!(whole(&store, Log::Issue).await.size, 1);
        let rows = store.read(|connection| connection.audit_events_of_subject("acc_1", 0, 10)).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(rows[0].personal, Some(personal));
        let token: [u8; 16] = std::array::from_fn(|at| at as u8);
        let issued = store.read(move |connection| connection.issue_by_token(&token)).await.unwrap().unwrap();
        assert_eq!((issued.covers, issued.hash, issued.issued_at), (Covers::Token, [2; 32], 9));
        assert!(store.read(|connection| connection.messages_due(i64::MAX, 9)).await.unwrap().is_empty());
    }
}

/// Replaces words such as `H01ff` with byte literals of the database.
fn blobs(sql: &str, is_sqlite: bool) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '\'' || c == '.';
    let mut written = String::new();
    for word in sql.split_inclusive(|c| !is_word(c)) {
        let digits = word.trim_end_matches(|c| !is_word(c));
        match digits.strip_prefix('H').filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())) {
            Some(hex) if is_sqlite => written += &word.replace(digits, &format!("X'{hex}'")),
            Some(hex) => written += &word.replace(digits, &format!("'\\x{hex}'")),
            None => written += word,
        }
    }
    written
}
