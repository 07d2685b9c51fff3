//! Checks that functions are short and take few parameters.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{Block, FnArg, ImplItemFn, ItemFn, ItemImpl, Signature, TraitItemFn, Type};

use super::syntax::Parsed;
use super::{Source, shrinking};

/// The functions exempt from the limits.
const LIST: &str = "xtask/tidy/functions.txt";

const MAX_LINES: usize = 60;

/// `self` does not count.
const MAX_PARAMETERS: usize = 5;

const MAX_EXCEPTIONS: usize = 10;

/// Crates without exceptions.
const STRICT: [&str; 2] = ["crates/app/", "crates/domain/"];

/// Checks the limits of all functions that are not on the list.
pub fn check(parsed: &[Parsed], sources: &[Source]) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut complaints = Vec::new();
    for file in parsed {
        let mut functions = Functions { path: &file.path, owner: None, found: Vec::new() };
        file.items.iter().for_each(|item| functions.visit_item(item));
        found.extend(functions.found);
    }
    let listed = shrinking::entries(sources, LIST);
    let exceptions = listed.len();
    if exceptions > MAX_EXCEPTIONS {
        complaints.push(format!("{LIST}: {exceptions} exceptions; {MAX_EXCEPTIONS} is the most"));
    }
    for entry in listed.iter().filter(|entry| STRICT.iter().any(|strict| entry.starts_with(strict))) {
        complaints.push(format!("{LIST}: `{entry}`: this crate has no exceptions"));
    }
    let rule =
        format!("a function has at most {MAX_LINES} lines and at most {MAX_PARAMETERS} parameters; split it");
    complaints.extend(shrinking::compare(sources, LIST, &found, &rule));
    complaints
}

/// Collects the functions that exceed a limit.
struct Functions<'a> {
    path: &'a str,
    owner: Option<String>,
    found: Vec<String>,
}

impl Functions<'_> {
    fn examine(&mut self, signature: &Signature, body: Option<&Block>) {
        let first = signature.fn_token.span.start().line;
        let last = body.map_or(first, |body| body.brace_token.span.close().end().line);
        let parameters = signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count();
        let owner = self.owner.as_ref().map(|owner| format!("{owner}::")).unwrap_or_default();
        let name = format!("{} {owner}{}", self.path, signature.ident);
        let lines = last + 1 - first;
        if lines > MAX_LINES {
            self.found.push(format!("{name} {lines} lines"));
        }
        if parameters > MAX_PARAMETERS {
            self.found.push(format!("{name} {parameters} parameters"));
        }
    }
}

impl<'a> Visit<'a> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        self.examine(&function.sig, Some(&function.block));
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        self.examine(&function.sig, Some(&function.block));
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'a TraitItemFn) {
        self.examine(&function.sig, function.default.as_ref());
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_impl(&mut self, block: &'a ItemImpl) {
        let owner = match &*block.self_ty {
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let outer = std::mem::replace(&mut self.owner, owner);
        visit::visit_item_impl(self, block);
        self.owner = outer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::syntax;

    fn complaints(path: &str, code: &str, list: &str) -> Vec<String> {
        let sources = [
            Source { path: path.into(), text: code.into() },
            Source { path: LIST.into(), text: list.into() },
        ];
        check(&syntax::parse(&sources).0, &sources)
    }

    #[test]
    fn short_functions_with_few_parameters_pass() {
        let code = "impl A { fn f(&self, a: u8, b: u8, c: u8, d: u8, e: u8) {} }";
        assert_eq!(complaints("crates/a/src/lib.rs", code, ""), Vec::<String>::new());
        let sixty_lines = format!("fn f() {{\n{}}}", "g();\n".repeat(58));
        assert_eq!(complaints("crates/a/src/lib.rs", &sixty_lines, ""), Vec::<String>::new());
    }

    #[test]
    fn long_functions_and_long_parameter_lists_are_refused() {
        let long = format!("impl A {{ fn f() {{\n{}}} }}", "g();\n".repeat(59));
        let complaint = &complaints("crates/a/src/lib.rs", &long, "")[0];
        assert!(complaint.starts_with("crates/a/src/lib.rs A::f 61 lines: "), "{complaint}");
        let wide = "fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}";
        let complaint = &complaints("crates/a/src/lib.rs", wide, "")[0];
        assert!(complaint.starts_with("crates/a/src/lib.rs f 6 parameters: "), "{complaint}");
        let listed = complaints("crates/a/src/lib.rs", wide, "crates/a/src/lib.rs f 6 parameters");
        assert_eq!(listed, Vec::<String>::new());
    }

    #[test]
    fn unit_tests_do_not_count() {
        let code = "#[cfg(test)] mod tests { fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {} }";
        assert_eq!(complaints("crates/a/src/lib.rs", code, ""), Vec::<String>::new());
    }

    #[test]
    fn the_list_is_short_and_names_no_strict_crate() {
        let wide = "fn f(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}";
        let entry = "crates/domain/src/lib.rs f 6 parameters";
        let complaints = complaints("crates/domain/src/lib.rs", wide, entry);
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].contains("has no exceptions"));
        let eleven: String = (0..11).map(|n| format!("crates/a/src/lib.rs f{n} 61 lines\n")).collect();
        let complaints = super::tests::complaints("crates/a/src/lib.rs", "", &eleven);
        assert!(complaints[0].contains("10 is the most"), "{complaints:?}");
    }
}
