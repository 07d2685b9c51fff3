//! Hardware identifiers on Windows. Every user can read them.

use keystead_protocol::fingerprint::{Component, MachineClass};
use winreg::RegKey;
use winreg::enums::{HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY};

use super::component::ComponentValues;
use super::smbios;

pub(super) fn read(component: Component) -> ComponentValues {
    match component {
        Component::Uuid => found(firmware().uuid),
        Component::Board => found(firmware().board_serial),
        Component::Osid => found(text(r"SOFTWARE\Microsoft\Cryptography", "MachineGuid")),
        Component::Mac => ComponentValues::Present(addresses()),
        Component::Tpm | Component::Disk | Component::Vol => ComponentValues::Absent,
    }
}

pub(super) fn machine_class() -> MachineClass {
    const MAKERS: [&str; 6] = ["qemu", "vmware", "innotek", "xen", "virtual machine", "virtualbox"];
    let bios = r"HARDWARE\DESCRIPTION\System\BIOS";
    let names = ["SystemManufacturer", "SystemProductName"].map(|name| text(bios, name).unwrap_or_default());
    let names = names.concat().to_lowercase();
    if MAKERS.iter().any(|maker| names.contains(maker)) { MachineClass::Vm } else { MachineClass::Phys }
}

/// The system's name and version from the registry, such as "Windows 11 Pro 24H2".
pub(super) fn platform() -> Option<String> {
    let version = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    let name = text(version, "ProductName")?;
    Some(match text(version, "DisplayVersion") {
        Some(display) => format!("{name} {display}"),
        None => name,
    })
}

fn found(value: Option<String>) -> ComponentValues {
    value.map_or(ComponentValues::Absent, |value| ComponentValues::Present(vec![value]))
}

fn key(path: &str) -> Option<RegKey> {
    RegKey::predef(HKEY_LOCAL_MACHINE).open_subkey_with_flags(path, KEY_READ | KEY_WOW64_64KEY).ok()
}

fn text(path: &str, name: &str) -> Option<String> {
    key(path)?.get_value::<String, _>(name).ok().filter(|text| !text.trim().is_empty())
}

fn firmware() -> smbios::Identity {
    let table = key(r"SYSTEM\CurrentControlSet\Services\mssmbios\Data")
        .and_then(|key| key.get_raw_value("SMBiosData").ok());
    table.map_or_else(Default::default, |value| smbios::identity(&value.bytes))
}

/// MAC addresses of Ethernet and wireless adapters. The fingerprint later drops addresses that are
/// not permanent, such as those of virtual adapters.
fn addresses() -> Vec<String> {
    let adapters = ipconfig::get_adapters().unwrap_or_default();
    adapters
        .iter()
        .filter(|adapter| {
            matches!(adapter.if_type(), ipconfig::IfType::EthernetCsmacd | ipconfig::IfType::Ieee80211)
        })
        .filter_map(|adapter| adapter.physical_address())
        .map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":"))
        .collect()
}
