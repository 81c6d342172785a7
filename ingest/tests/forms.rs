//! The credential pages in three forms: the same facts, up to the losses that docs/forms.md lists.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::Path;

use credwire_ingest::{
    IngestInput, Options,
    facts::{Confidence, Facts, facts_json},
    ingest,
};
use serde_json::Value;

/// What the fixture pages of the credentials say, as a package would declare it.
const DECLARATIONS: &str = r#"
/** What a provider is told. */
interface AuthenticateContext {
  /** The JWK thumbprint (RFC 7638) of the key. */
  fingerprint?: string;
}
/**
 * What a provider hands over. At least one of `token` and `authorizationState` is needed.
 */
interface SDKCredential {
  /** The SAT, a JWT. */
  token?: string;
  /** The end, in milliseconds since the epoch. */
  expiry_at?: number | undefined;
  authorizationState?: string;
}
/** The claims of a token. */
interface SATClaims {
  cnf?: { /** Thumbprint of that key. */ jkt: string };
  /** When the token ends: seconds since the epoch. */
  expires_at?: number;
  scope?: Array<string>;
}
interface CredentialProvider {
  authenticate(context?: AuthenticateContext): Promise<SDKCredential>;
  refresh?: () => Promise<SDKCredential>;
}
export type { AuthenticateContext, CredentialProvider, SATClaims, SDKCredential };
"#;

const NAMES: [&str; 4] =
    ["AuthenticateContext", "CredentialProvider", "SATClaims", "SDKCredential"];

fn pages() -> Facts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/reference/interfaces");
    let inputs: Vec<IngestInput> =
        NAMES.iter().map(|name| folder.join(format!("{name}.mdx")).into()).collect();
    ingest(&inputs, &Options::default()).facts
}

/// Every difference between two values, by path.
fn differences(left: &Value, right: &Value, path: &str, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let of = |map: &serde_json::Map<String, Value>| map.get(key).cloned();
                let below = format!("{path}.{key}");
                match (of(a), of(b)) {
                    (Some(a), Some(b)) => differences(&a, &b, &below, found),
                    (Some(_), None) => found.push(format!("{below} lost")),
                    _ => found.push(format!("{below} gained")),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (a, b) in a.iter().zip(b) {
                let name = a.get("name").and_then(Value::as_str).unwrap_or("_");
                differences(a, b, &format!("{path}.{name}"), found);
            }
        }
        (a, b) if a != b => found.push(format!("{path}: {a} -> {b}")),
        _ => {}
    }
}

fn losses(left: &Facts, right: &Facts) -> Vec<String> {
    let (left, right) = (facts_json(left), facts_json(right));
    let mut found = Vec::new();
    for name in NAMES.iter().filter(|name| right["items"].get(**name).is_some()) {
        differences(&left["items"][name], &right["items"][name], name, &mut found);
    }
    found
}

#[test]
fn declarations_lose_pages_and_tables_and_gain_readonly() {
    let text = IngestInput::Text { name: "index.d.ts".to_owned(), text: DECLARATIONS.to_owned() };
    let read = ingest(&[text], &Options::default());
    assert_eq!(read.diagnostics, []);
    let pages = pages();
    let (readonly, others): (Vec<String>, Vec<String>) =
        losses(&pages, &read.facts).into_iter().partition(|one| one.contains(".readonly: "));
    assert!(readonly.iter().all(|one| one.ends_with("null -> false")), "{readonly:?}");
    assert_eq!(readonly.len(), 8);
    assert_eq!(
        others,
        [
            "AuthenticateContext.page lost",
            "CredentialProvider.page lost",
            "SATClaims.page lost",
            // Declarations write objects out, and have no mistake in what is optional.
            "SATClaims.properties.cnf.fields lost",
            "SATClaims.properties.cnf.type: \"{ jkt?: string }\" -> \"{ jkt: string }\"",
            "SDKCredential.page lost",
        ]
    );
    assert_eq!(pages.items["CredentialProvider"].tables.len(), 1);
    assert!(read.facts.items["CredentialProvider"].tables.is_empty());
    assert!(read.facts.items.values().all(|item| item.slug.is_none()));
}

#[test]
fn rendered_text_loses_the_address_and_certainty() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rendered/CredentialProvider.txt");
    let read = ingest(&[file.into()], &Options::default());
    assert_eq!(read.diagnostics, []);
    let pages = pages();
    assert_eq!(
        losses(&pages, &read.facts),
        [
            "CredentialProvider.page: \"interfaces/CredentialProvider.mdx\" -> \"CredentialProvider.txt\""
        ]
    );
    let (page, text) =
        (&pages.items["CredentialProvider"], &read.facts.items["CredentialProvider"]);
    assert!(page.slug.is_some() && text.slug.is_none());
    assert_eq!((page.confidence, text.confidence), (Confidence::Stated, Confidence::Recovered));
    assert_eq!(page.tables[0].rows, text.tables[0].rows);
}
