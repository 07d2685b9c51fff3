//! Hardware identifiers on macOS. Macs have no TPM, and only programs with entitlements can use the
//! Secure Enclave.

use std::process::Command;

use keystead_protocol::fingerprint::{Component, MachineClass};

use super::component::ComponentValues;
use super::ioreg;

pub(super) fn read(component: Component) -> ComponentValues {
    match component {
        Component::Uuid => platform("IOPlatformUUID"),
        Component::Board => platform("IOPlatformSerialNumber"),
        Component::Vol => found(volume()),
        Component::Mac => found(address()),
        Component::Tpm | Component::Disk | Component::Osid => ComponentValues::Absent,
    }
}

pub(super) fn machine_class() -> MachineClass {
    match output("/usr/sbin/sysctl", &["-n", "kern.hv_vmm_present"]).as_deref().map(str::trim) {
        Some("1") => MachineClass::Vm,
        _ => MachineClass::Phys,
    }
}

fn found(value: Option<String>) -> ComponentValues {
    value.map_or(ComponentValues::Absent, |value| ComponentValues::Present(vec![value]))
}

fn platform(name: &str) -> ComponentValues {
    let listing = output("/usr/sbin/ioreg", &["-rd1", "-c", "IOPlatformExpertDevice"]);
    found(listing.and_then(|listing| ioreg::property(&listing, name)))
}

/// The UUID of the system volume.
fn volume() -> Option<String> {
    let info = output("/usr/sbin/diskutil", &["info", "/"])?;
    info.lines().find_map(|line| Some(line.trim().strip_prefix("Volume UUID:")?.trim().to_owned()))
}

/// The MAC address of the first network adapter.
fn address() -> Option<String> {
    let info = output("/sbin/ifconfig", &["en0", "ether"])?;
    info.lines().find_map(|line| Some(line.trim().strip_prefix("ether ")?.trim().to_owned()))
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
