//! Cassettes that are none.

use std::{error::Error as _, fs};

use credwire::recording::{Cassette, Replay};

use super::committed;

fn text() -> String {
    fs::read_to_string(committed("static-token")).unwrap()
}

/// The line and the words of the error, with its cause.
fn refused(text: &str) -> (Option<usize>, String) {
    let error = Cassette::parse(text.as_bytes()).unwrap_err();
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    (error.line(), format!("{error}{cause}"))
}

#[test]
fn what_is_no_cassette_is_refused_with_its_line() {
    let good = text();
    let with = |line: usize, text: &str| {
        let mut lines: Vec<&str> = good.lines().collect();
        lines[line - 1] = text;
        lines.join("\n") + "\n"
    };
    let cases = [
        (String::new(), 1, "the cassette is empty"),
        ("made up\n".to_owned(), 1, "this is no cassette"),
        (r#"{"format":"har/1"}"#.to_owned(), 1, "this is no cassette"),
        (with(1, r#"{"format":"credwire-cassette/1"}"#), 1, "`credwire-cassette/1`"),
        (with(1, r#"{"format":"credwire-cassette/1"}"#), 1, "record it again"),
        (with(1, r#"{"format":"credwire-cassette/2"}"#), 1, "missing field"),
        (with(4, "{"), 4, "no line of a cassette"),
        (with(4, r#"{"at":0,"wall":1,"kind":"whispered"}"#), 4, "unknown variant `whispered`"),
        (with(4, r#"{"at":0,"wall":1,"kind":"sent","socket":"one"}"#), 4, "invalid type"),
        (with(4, r#"{"at":0,"wall":1,"kind":"sent","socket":9,"frame":{}}"#), 4, "no such call"),
        (
            with(2, r#"{"at":9999999,"wall":1,"kind":"command","command":"refresh"}"#),
            3,
            "recorded before",
        ),
        (with(4, r#"{"at":0,"wall":1,"kind":"end"}"#), 5, "after the end"),
    ];
    for (text, line, words) in cases {
        let (found, message) = refused(&text);
        assert_eq!(found, Some(line), "{message}");
        assert!(message.contains(words), "{message}");
    }
    let error = Cassette::read("/nowhere/at/all.jsonl").unwrap_err();
    assert_eq!((error.line(), error.to_string().as_str()), (None, "the cassette cannot be read"));
}

/// A process that is killed may leave the beginning of a line.
#[test]
fn a_torn_end_costs_no_more_than_itself() {
    let whole = text();
    assert!(Cassette::parse(whole.as_bytes()).unwrap().is_complete());
    for cut in [1, 2, 10, whole.len() / 2, whole.len() - whole.find('\n').unwrap() - 1] {
        let torn = &whole[..whole.len() - cut];
        let cassette = Cassette::parse(torn.as_bytes()).unwrap();
        // Without its last newline the last line is whole.
        assert_eq!(cassette.is_complete(), cut == 1, "{cut}");
        assert_eq!(Replay::new(cassette).run().unwrap().mismatch, None, "{cut}");
    }
}

/// No bytes make it panic or hang.
#[test]
fn damage_is_an_error_or_a_difference() {
    let whole = text().into_bytes();
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..60 {
        let mut damaged = whole.clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..damaged.len());
            damaged[at] = *random.choice(b"\"{}[],:0x\n\\").unwrap();
        }
        if let Ok(cassette) = Cassette::parse(&damaged) {
            Replay::new(cassette).run().unwrap();
        }
    }
}
