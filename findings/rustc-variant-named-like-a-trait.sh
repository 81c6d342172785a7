#!/usr/bin/env bash
# Tool: rustc 1.95.0, how it shortens paths in error messages.
#
# Behaviour: a public enum variant of a dependency that is named like a trait of the prelude, such as
# `Send`, makes the compiler write that trait with its whole path in every message of every crate
# that depends on it. Nothing of the dependency is used or named by the code in error.
#
# Seen: without the variant "the trait `Send` is not implemented", with it
# "the trait `std::marker::Send` is not implemented".
set -euo pipefail
rustc --version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/library/src" "$work/user/src"
printf '[package]\nname = "library"\nversion = "0.0.0"\nedition = "2021"\n' > "$work/library/Cargo.toml"
printf '[package]\nname = "user"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nlibrary = { path = "../library" }\n[workspace]\n' \
  > "$work/user/Cargo.toml"
cat > "$work/user/src/lib.rs" <<'RUST'
extern crate library as _;

fn moves<T: Send>(_: T) {}

pub fn wrong() {
    moves(std::rc::Rc::new(1));
}
RUST

seen=
for variant in Transmit Send; do
  printf 'pub enum Output {\n    %s,\n}\n' "$variant" > "$work/library/src/lib.rs"
  message=$( (cd "$work/user" && cargo check --quiet 2>&1 || true) | grep -o 'the trait `[A-Za-z:]*` is not implemented' | head -1)
  printf 'variant %s: %s\n' "$variant" "$message"
  seen="$seen$variant=$message;"
done
expected='Transmit=the trait `Send` is not implemented;Send=the trait `std::marker::Send` is not implemented;'
[ "$seen" = "$expected" ] || { printf 'changed: %s\n' "$seen" >&2; exit 1; }
