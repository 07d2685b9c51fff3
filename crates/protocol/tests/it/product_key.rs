use keystead_protocol::ProductKey;
use keystead_protocol::product_key::{IndexKey, MacKey};
use keystead_protocol::text::to_hex;
use keystead_protocol::typed_code::{self, ALPHABET, CodeError, Kind, Repair};
use proptest::prelude::*;

use crate::support::{bytes, vectors};

fn file() -> serde_json::Value {
    vectors(include_str!("../../vectors/product_key.json"))
}

fn mac() -> MacKey {
    let file = file();
    let tenant = file["tenant_id"].as_str().unwrap().as_bytes().try_into().unwrap();
    MacKey::derive(tenant, file["tenant_secret"].as_str().unwrap().as_bytes())
}

fn sample() -> String {
    file()["keys"][0]["key"].as_str().unwrap().to_owned()
}

fn with_symbol(key: &str, at: usize, symbol: char) -> String {
    let place = at + at / 5;
    key.chars().enumerate().map(|(i, c)| if i == place { symbol } else { c }).collect()
}

fn swapped(key: &str, a: usize, b: usize) -> String {
    let mut symbols: Vec<char> = key.chars().filter(|c| *c != '-').collect();
    symbols.swap(a, b);
    symbols.into_iter().collect()
}

fn repair(typed: &str) -> Repair {
    match typed.parse::<ProductKey>() {
        Err(CodeError::Mistyped { repair, .. } | CodeError::Length { repair, .. }) => repair,
        other => panic!("{typed} gave {other:?}"),
    }
}

fn assert_suggests(typed: &str, key: &str) {
    match repair(typed) {
        Repair::Suggested(suggestion) => assert_eq!(suggestion.code, key),
        other => panic!("{typed} gave {other:?}"),
    }
}

#[test]
fn minting_reproduces_the_named_keys() {
    let file = file();
    assert_eq!(to_hex(mac().expose()), file["mac_key"].as_str().unwrap());
    for row in file["keys"].as_array().unwrap() {
        let id = u64::from_str_radix(row["id"].as_str().unwrap(), 16).unwrap();
        let key = ProductKey::mint(&mac(), 3, 0x2a7, id).unwrap();
        assert_eq!(key.to_string(), row["key"].as_str().unwrap());
        assert_eq!(key.payload().to_vec(), bytes(&row["payload"]));
        assert_eq!((key.kid(), key.product_code()), (3, 0x2a7));
        assert!(key.is_authentic(&mac()));
    }
}

#[test]
fn every_form_in_which_a_key_is_pasted_is_read() {
    for row in file()["typed"].as_array().unwrap() {
        let key: ProductKey = row["typed"].as_str().unwrap().parse().unwrap_or_else(|e| panic!("{row}: {e}"));
        assert_eq!(key.to_string(), row["key"].as_str().unwrap(), "{row}");
    }
}

#[test]
fn another_tenants_key_is_not_authentic() {
    let key: ProductKey = sample().parse().unwrap();
    assert!(!key.is_authentic(&MacKey::derive(b"tenant-another==", b"test secret for kid 3, 32 bytes!")));
    assert_ne!(key.index(&IndexKey::new([1; 32])), key.index(&IndexKey::new([2; 32])));
}

#[test]
fn every_single_substitution_is_found_and_repaired_in_its_group() {
    let key = sample();
    for at in 0..25 {
        for symbol in ALPHABET.iter().map(|&byte| char::from(byte)) {
            let typed = with_symbol(&key, at, symbol);
            if typed == key {
                continue;
            }
            match typed.parse::<ProductKey>() {
                Err(CodeError::Mistyped { groups, repair: Repair::Suggested(suggestion) }) => {
                    assert_eq!(groups, [at as u8 / 5 + 1]);
                    assert_eq!((suggestion.code, suggestion.changed), (key.clone(), vec![at]));
                }
                other => panic!("{typed} gave {other:?}"),
            }
        }
    }
}

