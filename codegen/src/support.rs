//! The modules that generated code calls, the same for every schema.

/// Their files, each with its text.
pub(crate) const SUPPORT: &[(&str, &str)] = &[
    ("count.rs", include_str!("support/count.rs")),
    ("form.rs", include_str!("support/form.rs")),
    ("observable.rs", include_str!("support/observable.rs")),
    ("object.rs", include_str!("support/object.rs")),
    ("presence.rs", include_str!("support/presence.rs")),
    ("raw.rs", include_str!("support/raw.rs")),
    ("replay.rs", include_str!("support/replay.rs")),
    ("rpc.rs", include_str!("support/rpc.rs")),
    ("sealed.rs", include_str!("support/sealed.rs")),
    ("text.rs", include_str!("support/text.rs")),
];

/// Returns the modules that generated code calls.
pub fn support_modules() -> impl Iterator<Item = &'static str> {
    SUPPORT.iter().map(|(name, _)| name.trim_end_matches(".rs"))
}
