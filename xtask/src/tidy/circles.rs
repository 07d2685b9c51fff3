//! Finds circles of files. Files of one crate must not depend on each other cyclically.
//!
//! A file depends on the files that define the items in its `crate::` and `super::` paths. Module declarations,
//! re-exports of child modules and unit tests do not count.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Macro, Path, Visibility};

use super::modules::{ModulePath, Modules, imports};
use super::syntax::{Parsed, split};
use super::{Source, shrinking};

/// The exceptions. Each line is a crate's folder and the files of its `src` that form a circle.
const LIST: &str = "xtask/tidy/circles.txt";

/// Each file's index and the indices of the files that it depends on.
type Graph = BTreeMap<usize, BTreeSet<usize>>;

/// Checks that the list contains exactly the circles found.
pub fn check(parsed: &[Parsed], sources: &[Source]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (root, file) in parsed.iter().enumerate() {
        if !is_root(&file.path) {
            continue;
        }
        for circle in circles(&graph(parsed, root)) {
            let (folder, _) = split(&file.path).unwrap_or_default();
            let files: Vec<&str> =
                circle.iter().filter_map(|file| Some(split(&parsed[*file].path)?.1)).collect();
            found.insert(format!("{folder}: {}", files.join(" ")));
        }
    }
    shrinking::compare(sources, LIST, &found, "these files depend on each other in a circle; cut it")
}

fn is_root(path: &str) -> bool {
    let Some((_, file)) = split(path) else { return false };
    let is_program = file.strip_prefix("bin/").is_some_and(|file| match file.split_once('/') {
        Some((_, file)) => file == "main.rs",
        None => true,
    });
    is_program || file == "lib.rs" || file == "main.rs"
}

fn graph(parsed: &[Parsed], root: usize) -> Graph {
    let modules = Modules::below(parsed, root);
    let files = modules.files();
    let mut graph = Graph::new();
    for (file, path) in files {
        let mut references = References { modules: &modules, module: path.clone(), found: BTreeSet::new() };
        parsed[file].items.iter().for_each(|item| references.visit_item(item));
        references.found.remove(&file);
        graph.insert(file, references.found);
    }
    graph
}

/// The strongly connected components with more than one file.
fn circles(graph: &Graph) -> Vec<Vec<usize>> {
    let reached: BTreeMap<usize, BTreeSet<usize>> =
        graph.keys().map(|file| (*file, reachable(graph, *file))).collect();
    let mut circles = Vec::new();
    for (file, far) in &reached {
        let circle: Vec<usize> = far.iter().copied().filter(|other| reached[other].contains(file)).collect();
        if circle.first() == Some(file) {
            circles.push(circle);
        }
    }
    circles
}

/// The files reachable from a file by at least one dependency.
fn reachable(graph: &Graph, from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        open.extend(graph[&file].iter().filter(|next| seen.insert(**next)));
    }
    seen
}

/// Collects the dependencies of a file.
struct References<'a> {
    modules: &'a Modules<'a>,
    module: ModulePath,
    found: BTreeSet<usize>,
}

impl References<'_> {
    fn add(&mut self, path: &[String]) {
        self.found.extend(self.modules.definition(&self.module, path).map(|(file, _)| file));
    }

    /// Collects paths from the tokens of a macro call, which are not parsed.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.add_tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while let [TokenTree::Punct(a), TokenTree::Punct(b), TokenTree::Ident(next), ..] =
                        &tokens[at..]
                        && (a.as_char(), b.as_char()) == (':', ':')
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.add(&path);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'a> Visit<'a> for References<'_> {
    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        let is_private = matches!(item.vis, Visibility::Inherited);
        for import in imports(&item.tree) {
            let Some((file, module)) = self.modules.definition(&self.module, &import.path) else { continue };
            if is_private || !module.starts_with(&self.module) {
                self.found.insert(file);
            }
        }
    }

    fn visit_path(&mut self, path: &'a Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        self.add_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.add_tokens(list.tokens.clone());
        }
    }

    /// `pub(crate)` is not a dependency.
    fn visit_visibility(&mut self, _: &'a Visibility) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::syntax;

    fn complaints(files: &[(&str, &str)], list: &str) -> Vec<String> {
        let mut sources: Vec<Source> = files
            .iter()
            .map(|(path, text)| Source { path: format!("crates/a/src/{path}"), text: (*text).into() })
            .collect();
        sources.push(Source { path: LIST.into(), text: list.into() });
        let (parsed, broken) = syntax::parse(&sources);
        assert_eq!(broken, Vec::<String>::new());
        check(&parsed, &sources)
    }

    const ROOT: (&str, &str) = ("lib.rs", "mod x; mod y; pub use x::X;");

    fn is_circle(x: &str, y: &str) -> bool {
        let complaints = complaints(&[ROOT, ("x.rs", x), ("y.rs", y)], "");
        match complaints.as_slice() {
            [] => false,
            [one] => one.starts_with("crates/a: x.rs y.rs: "),
            more => panic!("{more:?}"),
        }
    }

    #[test]
    fn one_direction_is_no_circle() {
        assert!(!is_circle("pub struct X;", "use crate::x::X; fn f(_: crate::x::X) {}"));
    }

    #[test]
    fn circles_are_found_by_use_by_path_in_macros_and_through_reexports() {
        let x = "use crate::y::Y; pub struct X;";
        for y in [
            "use crate::x::X; pub struct Y;",
            "use super::x::X; pub struct Y;",
            "use crate::{x::{self, X}}; pub struct Y;",
            "use crate::X; pub struct Y;",
            "pub struct Y(crate::x::X);",
            "pub struct Y; fn f() { println!(\"{:?}\", crate::x::X); }",
            "#[derive(Z)] #[z(with(crate::x::X))] pub struct Y;",
            "pub struct Y; mod inner { use super::super::x::X; }",
        ] {
            assert!(is_circle(x, y), "{y}");
        }
    }

    #[test]
    fn tests_and_visibilities_are_no_dependencies() {
        let x = "use crate::y::Y; pub struct X;";
        for y in [
            "pub struct Y; #[cfg(test)] mod tests { use crate::x::X; }",
            "pub(in crate::x) struct Y;",
            "#[cfg(test)] use crate::x::X; pub struct Y;",
        ] {
            assert!(!is_circle(x, y), "{y}");
        }
    }

    #[test]
    fn a_module_may_declare_and_reexport_what_uses_it() {
        let files = [
            ("lib.rs", "mod m;"),
            ("m/mod.rs", "mod child; pub use self::child::C; pub use crate::m::child::D; pub struct M;"),
            ("m/child.rs", "use super::M; pub struct C; pub struct D;"),
        ];
        assert_eq!(complaints(&files, ""), Vec::<String>::new());
    }

    #[test]
    fn a_listed_circle_passes_until_it_is_cut() {
        let circle = [ROOT, ("x.rs", "use crate::y::Y; pub struct X;"), ("y.rs", "pub struct Y(crate::X);")];
        assert_eq!(complaints(&circle, "crates/a: x.rs y.rs\n"), Vec::<String>::new());
        let cut = [ROOT, ("x.rs", "pub struct X;"), ("y.rs", "pub struct Y(crate::X);")];
        assert!(complaints(&cut, "crates/a: x.rs y.rs\n")[0].contains("not needed any more"));
    }
}
