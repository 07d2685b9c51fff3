//! The platform's folders for application data.

use std::path::PathBuf;

use keystead_protocol::Code;

use crate::Error;

/// The default data folder: `keystead` below `%LOCALAPPDATA%` on Windows, `~/Library/Application
/// Support` on macOS, `$XDG_DATA_HOME` or `~/.local/share` elsewhere.
pub fn default_folder() -> Result<PathBuf, Error> {
    let folder = if cfg!(windows) {
        user_folder(Some("LOCALAPPDATA"), "AppData/Local")
    } else if cfg!(target_os = "macos") {
        user_folder(None, "Library/Application Support")
    } else {
        user_folder(Some("XDG_DATA_HOME"), ".local/share")
    };
    Ok(folder.ok_or(Error::new(Code::StorageFailed, "no home folder is set"))?.join("keystead"))
}

/// The default parent of the second folders.
pub(crate) fn default_second_folder() -> Option<PathBuf> {
    let folder = if cfg!(windows) {
        user_folder(Some("APPDATA"), "AppData/Roaming")
    } else if cfg!(target_os = "macos") {
        user_folder(None, "Library/Preferences")
    } else {
        user_folder(Some("XDG_STATE_HOME"), ".local/state")
    };
    Some(folder?.join("keystead"))
}

/// The folder in an environment variable if its path is absolute, otherwise a folder below the
/// user's home.
fn user_folder(variable: Option<&str>, below_home: &str) -> Option<PathBuf> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || absolute(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    variable.and_then(absolute).or_else(|| Some(home()?.join(below_home)))
}
