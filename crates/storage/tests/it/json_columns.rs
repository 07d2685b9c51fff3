//! JSON columns written by earlier and newer releases.

use keystead_domain::activation::Activation;
use keystead_domain::policy::{AccountRule, Allowance, PolicyRules, SalesChannel, Term};
use keystead_domain::ratchet::{LeftBranch, LeftBy, Shown};
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::id::{ActivationId, PolicyId, ProductId};
use keystead_storage::testing::{Database, Session};
use keystead_storage::{Error, Store};

use crate::support::{activation, device, with_license};

const PRODUCT: ProductId = ProductId::from_bytes([1; 16]);
const POLICY: PolicyId = PolicyId::from_bytes([3; 16]);
const ACTIVATION: ActivationId = ActivationId::from_bytes([1; 16]);

const CURRENT: &str = "AwMDAwMDAwMDAwMDAwMDAw";
const PAIR: (&str, &str) = ("BAQEBAQEBAQEBAQEBAQEBA", "BQUFBQUFBQUFBQUFBQUFBQ");

/// A store with one product, edition, policy and activation.
async fn populated(database: &Database) -> Store {
    let store = database.open();
    with_license(&store, 1).await;
    let inserted: Result<(), Error> = store
        .write(|tx| {
            tx.device_insert(&device(1))?;
            tx.activation_insert(&activation(1))
        })
        .await;
    inserted.unwrap();
    store
}

/// Replaces a column of the only row with the value of another release.
fn write(database: &Database, table: &str, column: &str, json: &str) {
    let mut session = Session::open(&database.location).unwrap();
    session.run(&format!("UPDATE {table} SET {column} = '{json}'")).unwrap();
}

async fn rules(store: &Store) -> Result<PolicyRules, Error> {
    let policy = store.read(|connection| connection.policy_by_id(POLICY)).await?;
    Ok(policy.unwrap().rules)
}

async fn features(store: &Store) -> Vec<String> {
    let mut editions = store.read(|connection| connection.editions_of_product(PRODUCT)).await.unwrap();
    editions.remove(0).features
}

async fn read_activation(store: &Store) -> Result<Activation, Error> {
    let details = store.read(|connection| connection.activation_by_id(ACTIVATION)).await?;
    Ok(details.unwrap().activation)
}

fn branch(left_by: LeftBy, left_at: i64) -> LeftBranch {
    let previous = (left_by == LeftBy::Fork).then_some(Shown { r: [4; 16], x: [5; 16] });
    LeftBranch { current: [3; 16], previous, left_at, left_by }
}

fn tags(tag: [u8; 2]) -> Tags {
    Tags::new([Tag(tag)]).unwrap()
}

#[tokio::test]
async fn rows_without_a_version_are_read() {
    for database in Database::each() {
        let store = populated(&database).await;
        write(
            &database,
            "policy",
            "rules",
            r#"{"channel":"volume","seats":2,"term":{"days":30},"lease_days":90,"refresh_days":7,"grace_days":3,
                "hardware_grace_days":14,"rebinds":5,"rebind_window_days":100,"account":"required"}"#,
        );
        let expected = PolicyRules {
            channel: SalesChannel::Volume,
            account: AccountRule::Required,
            term: Term::Days(30),
            seats: 2,
            lease_days: 90,
            refresh_days: 7,
            grace_days: 3,
            hardware_grace_days: 14,
            rebinds: Allowance { uses: 5, window_days: 100 },
            ..PolicyRules::default()
        };
        assert_eq!(rules(&store).await.unwrap(), expected);

        write(&database, "edition", "features", r#"["export","raw"]"#);
        assert_eq!(features(&store).await, ["export", "raw"]);

        let (r, x) = PAIR;
        write(
            &database,
            "activation",
            "left_branches",
            &format!(r#"[["{CURRENT}",["{r}","{x}"],8],["{CURRENT}",null,9,true]]"#),
        );
        write(&database, "activation", "baseline", r#"{"class":"vm","fp":{"disk":"1234"}}"#);
        let read = read_activation(&store).await.unwrap();
        assert_eq!(read.ratchet.left_branches, [branch(LeftBy::Fork, 8), branch(LeftBy::Activation, 9)]);
        let fp = [(Component::Disk, tags([0x12, 0x34]))].into();
        assert_eq!(read.baseline, Fingerprint { class: MachineClass::Vm, fp, unreadable: Vec::new() });
    }
}

#[tokio::test]
async fn rows_of_a_newer_release_are_read() {
    for database in Database::each() {
        let store = populated(&database).await;
        write(
            &database,
            "policy",
            "rules",
            r#"{"v":7,"channel":"rental","seats":3,"term":"perpetual","virtual_machines":"never","account":"never"}"#,
        );
        let expected = PolicyRules { account: AccountRule::Never, seats: 3, ..PolicyRules::default() };
        assert_eq!(rules(&store).await.unwrap(), expected, "no rule depends on the channel");

        write(&database, "edition", "features", r#"{"v":2,"features":["raw"],"limits":{"projects":5}}"#);
        assert_eq!(features(&store).await, ["raw"]);
        write(&database, "edition", "features", r#"{"v":3}"#);
        assert_eq!(features(&store).await, [""; 0]);

        let (r, x) = PAIR;
        let branches = format!(
            r#"{{"v":2,"since":1,"branches":[
                {{"current":"{CURRENT}","previous":{{"r":"{r}","x":"{x}","y":0}},"left_at":8,"left_by":"merger"}},
                {{"current":"{CURRENT}","left_at":9,"left_by":"choice","by":"support"}}]}}"#
        );
        write(&database, "activation", "left_branches", &branches);
        let baseline =
            r#"{"v":2,"class":"phys","fp":{"gpu":"0001","mac":["1234"]},"unreadable":["tpm","camera"]}"#;
        write(&database, "activation", "baseline", baseline);
        let read = read_activation(&store).await.unwrap();
        let expected = [branch(LeftBy::Fork, 8), branch(LeftBy::Choice, 9)];
        assert_eq!(read.ratchet.left_branches, expected, "an unknown reason is a fork");
        let fp = [(Component::Mac, tags([0x12, 0x34]))].into();
        let expected = Fingerprint { class: MachineClass::Phys, fp, unreadable: vec![Component::Tpm] };
        assert_eq!(read.baseline, expected, "unknown components are left out");
    }
}

#[tokio::test]
async fn what_has_no_safe_reading_is_an_error_that_names_the_column() {
    for database in Database::each() {
        let store = populated(&database).await;
        for unreadable in [r#"{"v":2,"term":{"months":3}}"#, r#"{"v":2,"seats":-1}"#, "[]"] {
            write(&database, "policy", "rules", unreadable);
            let refused = rules(&store).await;
            assert!(matches!(refused, Err(Error::Json { column: "rules", .. })), "{refused:?}");
        }
        write(&database, "policy", "rules", r#"{"v":2,"account":"organization"}"#);
        let refused = rules(&store).await;
        assert!(matches!(refused, Err(Error::Inconsistent { table: "policy", .. })), "{refused:?}");

        write(&database, "activation", "baseline", r#"{"v":2,"class":"container","fp":{}}"#);
        let refused = read_activation(&store).await;
        assert!(matches!(refused, Err(Error::Json { column: "baseline", .. })), "{refused:?}");
    }
}
