//! Declarations into the facts of one item.

use std::collections::BTreeMap;

use credwire_schema::{
    diagnostic::{Diagnostic, Place},
    type_expr::{FunctionParam, FunctionType, IndexSignature, TypeExpr},
};

use super::{
    jsdoc::Doc,
    names::{Names, types},
    rename::Speller,
    scopes::{Declared, Scopes, Symbol},
};
use crate::{
    facts::{
        AccessorFacts, DocFacts, EnumMemberFacts, ItemFacts, ItemKind, MemberFacts, Sentence,
        SignatureFacts,
    },
    reference::{default_value, describe, one_of},
    source::Source,
    ts::{Body, Declaration, DeclarationKind, DeclaredMember, MemberKind},
};

/// Reads a symbol under its public name.
pub(super) fn read(
    scopes: &Scopes<'_>,
    symbol: &Symbol,
    name: &str,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ItemFacts> {
    let all = scopes.declarations(symbol);
    let own = scopes.qualified(symbol);
    // Of a type and a value under one name, the type is what others mention.
    let first = all.iter().min_by_key(|declared| rank(&declared.declaration.kind))?;
    let first_kind = kind(&first.declaration.kind);
    let place = first.source.place(first.declaration.offset);
    let mut item = ItemFacts::new(name, first_kind, place);
    item.declared = (own != name).then_some(own);
    for declared in all {
        let Declared { source, declaration, body } = *declared;
        let place = source.place(declaration.offset);
        let speller = Speller::new(scopes, names, body);
        for text in &declaration.opaque {
            diagnostics.push(opaque(text, &place));
        }
        for ty in types(&declaration.kind) {
            ty.walk(&mut |part| {
                if let Some(text) = speller.unknown(part) {
                    diagnostics.push(opaque(&text, &place));
                }
            });
        }
        if !merges(first_kind, &declaration.kind) {
            let other = kind(&declaration.kind).as_str();
            let message =
                format!("`{name}` is read as {}; the {other} is not read", first_kind.as_str());
            diagnostics.push(
                Diagnostic::warning("merged-declaration", place, message)
                    .help("look the value up in the declarations"),
            );
            continue;
        }
        Reader { source, speller }.declaration(declaration, &mut item);
    }
    join_accessors(&mut item.accessors);
    join_accessors(&mut item.statics.accessors);
    Some(item)
}

/// Makes one accessor of a getter and the setter of its name, where the first of them stands.
fn join_accessors(accessors: &mut Vec<AccessorFacts>) {
    let mut joined: Vec<AccessorFacts> = Vec::with_capacity(accessors.len());
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for accessor in accessors.drain(..) {
        let next = joined.len();
        let at = *places.entry(accessor.name.clone()).or_insert(next);
        let Some(known) = joined.get_mut(at) else {
            joined.push(accessor);
            continue;
        };
        known.internal |= accessor.internal;
        known.get = accessor.get.or(known.get.take());
        if known.doc == DocFacts::default() {
            known.doc = accessor.doc;
        }
        known.set = accessor.set.or(known.set.take());
        if let Some(set) = &mut known.set {
            set.place = known.place.clone();
        }
    }
    *accessors = joined;
}

/// As much of a text as helps to find it.
const SHOWN: usize = 200;

pub(crate) fn opaque(text: &str, place: &Place) -> Diagnostic {
    let shown: String = text.chars().take(SHOWN).collect();
    let more = if shown.len() < text.len() { " .." } else { "" };
    let message = format!("`{shown}{more}` is a type that is kept as text only");
    Diagnostic::warning("opaque-type", place.clone(), message)
        .help("give it a name of its own, or map it in the overlay")
}

fn rank(declared: &DeclarationKind) -> u8 {
    match declared {
        DeclarationKind::Class(_) => 0,
        DeclarationKind::Interface(_) => 1,
        DeclarationKind::Enum(_) | DeclarationKind::Alias(_) => 2,
        DeclarationKind::Function(_) => 3,
        DeclarationKind::Constant(_) | DeclarationKind::Namespace(_) => 4,
    }
}

/// Whether an item of some kind has room for a declaration of its name.
fn merges(item: ItemKind, declared: &DeclarationKind) -> bool {
    match declared {
        DeclarationKind::Class(_) => item == ItemKind::Class,
        DeclarationKind::Interface(_) => matches!(item, ItemKind::Class | ItemKind::Interface),
        // What the type does when it is called is what the function is.
        DeclarationKind::Function(_) => {
            matches!(item, ItemKind::Function | ItemKind::Interface)
        }
        other => kind(other) == item,
    }
}

fn kind(declared: &DeclarationKind) -> ItemKind {
    match declared {
        DeclarationKind::Interface(_) => ItemKind::Interface,
        DeclarationKind::Class(_) => ItemKind::Class,
        DeclarationKind::Alias(_) | DeclarationKind::Enum(_) => ItemKind::Alias,
        DeclarationKind::Function(_) => ItemKind::Function,
        DeclarationKind::Constant(constant) => match &constant.ty {
            Some(TypeExpr::Function(function)) if !function.construct => ItemKind::Function,
            _ => ItemKind::Variable,
        },
        DeclarationKind::Namespace(_) => ItemKind::Variable,
    }
}

struct Reader<'a> {
    source: &'a Source,
    speller: Speller<'a>,
}

