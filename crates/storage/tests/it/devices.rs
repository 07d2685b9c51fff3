//! Devices and their lists.

use keystead_domain::activation::ActivationStatus;
use keystead_domain::license::{License, Ownership};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::{DeviceId, LicenseId};
use keystead_storage::testing::Database;
use keystead_storage::{Device, Error};

use crate::support::{self, LICENSE, activation, device, license, with_account, with_license};

#[tokio::test]
async fn an_account_sees_each_of_its_devices_once_however_its_pages_are_cut() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 5).await;
        let owner = with_account(&store).await;
        let used = |license: u8, devices: &'static [u8]| (LicenseId::from_bytes([license; 16]), devices);
        // Device 3 uses two licenses. Device 4 was activated several times. License 32 has no device. License
        // 34, which device 1 also uses, has no owner.
        let all = [used(30, &[1, 2, 3]), used(31, &[3, 4, 4, 4, 4]), used(32, &[]), used(33, &[5])];
        let stored: Result<(), Error> = store
            .write(move |tx| {
                for device in 1..=6 {
                    tx.device_insert(&support::device(device))?;
                }
                let mut number = 100;
                for (id, devices) in all.into_iter().chain([used(34, &[1, 6])]) {
                    let by = if id == LicenseId::from_bytes([34; 16]) { None } else { Some(owner) };
                    let ownership = by.map_or(Ownership::Held, |by| Ownership::Owned { by, since: 1 });
                    tx.license_insert(&License { id, ownership, ..license(5) })?;
                    for device in devices {
                        number += 1;
                        let mut row = activation(number);
                        row.activation.license = id;
                        row.activation.device = DeviceId::from_bytes([*device; 16]);
                        row.activation.status = ActivationStatus::Released { at: 1 };
                        tx.activation_insert(&row)?;
                    }
                }
                Ok(())
            })
            .await;
        stored.unwrap();
        for limit in 1..=7 {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store
                    .read(move |connection| connection.devices_of_account(owner, after, limit, 3))
                    .await
                    .unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.place());
                seen.extend(page.iter().map(|listed| {
                    let numbers = listed.activations.iter().map(|activation| activation.id.as_bytes()[0]);
                    (listed.device.id.as_bytes()[0], numbers.collect::<Vec<_>>())
                }));
            }
            let (third, fourth) = (vec![104, 103], vec![108, 107, 106]);
            let all = [(5, vec![109]), (4, fourth), (3, third), (2, vec![102]), (1, vec![101])];
            assert_eq!(seen, all, "pages of {limit}, the latest three activations of each");
        }
        let others = (LicenseId::from_bytes([34; 16]), DeviceId::from_bytes([0xff; 16]));
        let page = store
            .read(move |connection| connection.devices_of_account(owner, Some(others), 9, 3))
            .await
            .unwrap();
        assert!(
            page.iter().all(|listed| listed.license != others.0),
            "a place in somebody else's list shows nothing of it"
        );
    }
}

#[tokio::test]
async fn devices_are_found_by_keys_of_either_kind() {
    for database in Database::each() {
        let store = database.open();
        let found: Result<_, Error> = store
            .write(|tx| {
                let keys = [DevicePublicKey::Ed25519([2; 32]), DevicePublicKey::P256([2; 33])];
                for (n, public_key) in (1..).zip(keys) {
                    tx.device_insert(&Device { public_key, ..device(n) })?;
                }
                tx.device_set_key(device(1).id, DevicePublicKey::P256([3; 33]), 9)?;
                let mut found = Vec::new();
                for key in keys.into_iter().chain([DevicePublicKey::P256([3; 33])]) {
                    found.push(tx.device_by_key(key)?.map(|device| (device.id, device.public_key == key)));
                }
                Ok(found)
            })
            .await;
        assert_eq!(found.unwrap(), [None, Some((device(2).id, true)), Some((device(1).id, true))]);
    }
}

#[tokio::test]
async fn a_floating_seat_is_found_once_its_lease_has_ended() {
    for database in Database::each() {
        let store = database.open();
        with_license(&store, 3).await;
        let found: Result<_, Error> = store
            .write(|tx| {
                for (n, floating, serves_until) in [(1, false, 10), (2, true, 30), (3, true, 20)] {
                    tx.device_insert(&device(n))?;
                    let mut row = activation(n);
                    (row.activation.floating, row.activation.serves_until) = (floating, serves_until);
                    tx.activation_insert(&row)?;
                }
                let mut found = Vec::new();
                for now in [19, 20, 30] {
                    found.push(
                        tx.activation_lapsed_floating(LICENSE, now)?.map(|details| details.activation.id),
                    );
                }
                let mut ended = tx.activation_by_id(activation(3).activation.id)?.unwrap().activation;
                ended.status = ActivationStatus::Released { at: 30 };
                tx.activation_update(&ended)?;
                found.push(tx.activation_lapsed_floating(LICENSE, 30)?.map(|details| details.activation.id));
                Ok(found)
            })
            .await;
        let id = |n| Some(activation(n).activation.id);
        assert_eq!(found.unwrap(), [None, id(3), id(3), id(2)]);
    }
}
