#!/usr/bin/env bash
# Tool: typify-impl 0.8.0, which makes Rust of JSON Schemas.
#
# Behaviour: `const` beside `"type": "string"` is not kept to: the member is a `String`, which takes
# every text, so that alternatives told apart by it are not told apart. `enum` with that one value makes
# an enum, which takes no other. Both keywords together make it panic.
#
# Seen: `constant: ::std::string::String`, `enumerated: ThingEnumerated`, `both: panics`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2024"
[dependencies]
schemars = "0.8.22"
serde_json = "1"
typify-impl = "=0.8.0"
[workspace]
TOML
cat > "$work/src/main.rs" <<'RUST'
use serde_json::{Value, json};

fn made(name: &str, schema: Value) -> String {
    let document = json!({
        "title": "Thing",
        "type": "object",
        "required": [name],
        "properties": {name: schema},
    });
    let schema = serde_json::from_value(document).expect("a JSON Schema");
    let mut space = typify_impl::TypeSpace::default();
    space.add_root_schema(schema).expect("typify takes it");
    let code = space.to_stream().to_string();
    let member = code.split(&format!("pub {name} : ")).nth(1).expect("the member");
    member.split([',', '}']).next().unwrap_or_default().replace(' ', "")
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    for (name, schema) in [
        ("constant", json!({"type": "string", "const": "a"})),
        ("enumerated", json!({"type": "string", "enum": ["a"]})),
        ("both", json!({"type": "string", "const": "a", "enum": ["a"]})),
    ] {
        match std::panic::catch_unwind(|| made(name, schema)) {
            Ok(code) => println!("{name}: {code}"),
            Err(_) => println!("{name}: panics"),
        }
    }
}
RUST
seen=$(cargo run --quiet --manifest-path "$work/Cargo.toml")
printf '%s\n' "$seen"
expected='constant: ::std::string::String
enumerated: ThingEnumerated
both: panics'
[ "$seen" = "$expected" ] || { printf 'changed\n' >&2; exit 1; }
