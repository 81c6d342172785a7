//! Two sides, symbol by symbol.

use credwire_ingest::facts::{Facts, ItemFacts};
use credwire_schema::diagnostic::Diagnostic;

use crate::{contradictions, elements, finding::Finding, item::Comparison, mention, side::Sides};

/// Returns every difference of whatever group, sorted by class, symbol and member.
#[must_use]
pub fn compare(left: &Facts, right: &Facts) -> Vec<Finding> {
    let sides = Sides { left, right };
    let mut findings = Vec::new();
    let mut comparison = Comparison::new(sides);
    elements::find(sides, &mut findings);
    // Of a side with elements alone, nothing else is known.
    let only_elements = |facts: &Facts| facts.items.is_empty() && !facts.elements.is_empty();
    if only_elements(left) || only_elements(right) {
        findings.sort();
        return findings;
    }
    for item in left.items.values() {
        match counterpart(right, item) {
            Some(other) => {
                if other.name != item.name {
                    comparison.renamed(item, other);
                }
                comparison.pair(item, other);
            }
            None => comparison.without_export(item),
        }
    }
    for item in right.items.values() {
        if counterpart(left, item).is_some() {
            continue;
        }
        let twin = right.items.values().find(|other| {
            other.place == item.place
                && other.name != item.name
                && left.items.contains_key(&other.name)
        });
        match twin {
            Some(twin) => comparison.renamed(twin, item),
            None => comparison.undocumented(item),
        }
    }
    findings.extend(comparison.finish());
    mention::find(sides, &mut findings);
    // A comment of a declaration is no page: what the compiler checks is the type beside it.
    if !left.pages.is_empty() {
        contradictions::find(sides, &mut findings);
    }
    findings.sort();
    findings.dedup();
    findings
}

/// Returns where pages contradict each other, sorted by symbol and member.
fn contradictions(pages: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    contradictions::find(Sides { left: pages, right: pages }, &mut findings);
    findings.sort();
    findings
}

/// Returns the contradictions of pages as warnings, for
/// [`Options::review`](credwire_ingest::Options).
#[must_use]
pub fn review(pages: &Facts) -> Vec<Diagnostic> {
    let warning = |finding: Finding| {
        let says = |text: &Option<String>| text.clone().unwrap_or_default();
        let (here, there) = (says(&finding.left), says(&finding.right));
        let message = format!("`{}`: {here} contradicts {there}", finding.subject());
        Diagnostic::warning(finding.class.as_str(), finding.place, message)
            .help("make the two places agree")
    };
    contradictions(pages).into_iter().map(warning).collect()
}

/// The symbol of the other side: of that name, else of that declaration.
fn counterpart<'a>(facts: &'a Facts, item: &ItemFacts) -> Option<&'a ItemFacts> {
    let by_name = facts.items.get(&item.name);
    let by_declaration = || facts.items.get(item.declared.as_ref()?);
    let declared_so =
        || facts.items.values().find(|other| other.declared.as_ref() == Some(&item.name));
    by_name.or_else(by_declaration).or_else(declared_so)
}
