//! A device's fingerprint: up to seven hardware and system components, each reduced on the device to a 16-bit tag, and
//! the comparison of two fingerprints. Raw serial numbers never reach this module's wire types.

mod canonical;
mod comparison;

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

pub use canonical::{RawValue, Unusable};
pub use comparison::{Comparison, KeyProof, Similarity, Thresholds};

/// A component that helps to identify a device. CPU, memory and graphics card do not identify a device and are not
/// collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Component {
    /// The TPM's endorsement key, hashed.
    Tpm,
    /// The SMBIOS system UUID.
    Uuid,
    /// The motherboard's serial number.
    Board,
    /// The system disk's serial number.
    Disk,
    /// The permanent addresses of network adapters; the only component with several values.
    Mac,
    /// The operating system's installation id.
    Osid,
    /// The root file system's id.
    Vol,
}

impl Component {
    /// All components, in the order of their numbers 1 to 7.
    pub const ALL: [Component; 7] = [
        Component::Tpm,
        Component::Uuid,
        Component::Board,
        Component::Disk,
        Component::Mac,
        Component::Osid,
        Component::Vol,
    ];

    /// The number in certificates, 1 to 7.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The component with a certificate's number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|component| u64::from(component.number()) == number)
    }

    /// The name on the wire and in the tag's input.
    pub const fn name(self) -> &'static str {
        match self {
            Component::Tpm => "tpm",
            Component::Uuid => "uuid",
            Component::Board => "board",
            Component::Disk => "disk",
            Component::Mac => "mac",
            Component::Osid => "osid",
            Component::Vol => "vol",
        }
    }

    /// Whether the component is hardware that survives a reinstallation of the system.
    pub const fn is_anchor(self) -> bool {
        !matches!(self, Component::Osid | Component::Vol)
    }
}

impl fmt::Display for Component {
    /// The name that people read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Component::Tpm => "TPM",
            Component::Uuid => "system UUID",
            Component::Board => "motherboard",
            Component::Disk => "disk",
            Component::Mac => "network adapter",
            Component::Osid => "operating system",
            Component::Vol => "system volume",
        })
    }
}

/// The class of a machine. A virtual machine's hardware has different weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MachineClass {
    /// A physical machine.
    Phys,
    /// A virtual machine.
    Vm,
}

/// A component's value, reduced to 16 bits: enough to detect a change, too little to recover the serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Tag(pub [u8; 2]);

/// The text is not a tag. A tag has four lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tag has four lower-case hexadecimal digits")]
pub struct TagError;

impl Tag {
    /// HMAC-SHA256 over the component's name and canonical value with the vendor's salt, truncated to 16 bits.
    pub fn of(salt: &[u8; 32], component: Component, canonical: &str) -> Self {
        let mut mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes any key length");
        mac.update(b"lic/fp/v1\0");
        mac.update(component.name().as_bytes());
        mac.update(b"\0");
        mac.update(canonical.as_bytes());
        let digest = mac.finalize().into_bytes();
        Self([digest[0], digest[1]])
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> String {
        crate::text::to_hex(&tag.0)
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;
    fn try_from(text: String) -> Result<Self, TagError> {
        let bytes = crate::text::from_hex(&text).ok_or(TagError)?;
        Ok(Self(bytes.try_into().map_err(|_| TagError)?))
    }
}

/// Maximum number of network adapters recorded.
pub const MAX_TAGS: usize = 16;

/// The tags of a component: one, or up to [`MAX_TAGS`] for network adapters. Never empty, sorted, without duplicates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "TagsOnWire", try_from = "TagsOnWire")]
pub struct Tags(Vec<Tag>);

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum TagsOnWire {
    One(Tag),
    Many(Vec<Tag>),
}

impl Tags {
    /// Collects tags; `None` if there are none or more than [`MAX_TAGS`].
    pub fn new(tags: impl IntoIterator<Item = Tag>) -> Option<Self> {
        let mut tags: Vec<Tag> = tags.into_iter().collect();
        tags.sort_unstable();
        tags.dedup();
        (!tags.is_empty() && tags.len() <= MAX_TAGS).then_some(Self(tags))
    }

    /// The tags, sorted.
    pub fn as_slice(&self) -> &[Tag] {
        &self.0
    }

    /// Whether `self` and `other` share a tag.
    fn meets(&self, other: &Tags) -> bool {
        self.0.iter().any(|tag| other.0.contains(tag))
    }
}

impl From<Tags> for TagsOnWire {
    fn from(tags: Tags) -> Self {
        match tags.0.as_slice() {
            [one] => TagsOnWire::One(*one),
            _ => TagsOnWire::Many(tags.0),
        }
    }
}

impl TryFrom<TagsOnWire> for Tags {
    type Error = &'static str;
    fn try_from(wire: TagsOnWire) -> Result<Self, &'static str> {
        let tags = match wire {
            TagsOnWire::One(tag) => vec![tag],
            TagsOnWire::Many(tags) => tags,
        };
        Tags::new(tags).ok_or("a component has between 1 and 16 tags")
    }
}

/// The components of a device. A component in neither `fp` nor `unreadable` is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fingerprint {
    /// Physical or virtual.
    pub class: MachineClass,
    /// The tags of each component that could be read.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub fp: BTreeMap<Component, Tags>,
    /// Components that exist but that the process has no permission to read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 7))]
    pub unreadable: Vec<Component>,
}

impl Fingerprint {
    /// An empty fingerprint.
    pub fn empty(class: MachineClass) -> Self {
        Self { class, fp: BTreeMap::new(), unreadable: Vec::new() }
    }
}
