//! Makes a module of each JSON Schema in the folder `CREDWIRE_SCHEMAS`, and a list of what judges
//! samples of it.

use std::{env, fmt::Write as _, fs, path::Path};

use typify_impl::TypeSpace;

fn main() {
    println!("cargo::rerun-if-env-changed=CREDWIRE_SCHEMAS");
    let folder = env::var("CREDWIRE_SCHEMAS").expect("CREDWIRE_SCHEMAS names a folder");
    println!("cargo::rerun-if-changed={folder}");
    let files = fs::read_dir(&folder).expect("the folder can be read");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let (mut modules, mut readers) = (String::new(), String::new());
    for file in files {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        let text = fs::read_to_string(&file).expect("a file can be read");
        let schema = serde_json::from_str(&text).expect("a JSON Schema");
        let mut space = TypeSpace::default();
        let root = space.add_root_schema(schema).expect("typify takes the schema");
        let root = root.expect("the schema has a title");
        let ty = space.get_type(&root).expect("the type is there").ident();
        let code = space.to_stream();
        write!(modules, "mod {name} {{ {code} pub type Root = {ty}; }}\n").expect("a text");
        write!(readers, "(\"{name}\", takes::<{name}::Root>),\n").expect("a text");
    }
    let out = env::var("OUT_DIR").expect("cargo names a folder");
    let made = format!("{modules}const READERS: &[(&str, Takes)] = &[\n{readers}];\n");
    fs::write(Path::new(&out).join("made.rs"), made).expect("a file can be written");
}
