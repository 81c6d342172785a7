//! What pages and items are.

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageRole {
    /// An interface, all of it.
    Interface,
    /// A class, its members elsewhere.
    Class,
    /// An error class, all of it.
    Error,
    /// A type alias.
    Alias,
    /// A function.
    Function,
    /// An accessor of a class, or an observable and its snapshot.
    Accessor,
    /// A method of a class.
    Method,
    /// The entry page: variables.
    Root,
    /// A custom element.
    Element,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// An interface.
    Interface,
    /// A class.
    Class,
    /// An error class.
    Error,
    /// A type alias.
    Alias,
    /// A function.
    Function,
    /// A constant.
    Variable,
}

impl ItemKind {
    /// Returns the name that the facts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interface => "interface",
            Self::Class => "class",
            Self::Error => "error",
            Self::Alias => "alias",
            Self::Function => "function",
            Self::Variable => "variable",
        }
    }
}

impl PageRole {
    /// Returns the name that the facts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interface => "interface",
            Self::Class => "class",
            Self::Error => "error",
            Self::Alias => "alias",
            Self::Function => "function",
            Self::Accessor => "accessor",
            Self::Method => "method",
            Self::Root => "root",
            Self::Element => "element",
        }
    }
}
