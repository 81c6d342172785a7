//! Elements and exports out of a Custom Elements Manifest.

mod json;
mod part;

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    type_expr::TypeExpr,
};
use serde_json::value::RawValue;

use self::{
    json::Node,
    part::{Reader, is_static, is_visible},
};
use crate::{
    facts::{ElementFacts, Facts, ItemFacts, ItemKind, StaticFacts},
    source::Source,
};

/// Returns the custom elements of a manifest, by tag; private and protected members left out.
///
/// # Errors
/// `invalid-manifest` for what is no JSON or has no modules.
pub fn read(file: &str, text: &str) -> Result<BTreeMap<String, ElementFacts>, Box<Diagnostic>> {
    let source = Source::new(file, text);
    read_source(&source, &mut Vec::new()).map(|facts| facts.elements)
}

/// Reads the elements of a manifest, and what else its modules export.
///
/// # Errors
/// `invalid-manifest` for what is no JSON or has no modules.
///
/// # Diagnostics
/// `opaque-type` and `unknown-type` (warnings) for types that cannot be read, and for those of events
/// that are described nowhere.
pub(crate) fn read_source(
    source: &Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Facts, Box<Diagnostic>> {
    let invalid = |place: Place, message: &str| {
        Box::new(
            Diagnostic::error("invalid-manifest", place, message)
                .help("name a Custom Elements Manifest, `custom-elements.json`"),
        )
    };
    let raw: &RawValue = serde_json::from_str(source.text()).map_err(|error| {
        let line = u32::try_from(error.line().max(1)).unwrap_or(u32::MAX);
        invalid(Place::new(source.name(), line, 1), "is no JSON")
    })?;
    let modules = Node::of(raw).and_then(|manifest| manifest.list("modules"));
    let Some(modules) = modules else {
        return Err(invalid(source.place(0), "has no `modules`"));
    };
    let declared = modules.iter().flat_map(Declared::of).collect();
    let manifest = Manifest { source, declared, tags: tags(&modules) };
    Ok(manifest.facts(diagnostics))
}

/// A declaration and the module that it is in.
struct Declared<'t> {
    module: String,
    name: String,
    node: Node<'t>,
    is_exported: bool,
}

impl<'t> Declared<'t> {
    fn of(module: &Node<'t>) -> Vec<Self> {
        let path = module.text("path").unwrap_or_default();
        // A module without a list of exports is taken to export everything.
        let exported = module.list("exports").map(|exports| {
            let own = exports.iter().filter(|export| export.text("kind").as_deref() == Some("js"));
            let names = own.filter_map(|export| export.node("declaration")?.text("name"));
            names.collect::<BTreeSet<String>>()
        });
        let all = module.nodes("declarations").into_iter().filter_map(|node| {
            let name = node.text("name")?;
            let is_exported = exported.as_ref().is_none_or(|names| names.contains(&name));
            Some(Self { module: path.clone(), name, node, is_exported })
        });
        all.collect()
    }

    fn is(&self, kind: &str) -> bool {
        self.node.text("kind").as_deref() == Some(kind)
    }
}

/// The tags under which classes are defined, by module and name of the class.
fn tags(modules: &[Node<'_>]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut tags: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for module in modules {
        for export in module.nodes("exports") {
            if export.text("kind").as_deref() != Some("custom-element-definition") {
                continue;
            }
            let Some(class) = export.node("declaration") else { continue };
            let path = class.text("module").or_else(|| module.text("path")).unwrap_or_default();
            if let (Some(tag), Some(name)) = (export.text("name"), class.text("name")) {
                tags.entry((plain(&path), name)).or_default().insert(tag);
            }
        }
    }
    tags
}

/// The path of a module, however it is written.
fn plain(path: &str) -> String {
    path.trim_start_matches("./").trim_start_matches('/').to_owned()
}

struct Manifest<'s, 't> {
    source: &'s Source,
    declared: Vec<Declared<'t>>,
    tags: BTreeMap<(String, String), BTreeSet<String>>,
}

