//! Hardware identifiers on Linux.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use keystead_protocol::fingerprint::{Component, MachineClass};

use super::component::ComponentValues;

pub(super) fn read(component: Component) -> ComponentValues {
    match component {
        // All containers on a host see the same hardware, so ignore the components that identify a
        // machine. A host can share its hardware by publishing it.
        _ if component.is_anchor()
            && is_container(|path| Path::new(path).exists(), |name| std::env::var_os(name).is_some()) =>
        {
            ComponentValues::Absent
        }
        // `fingerprint.rs` reads the TPM separately, because it is slow.
        Component::Tpm => ComponentValues::Absent,
        Component::Uuid => file("/sys/class/dmi/id/product_uuid"),
        Component::Board => file("/sys/class/dmi/id/board_serial"),
        Component::Disk => root_device().map_or(ComponentValues::Absent, |device| disk_serial(&device)),
        Component::Mac => ComponentValues::Present(permanent_addresses()),
        Component::Osid => file("/etc/machine-id"),
        Component::Vol => {
            root_device().and_then(|device| volume_id(&device)).map_or(ComponentValues::Absent, one)
        }
    }
}

/// Whether this process runs in a container. Container managers create these files and variables.
fn is_container(has_file: impl Fn(&str) -> bool, has_variable: impl Fn(&str) -> bool) -> bool {
    ["/.dockerenv", "/run/.containerenv", "/run/host/container-manager"].into_iter().any(has_file)
        || ["KUBERNETES_SERVICE_HOST", "container"].into_iter().any(has_variable)
}

fn one(value: String) -> ComponentValues {
    ComponentValues::Present(vec![value])
}

fn file(path: impl AsRef<Path>) -> ComponentValues {
    match fs::read_to_string(path) {
        Ok(value) => one(value),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => ComponentValues::Unreadable,
        Err(_) => ComponentValues::Absent,
    }
}

/// Virtual if the firmware names a hypervisor vendor, or the processor has the hypervisor flag.
pub(super) fn machine_class() -> MachineClass {
    const MAKERS: [&str; 8] =
        ["qemu", "vmware", "innotek", "xen", "amazon ec2", "google", "parallels", "virtual machine"];
    let firmware: String = ["sys_vendor", "product_name"]
        .iter()
        .filter_map(|name| fs::read_to_string(format!("/sys/class/dmi/id/{name}")).ok())
        .collect::<String>()
        .to_lowercase();
    let hypervisor = fs::read_to_string("/proc/cpuinfo")
        .is_ok_and(|info| info.lines().any(|line| line.starts_with("flags") && line.contains(" hypervisor")));
    if hypervisor || MAKERS.iter().any(|maker| firmware.contains(maker)) {
        MachineClass::Vm
    } else {
        MachineClass::Phys
    }
}

/// The block device of the root file system, resolved from `/sys/dev/block/M:m`.
fn root_device() -> Option<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    let number = mounts.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        (fields.get(4) == Some(&"/")).then(|| fields.get(2).copied()).flatten()
    })?;
    fs::canonicalize(format!("/sys/dev/block/{number}")).ok()
}

/// The serial number of the disk that contains `device`, which may be a partition.
fn disk_serial(device: &Path) -> ComponentValues {
    let disk = if device.join("partition").exists() { device.parent().unwrap_or(device) } else { device };
    let places = ["device/serial", "serial", "device/wwid", "wwid"];
    places
        .iter()
        .map(|place| file(disk.join(place)))
        .find(|found| !matches!(found, ComponentValues::Absent))
        .unwrap_or(ComponentValues::Absent)
}

/// The UUID of the file system on `device`, from udev.
fn volume_id(device: &Path) -> Option<String> {
    let name = device.file_name()?;
    fs::read_dir("/dev/disk/by-uuid").ok()?.flatten().find_map(|entry| {
        let target = fs::canonicalize(entry.path()).ok()?;
        (target.file_name() == Some(name)).then(|| entry.file_name().to_string_lossy().into_owned())
    })
}

/// Factory MAC addresses of physical network adapters.
fn permanent_addresses() -> Vec<String> {
    let Ok(adapters) = fs::read_dir("/sys/class/net") else { return Vec::new() };
    adapters
        .flatten()
        .map(|adapter| adapter.path())
        .filter(|path| path.join("device").exists())
        .filter(|path| fs::read_to_string(path.join("addr_assign_type")).is_ok_and(|kind| kind.trim() == "0"))
        .filter_map(|path| fs::read_to_string(path.join("address")).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::is_container;

    #[test]
    fn a_container_is_known_by_what_its_manager_left() {
        assert!(!is_container(|_| false, |_| false));
        for file in ["/.dockerenv", "/run/.containerenv", "/run/host/container-manager"] {
            assert!(is_container(|path| path == file, |_| false), "{file}");
        }
        for variable in ["KUBERNETES_SERVICE_HOST", "container"] {
            assert!(is_container(|_| false, |name| name == variable), "{variable}");
        }
    }
}
