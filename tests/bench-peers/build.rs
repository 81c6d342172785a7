//! Makes the peers' types from the JSON Schemas of the same documents: typify's for Rust.

use std::{env, fs, path::Path};

use credwire_schema::{document, overlay::Overlay};

/// The types whose JSON Schema is measured, and those that typify makes in a module each. Of the
/// union of warnings it gets the one kind that is measured.
const TYPES: [(&str, &str, &str); 4] = [
    ("SdkCredential", "SdkCredential", "credential"),
    ("SubscriberInfo", "SubscriberInfo", "subscriber_info"),
    ("SignalwireConnectResult", "SignalwireConnectResult", "connect_result"),
    ("SdkWarning", "CredentialNoRefreshHandlerWarning", "warning"),
];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = root.join("../../schema");
    let folders = [schema.join("interfaces"), schema.join("wire"), root.join("schema")];
    let overlay = Overlay::load(&schema.join("overlay.toml")).expect("the overlay can be read");
    let out = env::var("OUT_DIR").expect("cargo names a folder");
    let out = Path::new(&out);
    for folder in &folders {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let schema = document::load_schemas(&folders, &overlay).expect("the documents can be read");
    let output = credwire_codegen::render(&schema).expect("the schema can be rendered");
    let mut modules = String::new();
    let json_schema = |name: &str| {
        let json = output.files().get(&format!("json-schema/{name}.json"));
        json.expect("what is on the wire has a JSON Schema")
    };
    for (name, of_typify, module) in TYPES {
        let path = out.join(format!("{name}.json"));
        fs::write(path, json_schema(name)).expect("a file can be written");
        let code = typify(json_schema(of_typify));
        modules.push_str(&format!("pub mod {module} {{\n{code}}}\n"));
    }
    fs::write(out.join("typify.rs"), modules).expect("a file can be written");
}

fn typify(json_schema: &str) -> String {
    let schema: schemars::schema::RootSchema =
        serde_json::from_str(json_schema).expect("a JSON Schema");
    let mut space = typify_impl::TypeSpace::default();
    space.add_root_schema(schema).expect("typify takes the schema");
    let file = syn::parse2(space.to_stream()).expect("typify makes Rust");
    prettyplease::unparse(&file)
}
