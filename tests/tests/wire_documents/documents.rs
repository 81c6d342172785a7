//! Documents for a schema: valid ones, and ones that something was done to.

use std::collections::BTreeMap;

use fastrand::Rng;
use proptest::{
    strategy::{Strategy, ValueTree},
    string::string_regex,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Number, Value, json};

/// Makes documents from a schema; the same ones from the same seed.
pub(crate) struct Documents<'a> {
    root: &'a Value,
    random: Rng,
    /// Names that members have somewhere in the schema.
    names: Vec<String>,
    /// Texts for each pattern.
    texts: BTreeMap<String, Vec<String>>,
}

impl<'a> Documents<'a> {
    pub(crate) fn new(root: &'a Value, seed: u64) -> Self {
        let mut documents = Self {
            root,
            random: Rng::with_seed(seed),
            names: vec!["more".to_owned(), String::new(), "a/b~c".to_owned()],
            texts: BTreeMap::new(),
        };
        documents.look(root);
        documents
    }

    /// Collects the names of members, and texts for patterns.
    fn look(&mut self, schema: &Value) {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            self.names.extend(properties.keys().cloned());
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
            let mut seed = [7; 32];
            self.random.fill(&mut seed);
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
            let mut runner = TestRunner::new_with_rng(Config::default(), rng);
            // One that only forbids some texts is no form to make texts of: nearly all have it.
            if !pattern.starts_with("^(?!") {
                let strategy = string_regex(pattern.trim_matches(['^', '$'])).unwrap();
                let texts = (0..64).map(|_| strategy.new_tree(&mut runner).unwrap().current());
                self.texts.insert(pattern.to_owned(), texts.collect());
            }
        }
        match schema {
            Value::Object(members) => members.values().for_each(|member| self.look(member)),
            Value::Array(items) => items.iter().for_each(|item| self.look(item)),
            _ => {}
        }
    }

    /// The text of the next document.
    pub(crate) fn next_text(&mut self) -> String {
        let mut document = self.valid(self.root, 0);
        for _ in 0..self.random.u8(0..3) {
            self.mutate(&mut document);
        }
        let mut text = String::new();
        self.write(&document, &mut text);
        text
    }

    fn pick<'b, T>(&mut self, all: &'b [T]) -> &'b T {
        &all[self.random.usize(..all.len())]
    }

    fn valid(&mut self, schema: &Value, depth: usize) -> Value {
        let Some(keywords) = schema.as_object() else { return self.any(depth) };
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(target.trim_start_matches('#')).unwrap();
            return self.valid(target, depth + 1);
        }
        if let Some(value) = keywords.get("const") {
            return value.clone();
        }
        if let Some(values) = keywords.get("enum").and_then(Value::as_array) {
            return self.pick(values).clone();
        }
        match keywords.get("type").and_then(Value::as_str) {
            Some("string") => self.text(keywords),
            Some("boolean") => json!(self.random.bool()),
            Some("null") => Value::Null,
            Some("integer" | "number") => self.number(keywords),
            Some("array") => {
                let least = bound(keywords, "minItems");
                let length = self.random.usize(least..least + 3);
                (0..length).map(|_| self.valid(&keywords["items"], depth + 1)).collect()
            }
            Some("object") => self.object(keywords, depth),
            _ => {
                let of = |keyword: &str| keywords.get(keyword).and_then(Value::as_array);
                match (of("oneOf").or(of("anyOf")), of("allOf")) {
                    (Some(arms), _) => {
                        let arm = self.pick(arms).clone();
                        self.valid(&arm, depth)
                    }
                    (None, Some(arms)) => self.all_of(json!({}), arms, depth),
                    (None, None) => self.any(depth),
                }
            }
        }
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
        let mut members = Map::new();
        let required = keywords.get("required").and_then(Value::as_array);
        for (name, schema) in
            keywords.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let needed = required.is_some_and(|names| names.iter().any(|one| one == name));
            // A member that must not be there has the schema of nothing.
            if *schema != json!({"not": {}}) && (needed || (depth < 5 && self.random.bool())) {
                members.insert(name.clone(), self.valid(schema, depth + 1));
            }
        }
        match keywords.get("additionalProperties") {
            Some(schema @ Value::Object(_)) => {
                for _ in 0..self.random.u8(0..3) {
                    let (name, value) = (self.name(), self.valid(schema, depth + 1));
                    members.insert(name, value);
                }
            }
            _ if self.random.u8(..4) == 0 => {
                members.insert("later".to_owned(), self.any(depth));
            }
            _ => {}
        }
        let all = keywords.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
        self.all_of(Value::Object(members), &all, depth)
    }

    /// Adds what each of the schemas wants beside the others.
    fn all_of(&mut self, mut document: Value, schemas: &[Value], depth: usize) -> Value {
        for schema in schemas {
            if let Value::Object(members) = self.valid(schema, depth) {
                document.as_object_mut().unwrap().extend(members);
            } else if let Some(names) = schema.get("required").and_then(Value::as_array) {
                for name in names.iter().filter_map(Value::as_str) {
                    let value = match schema.pointer(&format!("/properties/{name}")) {
                        Some(member) => self.valid(member, depth),
                        None => self.any(depth),
                    };
                    document.as_object_mut().unwrap().entry(name).or_insert(value);
                }
            }
        }
        document
    }

    fn text(&mut self, keywords: &Map<String, Value>) -> Value {
        let pattern = keywords.get("pattern").and_then(Value::as_str);
        if let Some(texts) = pattern.and_then(|pattern| self.texts.get(pattern)).cloned() {
            return json!(self.pick(&texts));
        }
        let least = bound(keywords, "minLength");
        let length = self.random.usize(least..least + 6);
        json!((0..length).map(|_| self.char()).collect::<String>())
    }

    fn char(&mut self) -> char {
        match self.random.u8(..5) {
            0 => *self.pick(&['"', '\\', '\0', '\n', '\u{7f}', '\u{2028}', '/', '\u{10ffff}']),
            1 => self.random.char('\u{a0}'..='\u{2fff}'),
            _ => self.random.alphanumeric(),
        }
    }

    fn name(&mut self) -> String {
        let names = self.names.clone();
        self.pick(&names).clone()
    }

    fn number(&mut self, keywords: &Map<String, Value>) -> Value {
        let whole = keywords["type"] == "integer";
        let of = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
        let (least, greatest) = (of("minimum").unwrap_or(-1e6), of("maximum").unwrap_or(1e6));
        let number = match self.random.u8(..4) {
            0 => least,
            1 => greatest,
            _ => least + self.random.f64() * (greatest - least),
        };
        if whole { json!(number as i64) } else { json!(number) }
    }

    fn any(&mut self, depth: usize) -> Value {
        match self.random.u8(..if depth < 4 { 8 } else { 6 }) {
            0 => Value::Null,
            1 => json!(self.random.bool()),
            2 => json!(self.random.i64(-3..300)),
            3 => self.extreme(),
            4 => json!(self.name()),
            5 => self.text(&Map::new()),
            6 => (0..self.random.u8(..3)).map(|_| self.any(depth + 1)).collect(),
            _ => {
                let members = (0..self.random.u8(..3)).map(|_| (self.name(), self.any(depth + 1)));
                Value::Object(members.collect())
            }
        }
    }

    fn extreme(&mut self) -> Value {
        const WHOLE: [i64; 9] = [
            0,
            -1,
            99_999_999_999,
            100_000_000_000,
            9_007_199_254_740_991,
            9_007_199_254_740_992,
            -9_007_199_254_740_992,
            i64::MAX,
            i64::MIN,
        ];
        match self.random.u8(..3) {
            0 => json!(self.pick(&[u64::MAX, 1 << 63, 1_700_000_000, 1_700_000_000_000])),
            1 => json!(self.pick(&[
                0.5,
                -0.0,
                1e300,
                -1e300,
                5e-324,
                1.7e12,
                9.007_199_254_740_992e15
            ])),
            _ => json!(self.pick(&WHOLE)),
        }
    }

    /// Does something to some part of the document.
    fn mutate(&mut self, document: &mut Value) {
        let mut pointers = vec![String::new()];
        collect(document, "", &mut pointers);
        let pointer = self.pick(&pointers).clone();
        if self.random.u8(..4) == 0
            && let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(Value::Object(members)) = document.pointer_mut(parent)
        {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
            return;
        }
        let Some(part) = document.pointer_mut(&pointer) else { return };
        *part = match (part.take(), self.random.u8(..6)) {
            (_, 0) => Value::Null,
            (_, 1) => self.any(0),
            (value, 2) => json!([value]),
            (value, 3) => json!({ self.name(): value }),
            (Value::Number(number), _) => self.other_number(&number),
            (Value::String(text), _) => self.other_text(text),
            (Value::Object(mut members), _) => {
                let (name, value) = (self.name(), self.any(1));
                members.insert(name, value);
                Value::Object(members)
            }
            (Value::Array(mut items), _) => {
                items.push(self.any(1));
                Value::Array(items)
            }
            (Value::Bool(value), _) => json!(value.to_string()),
            (Value::Null, _) => self.any(0),
        };
    }

    fn other_number(&mut self, number: &Number) -> Value {
        let value = number.as_f64().unwrap();
        let other = match self.random.u8(..8) {
            0 => value * 1000.0,
            1 => (value / 1000.0).trunc(),
            2 => value + 0.5,
            3 => -value,
            4 => value + 1.0,
            5 => value - 1.0,
            6 => return json!(number.to_string()),
            _ => return self.extreme(),
        };
        if other.fract() == 0.0 && other.abs() < 9e18 { json!(other as i64) } else { json!(other) }
    }

    fn other_text(&mut self, mut text: String) -> Value {
        match self.random.u8(..6) {
            0 => text.clear(),
            1 => text.push(self.char()),
            2 => {
                text.pop();
            }
            3 => text = text.to_uppercase(),
            4 => text.insert(0, self.char()),
            _ => {
                let numbers = [
                    "1",
                    "007",
                    "+2",
                    "1e5",
                    "1e400",
                    ".5",
                    "5.",
                    ".",
                    "0x1f",
                    "inf",
                    "4294967296",
                ];
                text =
                    format!("{}{}", text.trim_end_matches(char::is_numeric), self.pick(&numbers));
            }
        }
        json!(text)
    }

    /// Writes a document, its numbers in one of their spellings.
    fn write(&mut self, value: &Value, text: &mut String) {
        match value {
            Value::Array(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    self.write(item, text);
                }
                text.push(']');
            }
            Value::Object(members) => {
                // Unions are told by members that may come in any order.
                let mut members: Vec<_> = members.iter().collect();
                self.random.shuffle(&mut members);
                text.push('{');
                for (index, (name, value)) in members.into_iter().enumerate() {
                    if index > 0 {
                        text.push_str(", ");
                    }
                    text.push_str(&json!(name).to_string());
                    text.push(':');
                    self.write(value, text);
                }
                text.push('}');
            }
            Value::Number(number) if number.as_i64().is_some() => {
                let number = number.as_i64().unwrap();
                let spelled = match self.random.u8(..8) {
                    0 => format!("{number}.0"),
                    1 => format!("{number}e0"),
                    2 if number % 1000 == 0 => format!("{}E+3", number / 1000),
                    3 if number != 0 => format!("{number}0e-1"),
                    _ => number.to_string(),
                };
                text.push_str(&spelled);
            }
            value => text.push_str(&value.to_string()),
        }
    }
}

fn bound(keywords: &Map<String, Value>, keyword: &str) -> usize {
    keywords.get(keyword).and_then(Value::as_u64).map_or(0, |least| usize::try_from(least).unwrap())
}

/// The pointers of all parts of a document.
fn collect(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        _ => return,
    };
    for (name, part) in parts {
        let pointer = format!("{at}/{name}");
        collect(part, &pointer, pointers);
        pointers.push(pointer);
    }
}
