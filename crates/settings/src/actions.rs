//! The user's requests in one frame. The pages record the requests, and the window carries them
//! out.

use keystead::settings::Intent;

use crate::appearance::Appearance;
use crate::navigation::Page;

/// At most one request of each kind.
#[derive(Default)]
pub(crate) struct Actions {
    pub(crate) intent: Option<Intent>,
    pub(crate) dialog: Option<ConfirmDialog>,
    pub(crate) page: Option<Page>,
    /// The address to open in the browser.
    pub(crate) address: Option<String>,
    /// The text to copy to the clipboard.
    pub(crate) copy: Option<String>,
    pub(crate) appearance: Option<Appearance>,
}

/// A dialog that asks before an action is carried out.
pub(crate) struct ConfirmDialog {
    pub(crate) title: &'static str,
    /// What the action changes and what it keeps.
    pub(crate) text: String,
    pub(crate) action: &'static str,
    pub(crate) intent: Intent,
}