impl Reader<'_> {
    fn ty(&self, ty: &TypeExpr) -> TypeExpr {
        self.speller.ty(ty)
    }

    fn declaration(&self, declaration: &Declaration, item: &mut ItemFacts) {
        let doc = Doc::read(declaration.comment.as_ref(), self.source);
        let place = self.source.place(declaration.offset);
        item.deprecated |= doc.has("deprecated");
        item.since = item.since.take().or_else(|| doc.text("since"));
        item.sentence = std::mem::take(&mut item.sentence).or_of(&doc.prose);
        match &declaration.kind {
            DeclarationKind::Interface(body) | DeclarationKind::Class(body) => {
                let speller = self.speller.below(&body.type_params);
                Reader { source: self.source, speller }.body(body, item);
                if item.one_of.is_none() && !doc.prose.is_empty() {
                    let known: Vec<&str> =
                        item.properties.iter().map(|property| property.name.as_str()).collect();
                    item.one_of = one_of(&doc.prose, &known);
                }
            }
            DeclarationKind::Alias(alias) => {
                item.type_params = self.speller.params(&alias.type_params);
                let speller = self.speller.below(&alias.type_params);
                let below = Reader { source: self.source, speller };
                let ty = below.ty(&alias.ty);
                if let TypeExpr::Function(function) = &ty {
                    item.calls.push(self.function(&item.name, function, &doc, place));
                }
                item.properties = below.fields(&declaration.fields);
                item.ty = Some(ty);
            }
            DeclarationKind::Function(function) => {
                item.calls.push(self.function(&item.name, function, &doc, place));
            }
            DeclarationKind::Constant(constant) => match &constant.ty {
                Some(TypeExpr::Function(function)) if !function.construct => {
                    item.calls.push(self.function(&item.name, function, &doc, place));
                }
                ty => {
                    item.ty = ty.as_ref().map(|ty| self.ty(ty));
                    item.value.clone_from(&constant.value);
                }
            },
            DeclarationKind::Enum(members) => {
                item.members.extend(members.iter().map(|member| {
                    let doc = Doc::read(member.comment.as_ref(), self.source);
                    EnumMemberFacts {
                        name: member.name.clone(),
                        value: member.value.clone(),
                        deprecated: doc.has("deprecated"),
                        sentence: Sentence::of(&doc.prose),
                    }
                }));
                let values = item.members.iter().map(|member| member.value.clone());
                item.ty = Some(TypeExpr::Union(values.collect()));
            }
            DeclarationKind::Namespace(_) => {}
        }
    }

    fn body(&self, body: &Body, item: &mut ItemFacts) {
        if item.type_params.is_empty() {
            item.type_params = self.speller.params(&body.type_params);
        }
        item.extends.extend(self.speller.bases(&body.extends));
        item.implements.extend(self.speller.types(&body.implements));
        item.is_abstract |= body.is_abstract;
        for declared in &body.members {
            let member = &declared.member;
            let doc = Doc::read(declared.comment.as_ref(), self.source);
            let place = self.source.place(declared.offset);
            let (properties, accessors, methods) = if declared.is_static {
                let own = &mut item.statics;
                (&mut own.properties, &mut own.accessors, &mut own.methods)
            } else {
                (&mut item.properties, &mut item.accessors, &mut item.methods)
            };
            match member.kind {
                MemberKind::Property => properties.push(self.property(declared, &doc, place)),
                MemberKind::Getter | MemberKind::Setter => {
                    accessors.push(self.accessor(declared, &doc, place));
                }
                MemberKind::Method => methods.push(self.signature(declared, &doc, place)),
                MemberKind::Call => item.calls.push(self.signature(declared, &doc, place)),
                MemberKind::Constructor => {
                    let mut constructor = self.signature(declared, &doc, place);
                    constructor.returns.get_or_insert_with(|| TypeExpr::named(item.name.as_str()));
                    item.constructors.push(constructor);
                }
                MemberKind::Index => {
                    let index = member.clone().into_index();
                    let (key, value) = (self.ty(&index.key), self.ty(&index.value));
                    item.index.push(IndexSignature { key, value, ..index });
                }
            }
        }
    }

    fn property(&self, declared: &DeclaredMember, doc: &Doc, place: Place) -> MemberFacts {
        let member = &declared.member;
        let name = self.speller.member_name(&member.name);
        let mut facts = MemberFacts::new(name, member.ty.as_ref().map(|ty| self.ty(ty)), place);
        facts.optional = member.optional;
        facts.readonly = Some(member.readonly);
        facts.access = declared.is_protected.then(|| "protected".to_owned());
        facts.internal = doc.has("internal");
        facts.doc = self.doc_facts(facts.ty.as_ref(), doc);
        facts.fields = self.fields(&declared.fields);
        facts.drop_undefined();
        facts
    }

    /// The members of an object when their comments state anything.
    fn fields(&self, declared: &[DeclaredMember]) -> Vec<MemberFacts> {
        let plain = |declared: &&DeclaredMember| {
            let kind = declared.member.kind;
            matches!(kind, MemberKind::Property | MemberKind::Getter | MemberKind::Method)
        };
        let fields: Vec<MemberFacts> = declared
            .iter()
            .filter(plain)
            .map(|declared| {
                let doc = Doc::read(declared.comment.as_ref(), self.source);
                let mut facts = self.property(declared, &doc, self.source.place(declared.offset));
                if declared.member.kind == MemberKind::Method {
                    let function = declared.member.clone().into_function();
                    facts.ty = Some(self.ty(&TypeExpr::Function(Box::new(function))));
                }
                facts
            })
            .collect();
        let says = |field: &MemberFacts| {
            field.internal || field.doc != DocFacts::default() || !field.fields.is_empty()
        };
        if fields.iter().any(says) { fields } else { Vec::new() }
    }

    /// What a comment states of a value; a default that is a member of an enumeration is its value.
    fn doc_facts(&self, ty: Option<&TypeExpr>, doc: &Doc) -> DocFacts {
        let mut facts = describe(ty, &doc.prose);
        facts.deprecated = doc.has("deprecated");
        if let Some(spans) = doc.tag(&["defaultValue", "default"]) {
            facts.default = default_value(spans).or(facts.default);
        }
        if let Some(default) = &mut facts.default
            && let Some(value) = self.speller.value(&default.value)
        {
            default.value = value;
        }
        facts
    }

    /// A getter or a setter alone.
    fn accessor(&self, declared: &DeclaredMember, doc: &Doc, place: Place) -> AccessorFacts {
        let member = &declared.member;
        let mut accessor = AccessorFacts {
            name: self.speller.member_name(&member.name),
            get: None,
            set: None,
            doc: DocFacts::default(),
            access: declared.is_protected.then(|| "protected".to_owned()),
            inherited_from: None,
            unimplemented: false,
            internal: doc.has("internal"),
            page: None,
            place: place.clone(),
        };
        if member.kind == MemberKind::Getter {
            accessor.get = member.ty.as_ref().map(|ty| self.ty(ty));
        } else if let Some(param) = member.params.first() {
            accessor.set = Some(self.param(param, doc, place));
        }
        let carried = accessor.get.as_ref().or_else(|| accessor.set.as_ref()?.ty.as_ref());
        accessor.doc = self.doc_facts(carried, doc);
        accessor
    }

    fn signature(&self, declared: &DeclaredMember, doc: &Doc, place: Place) -> SignatureFacts {
        let member = &declared.member;
        let name = match member.kind {
            MemberKind::Constructor => "constructor".to_owned(),
            _ => self.speller.member_name(&member.name),
        };
        let function = member.clone().into_function();
        let mut facts = self.function(&name, &function, doc, place);
        facts.optional = member.optional;
        facts.access = declared.is_protected.then(|| "protected".to_owned());
        facts.is_abstract = declared.is_abstract;
        if member.ty.is_none() {
            facts.returns = None;
        }
        facts
    }

    fn function(
        &self,
        name: &str,
        function: &FunctionType,
        doc: &Doc,
        place: Place,
    ) -> SignatureFacts {
        let mut facts = SignatureFacts::new(name, place.clone());
        facts.type_params = self.speller.params(&function.type_params);
        let speller = self.speller.below(&function.type_params);
        let below = Reader { source: self.source, speller };
        facts.params =
            function.params.iter().map(|param| below.param(param, doc, place.clone())).collect();
        facts.returns = Some(below.ty(&function.returns));
        facts.throws = doc.has("throws");
        facts.deprecated = doc.has("deprecated");
        facts.internal = doc.has("internal");
        facts.sentence = Sentence::of(&doc.prose);
        facts
    }

    fn param(&self, param: &FunctionParam, doc: &Doc, place: Place) -> MemberFacts {
        let mut facts =
            MemberFacts::new(param.name.as_str(), param.ty.as_ref().map(|ty| self.ty(ty)), place);
        facts.optional = param.optional;
        facts.rest = param.rest;
        facts.doc = describe(facts.ty.as_ref(), doc.param(&param.name));
        facts.doc.sentence = Sentence::of(&doc.about_param(&param.name));
        facts.drop_undefined();
        facts
    }
}
