//! Where the links of a page lead to on the page itself.

use std::collections::BTreeMap;

use super::head::bare_name;
use crate::source::Source;

/// The members of the enumerations of a page, by the anchors that links name: that of a heading, or
/// the one written in front of a row.
pub(super) fn variants(source: &Source) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut in_enumerations = false;
    let mut owner: Option<(usize, String)> = None;
    let mut fence = false;
    let mut explicit: Option<String> = None;
    for line in source.lines() {
        let text = line.text;
        if text.starts_with("```") {
            fence = !fence;
        }
        if fence {
            continue;
        }
        if let Some(id) = anchor(text) {
            if text.starts_with('|') {
                let name = text.split('`').nth(1).unwrap_or_default();
                if let Some((_, owner)) = &owner {
                    found.insert(id.to_owned(), format!("{owner}.{name}"));
                }
            } else {
                explicit = Some(id.to_owned());
            }
            continue;
        }
        let depth = text.bytes().take_while(|byte| *byte == b'#').count();
        let Some(title) = text.get(depth..).and_then(|rest| rest.strip_prefix(' ')) else {
            continue;
        };
        if depth == 0 {
            continue;
        }
        let title = title.replace('\\', "");
        let own = slug(&title);
        let count = taken.entry(own.clone()).or_default();
        let id = if *count == 0 { own } else { format!("{own}-{count}") };
        *count += 1;
        match depth {
            1 => {
                let name = title.split_once("Enumeration: ").map(|(_, name)| bare_name(name));
                owner = name.map(|name| (1, name.to_owned()));
            }
            2 => {
                in_enumerations =
                    title == "Enumerations" || (in_enumerations && owner_is(&owner, 1))
            }
            _ if in_enumerations && (depth == 3) => {
                owner = Some((3, bare_name(&title).to_owned()));
            }
            _ => {}
        }
        if let Some((level, owner)) = &owner
            && depth == level + 2
            && (in_enumerations || *level == 1)
        {
            let variant = format!("{owner}.{}", bare_name(&title));
            if let Some(explicit) = explicit.take() {
                found.insert(explicit, variant.clone());
            }
            found.insert(id, variant);
        }
        explicit = None;
    }
    found
}

fn owner_is(owner: &Option<(usize, String)>, level: usize) -> bool {
    owner.as_ref().is_some_and(|(own, _)| *own == level)
}

/// The `x` of `<a id="x"></a>`.
fn anchor(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<a id=\"")?;
    rest.split('"').next()
}

/// The anchor that renderers give a heading.
fn slug(title: &str) -> String {
    let lower = title.trim().to_lowercase();
    let keep = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    lower.chars().filter(|c| keep(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}
