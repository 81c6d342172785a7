//! The headings of a page as a tree: those that the generator writes, and none of the comments.

use std::collections::VecDeque;

use credwire_schema::diagnostic::Place;

use super::head::{bare_name, is_head_of, is_modifier};
use crate::page::{Block, BlockKind};

/// A heading with what stands below it.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) depth: u8,
    pub(super) role: Role,
    pub(super) title: String,
    pub(super) place: Place,
    /// What stands before the first heading of a deeper section; headings of comments included.
    pub(super) blocks: Vec<Block>,
    pub(super) children: Vec<Section>,
}

/// What a heading is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole text, or the title of the page.
    Page,
    /// `Classes`: symbols follow.
    Symbols,
    /// A symbol on a page with others.
    Symbol,
    /// `Methods`: members follow.
    Members,
    /// A member, with its signature below.
    Member,
    /// `Parameters`, `Returns`, `Extends`, ..
    Part,
    /// A parameter, or a member of a parameter.
    Entry,
    /// `Deprecated` and other tags of comments.
    Tag,
}

const SYMBOLS: [&str; 10] = [
    "Classes",
    "Enumerations",
    "Functions",
    "Interfaces",
    "Modules",
    "Namespaces",
    "References",
    "Type Aliases",
    "Type aliases",
    "Variables",
];

const MEMBERS: [&str; 6] =
    ["Accessors", "Constructors", "Enumeration Members", "Events", "Methods", "Properties"];

const PARTS: [&str; 27] = [
    "Call Signature",
    "Call signature",
    "Defined in",
    "Extended by",
    "Extends",
    "Function",
    "Get Signature",
    "Hierarchy",
    "Implementation of",
    "Implemented by",
    "Implements",
    "Index Signature",
    "Index signature",
    "Indexable",
    "Inherited from",
    "Overrides",
    "Parameters",
    "Returns",
    "Set Signature",
    "Source",
    "Type Declaration",
    "Type Literal",
    "Type Parameters",
    "Type declaration",
    "Type parameters",
    "Type Parameter",
    "Union Members",
];

/// Parts whose own parts stand below them.
const SIGNATURES: [&str; 4] =
    ["Call Signature", "Call signature", "Get Signature", "Set Signature"];

/// Parts with an entry for each parameter or member.
const LISTS: [&str; 7] = [
    "Parameters",
    "Type Declaration",
    "Type Literal",
    "Type Parameters",
    "Type declaration",
    "Type parameters",
    "Union Members",
];

/// Headings go no deeper: what would stand below the sixth level stands beside it.
const DEEPEST: u8 = 6;

