//! The headings that mean something.

use crate::page::{Block, BlockKind, text_of};

/// A heading with a fixed meaning, at whatever depth it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Properties,
    Methods,
    Accessors,
    Constructors,
    Constructor,
    Calls,
    Parameters,
    TypeParameters,
    Returns,
    Throws,
    InheritedFrom,
    Extends,
    ExtendedBy,
    Implements,
    Variables,
    /// Examples, remarks, links: nothing to read.
    Notes,
}

/// The meaning of a heading's text.
pub(super) fn of(text: &str) -> Option<Section> {
    let words = text.trim().trim_end_matches(':').to_ascii_lowercase();
    Some(match words.as_str() {
        "properties" => Section::Properties,
        "methods" => Section::Methods,
        "accessors" => Section::Accessors,
        "constructors" => Section::Constructors,
        "constructor" => Section::Constructor,
        "call signature" | "call signatures" | "get signature" | "set signature" => Section::Calls,
        "parameters" | "arguments" => Section::Parameters,
        "type parameters" => Section::TypeParameters,
        "returns" | "return" | "return value" => Section::Returns,
        "throws" => Section::Throws,
        "inherited from" => Section::InheritedFrom,
        "extends" => Section::Extends,
        "extended by" => Section::ExtendedBy,
        "implements" | "implementation of" => Section::Implements,
        "variables" | "constants" => Section::Variables,
        "examples" | "example" | "see" | "see also" | "remarks" | "remark" | "install"
        | "installation" | "classes" | "functions" | "errors" | "interfaces" | "type aliases"
        | "type declaration" | "default value" | "since" | "deprecated" | "overrides"
        | "implemented by" | "defined in" => Section::Notes,
        _ => return None,
    })
}

/// Whether a fence holds TypeScript.
pub(super) fn is_typescript(lang: &str) -> bool {
    let lang = lang.split([' ', '{', ',']).next().unwrap_or_default();
    matches!(lang, "ts" | "typescript" | "tsx" | "js" | "javascript" | "")
}

/// The texts of the list items below the first heading with this meaning.
pub(super) fn list_after(blocks: &[Block], wanted: Section) -> Vec<String> {
    let start = blocks.iter().position(
        |block| matches!(&block.kind, BlockKind::Heading { text, .. } if of(text) == Some(wanted)),
    );
    let after = start.and_then(|at| blocks.get(at + 1..)).unwrap_or_default();
    let mut texts = Vec::new();
    for block in after.iter().take_while(|block| !matches!(block.kind, BlockKind::Heading { .. })) {
        let BlockKind::List(items) = &block.kind else { continue };
        for item in items {
            if let Some(BlockKind::Prose(spans)) = item.first().map(|block| &block.kind) {
                texts.push(text_of(spans).trim().to_owned());
            }
        }
    }
    texts
}
