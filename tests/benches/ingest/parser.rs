//! The least that reading pages can cost: the `markdown` crate makes its trees and no more.

use std::hint::black_box;

use credwire_ingest::IngestInput;
use markdown::{Constructs, MdxSignal, ParseOptions};

/// Parses every page to a tree, with the constructs that ingest reads MDX with.
pub(crate) fn parse_all(pages: &[IngestInput]) {
    for page in pages {
        let IngestInput::Text { text, .. } = page else { continue };
        black_box(markdown::to_mdast(text, &options()).expect("a page can be parsed"));
    }
}

fn options() -> ParseOptions {
    ParseOptions {
        constructs: Constructs {
            frontmatter: true,
            gfm_table: true,
            heading_setext: false,
            ..Constructs::mdx()
        },
        mdx_esm_parse: Some(Box::new(|_| MdxSignal::Ok)),
        ..ParseOptions::default()
    }
}
