//! Renders an MDX page to the text that a browser shows, so that both forms can be compared.

use markdown::{
    Constructs, ParseOptions,
    mdast::{self, Node},
    to_mdast,
};

/// How much of the site is around the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Navigation, list of headings, footer.
    Full,
    /// The title and the buttons below it.
    Trimmed,
}

/// The page as text, in the frame of a site whose navigation lists `known`.
pub(crate) fn render(mdx: &str, frame: Frame, crumbs: &str, known: &[String]) -> String {
    let constructs = Constructs { frontmatter: true, gfm_table: true, ..Constructs::mdx() };
    let tree = to_mdast(mdx, &ParseOptions { constructs, ..ParseOptions::default() }).unwrap();
    let Node::Root(root) = tree else { panic!("no root") };
    let title =
        mdx.lines().find_map(|line| line.strip_prefix("title: ")).unwrap().trim_matches('"');
    if frame == Frame::Trimmed {
        let mut out = format!("{crumbs}\n\n{title}\n\nView as MarkdownOpen in Claude\n\n");
        blocks(&root.children, &mut out);
        return out.replace("\"", "\u{201d}");
    }
    let mut out = String::from("Log inSign up\n");
    for name in known {
        out.push_str(&format!("      • {name}\n"));
    }
    out.push_str("LogoLogo\nOn this page\n");
    for node in &root.children {
        if let Node::Heading(heading) = node
            && heading.depth <= 3
        {
            out.push_str(&format!("  • {}\n", text(&heading.children)));
        }
    }
    out.push_str(&format!(
        "{crumbs}\n\n{title}\n\n|View as Markdown|Open in Claude|\nWas this page helpful?\nEdit this page\nPrevious\n\nElse\n\nNext\nBuilt with\n\n"
    ));
    blocks(&root.children, &mut out);
    out
}

fn blocks(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Heading(heading) => out.push_str(&format!("{}\n\n", text(&heading.children))),
            Node::Paragraph(paragraph) => match paragraph.children.as_slice() {
                [Node::MdxJsxTextElement(element)] => {
                    component(element.name.as_deref(), &element.attributes, &element.children, out)
                }
                children => out.push_str(&format!("{}\n\n", text(children))),
            },
            Node::List(list) => {
                for item in &list.children {
                    out.push_str(&format!("  • {}\n", text(item.children().unwrap()).trim()));
                }
                out.push('\n');
            }
            Node::Table(table) => {
                for row in &table.children {
                    let cells: Vec<String> = row
                        .children()
                        .unwrap()
                        .iter()
                        .map(|cell| text(cell.children().unwrap()))
                        .collect();
                    out.push_str(&format!("{}\n", cells.concat()));
                }
                out.push('\n');
            }
            Node::Code(code) => {
                for (index, line) in code.value.lines().enumerate() {
                    out.push_str(&format!("{}{line}\n", index + 1));
                }
                out.push('\n');
            }
            Node::MdxJsxFlowElement(element) => {
                component(element.name.as_deref(), &element.attributes, &element.children, out)
            }
            _ => {}
        }
    }
}

fn component(
    name: Option<&str>,
    attributes: &[mdast::AttributeContent],
    children: &[Node],
    out: &mut String,
) {
    let attribute = |wanted: &str| {
        attributes.iter().find_map(|attribute| match attribute {
            mdast::AttributeContent::Property(property) if property.name == wanted => {
                Some(match &property.value {
                    Some(mdast::AttributeValue::Literal(text)) => text.clone(),
                    _ => String::new(),
                })
            }
            _ => None,
        })
    };
    match name {
        Some("ParamField") => {
            let required = if attribute("required").is_some() { "Required" } else { "" };
            out.push_str(&format!(
                "{}\n{}{required}\n\n",
                attribute("path").unwrap(),
                attribute("type").unwrap()
            ));
            inline_or_blocks(children, out);
        }
        Some("Accordion" | "Card") => {
            out.push_str(&format!("{}\n\n", attribute("title").unwrap()));
            inline_or_blocks(children, out);
        }
        _ => inline_or_blocks(children, out),
    }
}

fn inline_or_blocks(children: &[Node], out: &mut String) {
    let inline = |node: &Node| {
        matches!(
            node,
            Node::Text(_)
                | Node::InlineCode(_)
                | Node::Link(_)
                | Node::Strong(_)
                | Node::Emphasis(_)
        )
    };
    if !children.is_empty() && children.iter().all(inline) {
        out.push_str(&format!("{}\n\n", text(children)));
    } else {
        blocks(children, out);
    }
}

fn text(nodes: &[Node]) -> String {
    let mut all = String::new();
    for node in nodes {
        match node {
            Node::Text(text) => all.push_str(&text.value.replace('\n', " ")),
            Node::InlineCode(code) => all.push_str(&code.value),
            Node::Break(_) => all.push(' '),
            other => all.push_str(&text(other.children().map_or(&[][..], Vec::as_slice))),
        }
    }
    all
}