/// Makes a tree of the blocks of a page.
pub(super) fn outline(blocks: Vec<Block>, start: Place) -> Section {
    let mut open = vec![section(0, Role::Page, String::new(), start)];
    let mut after_rule = false;
    let mut blocks: VecDeque<Block> = blocks.into();
    while let Some(block) = blocks.pop_front() {
        let Block { kind, place } = block;
        let BlockKind::Heading { depth, text, bold } = kind else {
            // A rule stands between members, and in comments.
            if matches!(kind, BlockKind::Rule) {
                after_rule = true;
            } else {
                after_rule = false;
                // What a symbol does when it is called stands behind its type parameters.
                let is_owner = |one: &Section| matches!(one.role, Role::Page | Role::Symbol);
                if let Some(at) = open.iter().rposition(is_owner)
                    && open.get(at + 1).is_some_and(is_of_head)
                    && open.get(at).is_some_and(|one| is_head_of(&kind, symbol_name(&one.title)))
                {
                    while open.len() > at + 1 {
                        close(&mut open);
                    }
                }
                push(&mut open, Block { kind, place });
            }
            continue;
        };
        let title = text.trim().to_owned();
        // Tags without text may stand between a heading and its line.
        let next = blocks.iter().find(|block| !is_modifier(block));
        match role(&open, depth, &title, next, after_rule) {
            Some(role) => {
                let beside = |top: &Section| {
                    top.depth > depth || (top.depth == depth && !holds(top, role, &title))
                };
                while open.len() > 1 && open.last().is_some_and(beside) {
                    close(&mut open);
                }
                open.push(section(depth, role, title, place));
            }
            None => {
                push(&mut open, Block { kind: BlockKind::Heading { depth, bold, text }, place })
            }
        }
        after_rule = false;
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_else(|| section(0, Role::Page, String::new(), Place::new("", 1, 1)))
}

fn section(depth: u8, role: Role, title: String, place: Place) -> Section {
    Section { depth, role, title, place, blocks: Vec::new(), children: Vec::new() }
}

fn push(open: &mut [Section], block: Block) {
    if let Some(top) = open.last_mut() {
        top.blocks.push(block);
    }
}

fn close(open: &mut Vec<Section>) {
    if let Some(done) = open.pop()
        && let Some(top) = open.last_mut()
    {
        top.children.push(done);
    }
}

/// Whether what stands beside a section for want of a deeper level belongs to it.
fn holds(section: &Section, role: Role, title: &str) -> bool {
    let is_signature = |title: &str| SIGNATURES.contains(&title);
    let of_function = ["Parameters", "Returns", "Type Parameters", "Type parameters"];
    section.depth == DEEPEST
        && match (section.role, role) {
            (_, Role::Entry) => is_list(section),
            // A member of an object, as far as the part cannot be that of the member around it.
            (Role::Member, Role::Part) => {
                of_function.contains(&title)
                    || matches!(title, "Index Signature" | "Index signature")
            }
            // The parts of a function that is returned follow the result.
            (Role::Part, Role::Part) if section.title == "Returns" => of_function.contains(&title),
            (Role::Part, Role::Part) => is_signature(&section.title) && !is_signature(title),
            _ => false,
        }
}

/// Whether a part stands in front of what a symbol does when it is called.
fn is_of_head(section: &Section) -> bool {
    section.role == Role::Part && !SIGNATURES.contains(&section.title.as_str())
}

fn is_list(section: &Section) -> bool {
    section.role == Role::Part && LISTS.contains(&section.title.as_str())
}

/// What a heading is for; none when it belongs to a comment.
fn role(
    open: &[Section],
    depth: u8,
    title: &str,
    next: Option<&Block>,
    after_rule: bool,
) -> Option<Role> {
    if depth == 1 {
        return open.iter().all(|one| one.depth == 0).then_some(Role::Page);
    }
    // What is declared right below a group of symbols is one.
    let declared = || {
        let around = open.iter().rev().find(|one| one.depth < depth);
        match around.map(|one| one.role) {
            Some(Role::Symbols) => Role::Symbol,
            _ => Role::Member,
        }
    };
    let next = next.map(|block| &block.kind);
    if next.is_some_and(|next| is_head_of(next, title)) {
        return Some(declared());
    }
    // Getters and overloads have their signatures below headings of their own.
    if let Some(BlockKind::Heading { text, depth: below, .. }) = next
        && SIGNATURES.contains(&text.as_str())
        && (*below == depth + 1 || depth == DEEPEST)
    {
        return Some(declared());
    }
    // Methods of objects, of which old versions show the parts alone.
    if let Some(BlockKind::Heading { text, depth: below, .. }) = next
        && (*below == depth + 1 || depth == DEEPEST)
        && title.ends_with("()")
        && ["Parameters", "Returns", "Type Parameters", "Type parameters"].contains(&text.as_str())
    {
        return Some(Role::Member);
    }
    // Overloads of old versions: `### on()`, and below it `#### on(name)`.
    if let Some(BlockKind::Heading { text, depth: below, .. }) = next
        && *below == depth + 1
        && text.contains('(')
        && title.trim_matches('~').ends_with(')')
        && bare_name(text) == bare_name(title)
    {
        return Some(declared());
    }
    let in_symbol =
        open.iter().any(|one| one.depth < depth && matches!(one.role, Role::Symbol | Role::Member));
    if SYMBOLS.contains(&title) && !in_symbol {
        return Some(Role::Symbols);
    }
    // A symbol may be called as a part is: an enumeration `Source`.
    if let Some(group) = open.iter().rev().find(|one| one.role == Role::Symbols)
        && depth == group.depth + 1
        && is_symbol_name(title)
        && (after_rule || open.last().is_some_and(|top| top.role == Role::Symbols))
    {
        return Some(Role::Symbol);
    }
    if MEMBERS.contains(&title) {
        return Some(Role::Members);
    }
    if PARTS.contains(&title) {
        return Some(Role::Part);
    }
    if let Some(group) = open.iter().rev().find(|one| one.role == Role::Symbols)
        && depth > group.depth
        && open.iter().all(|one| one.role != Role::Symbol || one.depth >= depth)
        && is_symbol_name(title)
        && (after_rule || (open.last().is_some_and(|top| top.role == Role::Symbols)))
    {
        return Some(Role::Symbol);
    }
    let around = open
        .iter()
        .rev()
        .find(|one| matches!(one.role, Role::Part | Role::Symbol | Role::Member | Role::Page))?;
    if is_list(around) && (depth > around.depth || (depth == DEEPEST && around.depth == DEEPEST)) {
        return Some(Role::Entry);
    }
    let owner = open.iter().rev().find(|one| {
        matches!(one.role, Role::Page | Role::Symbol | Role::Member)
            || SIGNATURES.contains(&one.title.as_str())
    })?;
    (depth == (owner.depth + 1).min(DEEPEST)).then_some(Role::Tag)
}

/// The name in a title: `X` of `Class: X`.
fn symbol_name(title: &str) -> &str {
    title.split_once(": ").map_or(title, |(_, name)| name)
}

impl Section {
    /// The children of a title.
    pub(super) fn all<'s>(&'s self, titles: &'s [&str]) -> impl Iterator<Item = &'s Section> {
        self.children.iter().filter(move |child| titles.contains(&child.title.as_str()))
    }

    /// The first child of a title.
    pub(super) fn part(&self, titles: &[&str]) -> Option<&Section> {
        self.children.iter().find(|child| titles.contains(&child.title.as_str()))
    }
}

fn is_symbol_name(title: &str) -> bool {
    let name = bare_name(title);
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '.'))
}
