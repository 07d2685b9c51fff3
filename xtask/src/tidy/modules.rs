//! The module tree of a crate. Finds the file of each module, and the file that defines the target of a path.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Item, ItemMod, UseTree};

use super::syntax::Parsed;

/// A module's path below its crate's root.
pub type ModulePath = Vec<String>;

/// Maximum number of re-exports to follow.
const MAX_REEXPORTS: usize = 16;

/// One imported name of a `use` declaration.
pub struct Import {
    /// The path as written. For a glob, the last segment is the module.
    pub path: Vec<String>,
    /// The imported name; `None` for a glob.
    name: Option<String>,
}

struct Module {
    file: usize,
    defines: BTreeSet<String>,
    imports: Vec<Import>,
}

/// The modules below a root file such as `lib.rs` or `main.rs`.
pub struct Modules<'a> {
    files: &'a [Parsed],
    modules: BTreeMap<ModulePath, Module>,
}

impl<'a> Modules<'a> {
    /// Follows the `mod` declarations of the file `files[root]`.
    pub fn below(files: &'a [Parsed], root: usize) -> Self {
        let mut modules = Self { files, modules: BTreeMap::new() };
        let folder = parent(&files[root].path);
        modules.add(Vec::new(), root, folder, &files[root].items);
        modules
    }

    /// All files of the tree. Each has the path of its outermost module.
    pub fn files(&self) -> BTreeMap<usize, &ModulePath> {
        let mut files = BTreeMap::new();
        for (path, module) in &self.modules {
            files.entry(module.file).or_insert(path);
        }
        files
    }

    /// The file and the module that define the target of a path. Only paths that begin with `crate` or `super` count.
    pub fn definition(&self, from: &[String], path: &[String]) -> Option<(usize, ModulePath)> {
        let is_absolute = path.first().is_some_and(|first| first == "crate" || first == "super");
        if !is_absolute {
            return None;
        }
        let module = self.resolve(from, path, MAX_REEXPORTS)?;
        Some((self.modules.get(&module)?.file, module))
    }

    fn add(&mut self, path: ModulePath, file: usize, folder: &str, items: &'a [Item]) {
        let mut module = Module { file, defines: BTreeSet::new(), imports: Vec::new() };
        for item in items {
            match item {
                Item::Use(item) => module.imports.extend(imports(&item.tree)),
                other => module.defines.extend(name(other)),
            }
        }
        self.modules.insert(path.clone(), module);
        for item in items {
            let Item::Mod(declaration) = item else { continue };
            let name = declaration.ident.to_string();
            let child: ModulePath = path.iter().cloned().chain([name.clone()]).collect();
            match &declaration.content {
                Some((_, items)) => self.add(child, file, &format!("{folder}/{name}"), items),
                None => {
                    let Some(file) = self.find(file, folder, declaration) else { continue };
                    let own = &self.files[file].path;
                    let folder = own.strip_suffix("/mod.rs").or(own.strip_suffix(".rs")).unwrap_or(own);
                    self.add(child, file, folder, &self.files[file].items);
                }
            }
        }
    }

    fn find(&self, file: usize, folder: &str, declaration: &ItemMod) -> Option<usize> {
        let name = &declaration.ident;
        let mut candidates = vec![format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
        if let Some(told) = told_path(declaration) {
            candidates = vec![format!("{}/{told}", parent(&self.files[file].path))];
        }
        self.files.iter().position(|file| candidates.contains(&file.path))
    }

    /// The module that defines the target of `path`. The path is written in the module `from`.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<ModulePath> {
        let mut module = from.to_vec();
        let mut rest = path;
        if path.first().is_some_and(|first| first == "crate") {
            module.clear();
            rest = &path[1..];
        }
        while let Some((first, after)) =
            rest.split_first().filter(|(first, _)| *first == "super" || *first == "self")
        {
            if first == "super" {
                module.pop()?;
            }
            rest = after;
        }
        if rest.len() == path.len() && !self.is_module(&module, path.first()?) {
            return None;
        }
        for (at, segment) in rest.iter().enumerate() {
            if self.is_module(&module, segment) {
                module.push(segment.clone());
                continue;
            }
            let elsewhere = depth.checked_sub(1).and_then(|depth| self.imported(&module, segment, depth));
            let Some((elsewhere, is_module)) = elsewhere else { break };
            if is_module {
                return self.resolve(
                    &elsewhere,
                    &[&["self".to_owned()], &rest[at + 1..]].concat(),
                    depth - 1,
                );
            }
            return Some(elsewhere);
        }
        Some(module)
    }

    fn is_module(&self, parent: &[String], name: &str) -> bool {
        let path: ModulePath = parent.iter().cloned().chain([name.to_owned()]).collect();
        self.modules.contains_key(&path)
    }

    /// The origin of an imported name, and whether the name is a module.
    fn imported(&self, module: &ModulePath, name: &str, depth: usize) -> Option<(ModulePath, bool)> {
        let here = self.modules.get(module)?;
        if here.defines.contains(name) {
            return None;
        }
        for import in &here.imports {
            let Some(target) = self.resolve(module, &import.path, depth) else { continue };
            match &import.name {
                Some(imported) if imported == name => {
                    let is_module = target.last() == import.path.last();
                    return Some((target, is_module));
                }
                None if self.modules.get(&target).is_some_and(|target| target.defines.contains(name)) => {
                    return Some((target, false));
                }
                _ => {}
            }
        }
        None
    }
}

/// All names that a `use` declaration imports.
pub fn imports(tree: &UseTree) -> Vec<Import> {
    let mut found = Vec::new();
    flatten(tree, &mut Vec::new(), &mut found);
    found
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, found: &mut Vec<Import>) {
    let with = |name: String| [before.as_slice(), &[name]].concat();
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, found)),
        UseTree::Glob(_) => found.push(Import { path: before.clone(), name: None }),
        UseTree::Name(name) if name.ident == "self" => {
            found.push(Import { path: before.clone(), name: before.last().cloned() });
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            found.push(Import { path: with(name.clone()), name: Some(name) });
        }
        UseTree::Rename(rename) => {
            let path = if rename.ident == "self" { before.clone() } else { with(rename.ident.to_string()) };
            found.push(Import { path, name: Some(rename.rename.to_string()) });
        }
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// The file named by `#[path = "…"]`.
fn told_path(declaration: &ItemMod) -> Option<String> {
    let attribute = declaration.attrs.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let syn::Expr::Lit(literal) = &attribute.meta.require_name_value().ok()?.value else { return None };
    let syn::Lit::Str(path) = &literal.lit else { return None };
    Some(path.value())
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
