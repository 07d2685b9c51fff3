//! Reads this machine's hardware and immediately reduces the values to tags.

mod component;
mod ioreg;
pub(crate) mod published;
#[cfg(target_os = "linux")]
mod root_file;
#[cfg(feature = "simulated-hardware")]
mod simulated;
mod smbios;
#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod system;
#[cfg(windows)]
#[path = "windows.rs"]
mod system;

use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, RawValue, Tag, Tags};
use keystead_protocol::text::to_hex;
use sha2::{Digest as _, Sha256};

use component::ComponentValues;

/// Reads the hardware and returns its fingerprint.
pub(crate) fn probe(salt: &[u8; 32]) -> Fingerprint {
    #[cfg(feature = "simulated-hardware")]
    if let Some(machine) = simulated::machine() {
        return fingerprint(salt, machine.class, |component| machine.read(component));
    }
    #[cfg(any(target_os = "linux", target_os = "macos", windows))]
    return fingerprint(salt, system::machine_class(), system::read);
    #[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
    return fingerprint(salt, MachineClass::Phys, |_| ComponentValues::Absent);
}

fn fingerprint(
    salt: &[u8; 32],
    class: MachineClass,
    read: impl Fn(Component) -> ComponentValues,
) -> Fingerprint {
    let mut fingerprint = Fingerprint::empty(class);
    for component in Component::ALL {
        match read(component) {
            ComponentValues::Present(values) => {
                let tag = |value: String| -> Option<Tag> { RawValue::new(component, value).tag(salt).ok() };
                if let Some(tags) = Tags::new(values.into_iter().filter_map(tag)) {
                    fingerprint.fp.insert(component, tags);
                }
            }
            ComponentValues::Unreadable => fingerprint.unreadable.push(component),
            ComponentValues::Absent => {}
        }
    }
    fingerprint
}

/// The tag of a TPM, computed from the point of its endorsement key. The point is neither stored
/// nor sent.
pub(crate) fn tpm_tag(point: &[u8; 65], salt: &[u8; 32]) -> Option<Tag> {
    RawValue::new(Component::Tpm, to_hex(&Sha256::digest(point))).tag(salt).ok()
}

/// The operating system's name and version.
pub fn platform() -> String {
    #[cfg(windows)]
    if let Some(name) = system::platform() {
        return name;
    }
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.map_or_else(|| std::env::consts::OS.to_owned(), |name| name.trim_matches('"').to_owned())
}

/// This device's host name. It is the default for the device's name in the account.
pub fn device_name() -> String {
    let from_file = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = from_file().or_else(|| std::env::var("COMPUTERNAME").ok()).unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "This device".to_owned() } else { name.to_owned() }
}
