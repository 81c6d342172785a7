//! What is drawn, and from what: names that the declaration has, type parameters in scope.

use std::collections::BTreeSet;

use fastrand::Rng;

use super::{
    members,
    names::{COMMENTS, MEMBERS, PARAMETERS, SECRETS},
    types::{LEAVES, NODES},
};

/// How deep types hold others.
const DEPTH: usize = 3;

/// What an item is, for those that mention it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Interface,
    Class,
    Enum,
    Alias,
    Namespace,
    Function,
    Value,
}

/// An item that is or will be declared.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Its type parameters, all of which must be given.
    pub(crate) arity: usize,
}

/// A source of choices. Equal seeds give equal declarations.
pub(crate) struct Draw {
    random: Rng,
    /// Everything that the declaration has, in its order.
    pub(crate) planned: Vec<Planned>,
    /// The items that may be mentioned where a mention of a later one would be a circle.
    pub(crate) before: Option<usize>,
    /// The place of the item that is being written.
    pub(crate) place: usize,
    /// Type parameters in scope.
    pub(crate) scope: Vec<String>,
    /// The rules that were used since they were last taken.
    pub(crate) used: BTreeSet<&'static str>,
    depth: usize,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            random: Rng::with_seed(seed),
            planned: Vec::new(),
            before: None,
            place: 0,
            scope: Vec::new(),
            used: BTreeSet::new(),
            depth: 0,
        }
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.random.usize(..end)
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// Whether the one case in `of` is drawn.
    pub(crate) fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub(crate) fn half(&mut self) -> bool {
        self.chance(2)
    }

    /// A type.
    pub(crate) fn ty(&mut self) -> String {
        let rules = if self.depth < DEPTH && self.chance(if self.depth == 0 { 2 } else { 3 }) {
            NODES
        } else {
            LEAVES
        };
        let (name, rule) = rules[self.below(rules.len())];
        self.used.insert(name);
        self.depth += 1;
        let text = rule(self);
        self.depth -= 1;
        // A union inside another type stands in parentheses.
        if self.depth > 0
            && (text.contains(" | ") || text.contains(" & ") || text.starts_with("keyof"))
        {
            format!("({text})")
        } else {
            text
        }
    }

    /// A type where the type parameters around do not reach.
    pub(crate) fn unscoped(&mut self) -> String {
        let scope = std::mem::take(&mut self.scope);
        let text = self.ty();
        self.scope = scope;
        text
    }

    pub(crate) fn in_scope(&mut self) -> Option<String> {
        if self.scope.is_empty() {
            return None;
        }
        let at = self.below(self.scope.len());
        Some(self.scope[at].clone())
    }

    /// What a function returns.
    pub(crate) fn result(&mut self) -> String {
        match self.below(4) {
            0 => "void".to_owned(),
            1 => format!("Promise<{}>", self.ty()),
            _ => self.ty(),
        }
    }

    /// Parameters of a function, without the parentheses.
    pub(crate) fn parameters(&mut self) -> String {
        let count = self.below(4);
        let mut all = Vec::new();
        let mut optional = false;
        for at in 0..count {
            let is_last = at + 1 == count;
            if is_last && self.chance(8) {
                all.push(format!("...rest: ({})[]", self.ty()));
            } else if self.chance(10) && !optional {
                all.push(format!(
                    "{{ a{at}, b{at} }}: {{ a{at}: {}; b{at}?: {} }}",
                    self.ty(),
                    self.ty()
                ));
            } else {
                optional |= self.chance(3);
                let name = match self.below(5) {
                    0 => self.pick(&["token", "password", "apiKey", "clientSecret"]).to_owned(),
                    1 => self
                        .pick(&[
                            "type", "self", "fn", "crate", "loop", "match", "ref", "_", "$", "ünï",
                        ])
                        .to_owned(),
                    _ => self.pick(&["options", "value", "cb", "handler", "id", "x"]).to_owned(),
                };
                let mark = if optional { "?" } else { "" };
                all.push(format!(
                    "{name}{}{mark}: {}",
                    if at == 0 { String::new() } else { at.to_string() },
                    self.ty()
                ));
            }
        }
        all.join(", ")
    }

    /// The members of an object in place, with its braces.
    pub(crate) fn object(&mut self) -> String {
        let count = 1 + self.below(3);
        let members: Vec<String> = (0..count).map(|_| self.property()).collect();
        format!("{{ {} }}", members.join("; "))
    }

    /// A property, without what ends it.
    pub(crate) fn property(&mut self) -> String {
        let comment = if self.chance(8) { self.pick(COMMENTS) } else { "" };
        let readonly = if self.chance(6) { "readonly " } else { "" };
        let name = self.member_name();
        let mark = if self.chance(3) { "?" } else { "" };
        let ty =
            if SECRETS.contains(&name) && self.half() { "string".to_owned() } else { self.ty() };
        format!("{comment}{readonly}{name}{mark}: {ty}")
    }

    pub(crate) fn member_name(&mut self) -> &'static str {
        if self.chance(7) { self.pick(SECRETS) } else { self.pick(MEMBERS) }
    }

    /// A member of an interface or, where it may have statics and modifiers, of a class.
    pub(crate) fn member(&mut self, of_class: bool) -> String {
        let rules = if of_class { members::OF_CLASSES } else { members::OF_INTERFACES };
        let (name, rule) =
            if self.half() { members::PROPERTY } else { rules[self.below(rules.len())] };
        self.used.insert(name);
        rule(self)
    }

    /// A few new type parameters as they are declared, and in scope from now on.
    pub(crate) fn declare(&mut self, arity: usize, defaults: bool) -> String {
        let mut declared = Vec::new();
        for _ in 0..arity {
            let name = loop {
                let name = self.pick(PARAMETERS);
                if !self.scope.iter().any(|known| known == name) {
                    break name;
                }
            };
            let bound = match self.below(6) {
                0 => format!(
                    " extends {}",
                    self.pick(&["object", "string", "unknown[]", "Record<string, unknown>"])
                ),
                1 => format!(" extends {}", self.interface()),
                _ => String::new(),
            };
            let default = if defaults {
                format!(" = {}", self.pick(&["string", "any", "never", "{}"]))
            } else {
                String::new()
            };
            declared.push(format!("{name}{bound}{default}"));
            self.scope.push(name.to_owned());
        }
        if declared.is_empty() { String::new() } else { format!("<{}>", declared.join(", ")) }
    }

    fn one_of(&mut self, wanted: &dyn Fn(&Planned) -> bool) -> Option<Planned> {
        let end = self.before.unwrap_or(self.planned.len());
        let all: Vec<usize> = (0..end).filter(|at| wanted(&self.planned[*at])).collect();
        let at = if all.is_empty() { return None } else { all[self.below(all.len())] };
        Some(self.planned[at].clone())
    }

    fn mention(&mut self, of: &Planned) -> String {
        if of.arity == 0 {
            return of.name.clone();
        }
        self.depth += 1;
        let arguments: Vec<String> = (0..of.arity)
            .map(|_| if self.depth > DEPTH { "string".to_owned() } else { self.ty() })
            .collect();
        self.depth -= 1;
        format!("{}<{}>", of.name, arguments.join(", "))
    }

    /// A type that the declaration has.
    pub(crate) fn own(&mut self) -> String {
        let is_type =
            |it: &Planned| !matches!(it.kind, Kind::Function | Kind::Value | Kind::Namespace);
        match self.one_of(&is_type) {
            Some(planned) => self.mention(&planned),
            None => "string".to_owned(),
        }
    }

    /// An interface that the declaration has, for what needs members.
    pub(crate) fn interface(&mut self) -> String {
        match self.one_of(&|it| it.kind == Kind::Interface) {
            Some(planned) => self.mention(&planned),
            None => "{ id: string; token?: string; level: number }".to_owned(),
        }
    }

    /// An interface that is declared before, for bases: they lead in no circle.
    pub(crate) fn interface_before(&mut self) -> Option<String> {
        let outer = self.before.replace(self.place);
        let found = self.one_of(&|it| it.kind == Kind::Interface && it.arity == 0);
        self.before = outer;
        found.map(|it| it.name)
    }

    /// Keys of an object.
    pub(crate) fn key(&mut self) -> String {
        match self.below(3) {
            0 => "'id' | 'kind'".to_owned(),
            1 => format!("keyof {}", self.interface()),
            _ => format!("'{}'", self.pick(&["id", "token", "value", "a-b"])),
        }
    }

    fn plain(&mut self, kind: Kind) -> Option<String> {
        self.one_of(&|it| it.kind == kind && it.arity == 0).map(|it| it.name)
    }

    pub(crate) fn value(&mut self) -> Option<String> {
        self.plain(Kind::Value)
    }

    pub(crate) fn function(&mut self) -> Option<String> {
        self.plain(Kind::Function)
    }

    pub(crate) fn class(&mut self) -> Option<String> {
        self.plain(Kind::Class)
    }

    pub(crate) fn enum_member(&mut self) -> Option<String> {
        self.plain(Kind::Enum).map(|name| format!("{name}.{}", self.pick(&["First", "Second"])))
    }

    pub(crate) fn inner(&mut self) -> Option<String> {
        self.plain(Kind::Namespace)
            .map(|name| format!("{name}.{}", self.pick(&["Inner", "Deep.Core", "Mode"])))
    }

    /// What was used since the last time.
    pub(crate) fn take_used(&mut self) -> BTreeSet<&'static str> {
        std::mem::take(&mut self.used)
    }
}
