//! The comparison of two fingerprints.

use serde::{Deserialize, Serialize};

use super::{Component, Fingerprint, MachineClass};

/// How a request proves possession of the enrolled device key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProof {
    /// The enrolled key did not sign the request.
    None,
    /// A key in a file signed the request. A copied folder contains this key, too.
    Software,
    /// A key that cannot leave its hardware signed the request.
    Hardware,
}

/// How similar two fingerprints are, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Similarity {
    /// Another device.
    Different,
    /// Possibly the same device after a large repair. The owner decides.
    Significant,
    /// The same device with small changes.
    Minor,
    /// The same device.
    Same,
}

/// The thresholds, in percent of matching weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Minimum for [`Similarity::Same`].
    pub same: u32,
    /// Minimum for [`Similarity::Minor`].
    pub minor: u32,
    /// Minimum for [`Similarity::Significant`].
    pub significant: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { same: 80, minor: 55, significant: 30 }
    }
}

/// The result of a comparison, with its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// How similar the fingerprints are.
    pub similarity: Similarity,
    /// Matching weight in percent of the compared weight, rounded down.
    pub score: u32,
    /// Whether the compared components have too little weight to identify the device.
    pub weak: bool,
    /// Components that match.
    pub matched: Vec<Component>,
    /// Components that changed or are absent now.
    pub changed: Vec<Component>,
    /// The weight of `changed` in points.
    pub drift: u32,
}

/// The weight of a component on a class of machine, in points.
const fn weight(component: Component, class: MachineClass) -> u32 {
    let (phys, vm) = match component {
        Component::Tpm => (22, 0),
        Component::Uuid => (18, 40),
        Component::Board => (13, 0),
        Component::Disk => (17, 12),
        Component::Mac => (12, 18),
        Component::Osid => (12, 18),
        Component::Vol => (6, 12),
    };
    match class {
        MachineClass::Phys => phys,
        MachineClass::Vm => vm,
    }
}

const fn least_weight(class: MachineClass) -> u32 {
    match class {
        MachineClass::Phys => 29,
        MachineClass::Vm => 40,
    }
}

impl Fingerprint {
    /// Whether the fingerprint is too weak to identify a machine, for example in a container. Components that exist
    /// but are unreadable count as present.
    pub fn is_weak(&self) -> bool {
        let there = self.fp.keys().chain(&self.unreadable);
        there.map(|&component| weight(component, self.class)).sum::<u32>() < least_weight(self.class)
    }

    /// Compares the current fingerprint with this enrolled baseline.
    ///
    /// Baseline components that are unreadable now are left out. Changed and absent components count as mismatches. If
    /// no hardware component can be compared, the software components decide, provided that the device key signed the
    /// request.
    pub fn compare(&self, seen: &Fingerprint, key: KeyProof, thresholds: Thresholds) -> Comparison {
        let (mut matched, mut changed) = (Vec::new(), Vec::new());
        for (&component, enrolled) in &self.fp {
            match seen.fp.get(&component) {
                Some(tags) if enrolled.meets(tags) => matched.push(component),
                None if seen.unreadable.contains(&component) => {}
                _ => changed.push(component),
            }
        }
        let points =
            |components: &[Component]| components.iter().map(|&c| weight(c, self.class)).sum::<u32>();
        let (kept, drift) = (points(&matched), points(&changed));
        // If no component can be compared, only the device key decides.
        let nothing = if key == KeyProof::None { 0 } else { 100 };
        let score = (100 * kept).checked_div(kept + drift).unwrap_or(nothing);
        let similarity = self.judge(score, &matched, &changed, key, thresholds);
        Comparison {
            similarity,
            score,
            weak: kept + drift < least_weight(self.class),
            matched,
            changed,
            drift,
        }
    }

    fn judge(
        &self,
        score: u32,
        matched: &[Component],
        changed: &[Component],
        key: KeyProof,
        thresholds: Thresholds,
    ) -> Similarity {
        let is_anchor = |component: &&Component| component.is_anchor() && weight(**component, self.class) > 0;
        let anchors_kept = matched.iter().filter(is_anchor).count();
        let anchors_lost = changed.iter().filter(is_anchor).count();
        let proven = key != KeyProof::None;
        // A virtual machine's TPM is a file that is copied with the machine.
        let same_chip = key == KeyProof::Hardware && self.class == MachineClass::Phys;
        let software_only = anchors_kept + anchors_lost == 0 && proven;

        let all_anchors = anchors_kept >= 2 || anchors_kept == 1 && anchors_lost == 0 || software_only;
        let most_anchors = anchors_kept >= 2 || anchors_kept == 1 && proven || software_only;
        let some_anchor = anchors_kept >= 1 || software_only;
        let by_hardware = if score >= thresholds.same && all_anchors {
            Similarity::Same
        } else if score >= thresholds.minor && most_anchors {
            Similarity::Minor
        } else if score >= thresholds.significant && some_anchor || same_chip {
            Similarity::Significant
        } else {
            Similarity::Different
        };
        let cloned_vm = self.class == MachineClass::Vm && changed.contains(&Component::Uuid);
        if cloned_vm { by_hardware.min(Similarity::Significant) } else { by_hardware }
    }
}

impl Comparison {
    /// One line for people: the changed and the matching components.
    pub fn explain(&self) -> String {
        match (self.changed.as_slice(), self.matched.as_slice()) {
            ([], _) => "nothing changed".to_owned(),
            (changed, []) => format!("{} changed; nothing matches", list(changed)),
            (changed, [one]) => format!("{} changed; {one} matches", list(changed)),
            (changed, matched) => format!("{} changed; {} match", list(changed), list(matched)),
        }
    }
}

fn list(components: &[Component]) -> String {
    let names: Vec<String> = components.iter().map(Component::to_string).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
