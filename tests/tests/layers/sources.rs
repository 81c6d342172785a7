//! Which file of a target names what of which other file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Item, ItemMod, ItemUse, Macro, UseTree, Visibility,
    ext::IdentExt as _,
    visit::{self, Visit},
};

/// A module by the names from the root of the crate to it.
pub(crate) type Module = Vec<String>;

/// For each file that names something of another: the names, by that other file.
pub(crate) type Uses = BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>>;

/// The files of one target. What stands behind `#[cfg(test)]` is left out.
pub(crate) struct Sources {
    /// The files, each by the module that it holds; the root's is empty.
    pub(crate) files: BTreeMap<Module, PathBuf>,
    /// Modules that stand in the file of another, with that other.
    inline: BTreeMap<Module, Module>,
    /// The names that modules declare.
    declared: BTreeMap<Module, BTreeSet<String>>,
    /// What modules import or export again, by the name that it has there; `*` for all of it.
    imported: BTreeMap<Module, Vec<(String, Module)>>,
    parsed: BTreeMap<Module, Vec<Item>>,
}

impl Sources {
    pub(crate) fn read(root: &Path) -> Self {
        let mut sources = Self {
            files: BTreeMap::new(),
            inline: BTreeMap::new(),
            declared: BTreeMap::new(),
            imported: BTreeMap::new(),
            parsed: BTreeMap::new(),
        };
        sources.file(Vec::new(), root, root.parent().unwrap());
        // An import begins with a module, so it can be read once all modules are known.
        let modules: Vec<Module> = sources.parsed.keys().cloned().collect();
        for module in modules {
            let mut imports = Vec::new();
            for item in &sources.parsed[&module] {
                if let Item::Use(one) = item {
                    sources.imports(&module, one, &mut imports);
                }
            }
            sources.imported.insert(module, imports);
        }
        sources
    }

    /// Reads a file; `folder` is where the files of the modules in it are.
    fn file(&mut self, module: Module, path: &Path, folder: &Path) {
        let text = fs::read_to_string(path).unwrap_or_else(|_| panic!("no {}", path.display()));
        let items = syn::parse_file(&text).unwrap().items;
        self.files.insert(module.clone(), path.to_owned());
        self.items(module, items, folder);
    }

    fn items(&mut self, module: Module, items: Vec<Item>, folder: &Path) {
        let items: Vec<Item> =
            items.into_iter().filter(|item| !is_of_tests(attributes(item))).collect();
        let mut declared = BTreeSet::new();
        for item in &items {
            declared.extend(name(item));
            let Item::Mod(ItemMod { ident, content, .. }) = item else { continue };
            let mut inner = module.clone();
            inner.push(ident.to_string());
            let below = folder.join(ident.unraw().to_string());
            match content {
                Some((_, items)) => {
                    self.inline.insert(inner.clone(), self.file_of(&module));
                    self.items(inner, items.clone(), &below);
                }
                None => {
                    let beside = folder.join(format!("{}.rs", ident.unraw()));
                    let path = if beside.exists() { beside } else { below.join("mod.rs") };
                    self.file(inner, &path, &below);
                }
            }
        }
        self.declared.insert(module.clone(), declared);
        self.parsed.insert(module, items);
    }

    /// The module whose file a module stands in.
    fn file_of(&self, module: &Module) -> Module {
        self.inline.get(module).unwrap_or(module).clone()
    }

    fn imports(&self, module: &Module, one: &ItemUse, imports: &mut Vec<(String, Module)>) {
        for (name, path) in flat(&one.tree) {
            imports.extend(self.absolute(module, &path).map(|path| (name, path)));
        }
    }

