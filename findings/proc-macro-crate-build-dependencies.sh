#!/usr/bin/env bash
# Tool: proc-macro-crate 3.5.0, which tells a macro under which name a crate depends on its library.
#
# Behaviour: a crate that renames the library under [build-dependencies] alone is answered
# CrateNotFound, although its build script can only name the library by that key. The same line under
# [dependencies] or [dev-dependencies] is found. A macro that is used in build.rs of such a crate
# cannot learn the name.
#
# Seen: `dependencies: wire`, `dev-dependencies: wire`, `build-dependencies: not found`.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/asks/src" "$work/library/src" "$work/user/src"

cat > "$work/asks/Cargo.toml" <<'TOML'
[package]
name = "asks"
version = "0.0.0"
edition = "2021"
[dependencies]
proc-macro-crate = "=3.5.0"
[workspace]
TOML
cat > "$work/asks/src/main.rs" <<'RUST'
use proc_macro_crate::{crate_name, Error, FoundCrate};

fn main() {
    match crate_name("library") {
        Ok(FoundCrate::Name(name)) => println!("{name}"),
        Ok(FoundCrate::Itself) => println!("itself"),
        Err(Error::CrateNotFound { .. }) => println!("not found"),
        Err(error) => println!("{error}"),
    }
}
RUST
printf '[package]\nname = "library"\nversion = "0.0.0"\nedition = "2021"\n' > "$work/library/Cargo.toml"
touch "$work/library/src/lib.rs" "$work/user/src/lib.rs"
(cd "$work/asks" && cargo build --quiet)

seen=
for kind in dependencies dev-dependencies build-dependencies; do
  {
    printf '[package]\nname = "user"\nversion = "0.0.0"\nedition = "2021"\n'
    printf '[%s]\nwire = { package = "library", path = "../library" }\n' "$kind"
  } > "$work/user/Cargo.toml"
  # Cargo takes the manifest, and the build script can name the library.
  if [ "$kind" = build-dependencies ]; then printf 'use wire as _;\nfn main() {}\n' > "$work/user/build.rs"; fi
  (cd "$work/user" && cargo build --quiet)
  answer=$(CARGO_MANIFEST_DIR="$work/user" "$work/asks/target/debug/asks")
  printf '%s: %s\n' "$kind" "$answer"
  seen="$seen$kind=$answer;"
done
expected='dependencies=wire;dev-dependencies=wire;build-dependencies=not found;'
[ "$seen" = "$expected" ] || { printf 'changed: %s\n' "$seen" >&2; exit 1; }
