//! Distinguishes the forms of pages, and refuses those that have lost what is needed.

use credwire_schema::diagnostic::Diagnostic;

use crate::{rendered, source::Source, typedoc};

/// A form that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// MDX with front matter and `ParamField` components.
    Fern,
    /// Markdown as TypeDoc's generator writes it.
    TypeDoc,
    /// The text of a page as a browser shows it, with or without the navigation around it.
    Rendered,
}

/// The form of a source.
///
/// # Errors
/// `markdown-export`, `reader-extraction` and `unknown-form` for sources that cannot be read.
pub(super) fn detect(source: &Source) -> Result<Form, Box<Diagnostic>> {
    let text = source.text().trim_start();
    if text.is_empty() {
        return Err(refusal(source, "empty-file", "is empty", "name a reference page"));
    }
    if text.get(..2_000.min(text.len())).unwrap_or(text).contains(EXPORT_OPENING) {
        return Err(refusal(
            source,
            "markdown-export",
            "is the site's own Markdown export, which has lost the names and types of all members",
            "use the MDX source of the page, or the page's text as a browser shows it",
        ));
    }
    let extension = source.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    if extension == "md" && typedoc::is_typedoc(source) {
        return Ok(Form::TypeDoc);
    }
    if text.starts_with("---") || extension == "mdx" {
        return Ok(Form::Fern);
    }
    if rendered::is_readable(source) {
        return Ok(Form::Rendered);
    }
    if rendered::has_sections(source) {
        return Err(refusal(
            source,
            "reader-extraction",
            "is a reader's extraction, which has lost the types of all members",
            "use the MDX source of the page, or all of the page's text as a browser shows it",
        ));
    }
    Err(refusal(
        source,
        "unknown-form",
        "is in no form that is known here",
        "name MDX pages, pages as rendered text, TypeDoc Markdown or declarations (.d.ts)",
    ))
}

/// How the Markdown that a documentation site serves to agents begins.
const EXPORT_OPENING: &str = "> For a complete index of all";

fn refusal(source: &Source, code: &'static str, message: &str, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, source.place(0), message).help(help))
}
