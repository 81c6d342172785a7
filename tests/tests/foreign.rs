//! Other people's interfaces: whatever a declaration says, the Rust that comes of it compiles, is
//! what the linter asks for, and has documentation without a broken link.
//!
//! The declarations lie in `tests/foreign`: ordinary ones, the forms that are hard, and names that
//! Rust has too.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{collections::BTreeMap, fs, path::Path};

use credwire_codegen::{CodeLayout, CoreSource, GeneratedFiles, Package};
use credwire_tests::foreign::{self, Crates};

/// What comes of each file of declarations, by its name.
fn corpus() -> BTreeMap<String, GeneratedFiles> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let name = file.strip_suffix(".d.ts").unwrap().to_owned();
        let package = Package {
            name: format!("foreign-{name}"),
            core: CoreSource::Path(format!("{}/core", foreign::ROOT)),
        };
        let text = fs::read_to_string(&path).unwrap();
        let generated = foreign::generated(&name, &text, CodeLayout::Package(package));
        all.insert(name, generated);
    }
    all
}

/// The code of an item, blanks apart.
fn code(generated: &GeneratedFiles, item: &str) -> String {
    let text: String = generated.code(item).iter().map(|part| part.text).collect();
    assert!(!text.is_empty(), "`{item}` has no code: {:?}", generated.left_out());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Holds that the code of items has what is expected of each.
fn holds(generated: &GeneratedFiles, expected: &[(&str, &str)]) {
    for (item, expected) in expected {
        let text = code(generated, item);
        assert!(text.contains(expected), "{item}: `{expected}` is not in {text}");
    }
}

#[test]
fn every_form_of_a_declaration_gives_rust_that_compiles() {
    let crates = Crates::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = crates.empty("crates");
    let corpus = corpus();
    for (name, generated) in &corpus {
        assert!(generated.left_out().is_empty(), "{name}: {:?}", generated.left_out());
        foreign::write(generated, &folder.join(name));
    }
    let members: Vec<String> = corpus.keys().map(|name| format!("\"{name}\"")).collect();
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let cargo = |arguments: &[&str]| {
        let output =
            crates.cargo(&folder, &[arguments, &["--workspace", "--all-features"]].concat());
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?}\n{told}");
    };
    cargo(&["clippy"]);
    cargo(&["doc", "--no-deps"]);
}

