//! Sentences of the source come into items on request alone, from each form.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use credwire_ingest::{Descriptions, IngestInput, Options, ingest};
use credwire_schema::{
    document,
    model::{Item, Shape},
};

const DECLARATIONS: &str = r#"
/** A lamp of the shop. It shines. */
export interface Lamp {
  /** How bright it is, from 0 to 100. @default 40 */
  level?: number;
  /**
   * Makes it `darker`.
   *
   * @param slowly - Whether it takes a second. Or not.
   */
  dim(slowly: boolean): void;
}
"#;

const PAGE: &str = r#"---
title: "Lamp"
slug: /reference/interfaces/lamp
---
A lamp of the shop. It shines.

## Properties

<ParamField path="level" type="number">
  How bright it is, from 0 to 100. Defaults to `40`.
</ParamField>

## Methods

### dim()

```ts
dim(slowly): void
```

Makes it `darker`.

#### Parameters

<ParamField path="slowly" type="boolean" required>
  Whether it takes a second. Or not.
</ParamField>
"#;

const TYPEDOC: &str = r"# Interface: Lamp

Defined in: lamp.ts:4

A lamp of the shop. It shines.

## Properties

### level?

> `optional` **level**: `number`

How bright it is, from 0 to 100.

#### Default

```ts
40
```

## Methods

### dim()

> **dim**(`slowly`): `void`

Makes it `darker`.

#### Parameters

##### slowly

`boolean`

Whether it takes a second. Or not.

#### Returns

`void`
";

fn read(name: &str, text: &str, descriptions: Descriptions) -> Item {
    let input = IngestInput::Text { name: name.to_owned(), text: text.to_owned() };
    let options = Options { descriptions, ..Options::default() };
    let mut ingested = ingest(&[input], &options);
    assert!(!ingested.has_errors(), "{name}: {:?}", ingested.diagnostics);
    assert_eq!(ingested.items.len(), 1, "{name}");
    ingested.items.remove(0)
}

const FORMS: [(&str, &str); 3] =
    [("lamp.d.ts", DECLARATIONS), ("interfaces/lamp.mdx", PAGE), ("interfaces/Lamp.md", TYPEDOC)];

#[test]
fn the_first_sentence_of_each_description_is_its_summary() {
    for (name, text) in FORMS {
        let lamp = read(name, text, Descriptions::Source);
        let Shape::Interface(members) = &lamp.shape else { panic!("{name}: {lamp:?}") };
        let dim = &members.methods[0];
        let sentences =
            [&lamp.summary, &members.properties[0].summary, &dim.summary].map(String::as_str);
        let expected =
            ["A lamp of the shop.", "How bright it is, from 0 to 100.", "Makes it `darker`."];
        assert_eq!(sentences, expected, "{name}");
        assert_eq!(dim.params[0].summary, "Whether it takes a second.", "{name}");
    }
}

#[test]
fn without_a_request_no_sentence_is_taken_along() {
    for (name, text) in FORMS {
        let document = document::write(&read(name, text, Descriptions::Own)).unwrap();
        assert!(!document.contains("summary"), "{name}: {document}");
        for word in ["shop", "bright", "darker", "second"] {
            assert!(!document.contains(word), "{name}: {document}");
        }
    }
}

#[test]
fn members_of_enumerations_have_their_sentences() {
    let text = "export declare enum Tone {\n  /** Like a candle. Old. */\n  Warm = 1,\n  Cold }\n";
    let tone = read("tone.d.ts", text, Descriptions::Source);
    let Shape::Enum { members } = &tone.shape else { panic!("{tone:?}") };
    let sentences: Vec<&str> = members.iter().map(|member| member.summary.as_str()).collect();
    assert_eq!(sentences, ["Like a candle.", ""]);
}
