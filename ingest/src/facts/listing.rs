//! What index pages list, held against the pages at hand.

use std::collections::{BTreeMap, BTreeSet};

use credwire_schema::diagnostic::Diagnostic;

use super::{CardFacts, Facts, PageFacts};

/// More missing pages than this are reported together.
const TOLD_ONE_BY_ONE: usize = 5;

/// Tells which pages are listed as cards without being at hand, and which are at hand without
/// being listed where the pages beside them are.
///
/// # Diagnostics
/// `listed-page-missing` and `page-not-listed` (warnings).
pub(crate) fn check_listing(facts: &Facts, diagnostics: &mut Vec<Diagnostic>) {
    let given: BTreeSet<&str> =
        facts.pages.iter().filter_map(|page| page.address.as_deref()).collect();
    let mut listed = BTreeSet::new();
    // Folders of which something is listed, and the page that lists it.
    let mut listing: BTreeMap<&str, &PageFacts> = BTreeMap::new();
    for page in &facts.pages {
        for card in &page.cards {
            listed.insert(card.address.as_str());
            if given.contains(card.address.as_str()) {
                listing.entry(folder(&card.address)).or_insert(page);
            }
        }
        let missing: Vec<&CardFacts> =
            page.cards.iter().filter(|card| !given.contains(card.address.as_str())).collect();
        diagnostics.extend(missing_pages(page, &missing));
    }
    for page in &facts.pages {
        let Some(address) = page.address.as_deref().filter(|address| !listed.contains(address))
        else {
            continue;
        };
        if let Some(index) = listing.get(folder(address)).filter(|index| index.path != page.path) {
            let message =
                format!("`{}` is not listed on {}, as its neighbours are", page.title, index.path);
            diagnostics.push(
                Diagnostic::warning("page-not-listed", page.place.clone(), message)
                    .help("add a card for it, or remove the page"),
            );
        }
    }
}

fn folder(address: &str) -> &str {
    address.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn missing_pages(page: &PageFacts, missing: &[&CardFacts]) -> Vec<Diagnostic> {
    let help = "ingest the page as well, or mend the card";
    if missing.len() <= TOLD_ONE_BY_ONE {
        let one = |card: &&CardFacts| {
            let message = format!("`{}` is listed here, but its page was not given", card.title);
            Diagnostic::warning("listed-page-missing", card.place.clone(), message).help(help)
        };
        return missing.iter().map(one).collect();
    }
    let names: Vec<String> = missing.iter().map(|card| format!("`{}`", card.title)).collect();
    let message = format!(
        "{} of {} listed pages were not given: {}",
        missing.len(),
        page.cards.len(),
        names.join(", ")
    );
    let place = missing.first().map_or(&page.place, |card| &card.place).clone();
    vec![Diagnostic::warning("listed-page-missing", place, message).help(help)]
}
