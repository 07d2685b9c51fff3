use keystead_protocol::certificate::{KeyRing, PinnedRoots, Purpose};
use keystead_protocol::text::{array_from_base64url, from_base64url};
use keystead_testkit::{Device, Exchange};
use serde_json::{Value, json};

use crate::world::{DAY, START, World};

fn validate(world: &World, body: Value) -> Value {
    world.vendor("/api/v1/validations", body)
}

#[test]
fn keys_certificates_and_activations_are_told_valid_and_why_not() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let unused = validate(&world, json!({ "product_key": key }))["validation"].clone();
        assert_eq!((unused["valid"].clone(), unused["state"].clone()), (json!(true), json!("unlicensed")));
        let answer = world.activated(&device, &key);
        let questions = [
            json!({ "product_key": key }),
            json!({ "certificate": answer["token"] }),
            json!({ "activation": answer["activation"] }),
        ];
        for question in &questions {
            let validation = validate(&world, question.clone())["validation"].clone();
            assert_eq!(
                (&validation["valid"], &validation["state"]),
                (&json!(true), &json!("activated")),
                "{question}"
            );
            assert_eq!(validation["license"], answer["license"]);
        }
        let path = format!("/api/v1/licenses/{}/suspend", answer["license"].as_str().unwrap());
        world.vendor(&path, json!({ "reason": "a chargeback" }));
        for question in &questions {
            let validation = validate(&world, question.clone())["validation"].clone();
            assert_eq!(
                (&validation["valid"], &validation["code"]),
                (&json!(false), &json!("license_suspended"))
            );
        }
        world.vendor(&path.replace("suspend", "resume"), json!({ "reason": "paid" }));
        world.pass(211 * DAY);
        let lapsed = validate(&world, json!({ "certificate": answer["token"] }))["validation"].clone();
        assert_eq!(lapsed["code"], "lease_lapsed");
    }
}

#[test]
fn nonsense_is_invalid_and_nothing_is_changed_by_asking() {
    let world = World::sqlite();
    let key = world.one_key(1);
    for (question, code) in [
        (json!({ "product_key": "H7XV7-TFPGT-CQWWX-FF29K-DWY6M" }), "product_key_not_accepted"),
        (json!({ "product_key": "nonsense" }), "product_key_mistyped"),
        (json!({ "certificate": "AAAA" }), "certificate_invalid"),
        (json!({ "activation": "act_00000000000000000000000000000000" }), "not_activated"),
    ] {
        let validation = validate(&world, question)["validation"].clone();
        assert_eq!((&validation["valid"], &validation["code"]), (&json!(false), &json!(code)));
    }
    validate(&world, json!({ "product_key": key }));
    assert_eq!(world.license(), Value::Null, "asking about a key claims no license");
}

#[test]
fn the_answer_is_signed_by_a_key_that_the_root_vouches_for() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let answer = validate(&world, json!({ "product_key": key }));
    let profile = world.send(&Exchange::get("/api/v1/products/studio/profile")).json();
    let time = Exchange { query: "?nonce=AAAAAAAAAAAAAAAAAAAAAA".into(), ..Exchange::get("/api/v1/time") };
    let time = world.send(&time).json();
    let statements: Vec<Vec<u8>> = time["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|text| from_base64url(text.as_str().unwrap()).unwrap())
        .collect();
    let root = array_from_base64url(profile["roots"][0].as_str().unwrap()).unwrap();
    let roots = PinnedRoots {
        issuer: profile["issuer"].as_str().unwrap().into(),
        keys: vec![ed25519_dalek::VerifyingKey::from_bytes(&root).unwrap()],
    };
    let ring = KeyRing::open(&roots, &statements).unwrap();
    let signed = from_base64url(answer["signed"].as_str().unwrap()).unwrap();
    let payload = ring.open_payload(Purpose::Validation, &signed, START / 1000).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap(), answer["validation"]);
    assert!(ring.open_payload(Purpose::Time, &signed, START / 1000).is_err());
}
