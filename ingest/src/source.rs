//! A file as it was read: its text, and where in it things are.

use std::{fs, io::Read, path::Path, sync::Arc};

use credwire_schema::diagnostic::{Diagnostic, Place};

/// Files above this size are refused before they are read.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// The text of one input.
#[derive(Clone, Debug)]
pub struct Source {
    name: Arc<str>,
    text: String,
    lines: Vec<usize>,
    /// The lines in front of the text, of a part of a file.
    before: u32,
}

impl Source {
    /// Takes a text under the name that diagnostics will show.
    pub fn new(name: impl AsRef<str>, text: impl Into<String>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(starts.map(|(at, _)| at + 1)).collect();
        Self { name: name.as_ref().replace('\\', "/").into(), text, lines, before: 0 }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `unreadable-file`, `file-too-large`, `binary-file` (a NUL byte) and `invalid-utf8`, each
    /// with the place of the first offence.
    pub fn read(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let name = path.to_string_lossy().replace('\\', "/");
        let start = || Place::new(name.as_str(), 1, 1);
        let unreadable = |error: std::io::Error| {
            let message = format!("cannot be read: {error}");
            Box::new(
                Diagnostic::error("unreadable-file", start(), message)
                    .help("check that the path exists and names a readable file"),
            )
        };
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            let message = format!("is larger than {} MiB", MAX_FILE_BYTES >> 20);
            return Err(Box::new(
                Diagnostic::error("file-too-large", start(), message)
                    .help("name the reference pages themselves, not an archive or a bundle"),
            ));
        }
        Self::from_bytes(&name, bytes)
    }

    /// Takes bytes that are meant to be UTF-8 text; a byte order mark is dropped.
    ///
    /// # Errors
    /// `binary-file` and `invalid-utf8`, with the place of the first offence.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Self, Box<Diagnostic>> {
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return Err(Box::new(
                Diagnostic::error(
                    "binary-file",
                    place_in(name, &bytes, at),
                    "has a NUL byte, so it is no text",
                )
                .help("name a page (.mdx, .md, .txt) or declarations (.d.ts)"),
            ));
        }
        match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{feff}') {
                    text.drain(..'\u{feff}'.len_utf8());
                }
                Ok(Self::new(name, text))
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Err(Box::new(
                    Diagnostic::error(
                        "invalid-utf8",
                        place_in(name, error.as_bytes(), at),
                        "is not UTF-8 from here on",
                    )
                    .help("save the file as UTF-8"),
                ))
            }
        }
    }

    /// Returns the name of the source.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place of a byte offset; an offset beyond the end counts as the end.
    pub fn place(&self, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or(0);
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        let line = number(line + 1).saturating_add(self.before);
        Place::new(Arc::clone(&self.name), line, number(characters(before) + 1))
    }

    /// A part of the text that begins at the beginning of a line; places stay those in the whole.
    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Self {
        let before = self.lines.partition_point(|start| *start < range.start);
        let text = self.text.get(range).unwrap_or_default();
        Self { before: number(before).saturating_add(self.before), ..Self::new(&self.name, text) }
    }

    /// The lines without their ends and trailing blanks.
    pub(crate) fn lines(&self) -> Vec<Line<'_>> {
        let ends = self.lines.iter().skip(1).copied().chain([self.text.len()]);
        let line = |(start, end): (usize, usize)| Line {
            text: self.text.get(start..end).unwrap_or_default().trim_end(),
            start,
        };
        self.lines.iter().copied().zip(ends).map(line).collect()
    }
}

/// A line of a source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// Its text.
    pub(crate) text: &'a str,
    /// The byte offset at which it begins.
    pub(crate) start: usize,
}

fn place_in(name: &str, bytes: &[u8], at: usize) -> Place {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line_start = before.get(start..).unwrap_or_default();
    Place::new(name, number(line + 1), number(characters(line_start) + 1))
}

/// Characters in UTF-8 bytes: all bytes but the continuations.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Whether a file holds declarations, by its name.
pub(crate) fn is_declarations(name: &str) -> bool {
    [".d.ts", ".d.mts", ".d.cts"].iter().any(|extension| name.ends_with(extension))
}

/// Whether a file is a JSON document, by its name.
pub(crate) fn is_json(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("json"))
}

/// Whether a file states types as code, so that texts have their quotes.
pub(crate) fn is_code(name: &str) -> bool {
    is_declarations(name) || is_json(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let source = Source::new("a\\b.mdx", "one\nzwölf x\n");
        assert_eq!(source.place(0).to_string(), "a/b.mdx:1:1");
        assert_eq!(source.place("one\nzwölf ".len()).to_string(), "a/b.mdx:2:7");
        assert_eq!(source.place(1000).to_string(), "a/b.mdx:3:1");
    }

    #[test]
    fn refuses_what_is_no_text() {
        let nul = Source::from_bytes("p", b"ok\nno\0".to_vec()).unwrap_err();
        assert_eq!((nul.code, nul.place.to_string().as_str()), ("binary-file", "p:2:3"));
        let latin = Source::from_bytes("p", b"caf\xe9".to_vec()).unwrap_err();
        assert_eq!((latin.code, latin.place.to_string().as_str()), ("invalid-utf8", "p:1:4"));
        let absent = Source::read(Path::new("/no/such/page.mdx")).unwrap_err();
        assert_eq!(absent.code, "unreadable-file");
    }

    #[test]
    fn drops_the_byte_order_mark() {
        let source = Source::from_bytes("p", "\u{feff}x".as_bytes().to_vec()).unwrap();
        assert_eq!(source.text(), "x");
    }
}
