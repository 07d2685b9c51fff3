//! Parses the Rust files of all crates, without their unit tests.

use quote::ToTokens as _;
use syn::{Attribute, ImplItem, Item};

use super::Source;

pub struct Parsed {
    /// Path relative to the project's root.
    pub path: String,
    /// The items of the file, without those that are compiled for tests only.
    pub items: Vec<Item>,
}

/// Parses the files in the `src` folders of the crates and of `xtask`. Files that do not parse are complaints.
pub fn parse(sources: &[Source]) -> (Vec<Parsed>, Vec<String>) {
    let (mut parsed, mut complaints) = (Vec::new(), Vec::new());
    for source in sources.iter().filter(|source| is_code(&source.path)) {
        match syn::parse_file(&source.text) {
            Ok(file) => parsed.push(Parsed { path: source.path.clone(), items: without_tests(file.items) }),
            Err(error) => complaints.push(format!("{}: {error}", source.path)),
        }
    }
    (parsed, complaints)
}

/// Splits a path into its crate's folder, such as `crates/domain`, and the path within `src`.
pub fn split(path: &str) -> Option<(&str, &str)> {
    let at = path.find("/src/")?;
    Some((&path[..at], &path[at + "/src/".len()..]))
}

fn is_code(path: &str) -> bool {
    let in_a_crate = split(path).is_some_and(|(folder, _)| folder == "xtask" || is_child(folder, "crates/"));
    in_a_crate && path.ends_with(".rs")
}

fn is_child(folder: &str, parent: &str) -> bool {
    folder.strip_prefix(parent).is_some_and(|name| !name.contains('/'))
}

fn without_tests(items: Vec<Item>) -> Vec<Item> {
    items.into_iter().filter(|item| !is_test(item)).map(strip).collect()
}

fn strip(mut item: Item) -> Item {
    match &mut item {
        Item::Mod(module) => {
            if let Some((_, items)) = &mut module.content {
                *items = without_tests(std::mem::take(items));
            }
        }
        Item::Impl(block) => block.items.retain(
            |item| !matches!(item, ImplItem::Fn(function) if function.attrs.iter().any(is_test_only)),
        ),
        _ => {}
    }
    item
}

fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(is_test_only)
}

/// `#[cfg(test)]`, alone or combined with other conditions.
fn is_test_only(attribute: &Attribute) -> bool {
    let condition = attribute.meta.to_token_stream().to_string().replace(' ', "");
    condition == "cfg(test)" || condition.starts_with("cfg(all(test,")
}
