//! A database works only with its own keys folder.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Barrier};
use std::{fs, thread};

use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::context::App;
use keystead_app::keys::Rotation;
use keystead_storage::Location;
use keystead_storage::testing::Database;
use keystead_testkit::{Exchange, Server};
use tokio::runtime::Runtime;

use crate::world::{START, World};

fn config(data: &Path, database: &Location) -> Config {
    let url = match database {
        Location::Sqlite(path) => path.to_str().unwrap().to_owned(),
        Location::Postgres(url) => url.clone(),
    };
    Config { data: data.to_owned(), database_url: Some(url), ..Config::default() }
}

/// Starts a node on this folder and database, and returns its root keys and the application.
fn start(data: &Path, database: &Location) -> anyhow::Result<(Vec<String>, Arc<App>)> {
    let clock = Clock::Manual(Arc::new(AtomicI64::new(START)));
    let app = Runtime::new()?.block_on(App::open(config(data, database), clock))?;
    Ok((app.keys.roots(), app))
}

fn refusal(data: &Path, database: &Location) -> String {
    start(data, database).err().expect("the node refuses to start").to_string()
}

fn content(folder: &Path) -> BTreeSet<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeSet::new() };
    let entries = entries.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_file());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn nodes_that_start_first_together_agree_on_one_set_of_keys() {
    for round in 0..8 {
        for database in Database::each() {
            let folder = tempfile::tempdir().unwrap();
            let (data, keys) = (folder.path().join("data"), folder.path().join("data/keys"));
            let together = Barrier::new(3);
            let nodes: Vec<_> = thread::scope(|scope| {
                let node = || {
                    together.wait();
                    start(&data, &database.location)
                };
                let nodes: Vec<_> = (0..3).map(|_| scope.spawn(node)).collect();
                nodes.into_iter().map(|node| node.join().unwrap()).collect()
            });
            let nodes: Vec<_> = nodes.into_iter().map(|node| node.unwrap()).collect();
            let sealed = nodes[0].1.keys.seal("test", &[1; 16], b"Hello");
            for (roots, app) in &nodes {
                assert_eq!(roots, &nodes[0].0, "round {round}");
                assert_eq!(app.keys.open_sealed("test", &[1; 16], &sealed).unwrap(), b"Hello");
                assert_eq!(app.tenant, nodes[0].1.tenant);
            }
            let names: Vec<_> = content(&keys).into_iter().map(|(name, _)| name).collect();
            assert_eq!(names, ["root.key", "root.pub", "secrets.json"]);
        }
    }
}

#[test]
fn two_processes_that_start_first_on_one_folder_and_one_postgres_both_run() {
    let program = Path::new(env!("CARGO_BIN_EXE_keystead-server"));
    let databases = (0..3).filter_map(|_| Database::postgres());
    for database in databases {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let Location::Postgres(url) = &database.location else { unreachable!("it is PostgreSQL") };
        let options = [("KEYSTEAD_DATABASE_URL", url.as_str())];
        let servers: Vec<_> = thread::scope(|scope| {
            let starts: Vec<_> =
                (0..2).map(|_| scope.spawn(|| Server::start(program, &data, &options))).collect();
            starts.into_iter().map(|start| start.join().unwrap().unwrap()).collect()
        });
        let key_sets: BTreeSet<String> = servers
            .iter()
            .map(|server| {
                let url = format!("{}/id/keys", server.url());
                ureq::get(url).call().unwrap().body_mut().read_to_string().unwrap()
            })
            .collect();
        assert_eq!(key_sets.len(), 1);
    }
}

#[test]
fn a_node_with_the_keys_of_another_database_refuses_to_start_and_writes_nothing() {
    for (database, other) in Database::each().into_iter().zip(Database::each()) {
        let folder = tempfile::tempdir().unwrap();
        let (own, wrong) = (folder.path().join("own"), folder.path().join("wrong"));
        start(&own, &database.location).unwrap();
        start(&wrong, &other.location).unwrap();
        let before = content(&wrong.join("keys"));
        let refusal = refusal(&wrong, &database.location);
        assert_eq!(content(&wrong.join("keys")), before);
        let named = [wrong.join("keys").to_str().unwrap().to_owned(), "its root key is sha256:".into()];
        for part in
            named.iter().map(String::as_str).chain(["belongs to the root key sha256:", "from a backup"])
        {
            assert!(refusal.contains(part), "{part} is missing in: {refusal}");
        }
        start(&own, &database.location).unwrap();
    }
}

#[test]
fn a_node_whose_keys_folder_is_empty_or_not_whole_refuses_to_start_and_writes_nothing() {
    for database in Database::each() {
        let folder = tempfile::tempdir().unwrap();
        let (own, empty) = (folder.path().join("own"), folder.path().join("empty"));
        let keys = own.join("keys");
        let (roots, _) = start(&own, &database.location).unwrap();
        assert!(refusal(&empty, &database.location).contains("it has no root.pub"));
        assert_eq!(content(&empty.join("keys")), BTreeSet::new());
        for name in ["root.pub", "secrets.json"] {
            let aside = folder.path().join("aside");
            fs::rename(keys.join(name), &aside).unwrap();
            let before = content(&keys);
            assert!(refusal(&own, &database.location).contains(&format!("it has no {name}")));
            assert_eq!(content(&keys), before);
            fs::rename(&aside, keys.join(name)).unwrap();
        }
        fs::remove_file(keys.join("root.key")).unwrap();
        assert_eq!(start(&own, &database.location).unwrap().0, roots, "root.key may be moved away");
    }
}

