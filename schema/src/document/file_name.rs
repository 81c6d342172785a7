//! The names of documents as files.
//!
//! A document is named for its symbol. Three kinds of names are no names of files everywhere: one
//! that Windows keeps to itself or the manifest of a folder has (`Aux`) gets `_` in front, a
//! character that some systems do not allow becomes `_`, and of names that differ in case only all
//! but the first get a number (`Level`, `LEVEL~2`). What no name of a symbol can hold, a path
//! separator for one, is refused.

use std::collections::BTreeMap;

use crate::{
    diagnostic::{Diagnostic, Place},
    fileset::{MANIFEST, is_reserved, unportable},
};

/// The names of the files of one folder.
#[derive(Default)]
pub(super) struct FileNames {
    /// How many names there are so far, by their spelling in lower case.
    seen: BTreeMap<String, usize>,
}

impl FileNames {
    /// The name of the file of the symbol `name`, which is at `place`.
    ///
    /// # Errors
    /// `document-name` for what is the name of no file.
    pub(super) fn name(&mut self, name: &str, place: &Place) -> Result<String, Box<Diagnostic>> {
        let stem = stem(name);
        if let Some(why) = unportable(&stem) {
            let message = format!("{name:?} cannot be the name of a document: it {why}");
            return Err(Box::new(
                Diagnostic::error("document-name", place.clone(), message)
                    .help("correct the name of the symbol, such as the title of its page"),
            ));
        }
        let count = self.seen.entry(stem.to_lowercase()).or_default();
        *count += 1;
        Ok(if *count == 1 { format!("{stem}.json") } else { format!("{stem}~{count}.json") })
    }
}

/// Whether the file `stem` may be the document of the symbol `name`.
pub(super) fn is_of(file: &str, name: &str) -> bool {
    let own = stem(name);
    match file.strip_prefix(own.as_str()) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('~').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        None => false,
    }
}

/// The name of the file without its ending, as long as no other name is the same.
pub(super) fn stem(name: &str) -> String {
    let allowed = name.replace(['<', '>', ':', '"', '|', '?', '*'], "_");
    let manifest = MANIFEST.split('.').next().unwrap_or_default();
    if is_reserved(&allowed) || allowed.eq_ignore_ascii_case(manifest) {
        format!("_{allowed}")
    } else {
        allowed
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_system_refuses_is_the_name_of_the_file() {
        let mut names = FileNames::default();
        let mut name = |name: &str| names.name(name, &Place::default());
        for (symbol, file) in [
            ("Room", "Room.json"),
            ("Room$1", "Room$1.json"),
            ("a.b", "a.b.json"),
            ("Aux", "_Aux.json"),
            ("con.x", "_con.x.json"),
            ("Manifest", "_Manifest.json"),
            ("Map<K>", "Map_K_.json"),
            ("room", "room~2.json"),
            ("ROOM", "ROOM~3.json"),
        ] {
            assert_eq!(name(symbol).unwrap(), file);
            assert!(is_of(file.strip_suffix(".json").unwrap(), symbol), "{file}");
        }
        for symbol in ["../../evil", "a/b", "a\\b", ".x", "", "a\u{7}"] {
            let problem = name(symbol).unwrap_err();
            assert_eq!(problem.code, "document-name");
            assert!(problem.message.contains(&format!("{symbol:?}")), "{}", problem.message);
        }
        assert!(!is_of("Room~", "Room") && !is_of("Room~x", "Room") && !is_of("Rooms", "Room"));
    }
}
