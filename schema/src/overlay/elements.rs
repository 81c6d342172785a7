//! Completing custom elements with our own words.

use std::collections::BTreeSet;

use super::{Overlay, apply::unknown};
use crate::{diagnostic::Diagnostic, model::element::Element};

pub(super) fn apply(
    overlay: &Overlay,
    elements: &mut [Element],
    elsewhere: &BTreeSet<String>,
    problems: &mut Vec<Diagnostic>,
) {
    // Symbols that are read without their elements leave these entries without a meaning.
    if elements.is_empty() {
        return;
    }
    for (tag, entry) in &overlay.entries.elements {
        let Some(element) = elements.iter_mut().find(|element| element.tag == *tag.as_ref()) else {
            if !elsewhere.contains(tag.as_ref()) {
                let known = elements.iter().map(|element| element.tag.as_str());
                problems.push(unknown(overlay, tag, "element", known));
            }
            continue;
        };
        if let Some(summary) = &entry.summary {
            element.summary.clone_from(summary);
        }
        for (name, summary) in &entry.events {
            if let Some(event) = element.events.iter_mut().find(|own| own.name == *name.as_ref()) {
                event.summary.clone_from(summary);
            } else {
                let known = element.events.iter().map(|event| event.name.as_str());
                let what = format!("event of `{}`", tag.as_ref());
                problems.push(unknown(overlay, name, &what, known));
            }
        }
    }
}