#[test]
fn one_changed_secret_is_noticed_and_named() {
    for database in Database::each() {
        let folder = tempfile::tempdir().unwrap();
        start(folder.path(), &database.location).unwrap();
        let path = folder.path().join("keys/secrets.json");
        let original: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let kinds: Vec<String> = original.as_object().unwrap().keys().cloned().collect();
        assert_eq!(kinds.len(), 10);
        for kind in kinds.iter().filter(|kind| *kind != "id_token") {
            let mut changed = original.clone();
            changed[kind][0] = "A".repeat(43).into();
            fs::write(&path, changed.to_string()).unwrap();
            let expected = format!("generation 0 of {kind} in secrets.json is another secret");
            assert!(refusal(folder.path(), &database.location).contains(&expected));
        }
    }
}

#[test]
fn an_empty_database_takes_no_keys_whose_root_was_moved_away() {
    for (database, empty) in Database::each().into_iter().zip(Database::each()) {
        let folder = tempfile::tempdir().unwrap();
        start(folder.path(), &database.location).unwrap();
        fs::remove_file(folder.path().join("keys/root.key")).unwrap();
        assert!(refusal(folder.path(), &empty.location).contains("the database is empty"));
        start(folder.path(), &database.location).unwrap();
    }
}

#[test]
fn readiness_tells_that_the_keys_folder_was_swapped() {
    for world in World::each() {
        let ready = || world.send(&Exchange::get("/readyz"));
        assert_eq!(ready().status, 200);
        let keys = world.data().join("keys");
        let (aside, path) = (world.data().join("aside"), keys.join("secrets.json"));
        fs::rename(&path, &aside).unwrap();
        assert_eq!(ready().status, 200, "a verdict is believed for five seconds");
        world.pass(5_000);
        assert_eq!((ready().status, ready().code().as_str()), (503, "keys_mismatch"));
        fs::rename(&aside, &path).unwrap();
        world.pass(5_000);
        assert_eq!(ready().status, 200);
    }
}

#[test]
fn readiness_tells_that_the_database_was_replaced_by_another() {
    for world in World::each() {
        let ready = || world.send(&Exchange::get("/readyz"));
        assert_eq!(ready().status, 200);
        world.database().empty();
        let other = tempfile::tempdir().unwrap();
        start(other.path(), &world.database().location).unwrap();
        // The server first notices that its connections to the old database are closed.
        let told = std::iter::repeat_with(|| {
            world.pass(5_000);
            std::thread::sleep(std::time::Duration::from_millis(100));
            let reply = ready();
            assert_eq!(reply.status, 503, "never ready with another database");
            reply.code()
        });
        assert!(told.take(100).any(|code| code == "keys_mismatch"));
    }
}

#[test]
fn a_second_node_follows_a_rotation_and_one_with_a_copy_of_the_old_folder_refuses_to_start() {
    for database in Database::each() {
        let folder = tempfile::tempdir().unwrap();
        let (shared, old) = (folder.path().join("shared"), folder.path().join("old"));
        let (_, first) = start(&shared, &database.location).unwrap();
        let (_, second) = start(&shared, &database.location).unwrap();
        fs::create_dir_all(old.join("keys")).unwrap();
        for (name, bytes) in content(&shared.join("keys")) {
            fs::write(old.join("keys").join(name), bytes).unwrap();
        }
        let runtime = Runtime::new().unwrap();
        runtime.block_on(first.keys.rotate(&first.store, Rotation::All, START)).unwrap();
        let sealed = first.keys.seal("test", &[1; 16], b"Hello");
        assert_eq!(second.keys.open_sealed("test", &[1; 16], &sealed), None);
        runtime.block_on(second.keys.check(&second.store, START)).unwrap();
        assert_eq!(second.keys.open_sealed("test", &[1; 16], &sealed).unwrap(), b"Hello");
        assert!(refusal(&old, &database.location).contains("it is older than the database"));
    }
}

#[test]
fn two_rotations_at_the_same_time_both_stay() {
    for database in Database::each() {
        let folder = tempfile::tempdir().unwrap();
        let nodes: Vec<_> = (0..2).map(|_| start(folder.path(), &database.location).unwrap().1).collect();
        thread::scope(|scope| {
            for node in &nodes {
                scope.spawn(|| {
                    let rotation = node.keys.rotate(&node.store, Rotation::All, START);
                    Runtime::new().unwrap().block_on(rotation).unwrap();
                });
            }
        });
        let sealed = start(folder.path(), &database.location).unwrap().1.keys.seal("test", &[1; 16], b"x");
        assert_eq!(sealed[0], 2, "it is the third generation");
    }
}
