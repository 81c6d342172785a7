//! Names of files that are made of names of symbols.

use std::collections::BTreeMap;

use super::{
    MANIFEST,
    portable::{is_reserved, unportable},
};

/// The names of the JSON documents of one folder, each made of the name of its symbol.
///
/// Three kinds of names are no names of files everywhere: one that Windows keeps to itself or the
/// manifest of a folder has (`Aux`) gets `_` in front, a character that some systems do not allow
/// becomes `_`, and of names that differ in case only all but the first get a number (`Level`,
/// `LEVEL~2`). What no name of a symbol can hold, a path separator for one, is refused.
#[derive(Clone, Debug, Default)]
pub struct FileNames {
    /// How many names there are so far, by their spelling in lower case.
    seen: BTreeMap<String, usize>,
}

impl FileNames {
    /// Returns the name of the next file, `<name>.json` where that is possible.
    ///
    /// # Errors
    /// Why `name` is the name of no file, as the end of a sentence about it.
    pub fn next(&mut self, name: &str) -> Result<String, &'static str> {
        let stem = file_stem(name);
        if let Some(why) = unportable(&stem) {
            return Err(why);
        }
        let count = self.seen.entry(stem.to_lowercase()).or_default();
        *count += 1;
        Ok(if *count == 1 { format!("{stem}.json") } else { format!("{stem}~{count}.json") })
    }
}

/// Whether the file `file` without its ending may be the document of the symbol `name`.
pub(crate) fn is_of(file: &str, name: &str) -> bool {
    let own = file_stem(name);
    match file.strip_prefix(own.as_str()) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('~').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }),
        None => false,
    }
}

/// The name of the file without its ending, as long as no other name is the same.
pub(crate) fn file_stem(name: &str) -> String {
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
            assert_eq!(names.next(symbol).unwrap(), file);
            assert!(is_of(file.strip_suffix(".json").unwrap(), symbol), "{file}");
        }
        for symbol in ["../../evil", "a/b", "a\\b", ".x", "", "a\u{7}"] {
            assert!(names.next(symbol).is_err(), "{symbol:?}");
        }
        assert!(!is_of("Room~", "Room") && !is_of("Room~x", "Room") && !is_of("Rooms", "Room"));
    }
}