impl<'t> Manifest<'_, 't> {
    fn facts(&self, diagnostics: &mut Vec<Diagnostic>) -> Facts {
        let mut facts = Facts::default();
        let mut reader = Reader::new(self.source);
        for one in &self.declared {
            let tags = self.tags_of(one);
            for tag in &tags {
                let element = self.element(&mut reader, tag, one);
                facts.elements.entry(tag.clone()).or_insert(element);
            }
            if !tags.is_empty() {
                continue;
            }
            let Some(item) = self.item(&mut reader, one) else { continue };
            let all = if one.is_exported { &mut facts.items } else { &mut facts.internal };
            match all.get_mut(&one.name) {
                None => {
                    all.insert(one.name.clone(), item);
                }
                // A function is declared once for each overload.
                Some(known) if known.kind == item.kind => known.calls.extend(item.calls),
                Some(_) => {}
            }
        }
        facts.internal.retain(|name, _| !facts.items.contains_key(name));
        diagnostics.append(&mut reader.finish());
        facts
    }

    fn tags_of(&self, one: &Declared<'_>) -> BTreeSet<String> {
        let defined = self.tags.get(&(plain(&one.module), one.name.clone()));
        let own = one.node.text("tagName");
        own.into_iter().chain(defined.into_iter().flatten().cloned()).collect()
    }

    fn element(&self, reader: &mut Reader<'_>, tag: &str, one: &Declared<'t>) -> ElementFacts {
        let place = one.node.place(self.source);
        let mut element = ElementFacts::new(tag, one.name.as_str(), place);
        element.module = Some(one.module.clone()).filter(|module| !module.is_empty());
        for (at, class) in self.with_bases(one).into_iter().enumerate() {
            let base = (at > 0).then_some(class.name.as_str());
            self.add(reader, &mut element, &class.node, base);
        }
        element
    }

    /// A declaration and what it has from superclasses and mixins of the manifest, nearest first.
    fn with_bases<'m>(&'m self, one: &'m Declared<'t>) -> Vec<&'m Declared<'t>> {
        let mut found = vec![one];
        let mut next = 0;
        while let Some(class) = found.get(next) {
            let named = class.node.nodes("mixins").into_iter().chain(class.node.node("superclass"));
            let bases: Vec<_> = named.filter_map(|base| self.find(&base)).collect();
            for base in bases {
                if !found.iter().any(|known| std::ptr::eq(*known, base)) {
                    found.push(base);
                }
            }
            next += 1;
        }
        found
    }

    /// What a reference names: in its module, or under its name alone.
    fn find(&self, reference: &Node<'_>) -> Option<&Declared<'t>> {
        let name = reference.text("name")?;
        let module = reference.text("module").map(|path| plain(&path));
        let fits = |one: &&Declared<'t>| one.name == name;
        let mut all = self.declared.iter().filter(fits);
        let exact = all.clone().find(|one| Some(plain(&one.module)) == module);
        exact.or_else(|| all.next().filter(|_| reference.text("package").is_none()))
    }

    /// Adds what a class declares; of a base, what is not there yet.
    fn add(
        &self,
        reader: &mut Reader<'_>,
        element: &mut ElementFacts,
        node: &Node<'_>,
        base: Option<&str>,
    ) {
        let known: BTreeSet<String> = match base {
            None => BTreeSet::new(),
            Some(_) => names(element),
        };
        let is_new = |name: &str| !known.contains(name);
        for member in node.nodes("members").iter().filter(|member| is_visible(member)) {
            let Some(name) = member.text("name") else { continue };
            if is_static(member) {
                if is_new(&format!("static {name}")) {
                    reader.static_member(&mut element.statics, member);
                }
            } else if is_new(&name) {
                if member.text("kind").as_deref() == Some("method") {
                    let mut method = reader.signature(member);
                    method.inherited_from =
                        method.inherited_from.or_else(|| base.map(str::to_owned));
                    element.methods.push(method);
                } else if !element.fields.iter().any(|field| field.name == name) {
                    element.fields.push(reader.field(member, node));
                }
            }
        }
        for mut attribute in reader.attributes(node) {
            if !element.attributes.iter().any(|known| known.name == attribute.name) {
                attribute.inherited_from =
                    attribute.inherited_from.or_else(|| base.map(str::to_owned));
                element.attributes.push(attribute);
            }
        }
        for event in node.nodes("events") {
            let Some(name) = event.text("name") else { continue };
            if !element.events.iter().any(|known| known.name == name) {
                let detail = self.detail(reader, &event, &format!("{}.{name}", element.tag));
                element.events.push(reader.event(&event, name, detail));
            }
        }
        for (all, key) in [(&mut element.slots, "slots"), (&mut element.parts, "cssParts")] {
            for one in node.nodes(key).iter().map(|one| reader.named(one)) {
                if !all.iter().any(|known| known.name == one.name) {
                    all.push(one);
                }
            }
        }
        for property in node.nodes("cssProperties").iter().filter_map(|one| reader.css(one)) {
            if !element.css_properties.iter().any(|known| known.name == property.name) {
                element.css_properties.push(property);
            }
        }
    }

    /// What an event carries. A class of the manifest says it by its own `detail`; of a type that is
    /// described nowhere it may be anything.
    fn detail(&self, reader: &mut Reader<'_>, event: &Node<'_>, path: &str) -> Option<TypeExpr> {
        // An author who names no type has said nothing about it.
        let Some(ty) = reader.ty(event) else { return Some(TypeExpr::Unknown) };
        let TypeExpr::Ref { name, mut args } = ty else { return Some(ty) };
        if name == "CustomEvent" {
            let detail = args.pop().unwrap_or(TypeExpr::Unknown);
            let is_nothing = matches!(
                detail,
                TypeExpr::Void | TypeExpr::Undefined | TypeExpr::Null | TypeExpr::Never
            );
            return (!is_nothing).then_some(detail);
        }
        if let Some(class) = self.declared.iter().find(|one| one.is("class") && one.name == name) {
            let bases = self.with_bases(class);
            let mut members = bases.iter().flat_map(|class| class.node.nodes("members"));
            let detail = members.find(|one| one.text("name").as_deref() == Some("detail"))?;
            return Some(reader.ty(&detail).unwrap_or(TypeExpr::Unknown));
        }
        // Events of the platform other than `CustomEvent` carry no detail.
        if credwire_schema::link::is_global(&name) {
            return (!name.ends_with("Event")).then_some(TypeExpr::Ref { name, args });
        }
        reader.unknown_event(&name, path, event);
        Some(TypeExpr::Unknown)
    }

    /// What is exported besides elements.
    fn item(&self, reader: &mut Reader<'_>, one: &Declared<'t>) -> Option<ItemFacts> {
        let Declared { name, node, .. } = one;
        let new = |kind| ItemFacts::new(name.as_str(), kind, node.place(self.source));
        let mut item = match node.text("kind")?.as_str() {
            "class" => {
                let mut item = new(ItemKind::Class);
                self.class(reader, &mut item, node);
                item
            }
            "function" => {
                let mut item = new(ItemKind::Function);
                item.calls = vec![reader.signature(node)];
                item
            }
            "variable" => {
                let mut item = new(ItemKind::Variable);
                item.ty = reader.ty(node);
                item.value = node.text("default");
                item
            }
            // What a mixin adds stands in the elements that it is applied to.
            _ => return None,
        };
        item.deprecated = node.is_marked("deprecated");
        item.sentence = reader.sentence(node);
        Some(item)
    }

    fn class(&self, reader: &mut Reader<'_>, item: &mut ItemFacts, node: &Node<'_>) {
        if let Some(base) = node.node("superclass").and_then(|base| base.text("name")) {
            item.extends.push(TypeExpr::Ref { name: base, args: Vec::new() });
        }
        let mut statics = StaticFacts::default();
        for member in node.nodes("members").iter().filter(|member| is_visible(member)) {
            // What is inherited is the base's.
            if member.node("inheritedFrom").is_some() {
                continue;
            }
            if is_static(member) {
                reader.static_member(&mut statics, member);
            } else if member.text("kind").as_deref() == Some("method") {
                item.methods.push(reader.signature(member));
            } else if member.text("name").is_some() {
                item.properties.push(reader.field(member, node));
            }
        }
        item.statics = statics;
    }
}

/// The members that an element has, as they are told apart.
fn names(element: &ElementFacts) -> BTreeSet<String> {
    let StaticFacts { properties, methods, .. } = &element.statics;
    let statics = properties.iter().map(|one| &one.name);
    let statics = statics.chain(methods.iter().map(|one| &one.name));
    let fields = element.fields.iter().map(|one| &one.name);
    let own = fields.chain(element.methods.iter().map(|one| &one.name)).cloned();
    statics.map(|name| format!("static {name}")).chain(own).collect()
}
