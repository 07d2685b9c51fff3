use keystead_protocol::fingerprint::{
    Comparison, Component, Fingerprint, KeyProof, MachineClass, Similarity, Tag, Tags, Thresholds,
};
use proptest::prelude::*;

use crate::support::{hex, vectors};

fn tags(values: &[u16]) -> Tags {
    Tags::new(values.iter().map(|value| Tag(value.to_be_bytes()))).unwrap()
}

fn machine(class: MachineClass, components: &[Component]) -> Fingerprint {
    let mut fingerprint = Fingerprint::empty(class);
    for &component in components {
        fingerprint.fp.insert(component, tags(&[u16::from(component.number())]));
    }
    fingerprint
}

fn changed(mut fingerprint: Fingerprint, components: &[Component]) -> Fingerprint {
    for component in components {
        fingerprint.fp.insert(*component, tags(&[999]));
    }
    fingerprint
}

fn compare(enrolled: &Fingerprint, seen: &Fingerprint, key: KeyProof) -> Comparison {
    enrolled.compare(seen, key, Thresholds::default())
}

#[test]
fn tags_are_those_of_the_named_vectors() {
    let file = vectors(include_str!("../../vectors/fingerprint.json"));
    for row in file["tags"].as_array().unwrap() {
        let component = serde_json::from_value(row["component"].clone()).unwrap();
        let tag = Tag::of(&hex(&file["salt"]), component, row["canonical"].as_str().unwrap());
        assert_eq!(String::from(tag), row["tag"].as_str().unwrap(), "{row}");
    }
}

#[test]
fn a_row_of_histories_gets_the_expected_verdicts() {
    use Component::{Board, Disk, Mac, Osid, Tpm, Uuid, Vol};
    use Similarity::{Different, Minor, Same, Significant};
    let desktop = machine(MachineClass::Phys, &Component::ALL);
    let histories: &[(&str, &[Component], KeyProof, Similarity)] = &[
        ("nothing changed", &[], KeyProof::None, Same),
        ("network adapter", &[Mac], KeyProof::None, Same),
        ("reinstalled, key lost", &[Osid, Vol], KeyProof::None, Same),
        ("new disk from an image", &[Disk], KeyProof::Software, Same),
        ("new disk and reinstall", &[Disk, Osid, Vol], KeyProof::None, Minor),
        ("motherboard with its TPM", &[Tpm, Uuid, Board], KeyProof::Software, Significant),
        ("motherboard, TPM and adapter", &[Tpm, Uuid, Board, Mac], KeyProof::Software, Significant),
        ("motherboard and disk", &[Tpm, Uuid, Board, Mac, Disk], KeyProof::None, Different),
        ("only the image was copied", &[Tpm, Uuid, Board, Disk, Mac], KeyProof::Software, Different),
        ("all changed, hardware key proven", &Component::ALL, KeyProof::Hardware, Significant),
        ("all changed, folder copied", &Component::ALL, KeyProof::Software, Different),
    ];
    for (what, lost, key, expected) in histories {
        let verdict = compare(&desktop, &changed(desktop.clone(), lost), *key);
        assert_eq!(verdict.similarity, *expected, "{what}: {verdict:?}");
    }
}

#[test]
fn a_virtual_machine_with_another_uuid_is_at_best_a_significant_change() {
    let vm = machine(
        MachineClass::Vm,
        &[Component::Uuid, Component::Disk, Component::Mac, Component::Osid, Component::Vol],
    );
    let clone = compare(&vm, &changed(vm.clone(), &[Component::Uuid]), KeyProof::Software);
    assert_eq!(clone.similarity, Similarity::Significant);
    assert_eq!(compare(&vm, &vm, KeyProof::None).similarity, Similarity::Same);
}

#[test]
fn a_chip_that_cannot_be_copied_speaks_for_its_machine_and_a_virtual_one_does_not() {
    use Similarity::{Different, Significant};
    for (class, expected) in [(MachineClass::Phys, Significant), (MachineClass::Vm, Different)] {
        let enrolled = machine(class, &Component::ALL);
        let seen = changed(enrolled.clone(), &Component::ALL);
        assert_eq!(compare(&enrolled, &seen, KeyProof::Hardware).similarity, expected, "{class:?}");
    }
}