/// The rows of small inputs that once failed, by their numbers.
#[test]
fn each_declaration_becomes_what_it_means() {
    let all = corpus();
    let cases = &all["cases"];
    for (number, item, expected) in [
        ("D1", "O", &["pub at: credwire_core::Timestamp", "pub raw: credwire_core::Bytes"][..]),
        ("D1", "O", &["pub m: std::collections::BTreeMap<String, f64>"]),
        ("D2", "mint", &["pub client_secret: credwire_core::Secret<String>"]),
        (
            "D3",
            "B",
            &[
                "pub token_map: std::collections::BTreeMap<String, credwire_core::Secret<String>>",
                "pub token_string: credwire_core::Secret<String>",
                "pub cookie: credwire_core::Secret<String>",
                "pub client_assertion: credwire_core::Secret<String>",
                "Bytes(credwire_core::Secret<credwire_core::Bytes>)",
                "Text(credwire_core::Secret<String>)",
            ],
        ),
        ("D4", "R", &["pub room_name: String"]),
        ("D5", "Tune", &["pub raw: Option<Vec<P::RawTune>>"]),
        ("D6", "Panel", &["pub left: P::FarKnob", "pub right: crate::Knob"]),
        ("D7", "Der", &["pub a: String", "pub b: f64", "pub c: String"]),
        ("D8", "Rack", &["pub slots: Option<String>"]),
        ("D9", "Sender", &["P::FarPromise<T>"]),
        ("D10", "BoomError", &["pub inner: Option<Box<crate::BoomError>>"]),
        ("D11", "Chain", &["pub items: Vec<T>"]),
        ("D12", "Src", &["Result<crate::Tick<P>,"]),
        ("D14", "Msg", &["pub reply_to: Option<Option<Box<crate::Msg>>>"]),
        ("D16", "Lvl", &["Low,", "High,", "Other(i64)"]),
        ("D16", "N", &["pub l: crate::Lvl", "pub t: bool"]),
        ("D17", "A", &["pub p: (f64, String)", "pub b: Vec<crate::AB>"]),
        ("D18", "L", &["3600"]),
    ] {
        let text = code(cases, item);
        for expected in expected {
            assert!(text.contains(expected), "{number}: `{expected}` is not in {text}");
        }
    }
    // The private members of a JSON Web Key have names of one letter.
    holds(
        cases,
        &[
            ("PrivateKey", "pub d: credwire_core::Secret<String>"),
            ("PrivateKey", "pub p: Option<credwire_core::Secret<String>>"),
            ("PrivateKey", "pub r#priv: Option<credwire_core::Secret<String>>"),
            ("PrivateKey", "pub n: String"),
            ("PrivateKey.oth", "pub t: credwire_core::Secret<String>"),
            ("KeyRing", "pub d: String"),
            ("KeyRing", "pub key: crate::KeyRingKey"),
            ("KeyRing.key", "pub k: credwire_core::Secret<String>"),
            ("OpenKey", "pub d: Option<credwire_core::Secret<String>>"),
            ("OpenKey", "pub x: String"),
        ],
    );
    // URLs are texts with a form, sets hold what can be compared, and a secret is a secret in both.
    holds(
        cases,
        &[
            ("Harbour", "pub home: credwire_core::Url,"),
            ("Harbour", "pub mirrors: Option<Vec<credwire_core::Url>>"),
            ("Harbour", "pub chart: String,"),
            ("Harbour", "pub signed_url_token: credwire_core::Secret<String>"),
            ("Harbour", "pub berths: std::collections::BTreeSet<String>"),
            ("Harbour", "pub flags: std::collections::BTreeSet<crate::HarbourFlags>"),
            ("Harbour", "pub tolls: Vec<f64>"),
            ("Harbour", "pub passwords: Vec<credwire_core::Secret<String>>"),
            ("Harbour", "pub piers: Vec<crate::HarbourPiers>"),
            ("Harbour", "pub either: crate::Mooring"),
            ("Mooring", "Url(credwire_core::Url)"),
            ("Mooring", "Set(std::collections::BTreeSet<String>)"),
            ("Currency", "pub dollar: String"),
            ("Currency", "pub symbol: String"),
            ("Harbour", "pub names: std::collections::BTreeSet<crate::PierName>"),
            ("Pages", "std::collections::BTreeSet<String>"),
            ("Pilot", "to: &credwire_core::Url"),
            ("Pilot", "around: Option<&std::collections::BTreeSet<String>>"),
            ("Pilot", "std::collections::BTreeSet<crate::PilotGuide"),
        ],
    );
    // What a member spells out is one type, whoever has the member.
    holds(
        cases,
        &[
            ("StreetLantern", "crate::LanternWick"),
            ("StreetLantern", "crate::LanternOil"),
            ("FineOil", "pub grade: crate::LightOilGrade"),
            ("Lantern", "mode: &crate::LanternShineMode"),
            ("StreetLantern", "mode: &crate::LanternShineMode"),
            ("StreetLantern", "crate::LanternShineResult"),
            ("HeldLantern", "crate::LanternOfFuel"),
            ("HeldLantern", "crate::HeldLanternHolder"),
            ("BriefLantern", "pub wick: Option<crate::LanternWick>"),
            ("BriefLantern", "pub oil: Option<crate::LanternOil>"),
        ],
    );
    // Merged members are secrets where one of them is.
    holds(
        &all["types"],
        &[
            ("Door", "pub token: credwire_core::Secret<String>"),
            ("Shut", "pub token: credwire_core::Secret<String>"),
            ("Either", "Text(credwire_core::Secret<String>)"),
        ],
    );
    let alternatives = code(cases, "A");
    assert!(alternatives.contains("pub v: Option<crate::AV>"), "{alternatives}");
    // D13, D15: names of Rust, and two spellings that meet.
    let names = &all["names"];
    assert!(code(names, "Result").contains("pub struct Result {"));
    // An alternative that says more of a named type is called after it, its variant without the enum's name; an error of a
    // namespace is shown without that; what is required is so, whatever its words say; what is protected is nobody's here.
    holds(
        cases,
        &[
            ("AnyRope", "Hemp(crate::AnyRopeHemp)"),
            ("AnyRope", "Wire(crate::AnyRopeWire)"),
            ("weather.FogError", "f.write_str(\"fog\")"),
            ("Tide", "required; `3` by default"),
        ],
    );
    let keeper = code(cases, "Keeper");
    assert!(keeper.contains("fn light(") && !keeper.contains("logbook"), "{keeper}");
    let bearer = code(cases, "Bearer");
    assert!(bearer.contains("pub password: credwire_core::Secret<String>"), "{bearer}");
    let met = code(names, "S");
    assert!(met.contains("pub setup_use: ") && met.contains("pub setup_use_2: "), "{met}");
    assert!(names.simplified().iter().any(|told| told.message.contains("is numbered")));
}

