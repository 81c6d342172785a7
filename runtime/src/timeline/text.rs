//! Text inside a picture: how wide it is, how it is cut, how it is escaped.

use std::{borrow::Cow, fmt};

/// The width of `text` in a sans-serif face of `size`, rather too much than too little.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| em(c) * size).sum()
}

/// `text` cut so that it is at most `room` wide, with an ellipsis where it was cut; empty when
/// not even one character and the ellipsis fit.
pub(super) fn fit(text: &str, size: f64, room: f64) -> Cow<'_, str> {
    if width(text, size) <= room {
        return Cow::Borrowed(text);
    }
    let mut left = room - em('…') * size;
    let mut cut = String::new();
    for c in text.chars() {
        left -= em(c) * size;
        if left < 0.0 {
            break;
        }
        cut.push(c);
    }
    if cut.is_empty() {
        return Cow::Borrowed("");
    }
    cut.push('…');
    Cow::Owned(cut)
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.98,
        '…' => 1.0,
        'A'..='Z' => 0.74,
        c if (c as u32) < 0x0500 => 0.64,
        _ => 1.1,
    }
}

/// Writes text so that XML and HTML read it back as text. Characters that XML 1.0 cannot hold
/// become U+FFFD.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' | '\r' => f.write_str(" ")?,
                '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_str("\u{fffd}")?,
                c => fmt::Write::write_char(f, c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(
            Escaped("<a b=\"c\">&'\n\u{1}").to_string(),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39; \u{fffd}"
        );
    }

    #[test]
    fn cut_text_ends_in_an_ellipsis_and_fits() {
        let cut = fit("credential_refresh_fallback", 11.0, 80.0);
        assert!(cut.ends_with('…') && width(&cut, 11.0) <= 80.0, "{cut}");
        assert_eq!(fit("short", 11.0, 80.0), "short");
        assert_eq!(fit("word", 11.0, 5.0), "");
    }
}
