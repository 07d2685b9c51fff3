//! The problems that an operation can return. The endpoint lists some of them in `x-problems`. The others
//! follow from its parameters, body and security.

use std::collections::{BTreeMap, BTreeSet};

use keystead_protocol::Code;
use keystead_protocol::api::PROBLEM_MEDIA_TYPE;
use keystead_protocol::proof::IDEMPOTENCY_HEADER;
use serde_json::{Map, Value, json};

use super::remove;
use super::security::{ACCOUNT_TOKEN, DEVICE_PROOF};
use crate::problem::ApiError;

/// Sets of codes that many operations share. All codes of a set have the same status. Each set becomes a
/// component.
const SHARED: [(&str, &[Code]); 13] = [
    ("MalformedBody", &[Code::MalformedRequest, Code::IdempotencyKeyMissing]),
    ("IdempotencyKeyMissing", &[Code::IdempotencyKeyMissing]),
    ("SignInRequired", &[Code::ProofMissing, Code::ProofRefused, Code::SignInRequired, Code::TokenExpired]),
    ("PermissionMissing", &[Code::PermissionMissing]),
    ("NotFound", &[Code::NotFound]),
    ("RequestTooSlow", &[Code::RequestTooSlow]),
    ("BodyTooLarge", &[Code::BodyTooLarge]),
    ("MediaTypeUnsupported", &[Code::MediaTypeUnsupported]),
    ("ValueNotAllowed", &[Code::IdempotencyKeyReused, Code::ValueNotAllowed]),
    ("TooManyRequests", &[Code::TooManyRequests]),
    ("Internal", &[Code::Internal]),
    ("Overloaded", &[Code::Overloaded]),
    ("ChangeOverloaded", &[Code::Overloaded, Code::OutcomeUnknown]),
];

/// The shared response components.
pub fn shared() -> Value {
    SHARED.iter().map(|(name, codes)| ((*name).to_owned(), response(codes))).collect::<Map<_, _>>().into()
}

/// Returns the problem responses by status. Removes `x-problems` from the operation.
pub fn responses(operation: &mut Value) -> Vec<(String, Value)> {
    let mut by_status: BTreeMap<u16, BTreeSet<u16>> = BTreeMap::new();
    for code in codes(operation) {
        by_status.entry(status(code)).or_default().insert(code.number());
    }
    remove(operation, "x-problems");
    let codes = |numbers: BTreeSet<u16>| -> Vec<Code> {
        Code::ALL.iter().copied().filter(|code| numbers.contains(&code.number())).collect()
    };
    by_status.into_iter().map(|(status, numbers)| (status.to_string(), reference(&codes(numbers)))).collect()
}

fn reference(codes: &[Code]) -> Value {
    match SHARED.iter().find(|(_, shared)| *shared == codes) {
        Some((name, _)) => json!({ "$ref": format!("#/components/responses/{name}") }),
        None => response(codes),
    }
}

fn status(code: Code) -> u16 {
    ApiError::from(code).status().as_u16()
}

fn codes(operation: &Value) -> Vec<Code> {
    let named = operation["x-problems"].as_array().into_iter().flatten();
    let mut codes: Vec<Code> = named.filter_map(|code| code.as_str()?.parse().ok()).collect();
    codes.extend([Code::TooManyRequests, Code::Internal, Code::Overloaded]);
    let parameters = || operation["parameters"].as_array().into_iter().flatten();
    if parameters().any(|parameter| parameter["in"] == "path") {
        codes.push(Code::NotFound);
    }
    if parameters().any(|parameter| parameter["in"] == "query") {
        codes.extend([Code::MalformedRequest, Code::ValueNotAllowed]);
    }
    if parameters().any(|parameter| parameter["name"] == IDEMPOTENCY_HEADER) {
        codes.extend([Code::IdempotencyKeyMissing, Code::IdempotencyKeyReused, Code::OutcomeUnknown]);
    }
    if !operation["requestBody"].is_null() {
        codes.extend([
            Code::MalformedRequest,
            Code::BodyTooLarge,
            Code::MediaTypeUnsupported,
            Code::ValueNotAllowed,
            Code::RequestTooSlow,
        ]);
    }
    codes.extend(of_security(operation));
    codes
}

/// The problems of authentication. If a device's signature alone can permit an operation, the operation never
/// requires a sign-in.
fn of_security(operation: &Value) -> Vec<Code> {
    let ways = operation["security"].as_array().map_or(&[][..], Vec::as_slice);
    let some_way = |scheme: &str| ways.iter().any(|way| !way[scheme].is_null());
    let by_token =
        |way: &Value| way.as_object().is_some_and(|way| way.keys().any(|scheme| scheme != DEVICE_PROOF));
    let mut codes = Vec::new();
    if ways.iter().any(by_token) {
        codes.push(Code::TokenExpired);
        if ways.iter().all(by_token) {
            codes.extend([Code::SignInRequired, Code::PermissionMissing]);
        }
    }
    if some_way(DEVICE_PROOF) {
        codes.extend([Code::NonceStale, Code::DifferentDevice]);
    }
    if some_way(DEVICE_PROOF) || some_way(ACCOUNT_TOKEN) {
        codes.extend([Code::ProofMissing, Code::ProofRefused]);
    }
    codes
}

fn response(codes: &[Code]) -> Value {
    let says: Vec<String> = codes.iter().map(|code| format!("`{code}`: {}", code.cause())).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.name().to_owned(), json!({ "value": ApiError::from(*code).problem() })))
        .collect();
    let content = json!({ "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples });
    let mut response =
        json!({ "description": says.join("\n\n"), "content": { PROBLEM_MEDIA_TYPE: content } });
    if codes
        .iter()
        .any(|code| matches!(code, Code::TooManyRequests | Code::Overloaded | Code::OutcomeUnknown))
    {
        response["headers"] = json!({
            "Retry-After": { "description": "Seconds until the next attempt", "schema": { "type": "integer" } },
        });
    }
    response
}
