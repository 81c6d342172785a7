use proptest::prelude::*;

use super::*;

const START: i64 = 1_760_000_000_000;

fn at(offset: i64) -> EpochMillis {
    EpochMillis::new(START + offset)
}

fn credential(kind: CredentialOrigin, expires: i64) -> HistoryEvent {
    HistoryEvent::Credential { kind, expires_at: Some(at(expires)) }
}

/// Two sessions as an operator may see them: one bound to its key with a loss, one without.
fn recorded() -> Timeline {
    let bound = |expires| credential(CredentialOrigin::ClientBound, expires);
    let warning = HistoryEvent::Warning {
        code: "credential_refresh_fallback: no-scope".to_owned(),
        message: "the SAT lacks <sat:refresh> & is refreshed by the provider".to_owned(),
    };
    let events = [
        (0, "bound", HistoryEvent::Authenticated),
        (2, "bound", credential(CredentialOrigin::Sat, 60_002)),
        (310, "bound", HistoryEvent::Connected),
        (640, "bound", bound(8_640)),
        (650, "bound", HistoryEvent::Activated),
        (720, "bound", HistoryEvent::Reauthenticated),
        (5_700, "bound", bound(13_700)),
        (5_701, "bound", HistoryEvent::Rotated),
        (5_790, "bound", HistoryEvent::Reauthenticated),
        (8_000, "bound", HistoryEvent::Dropped { reason: "closed without a frame".to_owned() }),
        (9_100, "bound", HistoryEvent::Resumed),
        (10_800, "bound", bound(18_800)),
        (10_801, "bound", HistoryEvent::Rotated),
        (10_850, "bound", HistoryEvent::Reauthenticated),
        (11_000, "fallback", HistoryEvent::Authenticated),
        (11_001, "fallback", credential(CredentialOrigin::Sat, 16_001)),
        (11_240, "fallback", HistoryEvent::Connected),
        (11_250, "fallback", warning),
        (14_000, "fallback", credential(CredentialOrigin::Refreshed, 19_000)),
        (14_001, "fallback", HistoryEvent::Rotated),
        (14_050, "fallback", HistoryEvent::Reauthenticated),
        (15_400, "fallback", HistoryEvent::Disconnected),
        (15_500, "bound", HistoryEvent::Disconnected),
    ];
    let mut timeline = Timeline::default();
    timeline.extend(
        events.map(|(offset, session, event)| HistoryEntry::new(at(offset), session, event)),
    );
    timeline
}

/// The picture on record; write it anew with `CREDWIRE_BLESS=1` and look at it.
#[test]
fn the_picture_is_the_one_on_record() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/timeline/golden.svg");
    let svg = recorded().svg();
    if std::env::var_os("CREDWIRE_BLESS").is_some() {
        std::fs::write(path, &svg).unwrap();
    }
    assert_eq!(svg, std::fs::read_to_string(path).unwrap());
}

#[test]
fn the_page_has_the_picture_and_every_entry_escaped() {
    let html = recorded().html();
    assert_eq!(html.matches("<tr><td").count(), recorded().entries().len());
    assert!(html.contains("lacks &lt;sat:refresh&gt; &amp; is") && html.contains("<svg"));
    assert!(html.contains("<td>valid for 8 s, until 2025-10-09 08:53:28 UTC</td>"), "{html}");
}

#[test]
fn the_export_reads_back_and_names_its_format() {
    let timeline = recorded();
    let json = serde_json::to_value(&timeline).unwrap();
    assert_eq!(json["format"], FORMAT);
    assert_eq!(
        json["entries"][1],
        serde_json::json!({"at": START + 2, "session": "bound", "event": "credential", "kind": "sat", "expiresAt": START + 60_002})
    );
    assert_eq!(serde_json::from_value::<Timeline>(json).unwrap(), timeline);
    let other = serde_json::from_str::<Timeline>(r#"{"format":"x","entries":[]}"#).unwrap_err();
    assert!(other.to_string().contains("`x`, expected `credwire-timeline/1`"), "{other}");
}

#[test]
fn a_full_timeline_drops_its_oldest_entries() {
    let mut timeline = Timeline::with_limit(2);
    for offset in 0..5 {
        timeline.record(at(offset), "s", HistoryEvent::Rotated);
    }
    assert_eq!(timeline.dropped(), 3);
    assert_eq!(timeline.entries().map(|entry| entry.at).collect::<Vec<_>>(), [at(3), at(4)]);
    assert!(timeline.svg().contains("3 older ones made room"));
}

#[test]
fn nothing_and_a_single_instant_can_be_drawn() {
    let mut timeline = Timeline::default();
    assert!(parsed(&timeline.svg()).contains("Nothing was recorded."));
    timeline.record(at(0), "s", HistoryEvent::Expired);
    assert!(parsed(&timeline.svg()).contains("expired"));
}

#[test]
fn hours_are_drawn_with_few_ticks_and_bars() {
    let mut timeline = Timeline::default();
    for minute in 0..600 {
        let expires = (minute + 15) * 60_000;
        timeline.record(
            at(minute * 60_000),
            "s",
            credential(CredentialOrigin::ClientBound, expires),
        );
    }
    let text = parsed(&timeline.svg());
    assert!(text.contains("1:00 h") && text.contains("9 h 59 min"), "{text}");
}

/// The text of a document, which must be well-formed.
fn parsed(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    document.descendants().filter_map(|node| node.text()).collect::<Vec<_>>().join("\n")
}

fn any_event() -> impl Strategy<Value = HistoryEvent> {
    let time = proptest::option::of(any::<i64>().prop_map(EpochMillis::new));
    prop_oneof![
        Just(HistoryEvent::Authenticated),
        Just(HistoryEvent::Connected),
        Just(HistoryEvent::Resumed),
        Just(HistoryEvent::Disconnected),
        Just(HistoryEvent::Rotated),
        any::<String>().prop_map(|reason| HistoryEvent::Dropped { reason }),
        any::<(String, String)>()
            .prop_map(|(code, message)| HistoryEvent::Warning { code, message }),
        time.prop_map(|expires_at| HistoryEvent::Credential {
            kind: CredentialOrigin::Sat,
            expires_at
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_recording_is_drawn_well_formed_with_its_text_escaped(
        entries in proptest::collection::vec((any::<i64>(), any::<String>(), any_event()), 0..25),
    ) {
        let mut timeline = Timeline::default();
        timeline.extend(entries.into_iter().map(|(at, session, event)| {
            HistoryEntry::new(EpochMillis::new(at), session, event)
        }));
        let svg = timeline.svg();
        let document = roxmltree::Document::parse(&svg);
        prop_assert!(document.is_ok(), "{:?}", document.err());
        // No markup of the content survives: only elements that the picture draws.
        let drawn = ["svg", "style", "rect", "text", "line", "path", "circle", "g", "title"];
        let document = document.unwrap();
        for node in document.descendants().filter(|node| node.is_element()) {
            prop_assert!(drawn.contains(&node.tag_name().name()), "{:?}", node.tag_name());
        }
        prop_assert!(timeline.html().ends_with("</html>\n"));
    }
}
