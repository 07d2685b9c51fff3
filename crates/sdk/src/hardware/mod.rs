//! This machine's hardware, reduced to tags where it is read.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(feature = "simulated-hardware")]
mod simulated;

use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, RawValue, Tag, Tags};

/// What was found of one component.
enum Found {
    Values(Vec<String>),
    Unreadable,
    Nothing,
}

/// Reads the hardware.
pub(crate) fn probe(salt: &[u8; 32]) -> Fingerprint {
    #[cfg(feature = "simulated-hardware")]
    if let Some(machine) = simulated::machine() {
        return fingerprint(salt, machine.class, |component| machine.read(component));
    }
    #[cfg(target_os = "linux")]
    return fingerprint(salt, linux::machine_class(), linux::read);
    #[cfg(not(target_os = "linux"))]
    return Fingerprint::empty(MachineClass::Phys);
}

fn fingerprint(salt: &[u8; 32], class: MachineClass, read: impl Fn(Component) -> Found) -> Fingerprint {
    let mut fingerprint = Fingerprint::empty(class);
    for component in Component::ALL {
        match read(component) {
            Found::Values(values) => {
                let tag = |value: String| -> Option<Tag> { RawValue::new(component, value).tag(salt).ok() };
                if let Some(tags) = Tags::new(values.into_iter().filter_map(tag)) {
                    fingerprint.fp.insert(component, tags);
                }
            }
            Found::Unreadable => fingerprint.unreadable.push(component),
            Found::Nothing => {}
        }
    }
    fingerprint
}

/// The operating system and its version, as people know it.
pub fn platform() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

/// The name that this device is known by in its network, to be offered as its name.
pub fn device_name() -> String {
    let from_file = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = from_file().or_else(|| std::env::var("COMPUTERNAME").ok()).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "This device".to_owned() } else { name.to_owned() }
}
