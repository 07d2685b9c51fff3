//! Checks that every use case takes a principal.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{FnArg, Ident, ImplItemFn, ItemFn, Signature, Type, Visibility};

use super::syntax::Parsed;
use super::{Source, shrinking};

/// The use cases exempt from the rule.
const LIST: &str = "xtask/tidy/principals.txt";

/// The folders of the use cases.
const FOLDERS: [&str; 7] = ["accounts", "audit", "catalog", "keys", "licensing", "oauth", "offline"];

/// The types of the application context.
const CONTEXT: [&str; 2] = ["App", "Shared"];

/// Checks that public async functions with the application context as a parameter also have a `Principal` parameter.
pub fn check(parsed: &[Parsed], sources: &[Source]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for file in parsed.iter().filter(|file| holds_use_cases(&file.path)) {
        let mut use_cases = UseCases { path: &file.path, found: Vec::new() };
        file.items.iter().for_each(|item| use_cases.visit_item(item));
        found.extend(use_cases.found);
    }
    let rule = "a use case takes a `Principal` and checks its permission; a helper is `pub(crate)`";
    shrinking::compare(sources, LIST, &found, rule)
}

fn holds_use_cases(path: &str) -> bool {
    let folder = path.strip_prefix("crates/app/src/").and_then(|path| path.split('/').next());
    folder.is_some_and(|folder| FOLDERS.contains(&folder))
}

/// Collects the use cases without a principal.
struct UseCases<'a> {
    path: &'a str,
    found: Vec<String>,
}

impl UseCases<'_> {
    fn examine(&mut self, visibility: &Visibility, signature: &Signature) {
        let is_public = matches!(visibility, Visibility::Public(_)) && signature.asyncness.is_some();
        if is_public && takes(signature, &CONTEXT) && !takes(signature, &["Principal"]) {
            self.found.push(format!("{} {}", self.path, signature.ident));
        }
    }
}

impl<'a> Visit<'a> for UseCases<'_> {
    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        self.examine(&function.vis, &function.sig);
    }

    fn visit_impl_item_fn(&mut self, function: &'a ImplItemFn) {
        self.examine(&function.vis, &function.sig);
    }
}

/// Whether the type of a parameter contains one of these names.
fn takes(signature: &Signature, names: &[&str]) -> bool {
    signature.inputs.iter().any(|input| match input {
        FnArg::Typed(parameter) => mentions(&parameter.ty, names),
        FnArg::Receiver(_) => false,
    })
}

fn mentions(ty: &Type, names: &[&str]) -> bool {
    struct Names<'a> {
        wanted: &'a [&'a str],
        found: bool,
    }
    impl<'a> Visit<'a> for Names<'_> {
        fn visit_ident(&mut self, ident: &'a Ident) {
            self.found |= self.wanted.iter().any(|name| ident == name);
            visit::visit_ident(self, ident);
        }
    }
    let mut seen = Names { wanted: names, found: false };
    seen.visit_type(ty);
    seen.found
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
    fn a_use_case_without_a_principal_is_refused() {
        let path = "crates/app/src/accounts/a.rs";
        for code in [
            "pub async fn f(app: &Shared) {}",
            "pub async fn f(app: &App, id: AccountId) {}",
            "impl A { pub async fn f(self, app: &Arc<App>) {} }",
        ] {
            let complaint = &complaints(path, code, "")[0];
            assert!(complaint.starts_with("crates/app/src/accounts/a.rs f: a use case takes"), "{complaint}");
            let listed = complaints(path, code, "# why\ncrates/app/src/accounts/a.rs f");
            assert_eq!(listed, Vec::<String>::new());
        }
    }

    #[test]
    fn use_cases_with_a_principal_and_helpers_pass() {
        let code = "pub async fn f(app: &Shared, principal: &Principal) {}
            pub(crate) async fn g(app: &Shared) {}
            async fn h(app: &Shared) {}
            pub fn i(app: &Shared) {}
            pub async fn j(request: Request) {}";
        assert_eq!(complaints("crates/app/src/oauth/a.rs", code, ""), Vec::<String>::new());
        let elsewhere = "pub async fn f(app: &Shared) {}";
        assert_eq!(complaints("crates/app/src/jobs/a.rs", elsewhere, ""), Vec::<String>::new());
    }

    #[test]
    fn an_entry_that_is_not_needed_is_refused() {
        let listed = "crates/app/src/accounts/a.rs f";
        let complaints = complaints("crates/app/src/accounts/a.rs", "fn f() {}", listed);
        assert!(complaints[0].ends_with("it is not needed any more"), "{complaints:?}");
    }
}
