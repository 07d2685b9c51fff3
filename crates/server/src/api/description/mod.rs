//! Builds the OpenAPI 3.1 description of the API from the endpoints' own descriptions and the parts that they
//! share.

mod problems;
mod samples;
mod security;

use keystead_protocol::api::Problem;
use serde_json::{Map, Value, json};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder, ServerBuilder,
};

use self::samples::{LICENSE, sample};

const JSON_LINES: &str = "application/x-ndjson";

const TAGS: [(&str, &str); 9] = [
    ("Accounts", "Customers' accounts."),
    ("Activations", "Devices that use a seat of a license: activate, refresh, rebind, release."),
    ("Application", "What an application needs without a sign-in: its profile and the server's time."),
    ("Catalog", "The vendor's catalog: products, their editions and policies, and product keys."),
    ("Devices", "The devices of an account."),
    ("Licenses", "Licenses: link, unlink, suspend, resume, revoke, replace the key."),
    ("Logs", "Signed checkpoints of the issue log and the audit log, and proofs of their entries."),
    ("Offline", "Devices without a network: activation and release, by typed codes or by files."),
    ("Validation", "Validation of keys, certificates and activations, for the vendor's backend."),
];

const ABOUT: &str = "Licensing with product keys and digital licenses. Errors are `application/problem+json` (RFC 9457) \
    with a stable code, the cause and the next action. A request that changes something needs an `Idempotency-Key` \
    header: repeated with the same key, it gets the same response. Times are UTC milliseconds since 1970. Binary values \
    are base64url without padding.";

/// Builds the description for a server at the URL `server`.
pub fn openapi(server: &str) -> Value {
    let (_, paths) = super::v1::router().split_for_parts();
    let license = LicenseBuilder::new().name("Apache-2.0 OR MIT").identifier(Some("Apache-2.0 OR MIT"));
    let info = InfoBuilder::new()
        .title("Keystead")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .contact(Some(
            ContactBuilder::new().name(Some("The operator of the server")).url(Some(server)).build(),
        ))
        .license(Some(license.build()));
    let tags = TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build());
    let api = OpenApiBuilder::new()
        .info(info.build())
        .servers(Some([ServerBuilder::new().url(server).build()]))
        .tags(Some(tags))
        .components(Some(ComponentsBuilder::new().schema_from::<Problem>().build()))
        .build()
        .nest("/api/v1", paths);
    let mut api = serde_json::to_value(api).expect("the description is JSON");
    let components = &mut api["components"];
    components["securitySchemes"] = security::schemes(server);
    components["responses"] = problems::shared();
    name_entries(&mut components["schemas"]);
    for operation in members(&mut api["paths"]).flat_map(members) {
        complete(operation);
    }
    api
}

/// Adds parameter descriptions, samples, security and problem responses to an operation.
fn complete(operation: &mut Value) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        explain(parameter);
    }
    members(&mut operation["requestBody"]["content"]).for_each(give_sample);
    for response in members(&mut operation["responses"]) {
        members(&mut response["content"]).for_each(give_sample);
        response["content"].get_mut(JSON_LINES).into_iter().for_each(join_lines);
    }
    if operation["requestBody"]["content"].is_null() {
        remove(operation, "requestBody");
    }
    if operation["parameters"].is_null() {
        remove(operation, "parameters");
    }
    security::complete(operation);
    for (status, response) in problems::responses(operation) {
        operation["responses"][status] = response;
    }
}

/// Replaces the entry schema of each page, which utoipa inlines, with a reference to the named schema.
fn name_entries(schemas: &mut Value) {
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        if let Some(entry) = name.strip_prefix("Page_") {
            schema["properties"]["items"]["items"] =
                json!({ "$ref": format!("#/components/schemas/{entry}") });
        }
    }
}

/// Describes newline-delimited JSON. OpenAPI 3.1 treats it as one text, so the endpoint's schema becomes the schema
/// of one line.
fn join_lines(content: &mut Value) {
    let line = content["schema"].take();
    content["schema"] = json!({ "type": "string", "contentMediaType": JSON_LINES, "contentSchema": line });
    content["example"] = format!("{}\n", content["example"]).into();
}

/// Adds a description and an example to a path parameter.
fn explain(parameter: &mut Value) {
    let (about, example) = match parameter["name"].as_str() {
        Some("product") => ("The product's short name", "studio"),
        Some("license") => ("The license's id", LICENSE),
        Some("activation") => ("The activation's id", "act_019aa5e0c8007b1c9d2e3f4a5b6c7d8e"),
        Some("log") => ("The log: `issue` for certificates, `audit` for events", "issue"),
        Some("device") => ("The device's id", "dev_019aa5e0c8007c2d8e3f4a5b6c7d8e9f"),
        _ => return,
    };
    parameter["description"] = about.into();
    parameter["example"] = example.into();
}

fn give_sample(content: &mut Value) {
    let schema = |schema: &Value| Some(schema["$ref"].as_str()?.rsplit('/').next()?.to_owned());
    let found = match schema(&content["schema"]) {
        Some(name) => sample(&name),
        None => schema(&content["schema"]["items"]).and_then(|name| sample(&name)).map(|one| json!([one])),
    };
    if let Some(found) = found {
        content["example"] = found;
    }
}

fn members(value: &mut Value) -> impl Iterator<Item = &mut Value> {
    value.as_object_mut().into_iter().flat_map(Map::values_mut)
}

fn remove(value: &mut Value, name: &str) {
    value.as_object_mut().and_then(|object| object.remove(name));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn described() -> Vec<Value> {
        members(&mut openapi("https://keystead.example")["paths"])
            .flat_map(members)
            .map(|each| each.clone())
            .collect()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let operations = described();
        let names: BTreeSet<_> = operations.iter().filter_map(|each| each["operationId"].as_str()).collect();
        assert_eq!(names.len(), operations.len());
    }

    #[test]
    fn every_body_has_a_sample() {
        for mut operation in described() {
            let name = operation["operationId"].clone();
            let mut bodies = vec![operation["requestBody"].take()];
            bodies.extend(members(&mut operation["responses"]).map(Value::take));
            for content in bodies.iter_mut().flat_map(|body| members(&mut body["content"])) {
                assert!(!content["example"].is_null() || !content["examples"].is_null(), "{name}: {content}");
            }
        }
    }

    #[test]
    fn the_codes_that_an_endpoint_names_are_told_as_problems_only() {
        assert!(described().iter().all(|operation| operation["x-problems"].is_null()));
    }
}
