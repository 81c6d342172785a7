//! Schemas as documents: the types they need under `$defs`, and those of many types by reference to their own
//! documents.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Definition, Node, node};
use crate::ty::Ty;

/// The dialect of every document.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// How many types a document holds besides its own. Types that all lead to each other would fill every document with
/// all of them: what needs more refers to the documents beside it.
const SELF_CONTAINED: usize = 128;

/// The text of the document of a type.
pub(super) fn of<'a>(
    all: &'a BTreeMap<String, &'a Definition>,
    paths: &'a BTreeMap<String, String>,
    root: &'a Definition,
) -> Result<String, serde_json::Error> {
    let arguments: Vec<Ty> = root.params.iter().map(|(_, default)| default.clone()).collect();
    let root_name = name(&root.ident.to_string(), &arguments);
    let mut writer = Writer {
        all,
        root: root_name,
        defs: Map::new(),
        pending: Vec::new(),
        beside: None,
        is_full: false,
    };
    let mut node = writer.whole(root, &arguments);
    if writer.is_full {
        writer.defs.clear();
        writer.beside = Some(paths);
        node = writer.whole(root, &arguments);
    }
    let Value::Object(mut document) = node else {
        return Err(serde::ser::Error::custom(format!("the schema of `{}` is empty", root.ident)));
    };
    document.insert("$schema".to_owned(), json!(DIALECT));
    if !writer.defs.is_empty() {
        document.insert("$defs".to_owned(), Value::Object(writer.defs));
    }
    let mut document = Value::Object(document);
    // Whether a map keeps the order of insertion is decided by other packages of a build.
    document.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

/// What the type parameters of a definition stand for.
pub(super) type Bound = BTreeMap<String, Ty>;

fn bound(definition: &Definition, arguments: &[Ty]) -> Bound {
    let names = definition.params.iter().map(|(param, _)| param.to_string());
    names.zip(arguments.iter().cloned()).collect()
}

/// The name of a type with its arguments, as `schemars` names it.
fn name(base: &str, arguments: &[Ty]) -> String {
    let arguments: Vec<String> = arguments.iter().map(argument).collect();
    if arguments.is_empty() {
        base.to_owned()
    } else {
        format!("{base}_for_{}", arguments.join("_and_"))
    }
}

fn argument(ty: &Ty) -> String {
    match ty {
        Ty::Text | Ty::Secret => "string".to_owned(),
        Ty::Bytes | Ty::SecretBytes => "Bytes".to_owned(),
        Ty::Timestamp => "Timestamp".to_owned(),
        Ty::Url => "Url".to_owned(),
        Ty::BigInt => "BigInt".to_owned(),
        Ty::Unit => "null".to_owned(),
        Ty::Maybe(item) => format!("Nullable_{}", argument(item)),
        Ty::Boxed(item) => argument(item),
        Ty::Tuple(items) => {
            let items: Vec<String> = items.iter().map(argument).collect();
            format!("Tuple_of_{}", items.join("_and_"))
        }
        Ty::Bool => "boolean".to_owned(),
        Ty::Float => "double".to_owned(),
        Ty::Count => "uint64".to_owned(),
        Ty::EpochMillis => "EpochMillis".to_owned(),
        Ty::EpochSeconds => "EpochSeconds".to_owned(),
        Ty::Millis => "Millis".to_owned(),
        Ty::Seconds => "Seconds".to_owned(),
        Ty::Json => "AnyValue".to_owned(),
        Ty::JsonObject => "Map_of_AnyValue".to_owned(),
        Ty::List(item) => format!("Array_of_{}", argument(item)),
        Ty::Set(item) => format!("Set_of_{}", argument(item)),
        Ty::Dict(item) => format!("Map_of_{}", argument(item)),
        Ty::Named { ident, args, .. } => name(&ident.to_string(), args),
        Ty::Stream(item) => argument(item),
        Ty::Param(ident) | Ty::Handle { ident, .. } => ident.to_string(),
    }
}

struct Writer<'a> {
    all: &'a BTreeMap<String, &'a Definition>,
    root: String,
    defs: Map<String, Value>,
    /// The types that are mentioned and not written yet, with their names: long chains would exhaust the stack.
    pending: Vec<(String, &'a Definition, Vec<Ty>)>,
    /// The documents to refer to, by the names of their types; `None` while all is held in place.
    beside: Option<&'a BTreeMap<String, String>>,
    /// Whether more types were needed than a document holds.
    is_full: bool,
}

impl<'a> Writer<'a> {
    /// The schema of the root, and under `defs` those of all that it needs.
    fn whole(&mut self, root: &'a Definition, arguments: &[Ty]) -> Value {
        let node = self.node(&root.node, &bound(root, arguments));
        while let Some((name, definition, arguments)) = self.pending.pop() {
            let schema = self.node(&definition.node, &bound(definition, &arguments));
            self.defs.insert(name, schema);
        }
        node
    }

    fn node(&mut self, node: &Node, bound: &Bound) -> Value {
        match node {
            Node::Leaf(value) => value.clone(),
            Node::List(items) => items.iter().map(|item| self.node(item, bound)).collect(),
            Node::Object(members) => members
                .iter()
                .map(|(keyword, node)| (keyword.clone(), self.node(node, bound)))
                .collect(),
            Node::Type(ty, more) => {
                let mut schema = self.ty(&resolved(ty, bound), bound);
                if !more.is_empty() && schema == Value::Bool(true) {
                    schema = Value::Object([node::anything()].into_iter().collect());
                }
                if let Value::Object(keywords) = &mut schema {
                    let more = more.iter().map(|(keyword, value)| (keyword.clone(), value.clone()));
                    keywords.extend(more);
                }
                schema
            }
        }
    }

    fn ty(&mut self, ty: &Ty, bound: &Bound) -> Value {
        let Ty::Named { ident, args, .. } = ty else { return self.node(&Node::of(ty), bound) };
        let name = name(&ident.to_string(), args);
        if name == self.root {
            return json!({"$ref": "#"});
        }
        if let Some(path) = self.beside.and_then(|paths| paths.get(&name)) {
            return json!({ "$ref": path });
        }
        if self.beside.is_none() && self.defs.len() >= SELF_CONTAINED {
            self.is_full = true;
            return Value::Null;
        }
        if let (false, Some(definition)) =
            (self.defs.contains_key(&name), self.all.get(&ident.to_string()))
        {
            // In place first, so that a type which holds itself ends.
            self.defs.insert(name.clone(), Value::Null);
            self.pending.push((name.clone(), definition, args.clone()));
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }
}

/// The type with the arguments in the place of its parameters.
pub(super) fn resolved(ty: &Ty, bound: &Bound) -> Ty {
    match ty {
        Ty::Param(param) => bound.get(&param.to_string()).cloned().unwrap_or(Ty::Json),
        Ty::List(item) => Ty::List(Box::new(resolved(item, bound))),
        Ty::Set(item) => Ty::Set(Box::new(resolved(item, bound))),
        Ty::Maybe(item) => Ty::Maybe(Box::new(resolved(item, bound))),
        Ty::Boxed(item) => resolved(item, bound),
        Ty::Tuple(items) => Ty::Tuple(items.iter().map(|item| resolved(item, bound)).collect()),
        Ty::Dict(item) => Ty::Dict(Box::new(resolved(item, bound))),
        Ty::Named { ident, args, traits } => Ty::Named {
            ident: ident.clone(),
            args: args.iter().map(|arg| resolved(arg, bound)).collect(),
            traits: *traits,
        },
        ty => ty.clone(),
    }
}
