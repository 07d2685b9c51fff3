use std::collections::BTreeMap;

use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tags};
use serde::{Deserialize, Serialize};

/// The enrolled fingerprint of an activation.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredBaseline {
    class: MachineClass,
    fp: BTreeMap<String, Tags>,
    #[serde(default)]
    unreadable: Vec<String>,
}

impl From<&Fingerprint> for StoredBaseline {
    fn from(fingerprint: &Fingerprint) -> Self {
        let name = |component: Component| component.name().to_owned();
        Self {
            class: fingerprint.class,
            fp: fingerprint.fp.iter().map(|(component, tags)| (name(*component), tags.clone())).collect(),
            unreadable: fingerprint.unreadable.iter().copied().map(name).collect(),
        }
    }
}

impl From<StoredBaseline> for Fingerprint {
    /// Skips components that this release does not know. They are not compared.
    fn from(stored: StoredBaseline) -> Self {
        Self {
            class: stored.class,
            fp: stored.fp.into_iter().filter_map(|(name, tags)| Some((component(&name)?, tags))).collect(),
            unreadable: stored.unreadable.iter().filter_map(|name| component(name)).collect(),
        }
    }
}

fn component(name: &str) -> Option<Component> {
    Component::ALL.into_iter().find(|component| component.name() == name)
}
