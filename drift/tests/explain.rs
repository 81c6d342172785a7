//! What is known of a symbol, from where, and what comes of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use credwire_drift::explain::{Explanation, UnknownName, explain};
use credwire_ingest::{IngestInput, Options, ingest};
use credwire_schema::{link, overlay::Overlay};

const DECLARATIONS: &str = "
export interface Claims {
  /** Ends then, in seconds since the Unix epoch. */
  expires_at?: number;
  cnf?: { jkt: string };
  thumb: string;
}
export type Reason = 'no-scope' | 'self.mute';
export interface Request { readonly authToken: string; }
";

const OVERLAY: &str = "
[items.Claims]
summary = \"What a token claims.\"
members.expires_at = \"When it ends.\"

[items.Reason]
meanings.no-scope = \"The scope is missing.\"

[[corrections]]
item = \"Claims\"
member = \"thumb\"
page = \"interfaces/Claims.mdx\"
reason = \"It is a thumbprint.\"
was.optional = false
is.optional = true
is.format = \"jwk-thumbprint\"
";

fn explained(path: &str) -> Result<Explanation, UnknownName> {
    let input = IngestInput::Text { name: "index.d.ts".to_owned(), text: DECLARATIONS.to_owned() };
    let mut items = ingest(&[input], &Options::default()).items;
    let overlay = Overlay::read("overlay.toml", OVERLAY).unwrap();
    assert_eq!(overlay.apply(&mut items, &BTreeSet::new()), []);
    let schema = link::link(items, overlay.externals()).unwrap();
    explain(&schema, &overlay, path)
}

/// The facts as `[member] what: value at place`.
fn facts(explanation: &Explanation) -> Vec<String> {
    let line = |fact: &credwire_drift::explain::Fact| {
        let member = fact.member.as_ref().map(|member| format!("[{member}] ")).unwrap_or_default();
        format!("{member}{}: {} at {}", fact.what, fact.value, fact.place)
    };
    explanation.facts.iter().map(line).collect()
}

#[test]
fn a_member_has_its_facts_with_their_places() {
    let explanation = explained("Claims.expires_at").unwrap();
    assert_eq!(
        facts(&explanation),
        [
            "type: number at index.d.ts:4:3",
            "optional: true at index.d.ts:4:3",
            "unit: epoch-seconds at index.d.ts:4:3",
            "summary: When it ends. at overlay.toml:4:9",
        ]
    );
    let [snippet] = explanation.rust.as_slice() else { panic!("{explanation:?}") };
    assert_eq!(snippet.file, "src/data.rs");
    assert!(snippet.code.contains("pub expires_at: Option<credwire_core::EpochSeconds>,"));
    assert!(!snippet.code.contains("thumb"), "{}", snippet.code);
}

#[test]
fn corrections_tell_old_new_and_why() {
    let explanation = explained("Claims.thumb").unwrap();
    let told: Vec<(&str, Option<&str>, &str)> = explanation
        .changes
        .iter()
        .map(|change| (change.what, change.old.as_deref(), change.new.as_str()))
        .collect();
    assert_eq!(told, [("optional", Some("false"), "true"), ("format", None, "jwk-thumbprint")]);
    let reason = explanation.changes[0].reason.as_deref();
    assert_eq!(reason, Some("It is a thumbprint. (interfaces/Claims.mdx)"));
    assert_eq!(
        facts(&explanation),
        [
            "type: string at index.d.ts:6:3",
            "optional: true at overlay.toml:11:10",
            "format: jwk-thumbprint at overlay.toml:11:10",
        ]
    );
}

#[test]
fn names_are_understood_as_documented_and_as_in_rust() {
    for (asked, item, member) in [
        ("Claims", "Claims", None),
        ("Request.authToken", "Request", Some("authToken")),
        ("Request.auth_token", "Request", Some("authToken")),
        ("Reason.no-scope", "Reason", Some("no-scope")),
        ("Reason.NoScope", "Reason", Some("no-scope")),
        ("Reason.self.mute", "Reason", Some("self.mute")),
    ] {
        let explanation = explained(asked).unwrap();
        assert_eq!((explanation.item.as_str(), explanation.member.as_deref()), (item, member));
        assert!(!explanation.rust.is_empty(), "{asked}: {explanation:?}");
    }
}

#[test]
fn a_symbol_lists_its_members() {
    let explanation = explained("Claims").unwrap();
    let facts = facts(&explanation);
    assert!(facts.contains(&"kind: interface at index.d.ts:2:1".to_owned()), "{facts:?}");
    let summary =
        |fact: &String| fact.starts_with("summary: What a token claims. at overlay.toml:");
    assert!(facts.iter().any(summary), "{facts:?}");
    assert!(
        facts.contains(&"[thumb] member: string, optional at index.d.ts:6:3".to_owned()),
        "{facts:?}"
    );
    let [snippet] = explanation.rust.as_slice() else { panic!("{explanation:?}") };
    assert!(snippet.code.contains("pub struct Claims {"), "{}", snippet.code);
}

#[test]
fn slips_are_answered_with_the_nearest_name() {
    let unknown = |path: &str| explained(path).unwrap_err();
    assert_eq!(unknown("Claim").nearest.as_deref(), Some("Claims"));
    assert_eq!(unknown("Claims.expires_att").nearest.as_deref(), Some("expires_at"));
    assert_eq!(unknown("Claims.expires_att").to_string(), "`expires_att` is not in `Claims`");
    assert_eq!(unknown("Reason.noscope").nearest.as_deref(), Some("no-scope"));
    assert_eq!(unknown("Banana").nearest, None);
    assert_eq!(unknown("").nearest, None);
    assert_eq!(unknown("Claims.").nearest, None);
}
