//! How the packages document what they show: whole sentences, in the words of the field.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod code;

use std::fs;

use syn::{
    Attribute, Expr, ExprLit, Field, File, ImplItemConst, ImplItemFn, ItemConst, ItemEnum, ItemFn,
    ItemMod, ItemStatic, ItemStruct, ItemTrait, ItemType, Lit, Meta, TraitItemConst, TraitItemFn,
    TraitItemType, Variant, Visibility,
    visit::{self, Visit},
};

use code::{is_public, is_test, shown, sources};

/// Words that public documentation does not use, and what it says in their place.
const WORDS: &[(&str, &str)] = &[
    ("as good as", "treated as"),
    ("believe", "assume"),
    ("believes", "assumes"),
    ("brought", "contained"),
    ("gave", "returned, acquired or sent"),
    ("gives", "returns, acquires or sends"),
    ("in doubt", "in an unknown state"),
    ("knows", "has"),
    ("makes way", "is replaced"),
    ("on its way", "in flight"),
    ("tell", "report"),
    ("tells", "reports"),
    ("told", "reported"),
    ("wish", "request"),
    ("wishes", "requests"),
];

/// Beginnings of functions' documentation that look like verbs and are none.
const NO_VERBS: &[&str] = &["As", "Its", "This", "Times", "Others"];

/// Comments that are half a sentence.
const QUESTIONS: &[&str] = &["How.", "What.", "When.", "Where.", "Which.", "Who.", "Why."];

/// What a comment stands over, as far as the rules differ.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Function,
    Other,
}

/// The comments of one file that break a rule, each as `file:line: fault: sentence`.
struct Comments<'a> {
    file: &'a str,
    lines: Vec<&'a str>,
    /// The number of lines up to the newest comment.
    at: usize,
    read: usize,
    faults: Vec<String>,
}

/// The `///` and `//!` lines, without included files.
fn comment(attributes: &[Attribute]) -> Vec<String> {
    let mut lines = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(pair) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { continue };
        if pair.path.is_ident("doc") {
            lines.push(line.value());
        }
    }
    lines
}

/// The first paragraph in one line.
fn summary(text: &str) -> String {
    let is_text =
        |line: &&str| !line.is_empty() && !line.starts_with(['#', '|']) && !line.starts_with("```");
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    lines.take_while(is_text).collect::<Vec<_>>().join(" ")
}

/// The text in lower case without code, each word between two spaces.
fn words(text: &str) -> String {
    let mut prose = String::new();
    for (index, block) in text.split("```").enumerate().filter(|(index, _)| index % 2 == 0) {
        for (index, span) in block.split('`').enumerate() {
            prose.push_str(if index % 2 == 0 { span } else { " " });
        }
        prose.push_str(if index == 0 { "" } else { " " });
    }
    let split = |character: char| !character.is_alphanumeric() && character != '-';
    let words: Vec<_> = prose.split(split).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" ").to_lowercase())
}

/// What is wrong with a comment.
fn faults(text: &str, over: Over) -> Vec<String> {
    let mut faults = Vec::new();
    let summary = summary(text);
    let beginning = summary.trim_start_matches(['[', '*', '_', '"']);
    if !beginning.starts_with(|first: char| first.is_uppercase() || first == '`') {
        faults.push("it does not begin with a capital letter".to_owned());
    }
    // A literal form is shown without a full stop: `A | B`.
    let is_code = summary.starts_with('`') && summary.ends_with('`');
    let is_closed = summary.ends_with(['.', ':']) && !summary.ends_with("..");
    if !is_code && !is_closed {
        faults.push("its first paragraph is not a whole sentence".to_owned());
    }
    if QUESTIONS.contains(&summary.as_str()) {
        faults.push("it answers the question of the item above it".to_owned());
    }
    if over == Over::Function {
        let verb = summary.split([' ', '.', ',']).next().unwrap_or_default();
        if !verb.ends_with('s') || NO_VERBS.contains(&verb) {
            faults.push("it does not begin with what the function does (`Returns ..`)".to_owned());
        }
    }
    let words = words(text);
    for (word, better) in WORDS {
        if words.contains(&format!(" {word} ")) {
            faults.push(format!("instead of `{word}` write what happens: {better}"));
        }
    }
    faults
}

