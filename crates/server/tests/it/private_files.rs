//! Only the server's user can read the server's files. This holds from their creation and for any umask.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the server's command line with the usual umask, 022.
fn run(data: &Path, arguments: &str) -> Output {
    let script = format!("umask 022; exec \"$0\" --data \"$1\" {arguments}");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(env!("CARGO_BIN_EXE_keystead-server")).arg(data);
    command.env_remove("KEYSTEAD_CONFIG").current_dir(data.parent().unwrap()).output().unwrap()
}

fn log(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The paths in the folder that are accessible to other users, with their permissions.
fn open_to_others(folder: &Path) -> BTreeMap<PathBuf, u32> {
    let mut found = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            found.insert(path.clone(), mode);
        }
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    found
}

#[test]
fn everything_that_is_made_in_a_folder_that_exists_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    set_mode(&data, 0o755);
    assert!(run(&data, "key status").status.success());
    assert_eq!(open_to_others(&data), BTreeMap::new());
    for made in ["keystead.db", "keys/secrets.json", "keys/root.key", "outbox"] {
        assert!(data.join(made).exists(), "{made}");
    }
}

#[test]
fn the_database_of_a_running_server_is_private_with_the_files_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("elsewhere.db");
    let location = keystead_storage::Location::Sqlite(database.clone());
    let world = crate::world::World::open(keystead_storage::testing::Database::at(location), |_| {});
    world.one_key(1);
    for suffix in ["", "-wal", "-shm"] {
        let path = PathBuf::from(format!("{}{suffix}", database.display()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn what_others_had_access_to_is_repaired_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(run(&data, "key status").status.success());
    for (name, mode) in [("", 0o755), ("keystead.db", 0o644), ("keys", 0o750), ("outbox", 0o777)] {
        set_mode(&data.join(name), mode);
        let output = run(&data, "key status");
        assert!(
            output.status.success() && log(&output).contains("it is private now"),
            "{name}: {}",
            log(&output)
        );
        assert_eq!(open_to_others(&data), BTreeMap::new(), "{name}");
    }
    for name in ["secrets.json", "root.key"] {
        set_mode(&data.join("keys").join(name), 0o644);
        let output = run(&data, "key status");
        assert!(
            output.status.success() && log(&output).contains("it is private now"),
            "{name}: {}",
            log(&output)
        );
        assert_eq!(open_to_others(&data), BTreeMap::new(), "{name}");
    }
}

#[test]
fn a_folder_of_somebody_elses_files_is_not_closed_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shared");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("report.txt"), "of somebody").unwrap();
    set_mode(&data, 0o755);
    let output = run(&data, "key status");
    assert!(!output.status.success() && log(&output).contains("chmod 700"), "{}", log(&output));
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(fs::read_dir(&data).unwrap().count(), 1, "nothing was written");
}

#[test]
fn a_configuration_with_a_password_that_others_can_read_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("keystead.toml"));
    let warned = || log(&run(&data, "key status")).contains("holds passwords and others can read it");
    fs::write(&file, "[mail]\nsmtp_url = \"smtps://user:password@localhost:465\"\n").unwrap();
    set_mode(&file, 0o644);
    assert!(warned());
    set_mode(&file, 0o640);
    assert!(!warned(), "a group of its own may read it");
    set_mode(&file, 0o644);
    fs::write(&file, "[mail]\nsmtp_url = \"smtp://localhost:25\"\n").unwrap();
    assert!(!warned(), "nothing in it is secret");
}