#[test]
fn what_may_not_be_read_is_left_out_and_what_is_gone_counts_as_changed() {
    let enrolled = machine(MachineClass::Phys, &Component::ALL);
    let mut unprivileged = enrolled.clone();
    unprivileged.fp.remove(&Component::Board);
    assert_eq!(compare(&enrolled, &unprivileged, KeyProof::None).changed, [Component::Board]);
    unprivileged.unreadable = vec![Component::Board];
    assert_eq!(compare(&enrolled, &unprivileged, KeyProof::None).changed, []);
}

#[test]
fn one_permanent_adapter_that_is_still_there_is_enough() {
    let mut enrolled = machine(MachineClass::Phys, &Component::ALL);
    enrolled.fp.insert(Component::Mac, tags(&[1, 2, 3]));
    let mut docked = enrolled.clone();
    docked.fp.insert(Component::Mac, tags(&[3, 4]));
    assert_eq!(compare(&enrolled, &docked, KeyProof::None).changed, []);
}

#[test]
fn a_container_without_hardware_is_known_by_its_key_and_is_weak() {
    let container = machine(MachineClass::Phys, &[Component::Osid, Component::Vol]);
    let known = compare(&container, &container, KeyProof::Software);
    assert_eq!((known.similarity, known.weak), (Similarity::Same, true));
    assert_eq!(compare(&container, &container, KeyProof::None).similarity, Similarity::Different);
}

#[test]
fn the_difference_is_explained_in_words() {
    let desktop = machine(MachineClass::Phys, &[Component::Tpm, Component::Board, Component::Disk]);
    let verdict = compare(&desktop, &changed(desktop.clone(), &[Component::Board]), KeyProof::Software);
    assert_eq!(verdict.explain(), "motherboard changed; TPM and disk match");
}

#[test]
fn a_fingerprint_survives_json_in_the_documented_shape() {
    let text = r#"{"class":"phys","fp":{"uuid":"5e4b","mac":["d3a1","00ff"]},"unreadable":["tpm"]}"#;
    let fingerprint: Fingerprint = serde_json::from_str(text).unwrap();
    assert_eq!(fingerprint.fp[&Component::Mac].as_slice().len(), 2);
    let again: Fingerprint = serde_json::from_value(serde_json::to_value(&fingerprint).unwrap()).unwrap();
    assert_eq!(again, fingerprint);
    assert!(serde_json::from_str::<Fingerprint>(r#"{"class":"phys","fp":{"mac":[]}}"#).is_err());
}

fn any_fingerprint(class: MachineClass) -> impl Strategy<Value = Fingerprint> {
    prop::collection::btree_map(prop::sample::select(&Component::ALL[..]), 0u16..3, 0..7).prop_map(
        move |components| Fingerprint {
            class,
            fp: components.into_iter().map(|(component, value)| (component, tags(&[value]))).collect(),
            unreadable: Vec::new(),
        },
    )
}

fn any_pair() -> impl Strategy<Value = (Fingerprint, Fingerprint)> {
    prop::sample::select(&[MachineClass::Phys, MachineClass::Vm][..])
        .prop_flat_map(|class| (any_fingerprint(class), any_fingerprint(class)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn one_more_matching_component_never_lowers_the_verdict(
        (enrolled, seen) in any_pair(),
        component in prop::sample::select(&Component::ALL[..]),
        key in prop::sample::select(&[KeyProof::None, KeyProof::Software, KeyProof::Hardware][..]),
    ) {
        let (mut enrolled, mut seen) = (enrolled, seen);
        enrolled.fp.remove(&component);
        let before = compare(&enrolled, &seen, key);
        enrolled.fp.insert(component, tags(&[7]));
        seen.fp.insert(component, tags(&[7]));
        let after = compare(&enrolled, &seen, key);
        prop_assert!(after.similarity >= before.similarity, "{before:?} became {after:?}");
    }

    #[test]
    fn a_stronger_key_proof_never_lowers_the_verdict((enrolled, seen) in any_pair()) {
        let verdict = |key| compare(&enrolled, &seen, key).similarity;
        prop_assert!(verdict(KeyProof::None) <= verdict(KeyProof::Software));
        prop_assert!(verdict(KeyProof::Software) <= verdict(KeyProof::Hardware));
    }
}
