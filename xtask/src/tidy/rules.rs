//! One function per rule. Each returns its complaints.

use super::{Source, asvs};

type Rule = fn(&[Source]) -> Vec<String>;

/// All rules.
pub const ALL: &[Rule] = &[
    only_storage_names_the_sql_library,
    only_the_server_names_the_web_framework,
    dependencies_point_one_way,
    the_rules_and_the_store_do_not_name_the_api,
    handlers_call_operations_never_the_store,
    only_the_writer_begins_transactions,
    sql_is_one_text_for_both_databases,
    migrations_are_paired_and_say_why,
    no_file_is_too_long,
    comments_say_why,
    the_c_compiler_is_asked_for_unsafe_code_only_in_its_crate,
    docs_name_files_that_exist,
    asvs::every_requirement_is_answered,
    asvs::the_tests_it_names_exist,
];

/// Maximum length of a source file, lines.
const LONGEST: usize = 450;

fn rust<'a>(sources: &'a [Source], under: &'a str) -> impl Iterator<Item = &'a Source> {
    sources.iter().filter(move |source| source.path.starts_with(under) && source.path.ends_with(".rs"))
}

fn lines_with(source: &Source, matches: impl Fn(&str) -> bool) -> Vec<usize> {
    source.text.lines().enumerate().filter(|(_, line)| matches(line)).map(|(at, _)| at + 1).collect()
}

fn complain(source: &Source, lines: Vec<usize>, what: &str) -> Vec<String> {
    lines.into_iter().map(|line| format!("{}:{line}: {what}", source.path)).collect()
}

fn manifest<'a>(sources: &'a [Source], folder: &str) -> Option<&'a Source> {
    let path = format!("crates/{folder}/Cargo.toml");
    sources.iter().find(|source| source.path == path)
}

fn depends_on(manifest: &Source, name: &str) -> bool {
    let dependencies = manifest.text.split("[dependencies]").nth(1).unwrap_or_default();
    let dependencies = dependencies.split("\n[").next().unwrap_or_default();
    dependencies
        .lines()
        .any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '='])))
}

fn only(sources: &[Source], library: &str, allowed: &[&str]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| source.path.starts_with("crates/") && source.path.ends_with("/Cargo.toml"))
        .filter(|source| !allowed.iter().any(|name| source.path == format!("crates/{name}/Cargo.toml")))
        .filter(|source| depends_on(source, library))
        .map(|source| format!("{}: {library} belongs to {}", source.path, allowed.join(", ")))
        .collect()
}

/// The test kit uses SQL libraries directly, as a baseline for measurements.
fn only_storage_names_the_sql_library(sources: &[Source]) -> Vec<String> {
    [only(sources, "rusqlite", &["storage", "testkit"]), only(sources, "tokio-postgres", &["storage"])]
        .concat()
}

/// The test kit uses the web framework in the baseline server for measurements.
fn only_the_server_names_the_web_framework(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    for library in ["askama", "axum", "axum-extra", "tower", "tower-http"] {
        complaints.extend(only(sources, library, &["server", "testkit"]));
    }
    complaints
}

fn dependencies_point_one_way(sources: &[Source]) -> Vec<String> {
    let allowed: &[(&str, &[&str])] = &[
        ("protocol", &[]),
        ("domain", &["keystead-protocol"]),
        ("storage", &["keystead-protocol", "keystead-domain"]),
        ("app", &["keystead-protocol", "keystead-domain", "keystead-storage"]),
        ("server", &["keystead-protocol", "keystead-domain", "keystead-storage", "keystead-app"]),
        ("sdk", &["keystead-protocol"]),
        ("cli", &["keystead"]),
        ("settings", &["keystead"]),
        ("sdk-c", &["keystead"]),
    ];
    let crates = [
        "keystead-protocol",
        "keystead-domain",
        "keystead-storage",
        "keystead-app",
        "keystead-server",
        "keystead",
        "keystead-cli",
        "keystead-settings",
        "keystead-c",
    ];
    let mut complaints = Vec::new();
    for (folder, may) in allowed {
        let Some(manifest) = manifest(sources, folder) else { continue };
        for name in crates.iter().filter(|name| !may.contains(name)) {
            if depends_on(manifest, name) {
                complaints.push(format!("{}: must not depend on {name}", manifest.path));
            }
        }
    }
    complaints
}

/// The API types change when the API changes. Only `app` converts them, so the domain rules and the stored rows do not
/// change with them.
fn the_rules_and_the_store_do_not_name_the_api(sources: &[Source]) -> Vec<String> {
    ["crates/domain/", "crates/storage/"]
        .iter()
        .flat_map(|folder| rust(sources, folder))
        .filter(|source| names_the_api(&source.text))
        .map(|source| format!("{}: keystead_protocol::api is converted in crates/app", source.path))
        .collect()
}

/// Whether the text contains `protocol::api`, alone or in a group of imports.
fn names_the_api(text: &str) -> bool {
    let mut groups = text.split("protocol::{").skip(1).filter_map(|rest| rest.split(';').next());
    let words =
        |group: &str| group.split(|c: char| c != '_' && !c.is_alphanumeric()).any(|word| word == "api");
    text.contains("protocol::api") || groups.any(words)
}

