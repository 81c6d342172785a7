//! The fixed names of the generated package: files, folders, and what its root exports besides items.

/// The manifest of cargo.
pub(crate) const CARGO_TOML: &str = "Cargo.toml";

/// The Custom Elements Manifest.
pub(crate) const ELEMENTS: &str = "custom-elements.json";

/// The folder of the JSON Schemas, in which every document is machine-written.
pub(crate) const JSON_SCHEMA: &str = "json-schema";

/// The file of a module of the package.
pub(crate) fn source(module: &str) -> String {
    format!("src/{module}.rs")
}

/// The trait of what a platform brings.
pub(crate) const PLATFORM: &str = "Platform";
/// The trait of a whole SDK.
pub(crate) const SDK: &str = "Sdk";
/// The trait of the types of an SDK.
pub(crate) const SDK_TYPES: &str = "SdkTypes";
/// The file of the traits of the SDK, in the generated package.
pub const SDK_FILE: &str = "src/sdk.rs";
