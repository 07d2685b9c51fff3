//! What identifies a Mac. There is no TPM; the Secure Enclave is not open to programs without an application's entitlements.

use std::process::Command;

use keystead_protocol::fingerprint::{Component, MachineClass};

use super::{Found, ioreg};

pub(super) fn read(component: Component) -> Found {
    match component {
        Component::Uuid => platform("IOPlatformUUID"),
        Component::Board => platform("IOPlatformSerialNumber"),
        Component::Vol => found(volume()),
        Component::Mac => found(address()),
        Component::Tpm | Component::Disk | Component::Osid => Found::Nothing,
    }
}

pub(super) fn machine_class() -> MachineClass {
    match output("/usr/sbin/sysctl", &["-n", "kern.hv_vmm_present"]).as_deref().map(str::trim) {
        Some("1") => MachineClass::Vm,
        _ => MachineClass::Phys,
    }
}

fn found(value: Option<String>) -> Found {
    value.map_or(Found::Nothing, |value| Found::Values(vec![value]))
}

fn platform(name: &str) -> Found {
    let listing = output("/usr/sbin/ioreg", &["-rd1", "-c", "IOPlatformExpertDevice"]);
    found(listing.and_then(|listing| ioreg::property(&listing, name)))
}

/// The system volume's UUID.
fn volume() -> Option<String> {
    let info = output("/usr/sbin/diskutil", &["info", "/"])?;
    info.lines().find_map(|line| Some(line.trim().strip_prefix("Volume UUID:")?.trim().to_owned()))
}

/// The first built-in adapter's address.
fn address() -> Option<String> {
    let info = output("/sbin/ifconfig", &["en0", "ether"])?;
    info.lines().find_map(|line| Some(line.trim().strip_prefix("ether ")?.trim().to_owned()))
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