impl Comments<'_> {
    fn check(&mut self, attributes: &[Attribute], over: Over) {
        // A summary of the reference serves a member, its getter and its stream alike.
        let over = if self.file.starts_with("generated") { Over::Other } else { over };
        let comment = comment(attributes);
        let Some(first) = comment.first() else { return };
        // Comments are visited in their order, so the next line with this text is the one.
        let mut following = self.lines.iter().skip(self.at);
        let is_first = |line: &&str| line.trim_start().get(3..) == Some(first.as_str());
        self.at += following.position(is_first).map_or(0, |lines| lines + 1);
        self.read += 1;
        let text = comment.join("\n");
        for fault in faults(&text, over) {
            let (file, line) = (self.file, self.at);
            self.faults.push(format!("{file}:{line}: {fault}: {}", summary(&text)));
        }
    }

    fn check_public(&mut self, visibility: &Visibility, attributes: &[Attribute], over: Over) {
        if is_public(visibility) {
            self.check(attributes, over);
        }
    }
}

impl<'ast> Visit<'ast> for Comments<'_> {
    fn visit_file(&mut self, file: &'ast File) {
        self.check(&file.attrs, Over::Other);
        visit::visit_file(self, file);
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            self.check_public(&item.vis, &item.attrs, Over::Other);
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
        if is_public(&item.vis) {
            visit::visit_item_struct(self, item);
        }
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
        if is_public(&item.vis) {
            visit::visit_item_enum(self, item);
        }
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        self.check(&variant.attrs, Over::Other);
        for field in &variant.fields {
            self.check(&field.attrs, Over::Other);
        }
    }

    fn visit_field(&mut self, field: &'ast Field) {
        self.check_public(&field.vis, &field.attrs, Over::Other);
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
        if is_public(&item.vis) {
            visit::visit_item_trait(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        self.check(&item.attrs, Over::Function);
    }

    fn visit_trait_item_const(&mut self, item: &'ast TraitItemConst) {
        self.check(&item.attrs, Over::Other);
    }

    fn visit_trait_item_type(&mut self, item: &'ast TraitItemType) {
        self.check(&item.attrs, Over::Other);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.check_public(&item.vis, &item.attrs, Over::Function);
    }

    fn visit_impl_item_const(&mut self, item: &'ast ImplItemConst) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.check_public(&item.vis, &item.attrs, Over::Function);
    }

    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.check_public(&item.vis, &item.attrs, Over::Other);
    }
}

#[test]
fn public_documentation_is_whole_sentences_in_words_of_the_field() {
    let mut read = 0;
    let mut found = Vec::new();
    for (_, files) in sources() {
        for path in files {
            let source = fs::read_to_string(&path).unwrap();
            let shown = shown(&path);
            let mut comments = Comments {
                file: &shown,
                lines: source.lines().collect(),
                at: 0,
                read: 0,
                faults: Vec::new(),
            };
            comments.visit_file(&syn::parse_file(&source).unwrap());
            read += comments.read;
            found.append(&mut comments.faults);
        }
    }
    assert!(read > 2000, "only {read} comments were found");
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn each_rule_finds_its_fault() {
    let is_sound = |text, over| faults(text, over).is_empty();
    assert!(is_sound(" Returns the number of bytes.", Over::Function));
    assert!(is_sound(" `name=value`, or [`other`](x).\n\n Details, open", Over::Other));
    assert!(is_sound(" Reads `told` from code.\n ```\n let wish = 1;\n ```", Over::Other));
    assert!(is_sound(" `A | B` or `C`", Over::Other));
    for text in [" the number of bytes.", " Number of,", " Number of bytes", " Why."] {
        assert!(!is_sound(text, Over::Other), "{text}");
    }
    assert!(!is_sound(" The number of bytes.", Over::Function));
    assert!(!is_sound(" Whether it is empty.", Over::Function));
    assert!(!is_sound(" The value that the caller\n wishes.", Over::Other));
    assert!(!is_sound(" A value.\n\n It is as\n good as lost.", Over::Other));
}
