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
        let mut in_fence = false;
        for line in comment.text.split_inclusive('\n') {
            let start = offset;
            offset += line.len();
            let body = line.trim_start().trim_start_matches('*').trim();
            let at = start + line.find(body).unwrap_or(0);
            if body.starts_with("```") {
                in_fence = !in_fence;
            } else if in_fence {
                let place = source.place(at);
                doc.open().push(Span { text: body.to_owned(), code: true, link: None, place });
            } else {
                doc.line(body, at, source);
            }
        }
        doc
    }

    /// What lines are added to: the last tag, or the prose before the first one.
    fn open(&mut self) -> &mut Vec<Span> {
        self.tags.last_mut().map_or(&mut self.prose, |(_, spans)| spans)
    }

    fn line(&mut self, body: &str, at: usize, source: &Source) {
        let Some(start) = tag_start(body) else {
            self.open().extend(spans(body, at, source));
            return;
        };
        let (before, tagged) = body.split_at(start);
        if !before.is_empty() {
            self.open().extend(spans(before, at, source));
        }
        let rest = tagged.trim_start_matches('@');
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (tag, text) = rest.split_at(end);
        self.tags.push((tag.to_owned(), Vec::new()));
        // A tag of its own may follow on the line.
        self.line(text, at + start + 1 + end, source);
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

    /// What `@param name` says behind the name.
    pub(super) fn about_param(&self, name: &str) -> Vec<Span> {
        let mut spans = self.param(name).to_vec();
        let first = spans.iter_mut().find(|span| !span.text.trim().is_empty());
        if let Some(span) = first {
            let text = span.text.trim_start();
            let behind = text.find(char::is_whitespace).unwrap_or(text.len());
            let text = text.get(behind..).unwrap_or_default().trim_start();
            span.text = text.trim_start_matches("- ").to_owned();
            span.code = false;
        }
        spans
    }
}

/// Tags that are read wherever they stand in a line; others begin one.
const INSIDE: [&str; 5] = ["@default", "@defaultValue", "@deprecated", "@internal", "@since"];

/// Where a tag begins in a line.
fn tag_start(line: &str) -> Option<usize> {
    if line.strip_prefix('@').is_some_and(|rest| rest.starts_with(char::is_alphabetic)) {
        return Some(0);
    }
    line.match_indices(" @").map(|(at, _)| at + 1).find(|at| {
        let tagged = line.get(*at..).unwrap_or_default();
        let tag = tagged.split_whitespace().next().unwrap_or_default();
        let is_quoted = line.get(..*at).is_some_and(|before| before.matches('`').count() % 2 == 1);
        INSIDE.contains(&tag) && !is_quoted
    })
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
