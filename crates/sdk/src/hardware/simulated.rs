//! Simulated hardware, read from the file in `KEYSTEAD_SIMULATED_HARDWARE`. Its raw values are
//! processed like those of real hardware.

use std::collections::BTreeMap;

use keystead_protocol::fingerprint::{Component, MachineClass};
use serde::Deserialize;

use super::component::ComponentValues;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Machine {
    pub(super) class: MachineClass,
    components: BTreeMap<Component, Vec<String>>,
    #[serde(default)]
    unreadable: Vec<Component>,
}

pub(super) fn machine() -> Option<Machine> {
    let path = std::env::var_os("KEYSTEAD_SIMULATED_HARDWARE")?;
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

impl Machine {
    pub(super) fn read(&self, component: Component) -> ComponentValues {
        match self.components.get(&component) {
            _ if self.unreadable.contains(&component) => ComponentValues::Unreadable,
            Some(values) => ComponentValues::Present(values.clone()),
            None => ComponentValues::Absent,
        }
    }
}
