//! Checks that pages, schemas and generated code are in step.

use std::collections::{BTreeMap, BTreeSet};

use credwire_ingest::{
    IngestInput, Ingested, Options,
    facts::{Facts, facts_json},
};
use credwire_schema::{
    document, link,
    model::{Item, Property, Schema, Shape},
    overlay::Overlay,
};
use serde_json::Value;

use super::View;
use crate::{
    bundled,
    outcome::{Failure, Result},
    report::{self, counted},
};

/// Reads the bundled pages and compares what comes of them with what is compiled in.
pub(super) async fn check(view: &View) -> Result<()> {
    view.begin("read the bundled reference pages");
    let ingested = blocking(|| read("reference/")).await?;
    let summary = ingested.summary;
    let [pages, symbols, members] =
        [(summary.files, "page"), (summary.symbols, "symbol"), (summary.members, "member")]
            .map(|(count, what)| counted(count, what));
    view.done(&format!("{pages} read: {symbols}, {members}, no problem"))?;

    view.begin("compare with the same pages as rendered text");
    let stated = stated(&ingested.facts);
    let rendered = blocking(|| read("rendered/")).await?;
    let rendered = self::stated(&rendered.facts);
    agree(&rendered, |name| stated.get(name), "the page and its rendered text")?;
    view.done(&format!("the same facts in {} of rendered text", counted(rendered.len(), "page")))?;

    view.begin("compare pages and schemas");
    let schema = blocking(|| schemas(ingested.items)).await?;
    let all = schema.items.len();
    view.done(&format!("the schema documents of {symbols}, of {all} in all, agree with them"))?;
    view.detail(&Findings::of(&schema).to_string())?;

    view.begin("compare schemas and generated code");
    let files = blocking(move || generated(&schema)).await?;
    view.done(&format!("{} of generated Rust agree, byte for byte", counted(files, "file")))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let result = tokio::task::spawn_blocking(work).await;
    result.unwrap_or_else(|error| Err(Failure::new("an internal error").because(error)))
}

/// Ingests the bundled pages below `folder`.
fn read(folder: &str) -> Result<Ingested> {
    let pages = bundled::FIXTURES.iter().filter_map(|(path, text)| {
        let name = path.strip_prefix(folder)?.to_owned();
        Some(IngestInput::Text { name, text: (*text).to_owned() })
    });
    let options = Options { review: Some(credwire_drift::review), ..Options::default() };
    let ingested = credwire_ingest::ingest(&pages.collect::<Vec<_>>(), &options);
    if ingested.has_errors() {
        report::diagnostics(&ingested.diagnostics);
        return Err(Failure::new("a bundled page cannot be read"));
    }
    Ok(ingested)
}

/// What is stated of each symbol, apart from the name of the page.
fn stated(facts: &Facts) -> BTreeMap<String, Value> {
    let mut facts = facts_json(facts);
    let Some(items) = facts["items"].as_object_mut() else { return BTreeMap::new() };
    let without_page = |(name, item): (&String, &mut Value)| {
        if let Some(item) = item.as_object_mut() {
            item.remove("page");
        }
        (name.clone(), item.take())
    };
    items.iter_mut().map(without_page).collect()
}

/// Fails with the names of the `left` that `right` does not state the same of.
fn agree<'a>(
    left: &BTreeMap<String, Value>,
    right: impl Fn(&str) -> Option<&'a Value>,
    what: &str,
) -> Result<()> {
    let differing = left.iter().filter(|(name, value)| right(name) != Some(value));
    let differing: Vec<_> = differing.map(|(name, _)| name.as_str()).collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{what} disagree on {}", differing.join(", "))))
}

/// The schema of the bundled documents, when the pages state the same.
fn schemas(mut items: Vec<Item>) -> Result<Schema> {
    let broken = |problems: Vec<_>| {
        report::diagnostics(&problems);
        Failure::new("a bundled schema cannot be used")
    };
    let overlay = Overlay::read("overlay.toml", bundled::OVERLAY);
    let overlay = overlay.map_err(|problem| broken(vec![*problem]))?;
    let mut committed = Vec::new();
    let documents = [bundled::SCHEMAS, bundled::WIRE, bundled::ELEMENTS];
    for (path, text) in documents.into_iter().flatten() {
        committed.push(document::read_any(path, text).map_err(|problem| broken(vec![*problem]))?);
    }
    let known: BTreeSet<String> = committed.iter().map(|item| item.name.clone()).collect();
    let problems = overlay.apply(&mut items, &known);
    if !problems.is_empty() {
        return Err(broken(problems));
    }
    let (pages, documents) = (statements(&items)?, statements(&committed)?);
    let help = |failure: Failure| failure.help("run `credwire ingest --out schema/interfaces`");
    // Documents without a bundled page were made from pages that do not come along.
    agree(&pages, |name| documents.get(name), "pages and schemas").map_err(help)?;
    link::link(committed, overlay.externals()).map_err(broken)
}

/// What each document states, apart from where it was read.
fn statements(items: &[Item]) -> Result<BTreeMap<String, Value>> {
    let failed = |error| Failure::new("a schema cannot be compared").because(error);
    let one = |item: &Item| -> Result<(String, Value)> {
        let text = document::write(item).map_err(|problem| {
            report::diagnostics(&[*problem]);
            Failure::new("a schema cannot be written")
        })?;
        let mut value = serde_json::from_str(&text).map_err(failed)?;
        without_places(&mut value);
        Ok((item.name.clone(), value))
    };
    items.iter().map(one).collect()
}

fn without_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("place");
            members.values_mut().for_each(without_places);
        }
        Value::Array(values) => values.iter_mut().for_each(without_places),
        _ => {}
    }
}

/// The number of generated files, when those compiled in are the ones that `schema` makes.
fn generated(schema: &Schema) -> Result<usize> {
    let output = credwire_codegen::render(schema).map_err(|problems| {
        report::diagnostics(&problems);
        Failure::new("no code can be generated from the schemas")
    })?;
    let bundled: BTreeMap<_, _> = bundled::GENERATED.iter().copied().collect();
    let differing: Vec<_> = output
        .files()
        .iter()
        .filter(|(path, text)| bundled.get(path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    if differing.is_empty() {
        return Ok(output.files().iter().len());
    }
    Err(Failure::new(format!("the generated code is out of date: {}", differing.join(", ")))
        .help("run `credwire generate`"))
}

/// What makes the API typed, counted.
#[derive(Default)]
struct Findings {
    secrets: usize,
    units: usize,
    rules: usize,
    rows: usize,
}

impl Findings {
    fn of(schema: &Schema) -> Self {
        let mut findings = Self::default();
        for item in schema.items.values() {
            findings.rules += item.rules.len();
            findings.rows += item.tables.iter().map(|table| table.rows.len()).sum::<usize>();
            if let Shape::Interface(members) | Shape::Class(members) | Shape::Error(members) =
                &item.shape
            {
                members.properties.iter().for_each(|property| findings.add(property));
            }
        }
        findings
    }

    fn add(&mut self, property: &Property) {
        self.secrets += usize::from(property.secret);
        self.units += usize::from(property.unit.is_some());
        property.fields.iter().for_each(|field| self.add(field));
    }
}

impl std::fmt::Display for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { secrets, units, rules, rows } = *self;
        write!(
            f,
            "{}, {} with a unit, {} across members, {} of a decision table",
            counted(secrets, "secret"),
            counted(units, "number"),
            counted(rules, "rule"),
            counted(rows, "row"),
        )
    }
}
