//! Declarations into the facts of one item.

use super::{
    jsdoc::Doc,
    modules::{Modules, Symbol},
    rename::Renames,
};
use crate::{
    diagnostic::{Diagnostic, Place},
    facts::{AccessorFacts, DocFacts, ItemFacts, ItemKind, MemberFacts, SignatureFacts, Stated},
    page::{Span, text_of},
    reference::{describe, one_of},
    source::Source,
    ts::{Body, Declaration, DeclarationKind, DeclaredMember, MemberKind},
    type_expr::{FunctionParam, FunctionType, TypeExpr, TypeParam},
};

/// Reads a symbol under its public name.
pub(super) fn read(
    modules: &Modules,
    symbol: &Symbol,
    name: &str,
    renames: &Renames,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<ItemFacts> {
    let source = &modules.file(symbol)?.source;
    let mut item: Option<ItemFacts> = None;
    for declaration in modules.declarations(symbol) {
        let place = source.place(declaration.offset);
        for text in &declaration.opaque {
            let message = format!("`{text}` is a type that is kept as text only");
            diagnostics.push(
                Diagnostic::warning("opaque-type", place.clone(), message)
                    .help("give it a name of its own, or map it in the overlay"),
            );
        }
        let item = item.get_or_insert_with(|| {
            let mut made = ItemFacts::new(name, kind(&declaration.kind), place.clone());
            made.declared = (symbol.name != name).then(|| symbol.name.clone());
            made
        });
        Reader { source, file: &symbol.file, renames }.declaration(declaration, item);
    }
    item
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
    }
}

struct Reader<'a> {
    source: &'a Source,
    file: &'a str,
    renames: &'a Renames,
}

