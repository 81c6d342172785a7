//! Every shape that the Markdown plugin of TypeDoc has given a page since 4.0, and what each of them
//! loses: the table in `docs/forms.md`, row by row.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use credwire_ingest::{
    IngestInput, Options,
    facts::{Facts, ItemFacts, MemberFacts, SignatureFacts},
    ingest,
};

fn read(pages: &[(&str, &str)]) -> Facts {
    let text = |(name, text): &(&str, &str)| IngestInput::Text {
        name: (*name).to_owned(),
        text: (*text).to_owned(),
    };
    let inputs: Vec<IngestInput> = pages.iter().map(text).collect();
    let ingested = ingest(&inputs, &Options::default());
    assert!(!ingested.has_errors(), "{:?}", ingested.diagnostics);
    ingested.facts
}

fn item(name: &str, text: &str) -> ItemFacts {
    let facts = read(&[(name, text)]);
    assert_eq!(facts.items.len(), 1, "{:?}", facts.items.keys());
    facts.items.into_values().next().unwrap()
}

fn ty(member: &MemberFacts) -> String {
    member.ty.as_ref().map_or_else(String::new, ToString::to_string)
}

fn params(signature: &SignatureFacts) -> Vec<String> {
    let one = |param: &MemberFacts| {
        let mark = if param.optional { "?" } else { "" };
        format!("{}{mark}: {}", param.name, ty(param))
    };
    signature.params.iter().map(one).collect()
}