fn handlers_call_operations_never_the_store(sources: &[Source]) -> Vec<String> {
    ["crates/server/src/api/", "crates/server/src/pages/", "crates/server/src/oauth/"]
        .iter()
        .flat_map(|folder| rust(sources, folder))
        .flat_map(|source| {
            let lines = lines_with(source, |line| line.contains(".store."));
            complain(source, lines, "a handler calls an operation, never the store")
        })
        .collect()
}

fn only_the_writer_begins_transactions(sources: &[Source]) -> Vec<String> {
    let begins = concat!("BEG", "IN");
    rust(sources, "crates/")
        .filter(|source| !source.path.starts_with("crates/testkit/"))
        .filter(|source| {
            !source.path.ends_with("storage/src/store/writer.rs")
                && !source.path.ends_with("storage/src/migration.rs")
                // The connections of this file are read-only.
                && !source.path.ends_with("storage/src/store/read_pool.rs")
        })
        .flat_map(|source| {
            let lines = lines_with(source, |line| line.contains(&format!("\"{begins}")));
            complain(source, lines, "only Store::write begins a transaction that writes")
        })
        .collect()
}

/// SQL for one database only must be on a line with `_sqlite` or `_postgres` in a name.
fn sql_is_one_text_for_both_databases(sources: &[Source]) -> Vec<String> {
    let one_sided = ["FOR UPDATE", "AUTOINCREMENT", "RETURNING", "ILIKE", "::text", "rowid"];
    rust(sources, "crates/storage/src/")
        .filter(|source| !source.path.contains("storage/src/testing/"))
        .flat_map(|source| {
            let lines = lines_with(source, |line| {
                let says_so =
                    line.to_lowercase().contains("_postgres") || line.to_lowercase().contains("_sqlite");
                // `::text::` is a module path, not a cast.
                let line = line.replace("::text::", "");
                one_sided.iter().any(|word| line.contains(word)) && !says_so
            });
            complain(
                source,
                lines,
                "SQL that one database lacks belongs into something named _sqlite or _postgres",
            )
        })
        .collect()
}

fn migrations_are_paired_and_say_why(sources: &[Source]) -> Vec<String> {
    let folder = |kind: &str| format!("crates/storage/migrations/{kind}/");
    let mut complaints = Vec::new();
    for source in sources.iter().filter(|source| source.path.ends_with(".sql")) {
        if !source.text.starts_with("-- ") {
            complaints.push(format!("{}: the first line says why the step exists", source.path));
        }
        let pair = match source.path.strip_prefix(&folder("sqlite")) {
            Some(name) => folder("postgres") + name,
            None => source.path.replace(&folder("postgres"), &folder("sqlite")),
        };
        if !sources.iter().any(|other| other.path == pair) {
            complaints.push(format!("{}: {pair} is missing", source.path));
        }
    }
    complaints
}

fn no_file_is_too_long(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| source.path.ends_with(".rs"))
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(source, lines)| format!("{}: {lines} lines; what is it really two of?", source.path))
        .collect()
}

fn comments_say_why(sources: &[Source]) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    sources
        .iter()
        .filter(|source| source.path.ends_with(".rs") || source.path.ends_with(".sql"))
        .flat_map(|source| {
            let lines = lines_with(source, |line| marks.iter().any(|mark| line.contains(mark)));
            complain(source, lines, "an open end belongs into an issue")
        })
        .collect()
}

fn the_c_compiler_is_asked_for_unsafe_code_only_in_its_crate(sources: &[Source]) -> Vec<String> {
    rust(sources, "crates/")
        .filter(|source| !source.path.starts_with("crates/sdk-c/"))
        .flat_map(|source| {
            let lines = lines_with(source, |line| line.trim_start().starts_with(concat!("unsa", "fe ")));
            complain(source, lines, "unsafe code belongs to sdk-c")
        })
        .collect()
}

fn docs_name_files_that_exist(sources: &[Source]) -> Vec<String> {
    let endings = [".rs", ".md", ".mjs", ".js", ".ftl", ".sql", ".toml", ".json", ".html"];
    let mut complaints = Vec::new();
    for doc in sources.iter().filter(|source| source.path.ends_with(".md")) {
        for name in doc.text.split('`').skip(1).step_by(2) {
            let is_path =
                name.contains('/') && !name.starts_with('/') && !name.contains([' ', '*', '{', '<', '…']);
            if !is_path || !endings.iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let found = sources
                .iter()
                .any(|source| source.path == name || source.path.ends_with(&format!("/{name}")));
            if !found {
                complaints.push(format!("{}: `{name}` does not exist", doc.path));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_the_api_are_found_alone_and_in_a_group() {
        let complaints = |path: &str, text: &str| {
            let source = Source { path: path.into(), text: text.into() };
            the_rules_and_the_store_do_not_name_the_api(&[source]).len()
        };
        for text in [
            "use keystead_protocol::api::Term;",
            "use keystead_protocol::{\n    Code,\n    api::Term,\n};",
            "fn seats(rules: &keystead_protocol::api::PolicyRules) {}",
        ] {
            assert_eq!(complaints("crates/domain/src/policy.rs", text), 1, "{text}");
            assert_eq!(complaints("crates/storage/tests/it/rows.rs", text), 1, "{text}");
            assert_eq!(complaints("crates/app/src/catalog/rules.rs", text), 0, "{text}");
        }
        let others =
            "use keystead_protocol::{Code, id};\nfn api() {}\nuse keystead_protocol::id::ApiTokenId;";
        assert_eq!(complaints("crates/domain/src/policy.rs", others), 0);
    }
}
