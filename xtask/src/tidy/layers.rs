//! Checks that the use cases do not depend on the web framework, directly or indirectly.

use std::process::Command;

use super::Source;
use crate::command::{cargo, output};

const APP: &str = "crates/app/Cargo.toml";

/// The crates of the web framework.
const WEB: [&str; 6] = ["askama", "axum", "axum-core", "axum-extra", "tower", "tower-http"];

/// Checks that `cargo tree -p keystead-app` contains no web crate.
pub fn check(sources: &[Source]) -> anyhow::Result<Vec<String>> {
    if !sources.iter().any(|source| source.path == APP) {
        return Ok(Vec::new());
    }
    Ok(web_crates(&output(&mut tree("keystead-app"))?))
}

fn tree(package: &str) -> Command {
    let mut tree = cargo();
    tree.args(["tree", "--package", package, "--edges", "normal", "--all-features", "--prefix", "none"]);
    tree
}

fn web_crates(tree: &str) -> Vec<String> {
    let mut found: Vec<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| WEB.contains(name))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(|name| format!("{APP}: keystead-app must not depend on {name}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_framework_is_found_at_any_depth() {
        let tree = "keystead-app v0.1.0 (/src/app)\nserde v1.0.0\ntower-service v0.3.0\n";
        assert_eq!(web_crates(tree), Vec::<String>::new());
        let tree = format!("{tree}reqwest v1.0.0\ntower v0.5.3\ntower v0.5.3 (*)\naxum v0.8.9\n");
        assert_eq!(
            web_crates(&tree),
            [
                "crates/app/Cargo.toml: keystead-app must not depend on axum",
                "crates/app/Cargo.toml: keystead-app must not depend on tower",
            ]
        );
    }

    #[test]
    fn a_tree_without_the_crate_passes() {
        assert_eq!(check(&[]).expect("nothing is run"), Vec::<String>::new());
    }
}
