//! Reduces a raw hardware value to its tag. A [`RawValue`] has no `Serialize`, no `Display` and a redacting `Debug`,
//! so that a serial number cannot leave the collector by accident.

use std::fmt;

use super::{Component, Tag};

/// A serial number or address as read from the machine.
#[derive(Clone)]
pub struct RawValue {
    component: Component,
    value: String,
}

/// A raw value that does not identify a machine: a manufacturer's placeholder, or an address chosen by software.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value identifies nothing")]
pub struct Unusable;

impl RawValue {
    /// Wraps the value read for `component`.
    pub fn new(component: Component, value: impl Into<String>) -> Self {
        Self { component, value: value.into() }
    }

    /// Trims, lower-cases, drops separators, rejects placeholders and computes the tag.
    pub fn tag(&self, salt: &[u8; 32]) -> Result<Tag, Unusable> {
        let canonical = canonical(&self.value);
        let placeholder = match self.component {
            Component::Uuid => is_placeholder_uuid(&canonical),
            Component::Mac => !is_permanent_address(&canonical),
            _ => false,
        };
        if placeholder || is_placeholder(&canonical) {
            return Err(Unusable);
        }
        Ok(Tag::of(salt, self.component, &canonical))
    }
}

impl fmt::Debug for RawValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawValue({}, …)", self.component.name())
    }
}

fn canonical(raw: &str) -> String {
    raw.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Manufacturers' placeholders, in canonical form.
const PLACEHOLDERS: [&str; 20] = [
    "tobefilledbyoem",
    "defaultstring",
    "none",
    "na",
    "null",
    "unknown",
    "empty",
    "oem",
    "invalid",
    "notavailable",
    "notspecified",
    "notapplicable",
    "systemserialnumber",
    "baseboardserialnumber",
    "chassisserialnumber",
    "serialnumber",
    "systemmanufacturer",
    "123456789",
    "0123456789",
    "1234567890",
];

fn is_placeholder(canonical: &str) -> bool {
    let one_character = canonical.bytes().all(|byte| Some(byte) == canonical.bytes().next());
    one_character || PLACEHOLDERS.contains(&canonical)
}

/// UUIDs that whole series of boards share.
const SHARED_UUIDS: [&str; 5] = [
    "03000200040005000006000700080009",
    "00020003000400050006000700080009",
    "fefefefefefefefefefefefefefefefe",
    "00000000000000000000000000000001",
    "12345678123456781234567812345678",
];

fn is_placeholder_uuid(canonical: &str) -> bool {
    canonical.len() != 32 || SHARED_UUIDS.contains(&canonical) || canonical.ends_with("ffffffffffffffffffff")
}

/// Accepts universally administered unicast addresses only, because software chooses the others.
fn is_permanent_address(canonical: &str) -> bool {
    match crate::text::from_hex(canonical) {
        Some(bytes) if bytes.len() == 6 => bytes[0] & 0b11 == 0 && bytes[..3] != [0, 0, 0],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 32] = [0x55; 32];

    #[test]
    fn case_spaces_and_separators_do_not_matter() {
        let plain = RawValue::new(Component::Mac, "a4bb6d112233").tag(&SALT);
        assert_eq!(RawValue::new(Component::Mac, " A4:BB:6D:11:22:33\n").tag(&SALT), plain);
        assert!(plain.is_ok());
    }

    #[test]
    fn placeholders_of_makers_identify_nothing() {
        for serial in
            ["To be filled by O.E.M.", "Default string", "None", "0", "System Serial Number", "xxxxxxx", ""]
        {
            assert_eq!(RawValue::new(Component::Board, serial).tag(&SALT), Err(Unusable), "{serial}");
        }
        for uuid in [
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "03000200-0400-0500-0006-000700080009",
            "4C4C4544-0051-FFFF-FFFF-FFFFFFFFFFFF",
        ] {
            assert_eq!(RawValue::new(Component::Uuid, uuid).tag(&SALT), Err(Unusable), "{uuid}");
        }
    }

    #[test]
    fn addresses_that_software_chose_identify_nothing() {
        for address in ["02:fc:00:00:00:01", "01:00:5e:00:00:01", "00:00:00:00:00:00", "02:42:ac:11:00:02"] {
            assert_eq!(RawValue::new(Component::Mac, address).tag(&SALT), Err(Unusable), "{address}");
        }
    }

    #[test]
    fn a_raw_value_stays_out_of_debug_output() {
        assert_eq!(format!("{:?}", RawValue::new(Component::Disk, "S4EWNX0R")), "RawValue(disk, …)");
    }
}