#[test]
fn any_two_swapped_symbols_are_found() {
    let key = sample();
    for a in 0..25 {
        for b in a + 1..25 {
            let typed = swapped(&key, a, b);
            assert!(typed == key.replace('-', "") || typed.parse::<ProductKey>().is_err(), "{typed}");
        }
    }
}

#[test]
fn likely_slips_are_repaired() {
    let key = sample();
    assert_suggests(&swapped(&key, 7, 8), &key);
    assert_suggests("TFPGT-H7XV7-CQWWX-FF29K-DWY6M", &key);
    assert_suggests(&key.replacen('Q', "", 1), &key);
    assert_suggests(&key.replacen('Q', "QQ", 1), &key);
    assert_suggests("H7XV7-TFP6T-CQWWX-FF29K-DVY6M", &key);
    assert_suggests("?7XV7-TFP?T-CQW?X-FF29K-DWY6M", &key);
    assert_suggests("?7XV7-TFPGT-CQWWX-FF29K-DWY6C", &key);
}

#[test]
fn four_unreadable_symbols_are_computed_but_marked_unchecked() {
    let Repair::Unchecked(suggestion) = repair("O7XVO-TFPGT-CQOWX-FF29K-DWYOM") else { panic!() };
    assert_eq!(suggestion.code, sample());
}

#[test]
fn five_unreadable_symbols_are_not_guessed() {
    assert_eq!(repair("O7XVO-TFPGT-OQOWX-FF29K-DWYOM"), Repair::None);
}

#[test]
fn an_installation_id_in_the_key_box_is_recognised() {
    let file = vectors(include_str!("../../vectors/certificate.json"));
    let code = file["installation_id"]["code"].as_str().unwrap();
    let payload = u128::from_str_radix(file["installation_id"]["payload"].as_str().unwrap(), 16).unwrap();
    assert_eq!(typed_code::encode(Kind::InstallationId, payload).as_deref(), Some(code));
    assert_eq!(
        code.parse::<ProductKey>(),
        Err(CodeError::OtherKind { expected: Kind::ProductKey, found: Kind::InstallationId })
    );
}

#[test]
fn nothing_and_all_equal_symbols_are_no_key() {
    assert_eq!(" - ".parse::<ProductKey>(), Err(CodeError::Empty));
    assert!("BBBBB-BBBBB-BBBBB-BBBBB-BBBBB".parse::<ProductKey>().is_err());
}

#[test]
fn a_key_shows_no_more_than_its_last_group_in_debug_output() {
    let key: ProductKey = sample().parse().unwrap();
    assert_eq!(format!("{key:?}"), "ProductKey(…-DWY6M)");
}

proptest! {
    #[test]
    fn every_payload_with_letters_survives_encoding(payload in 0u128..1 << 96) {
        for kind in Kind::ALL {
            if let Some(code) = typed_code::encode(kind, payload) {
                prop_assert_eq!(typed_code::decode(kind, &code), Ok(payload));
            }
        }
    }

    #[test]
    fn up_to_four_changed_symbols_are_never_accepted(
        changes in prop::collection::vec((0usize..25, 0usize..24), 1..=4)
    ) {
        let key = sample();
        let typed = changes.iter().fold(key.clone(), |text, &(at, symbol)| {
            with_symbol(&text, at, char::from(ALPHABET[symbol]))
        });
        prop_assert!(typed == key || typed.parse::<ProductKey>().is_err());
    }

    #[test]
    fn no_text_whatever_makes_the_parser_panic(text in "\\PC{0,60}") {
        let _ = text.parse::<ProductKey>();
        let _ = typed_code::unreadable_groups(&text);
    }

    #[test]
    fn a_forged_tag_is_not_authentic(random in 0u64..1 << 38, flip in 0u32..40) {
        let Some(key) = ProductKey::mint(&mac(), 3, 1, random) else { return Ok(()) };
        let payload = key.payload().iter().fold(0u128, |sum, &byte| sum << 8 | u128::from(byte)) ^ 1 << flip;
        if let Some(forged) = typed_code::encode(Kind::ProductKey, payload) {
            prop_assert!(!forged.parse::<ProductKey>().unwrap().is_authentic(&mac()));
        }
    }
}