impl Reader<'_> {
    fn ty(&self, ty: &TypeExpr) -> TypeExpr {
        let mut ty = ty.clone();
        self.renames.apply(self.file, &mut ty);
        ty
    }

    fn types(&self, types: &[TypeExpr]) -> Vec<TypeExpr> {
        types.iter().map(|ty| self.ty(ty)).collect()
    }

    fn type_params(&self, params: &[TypeParam]) -> Vec<TypeParam> {
        let mut params = params.to_vec();
        self.renames.apply_params(self.file, &mut params);
        params
    }

    fn declaration(&self, declaration: &Declaration, item: &mut ItemFacts) {
        let doc = Doc::read(declaration.comment.as_ref(), self.source);
        let place = self.source.place(declaration.offset);
        match &declaration.kind {
            DeclarationKind::Interface(body) | DeclarationKind::Class(body) => {
                self.body(body, item);
                let known: Vec<&str> =
                    item.properties.iter().map(|property| property.name.as_str()).collect();
                item.one_of = item.one_of.take().or_else(|| one_of(&doc.prose, &known));
            }
            DeclarationKind::Alias(alias) => {
                item.type_params = self.type_params(&alias.type_params);
                let ty = self.ty(&alias.ty);
                if let TypeExpr::Function(function) = &ty {
                    item.calls.push(self.function(&item.name, function, &doc, place));
                }
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
                item.ty =
                    Some(TypeExpr::Union(members.iter().map(|(_, value)| value.clone()).collect()));
            }
        }
    }

    fn body(&self, body: &Body, item: &mut ItemFacts) {
        item.type_params = self.type_params(&body.type_params);
        item.extends.extend(self.types(&body.extends));
        item.implements.extend(self.types(&body.implements));
        for declared in &body.members {
            let member = &declared.member;
            let doc = Doc::read(declared.comment.as_ref(), self.source);
            let place = self.source.place(declared.offset);
            match member.kind {
                MemberKind::Property => item.properties.push(self.property(declared, &doc, place)),
                MemberKind::Getter | MemberKind::Setter => {
                    self.accessor(declared, &doc, place, item)
                }
                MemberKind::Method => item.methods.push(self.signature(declared, &doc, place)),
                MemberKind::Call => item.calls.push(self.signature(declared, &doc, place)),
                MemberKind::Constructor => {
                    let mut constructor = self.signature(declared, &doc, place);
                    constructor.returns.get_or_insert_with(|| TypeExpr::named(item.name.as_str()));
                    item.constructors.push(constructor);
                }
                MemberKind::Index => {
                    let key = member
                        .params
                        .first()
                        .and_then(|param| param.ty.as_ref())
                        .map(|ty| self.ty(ty));
                    let value = member.ty.as_ref().map(|ty| self.ty(ty));
                    item.index.extend(key.zip(value));
                }
            }
        }
    }

    fn property(&self, declared: &DeclaredMember, doc: &Doc, place: Place) -> MemberFacts {
        let member = &declared.member;
        let mut facts =
            MemberFacts::new(member.name.as_str(), member.ty.as_ref().map(|ty| self.ty(ty)), place);
        facts.optional = member.optional;
        facts.readonly = Some(member.readonly);
        facts.access = declared.is_protected.then(|| "protected".to_owned());
        facts.internal = doc.has("internal");
        facts.doc = doc_facts(facts.ty.as_ref(), doc);
        without_undefined(&mut facts);
        facts
    }

    fn accessor(&self, declared: &DeclaredMember, doc: &Doc, place: Place, item: &mut ItemFacts) {
        let member = &declared.member;
        let at = item.accessors.iter().position(|known| known.name == member.name).unwrap_or_else(
            || {
                item.accessors.push(AccessorFacts {
                    name: member.name.clone(),
                    get: None,
                    set: None,
                    doc: DocFacts::default(),
                    access: declared.is_protected.then(|| "protected".to_owned()),
                    inherited_from: None,
                    unimplemented: false,
                    internal: false,
                    page: None,
                    place,
                });
                item.accessors.len() - 1
            },
        );
        let Some(accessor) = item.accessors.get_mut(at) else { return };
        accessor.internal |= doc.has("internal");
        if member.kind == MemberKind::Getter {
            accessor.get = member.ty.as_ref().map(|ty| self.ty(ty));
        } else if let Some(param) = member.params.first() {
            accessor.set = Some(self.param(param, doc, accessor.place.clone()));
        }
        let carried = accessor.get.as_ref().or_else(|| accessor.set.as_ref()?.ty.as_ref());
        let stated = doc_facts(carried, doc);
        if accessor.doc == DocFacts::default() {
            accessor.doc = stated;
        }
    }

    fn signature(&self, declared: &DeclaredMember, doc: &Doc, place: Place) -> SignatureFacts {
        let member = &declared.member;
        let name =
            if member.kind == MemberKind::Constructor { "constructor" } else { &member.name };
        let mut facts = SignatureFacts::new(name, place.clone());
        facts.optional = member.optional;
        facts.access = declared.is_protected.then(|| "protected".to_owned());
        facts.type_params = self.type_params(&member.type_params);
        facts.params =
            member.params.iter().map(|param| self.param(param, doc, place.clone())).collect();
        facts.returns = member.ty.as_ref().map(|ty| self.ty(ty));
        facts.throws = doc.has("throws");
        facts.internal = doc.has("internal");
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
        facts.type_params = self.type_params(&function.type_params);
        facts.params =
            function.params.iter().map(|param| self.param(param, doc, place.clone())).collect();
        facts.returns = Some(self.ty(&function.returns));
        facts.throws = doc.has("throws");
        facts.internal = doc.has("internal");
        facts
    }

    fn param(&self, param: &FunctionParam, doc: &Doc, place: Place) -> MemberFacts {
        let mut facts =
            MemberFacts::new(param.name.as_str(), param.ty.as_ref().map(|ty| self.ty(ty)), place);
        facts.optional = param.optional;
        facts.rest = param.rest;
        facts.doc = describe(facts.ty.as_ref(), doc.param(&param.name));
        without_undefined(&mut facts);
        facts
    }
}

/// An optional member says already that it may be undefined.
fn without_undefined(member: &mut MemberFacts) {
    if !member.optional {
        return;
    }
    if let Some(TypeExpr::Union(members)) = &mut member.ty {
        members.retain(|ty| *ty != TypeExpr::Undefined);
        if members.len() == 1 {
            member.ty = members.pop();
        }
    }
}

fn doc_facts(ty: Option<&TypeExpr>, doc: &Doc) -> DocFacts {
    let mut facts = describe(ty, &doc.prose);
    facts.deprecated = doc.has("deprecated");
    if let Some(spans) = doc.tag(&["defaultValue", "default"]) {
        facts.default = default_value(spans).or(facts.default);
    }
    facts
}

fn default_value(spans: &[Span]) -> Option<Stated<String>> {
    let words = text_of(spans);
    let code = spans.iter().find(|span| span.code).map(|span| span.text.as_str());
    let value = code.unwrap_or_else(|| words.trim()).trim_matches(['"', '\'', '`']).to_owned();
    let place = spans.first()?.place.clone();
    (!value.is_empty()).then(|| Stated { value, place, words: words.trim().to_owned() })
}
