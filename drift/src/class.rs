//! The kinds of differences, and how much each weighs.

use serde::{Serialize, Serializer};

/// How much a difference weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// One of the two sides is wrong or silent.
    True,
    /// The documentation says less than the source, and nothing wrong.
    Lossy,
    /// Another way to say the same.
    Same,
}

macro_rules! classes {
    ($(#[doc = $meaning:literal] $variant:ident = $name:literal in $group:ident,)*) => {
        /// What kind of difference it is. `docs` is the left side, `source` the right one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class {
            $(#[doc = $meaning] $variant,)*
        }

        impl Class {
            /// All classes, by group.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in reports.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it means, as a sentence.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                }
            }

            /// The group it belongs to.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$variant => Group::$group,)*
                }
            }
        }
    };
}

classes! {
    /// The source exports a symbol that the docs do not describe.
    ExportUndocumented = "export-undocumented" in True,
    /// The docs describe a symbol that the source does not export.
    PageWithoutExport = "page-without-export" in True,
    /// The symbol is of another kind: an interface here, a class there.
    KindChanged = "kind-changed" in True,
    /// A public member that the source declares there is not described.
    MemberMissing = "member-missing" in True,
    /// A public member that the source inherits is described neither there nor at its base.
    MemberMissingInherited = "member-missing-inherited" in True,
    /// The source knows no such member, not even by inheritance.
    MemberExtra = "member-extra" in True,
    /// The source has the member, but protected or marked as internal.
    MemberNotPublic = "member-not-public" in True,
    /// The docs let a member be absent, the source does not.
    OptionalInDocsOnly = "optional-in-docs-only" in True,
    /// The docs let a member be absent, the source has it present and lets it be null.
    OptionalInDocsNullableInSource = "optional-in-docs-nullable-in-source" in True,
    /// The types differ in what values they admit.
    TypeChanged = "type-changed" in True,
    /// The docs show a function where the source has a constructor.
    ConstructorAsFunction = "constructor-as-function" in True,
    /// A parameter may be left out on one side only.
    ParamOptionality = "param-optionality" in True,
    /// Two places of the docs say different things of the same member.
    PagesContradict = "pages-contradict" in True,
    /// A constant, or a member of an enumeration, has another value.
    ValueChanged = "value-changed" in True,
    /// The bases or the implemented types of two declarations differ.
    HeadsChanged = "heads-changed" in True,
    /// Two declarations differ in `abstract` or `readonly`.
    ModifierChanged = "modifier-changed" in True,
    /// The descriptions of two declarations state different units, ranges, defaults or forms.
    StatementChanged = "statement-changed" in True,
    /// Literals without their quotes.
    LiteralsUnquoted = "literals-unquoted" in Lossy,
    /// `object` where the source writes out the members.
    ObjectCollapsed = "object-collapsed" in Lossy,
    /// What the compiler makes of a type in place of it, on pages that a generator made.
    TypeResolved = "type-resolved" in Lossy,
    /// A class whose constructor is not exported, shown as an interface, or the reverse.
    ClassAsInterface = "class-as-interface" in Lossy,
    /// `protected`, `static` or `?`, which a table of a page that a generator made does not show.
    ModifierLost = "modifier-lost" in Lossy,
    /// What `typeof x` comes to in place of it.
    TypeofExpanded = "typeof-expanded" in Lossy,
    /// The source has a `readonly` that the docs do not show.
    ReadonlyLost = "readonly-lost" in Lossy,
    /// A setter without the type it takes.
    SetterUntyped = "setter-untyped" in Lossy,
    /// A type is mentioned that the source knows and the docs do not describe.
    UndocumentedTypeUsed = "undocumented-type-used" in Lossy,
    /// What an alias stands for in place of its name.
    AliasInlined = "alias-inlined" in Same,
    /// Two names of one declaration.
    RenamedExport = "renamed-export" in Same,
    /// `x?: T` for `x: T | undefined`, or the reverse.
    UndefinedForOptional = "undefined-for-optional" in Same,
    /// `undefined` for `never`: neither can be present.
    UndefinedForNever = "undefined-for-never" in Same,
    /// Types kept as text that differ in spaces or quotes alone.
    Spelling = "spelling" in Same,
}

impl Class {
    /// Returns the class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == name)
    }
}

impl Serialize for Class {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Group {
    /// Returns the name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Lossy => "lossy",
            Self::Same => "same",
        }
    }
}
