//! Pages of a type alias, of a function, and the entry page with its variables.

use credwire_schema::type_expr::{FunctionType, TypeExpr};

use super::{
    Reader,
    code::{Statement, statement_kind},
    section::{self, Section},
    signature::enriched,
};
use crate::{
    facts::{ItemFacts, ItemKind, MemberFacts, Sentence, SignatureFacts},
    page::{Block, BlockKind},
    ts,
};

pub(super) fn read_alias(reader: &mut Reader<'_>) -> Option<ItemFacts> {
    let page = reader.page;
    let mut item = reader.item(ItemKind::Alias);
    let body = reader.body(&page.blocks);
    let Some(code) = body.code.iter().find(|code| statement_kind(&code.text) == Statement::Alias)
    else {
        reader.error(
            "missing-signature",
            &page.title_place,
            "the page has no `type X = ..` fence",
            "put the alias into a `ts` fence at the top",
        );
        return None;
    };
    let parsed = match ts::parse_alias(&code.text) {
        Ok(parsed) => parsed,
        Err(fault) => {
            let message = format!("the alias cannot be read: {}", fault.message);
            reader.error(
                "invalid-type",
                &code.place,
                message,
                "write `type Name = ..` in TypeScript",
            );
            return None;
        }
    };
    reader.report_opaque(&parsed.opaque, &code.place);
    if parsed.value.name != item.name {
        let message =
            format!("the page is titled `{}`, but declares `{}`", item.name, parsed.value.name);
        reader.warn("title-differs", &code.place, message, "the title is taken; make them agree");
    }
    item.place = code.place.clone();
    item.type_params = enriched(parsed.value.type_params, &[]);
    if let TypeExpr::Function(function) = &parsed.value.ty {
        let name = item.name.clone();
        item.calls.push(call(name, function, &body.params, &body.type_params, &code.place));
    } else {
        item.type_params = enriched(item.type_params, &body.type_params);
    }
    item.sentence = Sentence::of(&body.prose);
    item.described = described(reader, &parsed.value.ty, &body.described);
    item.ty = Some(parsed.value.ty);
    Some(item)
}

/// The literals and names that the page explains; one that is no member of the union is odd.
fn described(
    reader: &mut Reader<'_>,
    ty: &TypeExpr,
    listed: &[(String, credwire_schema::diagnostic::Place)],
) -> Vec<(String, credwire_schema::diagnostic::Place)> {
    let TypeExpr::Union(members) = ty else { return Vec::new() };
    let mut known = Vec::new();
    for (name, place) in listed {
        let is_member = members.iter().any(|member| match member {
            TypeExpr::Literal(literal) => literal == name,
            TypeExpr::Ref { name: member, .. } => member == name,
            TypeExpr::Template(_) => name.contains(['*', '{', '<']) || name.ends_with('-'),
            _ => false,
        });
        let templates = members.iter().any(|member| matches!(member, TypeExpr::Template(_)));
        if is_member {
            known.push((name.clone(), place.clone()));
        } else if !templates {
            let message = format!("`{name}` is explained, but is no member of the union");
            reader.warn(
                "unknown-union-member",
                place,
                message,
                "add it to the union or drop its line",
            );
        }
    }
    known
}

fn call(
    name: String,
    function: &FunctionType,
    params: &[MemberFacts],
    type_params: &[credwire_schema::type_expr::TypeParam],
    place: &credwire_schema::diagnostic::Place,
) -> SignatureFacts {
    let mut call = SignatureFacts::new(name, place.clone());
    call.type_params = enriched(function.type_params.clone(), type_params);
    call.returns = Some(function.returns.clone());
    for param in &function.params {
        let known = params.iter().find(|known| known.name == param.name);
        let mut facts = known
            .cloned()
            .unwrap_or_else(|| MemberFacts::new(param.name.as_str(), None, place.clone()));
        facts.ty = param.ty.clone().or(facts.ty);
        facts.optional = param.optional;
        facts.rest = param.rest;
        call.params.push(facts);
    }
    call
}

pub(super) fn read_function(reader: &mut Reader<'_>) -> Option<ItemFacts> {
    let page = reader.page;
    let mut item = reader.item(ItemKind::Function);
    let members = reader.members(&page.blocks);
    if members.methods.is_empty() {
        reader.error(
            "missing-signature",
            &page.title_place,
            "the page has no signature",
            "put `name(a, b?): Result` into a `ts` fence at the top",
        );
        return None;
    }
    item.calls = members.methods;
    item.sentence = item.calls.first().map(|call| call.sentence.clone()).unwrap_or_default();
    Some(item)
}

/// The constants below `Variables`; the rest of the entry page only links.
pub(super) fn read_variables(reader: &mut Reader<'_>) -> Vec<ItemFacts> {
    let page = reader.page;
    let mut items = Vec::new();
    let mut inside = !page.blocks.iter().any(is_variables);
    for block in &page.blocks {
        match &block.kind {
            BlockKind::Heading { depth: 1..=2, text, .. } => {
                inside = section::of(text) == Some(Section::Variables)
            }
            BlockKind::Fence { lang, code }
                if inside
                    && section::is_typescript(lang)
                    && statement_kind(code) == Statement::Constant =>
            {
                items.extend(variable(reader, code, block));
            }
            BlockKind::Element(element) => reader.check_element(&element.name, &block.place),
            _ => {}
        }
    }
    items
}

fn is_variables(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::Heading { text, .. } if section::of(text) == Some(Section::Variables))
}

fn variable(reader: &mut Reader<'_>, code: &str, block: &Block) -> Option<ItemFacts> {
    match ts::parse_constant(&super::prose_types::clean(code)) {
        Ok(parsed) => {
            reader.report_opaque(&parsed.opaque, &block.place);
            let mut item =
                ItemFacts::new(parsed.value.name, ItemKind::Variable, block.place.clone());
            item.page = Some(reader.page.path.clone());
            item.slug.clone_from(&reader.page.slug);
            item.ty = parsed.value.ty;
            item.value = parsed.value.value;
            Some(item)
        }
        Err(fault) => {
            let message = format!("the constant cannot be read: {}", fault.message);
            reader.error(
                "invalid-signature",
                &block.place,
                message,
                "write `const name: Type = value`",
            );
            None
        }
    }
}
