//! Packages of scripts: which declarations their `package.json` names, by the rules of the
//! TypeScript compiler.

mod manifest;
mod version;

use std::path::{Path, PathBuf};

use credwire_schema::diagnostic::{Diagnostic, Place};

use self::manifest::Node;
use crate::source::{Source, is_declarations};

/// Conditions of `exports` that hold for a module that imports, then for one that requires.
const CONDITIONS: [[&str; 4]; 2] =
    [["types", "import", "node", "default"], ["types", "require", "node", "default"]];

/// A folder with a `package.json`.
#[derive(Debug)]
pub(crate) struct Package {
    folder: PathBuf,
    source: Source,
    manifest: Node,
}

/// An entry point of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntryPoint {
    /// The file of declarations.
    pub(crate) file: PathBuf,
    /// The module in front of its names, dotted; empty for the main entry point.
    pub(crate) module: String,
}

/// What a name of an entry point comes to.
#[derive(Debug, PartialEq, Eq)]
enum Resolved {
    File(PathBuf),
    /// The package names declarations that it does not hold.
    Missing(String),
    /// The package names no declarations.
    Nothing,
}

impl Package {
    /// Reads the manifest of a folder that has one.
    pub(crate) fn open(folder: &Path) -> Option<Self> {
        let file = folder.join("package.json");
        let source = file.is_file().then(|| Source::read(&file))?.ok()?;
        let manifest = serde_json::from_str(source.text()).ok()?;
        Some(Self { folder: folder.to_owned(), source, manifest })
    }

    /// The nearest folder above a path that is a package, and the path from there, `./a/b`.
    pub(crate) fn around(path: &Path) -> Option<(Self, String)> {
        let mut folder = path.parent()?;
        loop {
            if let Some(package) = Self::open(folder) {
                let below = path.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
                return Some((package, format!("./{below}")));
            }
            folder = folder.parent()?;
        }
    }

    /// The declarations of a module of another package, `far/x`, as a file on disk imports it.
    pub(crate) fn resolve(from: &Path, specifier: &str) -> Option<PathBuf> {
        if !from.is_file() || specifier.contains(':') {
            return None;
        }
        // The name of a package has two parts behind an `@`.
        let parts = if specifier.starts_with('@') { 2 } else { 1 };
        let end = specifier.match_indices('/').nth(parts - 1).map(|(at, _)| at);
        let (name, rest) = specifier.split_at(end.unwrap_or(specifier.len()));
        from.ancestors().skip(1).find_map(|folder| {
            let package = Self::open(&folder.join("node_modules").join(name))?;
            package.subpath(&format!(".{rest}"))
        })
    }