/// Types that only a compiler works out: what it would say stands in the code.
#[test]
fn types_that_compute_are_worked_out() {
    let all = corpus();
    let computed = &all["computed"];
    for (item, expected) in [
        (
            "LampPatch.patch",
            &["pub bulb: Option<", "pub tags: Option<Vec<String>>", "pub spot: Option<(f64, f64)>"]
                [..],
        ),
        ("LampPatch.nulls", &["pub id: Option<String>", "pub mode: Option<crate::Mode>"]),
        ("LampPatch.kept", &["pub watts: Option<f64>", "pub tint: Option<Option<String>>"]),
        ("Inferred", &["pub tag: String", "pub promised: crate::Bulb", "pub itself: crate::Mode"]),
        ("Inferred", &["pub second: f64", "pub answer: crate::Lamp", "pub taken: crate::Bulb"]),
        ("Sorted", &["pub late: ", "pub disc: "]),
        ("Sorted.disc", &["pub radius: f64"]),
        ("Renamed.camel", &["firstName", "lastSeenAt", "plain"]),
        ("Renamed.set", &["setWatts"]),
        ("Board", &["fn value", "fn choose"]),
        ("Handover.grant", &["pub room: String", "pub level: f64"]),
        ("Handover.chosen", &["pub value: crate::Level"]),
        ("Handover.text", &["pub value: String"]),
        ("Chain", &["Result<S::Chain, S::Error>"]),
        ("Maker", &["fn create("]),
        ("Makers.isMaker", &["Made,"]),
        ("Makers.isCalled", &["Called,"]),
        ("Reactions", &["pub plus_1: f64", "pub minus_1: f64", "pub star: String"]),
        ("Reactions", &["pub underscore: String", "pub n4: bool", "plus_1: f64,"]),
    ] {
        let text = code(computed, item);
        for expected in expected {
            assert!(text.contains(expected), "`{item}`: `{expected}` is not in {text}");
        }
    }
    let told: Vec<String> = computed.simplified().iter().map(ToString::to_string).collect();
    let unexpected = told.iter().filter(|told| {
        !["`Endless", "`Twice", "`Ends", "type-function", "dropped-parameter"]
            .iter()
            .any(|known| told.contains(known))
    });
    assert_eq!(unexpected.collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(told.iter().any(|told| told.contains("`Ends.")), "{told:?}");
}

/// What TypeScript's own libraries say of plain objects is said here too, secrets among it.
#[test]
fn plain_objects_of_the_platform_have_members() {
    let text = fs::read_to_string(format!("{}/tests/foreign/generic.d.ts", foreign::ROOT)).unwrap();
    let core = CoreSource::Path(format!("{}/core", foreign::ROOT));
    let package = Package { name: "generic".to_owned(), core };
    let generated = foreign::generated("generic", &text, CodeLayout::Package(package));
    holds(
        &generated,
        &[
            ("RTCIceServer", "pub credential: Option<credwire_core::Secret<String>>"),
            ("JsonWebKey", "pub d: Option<credwire_core::Secret<String>>"),
            ("RTCConfiguration", "pub ice_servers: Option<Vec<crate::RtcIceServer>>"),
            ("MediaTrackConstraints", "pub echo_cancellation: Option<"),
            ("Dial.init", "pub headers: Option<"),
            ("Cookies", "pub password: (credwire_core::Secret<String>,)"),
            ("Timer", "fn interval(&self) -> S::NodeJsTimeout"),
            ("Kept2.plain", "pub at: f64"),
            ("Session", "pub token: credwire_core::Secret<String>"),
            // Functions in objects in place are behaviour with a name.
            ("Plugs.env", "fn ask("),
            ("Plugs.hooks", "fn before("),
            ("Plugs.hooks.deep", "fn after("),
            ("Plugs.open.options", "fn api_token(&self) -> credwire_core::Secret<String>"),
            ("Plugs.open.result", "fn close("),
            ("Plugs", "Fn(Vec<serde_json::Value>) -> serde_json::Value"),
        ],
    );
    let told: Vec<&str> = generated.left_out().keys().map(String::as_str).collect();
    assert_eq!(told, [""; 0], "every symbol has Rust");
}

/// Types that all lead to each other would fill every document with all of them.
#[test]
fn documents_of_entangled_types_refer_to_each_other() {
    let ring = |count: usize| {
        let one = |index: usize| {
            let next = (index + 1) % count;
            format!("export interface Bead{index} {{ next: Bead{next} | null; at: string }}\n")
        };
        let text: String = (0..count).map(one).collect();
        let core = CoreSource::Path(format!("{}/core", foreign::ROOT));
        let package = Package { name: "ring".to_owned(), core };
        let generated = foreign::generated("ring", &text, CodeLayout::Package(package));
        let mut files = generated.files().iter();
        let (_, text) = files.find(|(path, _)| *path == "json-schema/Bead0.json").unwrap();
        text.to_owned()
    };
    let small = ring(100);
    assert!(small.contains("#/$defs/Bead99") && !small.contains("Bead1.json"), "{small}");
    let large = ring(200);
    assert!(large.contains("\"$ref\": \"Bead1.json\"") && large.len() < 1_000, "{large}");
}
