//! Replays the hardware histories in `histories.txt`, which states the expected verdict of each step.

use std::collections::BTreeMap;

use keystead_domain::DAY;
use keystead_domain::activation::{Activation, Drift, Presented, Refresh};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::Shown;
use keystead_protocol::fingerprint::{
    Component, Fingerprint, KeyProof, MachineClass, Similarity, Tag, Tags, Thresholds,
};

use crate::support::{KEY, NOW, activation, license, terms};

/// The components of a machine. Absent components are in neither list.
struct Machine {
    class: MachineClass,
    parts: &'static [Component],
    unreadable: &'static [Component],
}

use Component::{Board, Disk, Mac, Osid, Tpm, Uuid, Vol};
use MachineClass::{Phys, Vm};

fn machine(name: &str) -> Machine {
    let (class, parts, unreadable): (_, &[Component], &[Component]) = match name {
        "desktop" | "laptop-with-dock" => (Phys, &[Tpm, Uuid, Board, Disk, Mac, Osid, Vol], &[]),
        "desktop-without-tpm" => (Phys, &[Uuid, Board, Disk, Mac, Osid, Vol], &[]),
        "unprivileged-linux" => (Phys, &[Disk, Mac, Osid, Vol], &[Tpm, Uuid, Board]),
        "mac" => (Phys, &[Uuid, Board, Disk, Mac, Vol], &[]),
        "vm" | "cloud" => (Vm, &[Uuid, Disk, Mac, Osid, Vol], &[]),
        "unprivileged-vm" => (Vm, &[Disk, Mac, Osid, Vol], &[Uuid]),
        "container" => (Vm, &[Osid], &[]),
        "thin-client" => (Phys, &[Uuid, Mac], &[]),
        other => panic!("no machine {other}"),
    };
    Machine { class, parts, unreadable }
}

/// The components that an event replaces, and whether the device keeps its key.
fn event(name: &str) -> (&'static [Component], bool) {
    match name {
        "reboot" | "more-memory" | "graphics-card" | "vpn-adapter" | "dock" | "undock" | "bios-update"
        | "live-migration" | "resize" | "snapshot-restore" | "container-restart" => (&[], true),
        "bios-update-new-uuid" | "clone-new-uuid" => (&[Uuid], true),
        "tpm-reset" | "processor-with-its-tpm" => (&[Tpm], true),
        "network-card" => (&[Mac], true),
        "disk-from-image" => (&[Disk], true),
        "volume-anew" => (&[Vol], true),
        "system-id-anew" | "container-anew" => (&[Osid], true),
        "reinstall" => (&[Osid, Vol], false),
        "disk-and-reinstall" => (&[Disk, Osid, Vol], false),
        "motherboard" | "disk-in-another-machine" => (&[Tpm, Uuid, Board, Mac], true),
        "motherboard-mac-kept" => (&[Tpm, Uuid, Board], true),
        "motherboard-and-disk" | "image-on-another-machine" => (&[Tpm, Uuid, Board, Mac, Disk], true),
        "motherboard-and-reinstall" => (&[Tpm, Uuid, Board, Mac, Osid, Vol], false),
        "backup-restore" => (&[Mac, Disk], true),
        "clone-new-uuid-and-mac" => (&[Uuid, Mac], true),
        "another-of-the-same-model" => (&Component::ALL, false),
        other => panic!("no event {other}"),
    }
}

/// The fingerprint of a machine. `replaced` counts the replacements of each component.
fn hardware(machine: &Machine, replaced: &BTreeMap<Component, u8>, docked: bool) -> Fingerprint {
    let tag = |component: Component, extra: u8| {
        let times = replaced.get(&component).copied().unwrap_or(0);
        Tag([component.number() * 16 + extra, times])
    };
    let mut fp = BTreeMap::new();
    for &component in machine.parts {
        let mut tags = vec![tag(component, 0)];
        if component == Mac && docked {
            tags.push(tag(component, 8));
        }
        fp.insert(component, Tags::new(tags).unwrap());
    }
    Fingerprint { class: machine.class, fp, unreadable: machine.unreadable.to_vec() }
}

/// Replays a history and returns the verdict of each step.
fn live(name: &str, steps: &[(i64, &str)]) -> Vec<&'static str> {
    let machine = machine(name);
    let (mut replaced, mut now, mut told) = (BTreeMap::new(), NOW, Vec::new());
    let mut docked = name == "laptop-with-dock";
    let baseline = hardware(&machine, &replaced, docked);
    let mut current = Activation { baseline, drift: Drift { points: 0, since: NOW }, ..activation() };
    for (days, what) in steps {
        let (parts, keeps_key) = event(what);
        now += days * DAY;
        docked = match *what {
            "dock" => true,
            "undock" => false,
            _ => docked,
        };
        for part in parts {
            *replaced.entry(*part).or_insert(0) += 1;
        }
        let seen = hardware(&machine, &replaced, docked);
        let (verdict, next) =
            if keeps_key { refresh(current, &seen, now) } else { recognise(current, &seen, now) };
        told.push(verdict);
        match next {
            Some(next) => current = next,
            None => break,
        }
    }
    told
}

fn refresh(activation: Activation, seen: &Fingerprint, now: i64) -> (&'static str, Option<Activation>) {
    let shown = Shown { r: activation.ratchet.current, x: [1; 16] };
    let presented = Presented { shown, fingerprint: seen, key: KeyProof::Software };
    let alike = activation.baseline.compare(seen, KeyProof::Software, Thresholds::default()).similarity;
    match activation.refresh(&license(), &PolicyRules::default(), presented, &KEY, now) {
        Ok(Refresh::Renewed { activation, .. }) if alike == Similarity::Same => ("same", Some(activation)),
        Ok(Refresh::Renewed { activation, .. }) => ("minor", Some(activation)),
        Ok(Refresh::HardwareChanged { .. }) if alike >= Similarity::Minor => ("asked", None),
        Ok(Refresh::HardwareChanged { .. }) => ("significant", None),
        Ok(Refresh::Forked { .. }) => ("forked", None),
        Err(_) => ("different", None),
    }
}

/// Recognizes a machine by its hardware alone, because the machine lost its device key. Any verdict except `same`
/// needs the owner.
fn recognise(activation: Activation, seen: &Fingerprint, now: i64) -> (&'static str, Option<Activation>) {
    match activation.baseline.compare(seen, KeyProof::None, Thresholds::default()).similarity {
        Similarity::Same => {
            ("same", activation.rebind(seen, [2; 16], terms(&PolicyRules::default()), now).ok())
        }
        Similarity::Minor => ("minor", None),
        Similarity::Significant => ("significant", None),
        Similarity::Different => ("different", None),
    }
}

#[test]
fn every_history_is_judged_as_it_must_be() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in
        include_str!("histories.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let [machine, steps, verdicts] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        let steps: Vec<(i64, &str)> = steps
            .split(", ")
            .map(|step| {
                let (days, what) = step.split_once(' ').unwrap();
                (days.trim_start_matches('+').parse().unwrap(), what)
            })
            .collect();
        let told = live(machine, &steps);
        if told != verdicts.split(", ").collect::<Vec<_>>() {
            wrong.push(format!("{line}: {told:?}"));
        }
        count += 1;
    }
    assert!(count >= 200, "only {count} histories");
    assert_eq!(wrong, Vec::<String>::new());
}
