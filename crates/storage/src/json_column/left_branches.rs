use keystead_domain::Millis;
use keystead_domain::ratchet::{LeftBranch, LeftBy, Shown, Value};
use keystead_protocol::text::{array_from_base64url, to_base64url};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The abandoned branches of an activation's ratchet.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredBranches {
    #[serde(default)]
    branches: Vec<StoredBranch>,
}

/// One branch. Values are base64url.
#[derive(Serialize, Deserialize)]
struct StoredBranch {
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<StoredPair>,
    left_at: Millis,
    #[serde(default)]
    left_by: String,
}

#[derive(Serialize, Deserialize)]
struct StoredPair {
    r: String,
    x: String,
}

/// A branch in rows that were written before the format had versions. The fields are the current value, the
/// previous pair, the time, and whether an activation abandoned the branch.
#[derive(Deserialize)]
pub(crate) struct OldBranch(String, Option<(String, String)>, Millis, #[serde(default)] bool);

const REASONS: [(LeftBy, &str); 3] =
    [(LeftBy::Fork, "fork"), (LeftBy::Activation, "activation"), (LeftBy::Choice, "choice")];

impl From<&[LeftBranch]> for StoredBranches {
    fn from(branches: &[LeftBranch]) -> Self {
        Self { branches: branches.iter().map(StoredBranch::from).collect() }
    }
}

impl From<Vec<OldBranch>> for StoredBranches {
    fn from(branches: Vec<OldBranch>) -> Self {
        Self { branches: branches.into_iter().map(StoredBranch::from).collect() }
    }
}

impl From<&LeftBranch> for StoredBranch {
    fn from(branch: &LeftBranch) -> Self {
        let pair = |pair: Shown| StoredPair { r: to_base64url(&pair.r), x: to_base64url(&pair.x) };
        Self {
            current: to_base64url(&branch.current),
            previous: branch.previous.map(pair),
            left_at: branch.left_at,
            left_by: name(branch.left_by).to_owned(),
        }
    }
}

impl From<OldBranch> for StoredBranch {
    fn from(OldBranch(current, previous, left_at, by_activation): OldBranch) -> Self {
        let left_by = if by_activation { LeftBy::Activation } else { LeftBy::Fork };
        let previous = previous.map(|(r, x)| StoredPair { r, x });
        Self { current, previous, left_at, left_by: name(left_by).to_owned() }
    }
}

impl TryFrom<StoredBranches> for Vec<LeftBranch> {
    type Error = Error;

    fn try_from(stored: StoredBranches) -> Result<Self, Error> {
        stored.branches.into_iter().map(StoredBranch::read).collect()
    }
}

impl StoredBranch {
    fn read(self) -> Result<LeftBranch, Error> {
        let pair = |pair: StoredPair| Ok::<_, Error>(Shown { r: value(&pair.r)?, x: value(&pair.x)? });
        // A branch with an unknown reason is read as a fork. A device that returns to the branch is then
        // detected.
        let known = REASONS.iter().find(|(_, name)| *name == self.left_by);
        Ok(LeftBranch {
            current: value(&self.current)?,
            previous: self.previous.map(pair).transpose()?,
            left_at: self.left_at,
            left_by: known.map_or(LeftBy::Fork, |(left_by, _)| *left_by),
        })
    }
}

fn value(text: &str) -> Result<Value, Error> {
    array_from_base64url(text).ok_or_else(|| Error::inconsistent("activation", "left_branches"))
}

fn name(left_by: LeftBy) -> &'static str {
    REASONS.iter().find(|(known, _)| *known == left_by).map_or("fork", |(_, name)| name)
}
