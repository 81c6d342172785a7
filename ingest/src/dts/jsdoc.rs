//! Documentation comments: prose with its places, and tags.

use crate::{
    page::{Span, text_of},
    source::Source,
    ts::Comment,
};

/// A comment taken apart.
#[derive(Debug, Default)]
pub(super) struct Doc {
    /// What stands before the first tag.
    pub(super) prose: Vec<Span>,
    /// The tags with what follows them.
    pub(super) tags: Vec<(String, Vec<Span>)>,
}

impl Doc {
    pub(super) fn read(comment: Option<&Comment>, source: &Source) -> Self {
        let mut doc = Self::default();
        let Some(comment) = comment else { return doc };
        let mut offset = comment.offset;
        for line in comment.text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            let body = line.trim_start().trim_start_matches('*').trim();
            let at = start + line.find(body).unwrap_or(0);
            if let Some(rest) =
                body.strip_prefix('@').filter(|rest| rest.starts_with(char::is_alphabetic))
            {
                let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                let (tag, text) = rest.split_at(end);
                doc.tags.push((tag.to_owned(), spans(text, at + 1 + end, source)));
            } else {
                let target = doc.tags.last_mut().map_or(&mut doc.prose, |(_, spans)| spans);
                target.extend(spans(body, at, source));
            }
        }
        doc
    }

    pub(super) fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|(name, _)| name == tag)
    }

    pub(super) fn tag(&self, wanted: &[&str]) -> Option<&[Span]> {
        let found = self.tags.iter().find(|(name, _)| wanted.contains(&name.as_str()));
        found.map(|(_, spans)| spans.as_slice())
    }

    /// What follows a tag, as one line.
    pub(super) fn text(&self, wanted: &str) -> Option<String> {
        let words = text_of(self.tag(&[wanted])?);
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// What `@param name` says.
    pub(super) fn param(&self, name: &str) -> &[Span] {
        let names = |spans: &[Span]| {
            let first = spans.iter().find_map(|span| span.text.split_whitespace().next());
            first.is_some_and(|word| word.trim_matches(['[', ']', '`']) == name)
        };
        let found = self.tags.iter().find(|(tag, spans)| tag == "param" && names(spans));
        found.map(|(_, spans)| spans.as_slice()).unwrap_or_default()
    }
}

/// A line as text, code in backticks, and `{@link X}` as code.
fn spans(line: &str, offset: usize, source: &Source) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut push = |text: &str, code: bool, at: usize| {
        if !text.is_empty() {
            spans.push(Span {
                text: text.to_owned(),
                code,
                link: None,
                place: source.place(offset + at),
            });
        }
    };
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let tick = rest.find('`');
        let link = rest.find("{@link ");
        let (start, open, close) = match (tick, link) {
            (Some(tick), Some(link)) if link < tick => (link, "{@link ", "}"),
            (None, Some(link)) => (link, "{@link ", "}"),
            (Some(tick), _) => (tick, "`", "`"),
            (None, None) => {
                push(rest, false, at);
                break;
            }
        };
        push(rest.get(..start).unwrap_or_default(), false, at);
        let inside = start + open.len();
        let Some(length) = rest.get(inside..).and_then(|rest| rest.find(close)) else {
            push(rest.get(start..).unwrap_or_default(), false, at + start);
            break;
        };
        push(rest.get(inside..inside + length).unwrap_or_default().trim(), true, at + inside);
        at += inside + length + close.len();
    }
    // A line's end separates words.
    push("\n", false, line.len());
    spans
}
