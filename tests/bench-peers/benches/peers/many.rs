//! Any number of interfaces: what the committed documents put on the wire, again and again, each
//! time under names of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use credwire_schema::{document, link, model::External, overlay::Overlay};
use serde_json::{Map, Value, json};

/// Interfaces as texts: what generators read.
pub(crate) struct Many {
    /// How many there are.
    pub(crate) count: usize,
    /// The documents, by a name for messages.
    pub(crate) documents: Vec<(String, String)>,
    /// One JSON Schema that defines them all.
    pub(crate) json_schema: String,
    externals: BTreeMap<String, External>,
}

impl Many {
    /// About `count` interfaces.
    pub(crate) fn new(count: usize) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema");
        let overlay = Overlay::load(&root.join("overlay.toml")).expect("the overlay can be read");
        let folders = [root.join("interfaces"), root.join("wire")];
        let schema = document::load_schemas(&folders, &overlay).expect("the documents can be read");
        let output = credwire_codegen::render(&schema).expect("the schema can be rendered");
        let mut originals = Vec::new();
        let mut definitions = Map::new();
        for item in schema.items.values() {
            let rust = &item.rust;
            let Some(text) = output.files().get(&format!("json-schema/{rust}.json")) else {
                continue;
            };
            let written = document::write(item).expect("a document");
            originals.push(serde_json::from_str::<Value>(&written).expect("a document"));
            let mut definition: Value = serde_json::from_str(text).expect("a JSON Schema");
            let members = definition.as_object_mut().expect("a JSON Schema");
            members.remove("$schema");
            members.remove("title");
            if let Some(Value::Object(inner)) = members.remove("$defs") {
                definitions.extend(inner);
            }
            definitions.insert(rust.clone(), definition);
        }
        let names: BTreeSet<String> = originals
            .iter()
            .flat_map(|original| [&original["name"], &original["rust"]])
            .filter_map(|name| name.as_str().map(str::to_owned))
            .chain(definitions.keys().cloned())
            .collect();
        let mut documents = Vec::new();
        let mut defined = Map::new();
        // Whole copies, so that no reference leads nowhere.
        let copies = (count as f64 / originals.len() as f64).round().max(1.0) as usize;
        for copy in 0..copies {
            let rename = |value: &Value| renamed(value, &names, copy);
            for original in &originals {
                let document = rename(original);
                let name = document["name"].as_str().expect("a name").to_owned();
                documents.push((format!("{name}.json"), document.to_string()));
            }
            for (name, definition) in &definitions {
                defined.insert(format!("{name}Copy{copy}"), rename(definition));
            }
        }
        let json_schema = json!({ "$defs": defined }).to_string();
        let externals = overlay.externals().clone();
        Self { count: documents.len(), documents, json_schema, externals }
    }

    /// What our generator makes of them.
    pub(crate) fn ours(&self) -> credwire_codegen::GeneratedFiles {
        let items = self.documents.iter().map(|(name, text)| {
            let mut item = document::read(name, text).unwrap_or_else(|problem| panic!("{problem}"));
            document::locate(&mut item, name);
            item
        });
        let schema = link::link(items.collect(), &self.externals);
        let output = schema.and_then(|schema| credwire_codegen::render(&schema));
        output.unwrap_or_else(|problems| panic!("{problems:#?}"))
    }

    /// What typify makes of them.
    pub(crate) fn typify(&self) -> String {
        let schema: schemars::schema::RootSchema =
            serde_json::from_str(&self.json_schema).expect("a JSON Schema");
        let mut space = typify_impl::TypeSpace::default();
        space.add_root_schema(schema).expect("typify takes the schema");
        let file = syn::parse2(space.to_stream()).expect("typify makes Rust");
        prettyplease::unparse(&file)
    }
}

/// The same with other names, in references too.
fn renamed(value: &Value, names: &BTreeSet<String>, copy: usize) -> Value {
    match value {
        Value::String(text) => {
            let name = text.rsplit('/').next().unwrap_or(text);
            if names.contains(name) && (name == text || text.starts_with("#/$defs/")) {
                return format!("{text}Copy{copy}").into();
            }
            value.clone()
        }
        Value::Array(items) => items.iter().map(|item| renamed(item, names, copy)).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.clone(), renamed(member, names, copy)))
                .collect(),
        ),
        _ => value.clone(),
    }
}