/// P9: one page for a module, with a namespace beside it.
#[test]
fn a_page_holds_the_symbols_of_a_module() {
    let module = r"**lamps**

***

# lamps

## Enumerations

### Source

Defined in: lamp.d.ts:1

#### Enumeration Members

##### Grid

> **Grid**: `1`

##### Sun

> **Sun**: `2`

***

### Tone

#### Enumeration Members

##### Sun

> **Sun**: `7`

## Classes

### Lamp

A lamp.

### A note

#### Constructors

##### Constructor

> **new Lamp**(`watts`): [`Lamp`](#lamp)

###### Parameters

###### watts

`number`

###### Returns

[`Lamp`](#lamp)

#### Accessors

##### level

###### Get Signature

> **get** **level**(): `number`

###### Returns

`number`

###### Set Signature

> **set** **level**(`value`): `void`

###### Parameters

###### value

`number`

###### Returns

`void`

#### Methods

##### on()

> **on**(`from`, `tone?`): [`Fuse`](lamps/namespaces/parts.md#fuse)

###### Parameters

###### from

[`Sun`](#sun)

###### tone?

[`Sun`](#sun-1)

###### Returns

[`Fuse`](lamps/namespaces/parts.md#fuse)

***

### Switch

#### Properties

##### on

> **on**: `boolean`

## Functions

### dim()

> **dim**(`lamp`): `void`

#### Parameters

##### lamp

[`Lamp`](#lamp)

#### Returns

`void`
";
    let parts = "# parts\n\n## Interfaces\n\n### Fuse\n\n#### Properties\n\n##### amps\n\n> **amps**: `number`\n";
    let facts = read(&[("x/README.md", module), ("x/lamps/namespaces/parts.md", parts)]);
    let names: Vec<&str> = facts.items.keys().map(String::as_str).collect();
    assert_eq!(names, ["Lamp", "Source", "Switch", "Tone", "dim", "parts.Fuse"]);
    let lamp = &facts.items["Lamp"];
    assert_eq!(params(&lamp.constructors[0]), ["watts: number"]);
    let level = &lamp.accessors[0];
    assert_eq!(level.get.as_ref().unwrap().to_string(), "number");
    assert_eq!(ty(level.set.as_ref().unwrap()), "number");
    let on = &lamp.methods[0];
    assert_eq!(params(on), ["from: 2", "tone?: 7"]);
    assert_eq!(on.returns.as_ref().unwrap().to_string(), "parts.Fuse");
    assert_eq!(params(&facts.items["dim"].calls[0]), ["lamp: Lamp"]);
}

/// A page that only lists others has no symbols, and is no fault.
#[test]
fn an_index_lists_pages() {
    let index = "# lamps\n\n## Classes\n\n- [Lamp](classes/Lamp.md)\n\n## Functions\n\n- [dim](functions/dim.md)\n";
    assert!(read(&[("x/index.md", index)]).items.is_empty());
}

/// Overloads keep their own types, under `Call Signature` and under headings with parameters.
#[test]
fn overloads_keep_their_types() {
    let new = r"# Function: dim()

## Call Signature

> **dim**(`level`): `void`

### Parameters

#### level

`number`

### Returns

`void`

## Call Signature

> **dim**\<`T`\>(`name`, `lamp`): `T`

### Type Parameters

#### T

`T` *extends* [`Lamp`](../classes/Lamp.md)

### Parameters

#### name

`string`

#### lamp

`T`

### Returns

`T`
";
    let old = r"# Function: dim()

## dim(level)

> **dim**(`level`): `void`

### Parameters

• **level**: `number`

### Returns

`void`

### Source

lamp.d.ts:3

## dim(name, lamp)

> **dim**\<`T`\>(`name`, `lamp`): `T`

### Type parameters

• **T** *extends* [`Lamp`](../classes/Lamp.md)

### Parameters

• **name**: `string`

• **lamp**: `T`

### Returns

`T`
";
    for text in [new, old] {
        let dim = item("functions/dim.md", text);
        assert_eq!(dim.calls.len(), 2);
        assert_eq!(params(&dim.calls[0]), ["level: number"]);
        assert_eq!(params(&dim.calls[1]), ["name: string", "lamp: T"]);
        assert_eq!(dim.calls[1].type_params[0].extends.as_ref().unwrap().to_string(), "Lamp");
    }
}

/// P10: the parameters of a callback belong to it, and objects show their members below them.
#[test]
fn callbacks_and_objects_are_described_below() {
    let text = r"# Interface: Lamp

## Properties

### bulb

> **bulb**: `object`

#### kind

> **kind**: `string`

#### socket?

> `optional` **socket?**: `object`

In the wall.

##### socket.size

> **size**: `number`

In percent.

***

### onDim?

> `optional` **onDim?**: (`level`, `why?`) => `void`

#### Parameters

##### level

`number`

##### why?

`string`

#### Returns

`void`

***

### x5t#S256?

> `optional` **x5t#S256?**: `string`

***

### \[iterator\]()

> **\[iterator\]**(): `Iterator`\<`string`, `any`, `any`\>

#### Returns

`Iterator`\<`string`, `any`, `any`\>
";
    let lamp = item("interfaces/Lamp.md", text);
    let properties: Vec<String> =
        lamp.properties.iter().map(|one| format!("{}: {}", one.name, ty(one))).collect();
    assert_eq!(
        properties,
        [
            "bulb: { kind: string; socket?: { size: number } }",
            "onDim: (level: number, why?: string) => void",
            "x5t#S256: string",
        ]
    );
    assert_eq!(lamp.properties[0].fields[1].fields[0].name, "size");
    assert_eq!(lamp.methods[0].name, "[Symbol.iterator]");
    // The compiler spells the defaults of the platform's types out.
    assert_eq!(lamp.methods[0].returns.as_ref().unwrap().to_string(), "Iterator<string>");
}

#[test]
fn what_is_called_or_indexed() {
    let text = r"# Interface: Dimmer()\<T\>

## Type Parameters

### T

`T` = `string`

> **Dimmer**(`level`): `T`

Dims.

## Parameters

### level

`number`

## Returns

`T`

## Indexable

> \[`key`: `string`\]: `unknown`
";
    let dimmer = item("interfaces/Dimmer.md", text);
    assert_eq!(dimmer.type_params[0].default.as_ref().unwrap().to_string(), "string");
    assert_eq!(params(&dimmer.calls[0]), ["level: number"]);
    assert!(dimmer.calls[0].type_params.is_empty());
    assert_eq!(dimmer.index[0].value.to_string(), "unknown");
}

#[test]
fn code_blocks_declare_as_quotes_do() {
    let text = "# Class: Lamp\n\n## Properties\n\n### watts?\n\n```ts\nprotected readonly optional watts?: number = 40;\n```\n\n## Methods\n\n### make()\n\n```ts\nstatic make(level: number): Lamp;\n```\n\n#### Parameters\n\n| Parameter | Type |\n| ------ | ------ |\n| `level` | `number` |\n\n#### Returns\n\n`Lamp`\n";
    let lamp = item("classes/Lamp.md", text);
    let watts = &lamp.properties[0];
    assert_eq!((watts.optional, watts.readonly), (true, Some(true)));
    assert_eq!(watts.access.as_deref(), Some("protected"));
    assert_eq!(watts.doc.default.as_ref().unwrap().value, "40");
    assert_eq!(params(&lamp.statics.methods[0]), ["level: number"]);
}

#[test]
fn enumerations_errors_and_variables() {
    let table = "# Enumeration: Tone\n\n## Enumeration Members\n\n| Enumeration Member | Value | Description |\n| ------ | ------ | ------ |\n| <a id=\"warm\"></a> `Warm` | `\"warm\"` | Warm. |\n| ~~`Cold`~~ | `\"cold\"` | - |\n";
    let error = "# Class: DimError\n\n## Extends\n\n- [`LampError`](LampError.md)\n";
    let base = "# Class: LampError\n\n## Extends\n\n- `Error`\n\n## Methods\n\n### isError()\n\n> `static` **isError**(`error`): `error is Error`\n\n#### Parameters\n\n##### error\n\n`unknown`\n\n#### Returns\n\n`error is Error`\n\n#### Inherited from\n\n`Error.isError`\n";
    let variable = "# Variable: tone\n\n> `let` **tone**: [`Warm`](../enumerations/Tone.md#warm)\n";
    let facts = read(&[
        ("x/enumerations/Tone.md", table),
        ("x/classes/DimError.md", error),
        ("x/classes/LampError.md", base),
        ("x/variables/tone.md", variable),
    ]);
    let tone = &facts.items["Tone"];
    assert_eq!(tone.ty.as_ref().unwrap().to_string(), "\"warm\" | \"cold\"");
    assert!(tone.members[1].deprecated);
    assert_eq!(facts.items["DimError"].kind.as_str(), "error");
    assert_eq!(facts.items["LampError"].kind.as_str(), "error");
    assert_eq!(facts.items["tone"].ty.as_ref().unwrap().to_string(), "\"warm\"");
}

/// Type parameters of an alias stand in front of the sign, those of its function behind it.
#[test]
fn aliases_of_functions() {
    let text = |head: &str| {
        format!(
            "# Type Alias: Dim\n\n> **Dim**{head} => `T`\n\n## Type Parameters\n\n### T\n\n`T` *extends* `string`\n\n## Parameters\n\n### level\n\n`T`\n\n## Returns\n\n`T`\n"
        )
    };
    let own = item("type-aliases/Dim.md", &text("\\<`T`\\> = (`level`)"));
    assert_eq!((own.type_params.len(), own.calls[0].type_params.len()), (1, 0));
    let inner = item("type-aliases/Dim.md", &text(" = \\<`T`\\>(`level`)"));
    assert_eq!((inner.type_params.len(), inner.calls[0].type_params.len()), (0, 1));
    assert_eq!(params(&inner.calls[0]), ["level: T"]);
}

fn alias(ty: &str) -> String {
    let facts = item("type-aliases/X.md", &format!("# Type Alias: X\n\n> **X** = {ty}\n"));
    facts.ty.unwrap().to_string()
}

/// Losses: objects inside other types, parameters of functions inside them, and what the compiler
/// put in place of what is written.
#[test]
fn types_are_as_they_are_shown() {
    assert_eq!(alias("(`A` & `object`) \\| (`B` & `object`)"), "(A & object) | (B & object)");
    assert_eq!(alias("`string` \\| ((`level`) => `void`)"), "string | ((level) => void)");
    assert_eq!(alias("\\[`...A[]`, `number`\\]"), "[...A[], number]");
}

/// Losses of releases up to 4.2: brackets around functions are put back where they stand among
/// alternatives, those around alternatives in arrays cannot be; `new` is missing.
#[test]
fn old_releases_leave_brackets_and_new_out() {
    assert_eq!(alias("`string` \\| () => `string`"), "string | (() => string)");
    assert_eq!(alias("`A` & `object`[]"), "A & object[]");
    assert_eq!(alias("(`url`) => `Lamp`"), "(url) => Lamp");
    assert_eq!(alias("`Map`\\<`string`, `A` \\| (`x`) => `B`\\>"), "Map<string, A | (x) => B>");
}

/// Losses of tables: what no column shows is not known, and the member looks public, required, and
/// one of the instances.
#[test]
fn tables_of_old_releases_have_no_marks() {
    let text = "# Class: Lamp\n\n## Properties\n\n| Property | Modifier | Type |\n| :------ | :------ | :------ |\n| `count` | `readonly` | `number` |\n| `_key` | `private` | `any` |\n";
    let lamp = item("classes/Lamp.md", text);
    assert_eq!(lamp.properties.len(), 1);
    assert_eq!(lamp.properties[0].access, None);
    assert!(!lamp.properties[0].optional && lamp.statics.is_empty());
}

/// Loss of tables up to 4.2: what a method of an object takes.
#[test]
fn methods_in_tables_show_their_result() {
    let text = "# Variable: lamps\n\n> `const` **lamps**: `object`\n\n## Type declaration\n\n| Name | Type |\n| :------ | :------ |\n| `make()` | [`Lamp`](../classes/Lamp.md) |\n| `watts` | `number` |\n";
    let lamps = item("variables/lamps.md", text);
    assert_eq!(lamps.ty.unwrap().to_string(), "{ make: (...args) => Lamp; watts: number }");
}

/// The parts of a function that is returned stand beside the result for want of a deeper level.
#[test]
fn functions_are_returned() {
    let text = "# x\n\n## Classes\n\n### Lamp\n\n#### Methods\n\n##### on()\n\n> **on**(`a`): (`b`) => `void`\n\n###### Parameters\n\n• **a**: `string`\n\n###### Returns\n\n`Function`\n\n###### Parameters\n\n• **b**: `number`\n\n###### Returns\n\n`void`\n\n##### off()\n\n> **off**(): `void`\n";
    let lamp = item("x/README.md", text);
    let on = lamp.methods.iter().find(|method| method.name == "on").unwrap();
    assert_eq!(params(on), ["a: string"]);
    assert_eq!(on.returns.as_ref().unwrap().to_string(), "(b: number) => void");
    assert_eq!(lamp.methods.len(), 2);
}

/// At the deepest level, too, the parts of a member of an object are its own.
#[test]
fn the_deepest_members_have_their_parts() {
    let text = "# x\n\n## Interfaces\n\n### Lamp\n\n#### Properties\n\n##### bulb\n\n> **bulb**: `object`\n\n###### heads?\n\n> `optional` **heads**: `object`\n\n###### Index Signature\n\n\\[`key`: `string`\\]: `string`\n\n###### on()\n\n> **on**: (`a`) => `void`\n\n###### Parameters\n\n###### a\n\n`number`\n\n###### Returns\n\n`void`\n\n###### url\n\n> **url**: `string`\n";
    let lamp = item("x/README.md", text);
    assert_eq!(
        ty(&lamp.properties[0]),
        "{ heads?: { [key: string]: string }; on: (a: number) => void; url: string }"
    );
}

/// Loss: a member of an enumeration without a link to it keeps its name.
#[test]
fn names_without_links_stay_names() {
    let tone = "# Enumeration: Tone\n\n## Enumeration Members\n\n### Warm\n\n> **Warm**: `1`\n";
    let lamp = "# Interface: Lamp\n\n## Properties\n\n### tone\n\n> **tone**: `Warm`\n";
    let facts = read(&[("x/enumerations/Tone.md", tone), ("x/interfaces/Lamp.md", lamp)]);
    assert_eq!(ty(&facts.items["Lamp"].properties[0]), "Warm");
}

/// What is set to the value that is its type has no default, nor has what is set to nothing.
#[test]
fn constants_and_empty_columns_are_no_defaults() {
    let list = "# Class: Lamp\n\n## Properties\n\n### name\n\n> `readonly` **name**: `\"lamp\"` = `\"lamp\"`\n";
    assert!(item("classes/Lamp.md", list).properties[0].doc.default.is_none());
    let table = "# Class: Lamp\n\n## Properties\n\n| Property | Type | Default value |\n| ------ | ------ | ------ |\n| `hue` | `string` | `undefined` |\n| `watts` | `number` | `40` |\n";
    let lamp = item("classes/Lamp.md", table);
    assert!(lamp.properties[0].doc.default.is_none());
    assert_eq!(lamp.properties[1].doc.default.as_ref().unwrap().value, "40");
}

/// Loss: static properties of a base are those of its own page.
#[test]
fn static_properties_of_bases_are_theirs() {
    let text = "# Class: Lamp\n\n## Properties\n\n### count\n\n> `static` **count**: `number`\n\n#### Inherited from\n\n[`Base`](Base.md).[`count`](Base.md#count)\n";
    assert!(item("classes/Lamp.md", text).statics.is_empty());
}

/// What is wrong with one part of a page takes nothing else with it.
#[test]
fn a_part_that_cannot_be_read_is_left_out() {
    let deep = ">".repeat(100);
    let text = format!(
        "# Interface: Lamp\n\n## Properties\n\n### watts\n\n> **watts**: `number`\n\n### odd\n\n{deep} x\n\n### hue\n\n> **hue**: `number`\n"
    );
    let input = IngestInput::Text { name: "interfaces/Lamp.md".to_owned(), text };
    let ingested = ingest(&[input], &Options::default());
    let names: Vec<&str> =
        ingested.facts.items["Lamp"].properties.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["hue", "watts"]);
    assert_eq!(ingested.diagnostics[0].place.line, 11);
}
