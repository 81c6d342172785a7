//! A page as a sequence of blocks: what every front-end that reads documents makes of its form,
//! and what the readers of symbols work on.

use std::collections::BTreeMap;

use credwire_schema::diagnostic::Place;

/// A document with its head data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page {
    /// The path below the root of the reference.
    pub(crate) path: String,
    /// The title.
    pub(crate) title: String,
    /// Where the title is.
    pub(crate) title_place: Place,
    /// The address on the site, `/reference/interfaces/sdk-credential`; plain text lacks it.
    pub(crate) slug: Option<String>,
    /// The words between the site's root and the page, as folders or breadcrumbs have them.
    pub(crate) category: Vec<String>,
    /// What follows.
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a page with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    /// Which piece.
    pub(crate) kind: BlockKind,
    /// Where it begins.
    pub(crate) place: Place,
}

/// The pieces pages are made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BlockKind {
    /// A heading.
    Heading {
        /// 1 to 6.
        depth: u8,
        /// Whether all of it is bold.
        bold: bool,
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Prose(Vec<Span>),
    /// A list.
    List(Vec<Vec<Block>>),
    /// A table; the first row is the head.
    Table(Vec<Vec<Vec<Span>>>),
    /// A code fence.
    Fence {
        /// The language after the fence.
        lang: String,
        /// The code.
        code: String,
    },
    /// A horizontal rule.
    Rule,
    /// A component.
    Element(Element),
    /// A block quote.
    Quote(Vec<Block>),
}

/// A component such as `ParamField`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    /// Its name.
    pub(crate) name: String,
    /// Its attributes.
    pub(crate) attributes: BTreeMap<String, Attribute>,
    /// What it holds.
    pub(crate) children: Vec<Block>,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    /// `name`
    Bare,
    /// `name="text"`, entities decoded.
    Text(String),
    /// `name={expression}`, as written.
    Expression(String),
}

/// A run of text in a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The text.
    pub(crate) text: String,
    /// Whether it is inline code.
    pub(crate) code: bool,
    /// Where a link around it goes.
    pub(crate) link: Option<String>,
    /// Where it begins.
    pub(crate) place: Place,
}

impl Element {
    /// The value of an attribute as text: the text itself, or a quoted or plain expression.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.attributes.get(name)? {
            Attribute::Bare => None,
            Attribute::Text(text) => Some(text),
            Attribute::Expression(code) => {
                let code = code.trim();
                let quoted = ['"', '\'', '`']
                    .iter()
                    .find_map(|quote| code.strip_prefix(*quote)?.strip_suffix(*quote));
                Some(quoted.unwrap_or(code))
            }
        }
    }

    /// Whether a flag is set: `name`, `name={true}`, `name="true"`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        match self.attributes.get(name) {
            None => false,
            Some(Attribute::Bare) => true,
            Some(Attribute::Text(text) | Attribute::Expression(text)) => {
                matches!(text.trim(), "true" | "required" | "" | "deprecated")
            }
        }
    }
}

/// The text of some spans.
pub(crate) fn text_of(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// The path of a page below the root of its reference: as many of the last parts of `file` as the
/// slug has parts below `reference` (or below its first part), and `index` with its extension.
pub(crate) fn path_below_root(file: &str, slug: Option<&str>) -> String {
    let parts: Vec<&str> =
        file.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let Some(slug) = slug else {
        return parts.last().copied().unwrap_or(file).to_owned();
    };
    let below = below_root(slug).len();
    let is_index = parts.last().is_some_and(|last| last.split('.').next() == Some("index"));
    let wanted = (below + usize::from(is_index)).max(1);
    let start = parts.len().saturating_sub(wanted);
    parts.get(start..).unwrap_or_default().join("/")
}

/// The parts of a slug below `reference`, or below its first part.
pub(crate) fn below_root(slug: &str) -> Vec<&str> {
    let parts: Vec<&str> = slug.split('/').filter(|part| !part.is_empty()).collect();
    let root = parts.iter().position(|part| *part == "reference").unwrap_or(0);
    parts.get(root + 1..).unwrap_or_default().to_vec()
}

/// `UpperCamelCase` of words split by `-`, `_`, `.` or spaces.
pub(crate) fn pascal_case(words: &str) -> String {
    words
        .split(|c: char| !c.is_alphanumeric())
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first
                .chain(letters.flat_map(char::to_lowercase).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_path_below_the_root() {
        let file = "../x/v4/interfaces/SDKCredential.mdx";
        assert_eq!(
            path_below_root(file, Some("/reference/interfaces/sdk-credential")),
            "interfaces/SDKCredential.mdx"
        );
        assert_eq!(
            path_below_root("v4/User/index.mdx", Some("/docs/v4/reference/user")),
            "User/index.mdx"
        );
        assert_eq!(path_below_root("v4/index.mdx", Some("/reference")), "index.mdx");
        assert_eq!(path_below_root("a/b.txt", None), "b.txt");
    }

    #[test]
    fn spells_words_in_pascal_case() {
        assert_eq!(pascal_case("dpop-init-error"), "DpopInitError");
        assert_eq!(pascal_case("Client Bound SAT"), "ClientBoundSat");
    }
}