    /// The entry points with declarations, the main one first; none when the folder is no package
    /// with declarations.
    ///
    /// # Diagnostics
    /// `missing-declarations` (error) for entry points whose declarations are not there;
    /// `other-entry-points` (warning) for patterns, which stand for any number of files.
    pub(crate) fn entries(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<EntryPoint> {
        let Some(exports) = self.manifest.get("exports") else {
            return self.keep("", self.main(), diagnostics).into_iter().collect();
        };
        let mut found = Vec::new();
        let mut patterns = Vec::new();
        for (name, target) in subpaths(exports) {
            if name.contains('*') {
                patterns.push(name);
                continue;
            }
            let module = name.trim_start_matches(['.', '/']).replace('/', ".");
            found.extend(self.keep(&module, self.target(target, None), diagnostics));
        }
        found.sort_by_key(|entry| !entry.module.is_empty());
        if let Some(kind) = found.first().and_then(|main| kind(&main.file)) {
            found.iter_mut().for_each(|entry| one_of_twins(&mut entry.file, kind));
        }
        if found.is_empty() && diagnostics.is_empty() {
            diagnostics.push(
                Diagnostic::error("missing-declarations", self.place(), NO_DECLARATIONS)
                    .help("name the folder or the file that holds its declarations"),
            );
        } else if !patterns.is_empty() {
            let message = format!("the package has other entry points: {}", patterns.join(", "));
            diagnostics.push(
                Diagnostic::warning("other-entry-points", self.place(), message)
                    .help("name one behind the folder of the package to read it"),
            );
        }
        found
    }

    /// The Custom Elements Manifest that the package names. With one, a package whose exports have
    /// no declarations is whole.
    ///
    /// # Diagnostics
    /// `missing-manifest` for one that is not there: an error where nothing else is at hand.
    pub(crate) fn elements(
        &self,
        has_declarations: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<PathBuf> {
        let named = self.manifest.get("customElements").and_then(Node::text)?;
        let path = named.trim_start_matches("./");
        let file = self.folder.join(path);
        if stays_inside(path) && file.is_file() {
            if !has_declarations {
                diagnostics.retain(|one| one.message != NO_DECLARATIONS);
            }
            return Some(file);
        }
        let message = format!("the package names `{named}` as its manifest, which is not there");
        let found = if has_declarations { Diagnostic::warning } else { Diagnostic::error };
        diagnostics.push(
            found("missing-manifest", self.place(), message)
                .help("install the package whole, or name its manifest"),
        );
        None
    }

    /// The declarations of one entry point, `./a/b`.
    pub(crate) fn subpath(&self, name: &str) -> Option<PathBuf> {
        let resolved = match self.manifest.get("exports") {
            Some(exports) => {
                let all = subpaths(exports);
                let exact = all.iter().find(|(known, _)| *known == name);
                match exact {
                    Some((_, target)) => self.target(target, None),
                    None => {
                        let fitting = all.iter().filter_map(|(pattern, target)| {
                            Some((pattern.len(), target, matched(pattern, name)?))
                        });
                        // The longest pattern is the nearest one.
                        let (_, target, star) = fitting.max_by_key(|(length, ..)| *length)?;
                        self.target(target, Some(star))
                    }
                }
            }
            None if name == "." => self.main(),
            None => self.beside(&self.mapped(name)),
        };
        match resolved {
            Resolved::File(file) => Some(file),
            Resolved::Missing(_) | Resolved::Nothing => None,
        }
    }

    fn keep(
        &self,
        module: &str,
        resolved: Resolved,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<EntryPoint> {
        match resolved {
            Resolved::File(file) => Some(EntryPoint { file, module: module.to_owned() }),
            Resolved::Missing(target) => {
                let message = format!("the package names `{target}`, which is not there");
                diagnostics.push(
                    Diagnostic::error("missing-declarations", self.place(), message).help(
                        "install the package whole, or name the file that holds its declarations",
                    ),
                );
                None
            }
            Resolved::Nothing => None,
        }
    }

    fn place(&self) -> Place {
        Place::new(self.source.name(), 1, 1)
    }

    /// The entry point of a package without `exports`.
    fn main(&self) -> Resolved {
        let text = |key| self.manifest.get(key).and_then(Node::text);
        if let Some(types) = text("types").or_else(|| text("typings")) {
            return match self.beside(&self.mapped(types)) {
                Resolved::Nothing => Resolved::Missing(types.to_owned()),
                found => found,
            };
        }
        let main = text("main").map_or(Resolved::Nothing, |main| self.beside(&self.mapped(main)));
        if main == Resolved::Nothing { self.beside(&self.mapped("index")) } else { main }
    }

    /// A path as `typesVersions` has it for the compiler's version.
    fn mapped(&self, path: &str) -> String {
        let path = path.trim_start_matches("./");
        let versions = self.manifest.get("typesVersions").map(Node::entries).unwrap_or_default();
        let paths = versions.iter().find(|(range, _)| version::admits(range));
        let mapped = paths.and_then(|(_, paths)| {
            let all = paths.entries().iter();
            let fitting = all.filter_map(|(pattern, to)| {
                let star = matched(pattern.trim_start_matches("./"), path)?;
                Some((pattern.len(), to.first_text()?.replace('*', star)))
            });
            fitting.max_by_key(|(length, _)| *length)
        });
        mapped.map_or_else(|| path.to_owned(), |(_, path)| path)
    }

    /// The declarations that a target of `exports` comes to; `star` is what a pattern stands for.
    fn target(&self, target: &Node, star: Option<&str>) -> Resolved {
        let mut nothing = Resolved::Nothing;
        for conditions in CONDITIONS {
            match self.by_conditions(target, star, &conditions) {
                Resolved::Nothing => {}
                Resolved::Missing(target) => nothing = Resolved::Missing(target),
                found @ Resolved::File(_) => return found,
            }
        }
        nothing
    }

    fn by_conditions(&self, target: &Node, star: Option<&str>, holds: &[&str]) -> Resolved {
        match target {
            Node::Text(path) => {
                let path = star.map_or_else(|| path.clone(), |star| path.replace('*', star));
                self.beside(&path)
            }
            Node::List(all) => all
                .iter()
                .map(|one| self.by_conditions(one, star, holds))
                .find(|found| *found != Resolved::Nothing)
                .unwrap_or(Resolved::Nothing),
            Node::Object(all) => {
                for (condition, target) in all {
                    let typed = condition.strip_prefix("types@").is_some_and(version::admits);
                    if !typed && !holds.contains(&condition.as_str()) {
                        continue;
                    }
                    match (self.by_conditions(target, star, holds), target) {
                        (Resolved::Nothing, Node::Text(path)) if condition.starts_with("types") => {
                            return Resolved::Missing(path.clone());
                        }
                        (Resolved::Nothing, _) => {}
                        (found, _) => return found,
                    }
                }
                Resolved::Nothing
            }
            Node::Other => Resolved::Nothing,
        }
    }

    /// A path to declarations, or to a script with declarations beside it; inside the package.
    fn beside(&self, path: &str) -> Resolved {
        let path = path.trim_start_matches("./");
        let is_inside = stays_inside(path);
        let typed = [(".mjs", ".d.mts"), (".cjs", ".d.cts"), (".js", ".d.ts")]
            .iter()
            .find_map(|(script, types)| Some(format!("{}{types}", path.strip_suffix(script)?)));
        let named = is_declarations(path).then(|| path.to_owned());
        let guessed = [format!("{path}.d.ts"), format!("{path}/index.d.ts")];
        let mut found =
            named.into_iter().chain(typed).chain(guessed).map(|name| self.folder.join(name));
        match found.find(|file| is_inside && file.is_file()) {
            Some(file) => Resolved::File(file),
            None => Resolved::Nothing,
        }
    }
}

/// How the names of declarations end: for scripts of either kind, for modules, for what is required.
const KINDS: [&str; 3] = [".d.ts", ".d.mts", ".d.cts"];

fn kind(file: &Path) -> Option<&'static str> {
    let name = file.to_str()?;
    KINDS.into_iter().find(|kind| name.ends_with(kind))
}

/// Packages for both kinds of modules bring their declarations twice. Where the two files are alike but for the
/// files that they name, the one of this kind is read for both: else each type would be there twice.
fn one_of_twins(file: &mut PathBuf, kind: &'static str) {
    let own = self::kind(file).filter(|own| *own != kind);
    let stem = own.and_then(|own| file.to_str()?.strip_suffix(own));
    let Some(twin) = stem.map(|stem| PathBuf::from(format!("{stem}{kind}"))) else { return };
    let text = |file: &Path| Source::read(file).ok().map(|source| without_kinds(source.text()));
    if twin.is_file() && text(&twin).is_some_and(|twin| text(file) == Some(twin)) {
        *file = twin;
    }
}

/// Declarations without the ends of the names of files, and without what names their source.
fn without_kinds(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("//# sourceMappingURL"));
    let mut all = String::with_capacity(text.len());
    for line in lines {
        all.push_str(&line.replace(".mjs", ".js").replace(".cjs", ".js"));
        all.push('\n');
    }
    KINDS.iter().skip(1).fold(all, |all, kind| all.replace(kind, ".d.ts"))
}

/// What is said of a package whose exports have none.
const NO_DECLARATIONS: &str = "the package exports no declarations";

fn stays_inside(path: &str) -> bool {
    !path.starts_with('/') && !path.split('/').any(|part| part == "..")
}

/// The entry points of `exports`: without names of its own it is the main one.
fn subpaths(exports: &Node) -> Vec<(&str, &Node)> {
    let all = exports.entries();
    if all.first().is_some_and(|(name, _)| name.starts_with('.')) {
        all.iter().map(|(name, target)| (name.as_str(), target)).collect()
    } else {
        vec![(".", exports)]
    }
}

/// What the `*` of a pattern stands for in a path; nothing when there is none.
fn matched<'p>(pattern: &str, path: &'p str) -> Option<&'p str> {
    match pattern.split_once('*') {
        Some((before, after)) => {
            let rest = path.strip_prefix(before)?;
            rest.strip_suffix(after).filter(|star| !star.is_empty())
        }
        None => (pattern == path).then_some(""),
    }
}
