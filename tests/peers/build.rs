//! Makes a module of each JSON Schema in the folder `CREDWIRE_PEERS`.

use std::{env, fs, path::Path};

use typify_impl::TypeSpace;

fn main() {
    println!("cargo::rerun-if-env-changed=CREDWIRE_PEERS");
    let folder = env::var("CREDWIRE_PEERS").expect("CREDWIRE_PEERS names a folder");
    println!("cargo::rerun-if-changed={folder}");
    let out = env::var("OUT_DIR").expect("cargo names a folder");
    for name in ["granted", "metadata", "user"] {
        let file = Path::new(&folder).join(name).with_extension("json");
        let text = fs::read_to_string(file).expect("a file can be read");
        let schema = serde_json::from_str(&text).expect("a JSON Schema");
        let mut space = TypeSpace::default();
        space.add_root_schema(schema).expect("typify takes the schema");
        let code = space.to_stream().to_string();
        fs::write(Path::new(&out).join(name).with_extension("rs"), code)
            .expect("a file can be written");
    }
}
