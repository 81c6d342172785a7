//! Markdown as TypeDoc's generator writes it gives the facts of the published form.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{IngestInput, Ingested, Options, facts::facts_json, ingest};
use serde_json::json;

fn read(name: &str, text: &str) -> Ingested {
    let ingested = ingest(
        &[IngestInput::Text { name: name.to_owned(), text: text.to_owned() }],
        &Options::default(),
    );
    assert_eq!(ingested.diagnostics, [], "{name}");
    ingested
}

#[test]
fn an_interface_with_tables() {
    let text = r"[pkg](../README.md) / Call

# Interface: Options

Defined in: [src/options.ts:3](https://host.test/options.ts#L3)

What to call with.

## Extends

- [`Base`](Base.md)

## Properties

| Property | Type | Description | Defined in |
| ------ | ------ | ------ | ------ |
| `end` | `number` \| `null` | The end, in seconds since the epoch. | [a.ts:4](x) |
| `list?` | `Promise`\<[`Item`](Item.md)[]\> | - | [a.ts:5](x) |
";
    let facts = facts_json(&read("docs/interfaces/Options.md", text).facts);
    assert_eq!(
        facts["items"]["Options"],
        json!({
            "kind": "interface",
            "page": "interfaces/Options.md",
            "extends": ["Base"],
            "properties": [
                { "name": "end", "type": "number | null", "optional": false, "readonly": false, "doc": { "unit": "s", "epoch": true } },
                { "name": "list", "type": "Promise<Item[]>", "optional": true, "readonly": false },
            ],
            "methods": [],
        })
    );
}

#[test]
fn a_class_with_headings_and_quotes() {
    let text = r#"# Class: Client\<T\>

## Type Parameters

### T

`T` *extends* `string` = `string`

## Constructors

### Constructor

> **new Client**\<`T`\>(`token`, `options?`): `Client`\<`T`\>

#### Parameters

##### token

`string`

The token.

##### options?

[`Options`](../interfaces/Options.md)

#### Returns

`Client`\<`T`\>

## Properties

### id

> `readonly` **id**: `string`

Defined in: [a.ts:5](x)

***

### mode?

> `optional` **mode**: `"a"` \| `"b"`

## Accessors

### state

#### Get Signature

> **get** **state**(): [`State`](State.md) \| `undefined`

##### Returns

[`State`](State.md) \| `undefined`

#### Set Signature

> **set** **state**(`value`): `void`

##### Parameters

###### value

`State`

##### Returns

`void`

## Methods

### run()

> **run**(...`args`): `Promise`\<`void`\>

Runs.

#### Parameters

##### args

...`unknown`[]

#### Returns

`Promise`\<`void`\>

#### Inherited from

[`Base`](Base.md).[`run`](Base.md#run)
"#;
    let facts = facts_json(&read("docs/classes/Client.md", text).facts);
    let client = &facts["items"]["Client"];
    assert_eq!(
        client["typeParams"],
        json!([{ "name": "T", "extends": "string", "default": "string" }])
    );
    assert_eq!(
        client["constructors"],
        json!([{
            "params": [
                { "name": "token", "type": "string", "optional": false },
                { "name": "options", "type": "Options", "optional": true },
            ],
            "returns": "Client<T>",
        }])
    );
    assert_eq!(
        client["properties"],
        json!([
            { "name": "id", "type": "string", "optional": false, "readonly": true },
            { "name": "mode", "type": "\"a\" | \"b\"", "optional": true, "readonly": false },
        ])
    );
    assert_eq!(
        client["accessors"],
        json!([{ "name": "state", "get": "State | undefined", "set": { "param": "value", "type": "State" } }])
    );
    assert_eq!(
        client["methods"][0]["params"],
        json!([{ "name": "args", "type": "unknown[]", "optional": false, "rest": true }])
    );
    assert_eq!(client["methods"][0]["inheritedFrom"], "Base");
}

#[test]
fn aliases_functions_and_variables() {
    let alias = "# Type Alias: Level\n\n> **Level** = `\"low\"` \\| `\"high\"`\n";
    assert_eq!(
        facts_json(&read("type-aliases/Level.md", alias).facts)["items"]["Level"]["union"]["literals"],
        json!(["low", "high"])
    );
    let function = "# Function: setLevel()\n\n> **setLevel**(`level`): `void`\n\n## Parameters\n\n| Parameter | Type |\n| - | - |\n| `level` | [`Level`](x.md) |\n\n## Returns\n\n`void`\n";
    assert_eq!(
        facts_json(&read("functions/setLevel.md", function).facts)["items"]["setLevel"]["signatures"]
            [0]["params"][0]["type"],
        "Level"
    );
    let variable = "# Variable: ready\n\n> `const` **ready**: `boolean` = `true`\n";
    assert_eq!(
        facts_json(&read("variables/ready.md", variable).facts)["items"]["ready"]["type"],
        "boolean"
    );
}

/// P5: a heading inside a comment ends no section. P7: a quote in a comment is prose. P8: a default
/// behind a type is read.
#[test]
fn comments_hold_headings_and_quotes() {
    let text = r"# Class: Lamp

## Properties

### watts

> **watts**: `number` = `40`

How much it takes.

> Note: keep dry

## Methods

### on()

> **on**(): `void`

Turns it on.

## Wiring notes

Use both wires.

### off()

> **off**(): `void`
";
    let ingested = read("classes/Lamp.md", text);
    let lamp = &ingested.facts.items["Lamp"];
    let names: Vec<&str> = lamp.methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!(names, ["off", "on"]);
    let properties: Vec<&str> = lamp.properties.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(properties, ["watts"]);
    let watts = &lamp.properties[0];
    assert_eq!(watts.ty.as_ref().unwrap().to_string(), "number");
    assert_eq!(watts.doc.default.as_ref().unwrap().value, "40");
}

/// P6: rows with dotted names are members of the object above them.
#[test]
fn rows_of_tables_nest() {
    let text = r"# Interface: Lamp

## Properties

| Property | Type | Description |
| ------ | ------ | ------ |
| `bulb` | \{ `kind`: `string`; `socket?`: \{ `size`: `number`; \}; \} | The bulb. |
| `bulb.kind` | `string` | - |
| `bulb.socket?` | \{ `size`: `number`; \} | - |
| `bulb.socket.size` | `number` | In percent. |
| ~~`old?`~~ | `string` | - |
";
    let ingested = read("interfaces/Lamp.md", text);
    let lamp = &ingested.facts.items["Lamp"];
    let names: Vec<&str> = lamp.properties.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["bulb", "old"]);
    let bulb = &lamp.properties[0];
    let fields: Vec<(&str, bool)> =
        bulb.fields.iter().map(|one| (one.name.as_str(), one.optional)).collect();
    assert_eq!(fields, [("kind", false), ("socket", true)]);
    assert_eq!(bulb.fields[1].fields[0].name, "size");
    assert!(lamp.properties[1].optional);
}

/// P10: static members are no members of instances.
#[test]
fn static_members_stand_apart() {
    let text = r"# Class: Lamp

## Properties

### count

> `readonly` `static` **count**: `number`

### watts

> **watts**: `number`

## Methods

### make()

> `static` **make**(`watts`: `number`): `Lamp`
";
    let ingested = read("classes/Lamp.md", text);
    let lamp = &ingested.facts.items["Lamp"];
    assert_eq!((lamp.properties.len(), lamp.methods.len()), (1, 0));
    assert_eq!(lamp.statics.properties[0].name, "count");
    assert_eq!(lamp.statics.methods[0].name, "make");
}
