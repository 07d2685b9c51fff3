//! Reads a file that only the machine's root user can have written. In a user namespace, an
//! ordinary user can be root and mount anything. Therefore a file is trusted only in the initial
//! user namespace. A rootless container runs in another one.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{FileType, FsWord, Mode, OFlags, PROC_SUPER_MAGIC, fstat, fstatfs, open, openat};

/// The initial user namespace maps every id to itself (user_namespaces(7)).
const INITIAL_UID_MAP: [&str; 3] = ["0", "0", "4294967295"];
/// FUSE. A user's program provides the content of such a file system, including the owners of
/// files.
const FUSE_SUPER_MAGIC: FsWord = 0x6573_5546;
/// A map has at most 340 lines of three numbers.
const MAX_UID_MAP_BYTES: u64 = 16 * 1024;

/// Reads the file `name` in `folder`. `None` unless root owns both, only root can write to both,
/// and the file has at most `max_size` bytes.
pub(super) fn read(folder: &Path, name: &str, max_size: u64) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let folder = open(folder, flags | OFlags::DIRECTORY, Mode::empty()).ok()?;
    let file = openat(&folder, name, flags, Mode::empty()).ok()?;
    let is_roots = is_initial_user_namespace()
        && is_owned_by_root(&folder, FileType::Directory)
        && is_owned_by_root(&file, FileType::RegularFile);
    if !is_roots {
        return None;
    }
    let mut bytes = Vec::new();
    File::from(file).take(max_size + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= max_size).then_some(bytes)
}

/// Whether this process runs in the initial user namespace. Also checks that the kernel provides
/// the map, because a user may have mounted something over `/proc`.
fn is_initial_user_namespace() -> bool {
    let Ok(file) = File::open("/proc/self/uid_map") else { return false };
    if !fstatfs(&file).is_ok_and(|system| system.f_type == PROC_SUPER_MAGIC) {
        return false;
    }
    let mut map = String::new();
    file.take(MAX_UID_MAP_BYTES).read_to_string(&mut map).is_ok()
        && map.split_whitespace().eq(INITIAL_UID_MAP)
}

fn is_owned_by_root(file: impl AsFd, kind: FileType) -> bool {
    let (Ok(about), Ok(system)) = (fstat(&file), fstatfs(&file)) else { return false };
    about.st_uid == 0
        && about.st_mode & 0o022 == 0
        && FileType::from_raw_mode(about.st_mode) == kind
        && system.f_type != FUSE_SUPER_MAGIC
}