    /// A path from the root of the crate; none when it leads out of the crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let mut from = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module.split_last()?.1.to_vec(),
            child => {
                let mut inner = module.clone();
                inner.push(child.to_owned());
                if !self.parsed.contains_key(&inner) {
                    return None;
                }
                inner
            }
        };
        for part in rest {
            if part == "super" {
                from.pop();
            } else {
                from.push(part.clone());
            }
        }
        Some(from)
    }

    /// The file that declares what a path leads to, and the name there. A name that cannot be
    /// followed counts as that of the last module on its path.
    fn target(&self, path: &[String], steps: usize) -> (Module, String) {
        let length = (0..=path.len()).rev().find(|n| self.parsed.contains_key(&path[..*n]));
        let (module, rest) = path.split_at(length.unwrap_or(0));
        let file = || self.file_of(&module.to_vec());
        let Some(first) = rest.first() else { return (file(), "the module".to_owned()) };
        if steps < 8 && !self.declared[module].contains(first) {
            for (known, leads_to) in self.imported.get(module).into_iter().flatten() {
                let onward: Vec<String> = match known.as_str() {
                    "*" => leads_to.iter().chain(rest).cloned().collect(),
                    name if name == first => leads_to.iter().chain(&rest[1..]).cloned().collect(),
                    _ => continue,
                };
                let (found, name) = self.target(&onward, steps + 1);
                if known != "*" || self.declared.get(&found).is_some_and(|it| it.contains(first)) {
                    return (found, name);
                }
            }
        }
        (file(), first.clone())
    }

    /// What each file names of others. Of the root's exports nothing counts: they declare nothing
    /// and need nothing.
    pub(crate) fn uses(&self) -> Uses {
        let mut uses = Uses::new();
        for (module, items) in &self.parsed {
            let mut found = Found { sources: self, module, paths: Vec::new() };
            for item in items.iter().filter(|item| !matches!(item, Item::Mod(_))) {
                let exports = matches!(item, Item::Use(ItemUse { vis: Visibility::Public(_), .. }));
                if !(module.is_empty() && exports) {
                    found.visit_item(item);
                }
            }
            let here = self.file_of(module);
            for path in found.paths {
                let (file, name) = self.target(&path, 0);
                if file != here {
                    uses.entry(here.clone()).or_default().entry(file).or_default().insert(name);
                }
            }
        }
        uses
    }
}

/// The paths of one module that lead to others.
struct Found<'a> {
    sources: &'a Sources,
    module: &'a Module,
    paths: Vec<Module>,
}

impl Found<'_> {
    fn add(&mut self, path: &[String]) {
        self.paths.extend(self.sources.absolute(self.module, path));
    }

    /// Paths of several names among tokens: `crate::a::B`, `super::c`.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut paths = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(one) if one.as_char() == ':' && !path.is_empty() && colons < 2 => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
            paths.push(std::mem::take(&mut path));
            colons = 0;
        }
        paths.push(path);
        paths.iter().filter(|path| path.len() > 1).for_each(|path| self.add(path));
    }
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_of_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, one: &'ast ItemUse) {
        for (_, path) in flat(&one.tree) {
            self.add(&path);
        }
    }

    /// Visibilities name modules and need nothing of them.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|one| one.ident.to_string()).collect();
        if names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, one: &'ast Macro) {
        let quotes =
            one.path.segments.last().is_some_and(|name| name.ident.to_string().contains("quote"));
        // What is quoted is code of another crate.
        if !quotes {
            self.tokens(one.tokens.clone());
        }
    }
}

/// The paths of an import, each with the name that it gets.
fn flat(tree: &UseTree) -> Vec<(String, Vec<String>)> {
    match tree {
        UseTree::Path(path) => {
            let before = path.ident.to_string();
            let inner = flat(&path.tree).into_iter();
            inner
                .map(|(name, rest)| match rest.as_slice() {
                    [only] if only == "self" => (before.clone(), vec![before.clone()]),
                    _ => (name, [vec![before.clone()], rest].concat()),
                })
                .collect()
        }
        UseTree::Name(name) => vec![(name.ident.to_string(), vec![name.ident.to_string()])],
        UseTree::Rename(name) => vec![(name.rename.to_string(), vec![name.ident.to_string()])],
        UseTree::Glob(_) => vec![("*".to_owned(), Vec::new())],
        UseTree::Group(group) => group.items.iter().flat_map(flat).collect(),
    }
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => {
            list.path.is_ident("cfg") && list.tokens.to_string().replace(' ', "") == "test"
        }
        _ => false,
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(it) => &it.ident,
        Item::Enum(it) => &it.ident,
        Item::Fn(it) => &it.sig.ident,
        Item::Macro(it) => it.ident.as_ref()?,
        Item::Static(it) => &it.ident,
        Item::Struct(it) => &it.ident,
        Item::Trait(it) => &it.ident,
        Item::Type(it) => &it.ident,
        Item::Union(it) => &it.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
