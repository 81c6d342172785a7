//! What the macros refuse, with the words they use, and what they accept.
//!
//! trybuild checks the cases in `ui/fail`, all in one run of the compiler. The cases in `ui/pass`
//! are modules of this test and need no run of their own; their `main` is called.
//! `TRYBUILD=overwrite cargo test -p credwire-tests --test ui` writes the expected messages anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, fs, path::Path};

macro_rules! pass {
    ($($path:literal $case:ident)*) => {
        $(
            #[path = $path]
            mod $case;
        )*

        const PASSING: &[(&str, fn())] = &[$((stringify!($case), $case::main as fn()),)*];
    };
}

pass! {
    "../ui/pass/configurations.rs" configurations
    "../ui/pass/crate_path.rs" crate_path
    "../ui/pass/error_types.rs" error_types
    "../ui/pass/from_macro_rules.rs" from_macro_rules
    "../ui/pass/generics.rs" generics
    "../ui/pass/hostile.rs" hostile
    "../ui/pass/interface.rs" interface
    "../ui/pass/interface_crate.rs" interface_crate
    "../ui/pass/interface_overlay.rs" interface_overlay
    "../ui/pass/interface_places.rs" interface_places
    "../ui/pass/interface_rpc.rs" interface_rpc
    "../ui/pass/no_prelude.rs" no_prelude
    "../ui/pass/other_items.rs" other_items
    "../ui/pass/own_credential_error.rs" own_credential_error
    "../ui/pass/provider_tokens.rs" provider_tokens
    "../ui/pass/rpc_method.rs" rpc_method
    "../ui/pass/shadowed.rs" shadowed
    "../ui/pass/shapes.rs" shapes
    "../ui/pass/strange.rs" strange
    "../ui/pass/types_alone.rs" types_alone
    "../ui/pass/validate.rs" validate
    "../ui/pass/validate_parts.rs" validate_parts
    "../ui/pass/validate_rules.rs" validate_rules
    "../ui/pass/with_refresh.rs" with_refresh
    "../ui/pass/without_refresh.rs" without_refresh
}

/// The names of the files in `folder` that end in `extension`, without it.
fn cases(folder: &str, extension: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter_map(|name| Some(name.to_str()?.strip_suffix(extension)?.to_owned())).collect()
}

#[test]
fn accepted() {
    let listed: BTreeSet<_> = PASSING.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, cases("ui/pass", ".rs"), "a case in ui/pass is not listed here");
    for (name, main) in PASSING {
        println!("{name}");
        main();
    }
}

#[test]
fn refused() {
    trybuild::TestCases::new().compile_fail("ui/fail/*.rs");
}

/// The last line of a case says how many faults it has; `refused` holds the messages against what
/// the compiler says.
#[test]
fn one_fault_is_one_message() {
    let mut wrong = Vec::new();
    for name in cases("ui/fail", ".rs") {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
        let case = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
        let faults = case.lines().last().and_then(|line| line.strip_prefix("// Faults: "));
        let faults: usize =
            faults.unwrap_or_else(|| panic!("{name} has no count")).parse().unwrap();
        let messages = fs::read_to_string(folder.join(format!("{name}.stderr"))).unwrap();
        let is_message = |line: &&str| line.starts_with("error:") || line.starts_with("error[");
        let messages = messages.lines().filter(is_message).count();
        if messages != faults {
            wrong.push(format!("{name}: {faults} faults, {messages} messages"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_diagnostic_has_a_case() {
    let codes =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../macros/src/codes.md"));
    let codes = codes.unwrap();
    let codes = codes.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut without = Vec::new();
    for code in codes {
        let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("ui/fail/{code}.stderr"));
        let text = fs::read_to_string(expected).unwrap_or_default();
        if !text.contains(&format!("[{code}]")) {
            without.push(code);
        }
    }
    assert!(without.is_empty(), "no case in ui/fail shows {without:?}");
}
