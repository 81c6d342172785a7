//! What serde's attributes say about the wire: the names of members, and which fields have one.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Field, Fields, Ident, Lit, Meta, Token, ext::IdentExt, parse::Parser,
    punctuated::Punctuated,
};

use super::case::Convention;
use crate::{
    args::{Arg, Value},
    shape::{named, plain},
};

/// Which way values travel, where the two differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Deserialize,
    Serialize,
}

/// The attributes of a struct or an enum.
pub(super) struct Container {
    direction: Direction,
    rename_all: Option<Convention>,
    rename_all_fields: Option<Convention>,
    transparent: bool,
    tag: Option<String>,
    content: Option<String>,
    untagged: bool,
}

/// Where a field stands on the wire, as seen from its struct or variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The value of the whole.
    Whole,
    Member(String),
    /// Nowhere.
    Nowhere,
}

/// Where the fields of a variant stand.
pub(super) struct VariantPlaces {
    /// The member that holds the variant, when one does.
    pub(super) outer: Option<String>,
    pub(super) fields: Vec<Place>,
}

impl Container {
    pub(super) fn read(attrs: &[Attribute], direction: Direction) -> Self {
        let args = Attributes::read(attrs, direction);
        Self {
            direction,
            rename_all: args.convention("rename_all"),
            rename_all_fields: args.convention("rename_all_fields"),
            transparent: args.has("transparent"),
            tag: args.text("tag"),
            content: args.text("content"),
            untagged: args.has("untagged"),
        }
    }

    /// Where the fields of a struct stand.
    pub(super) fn places(&self, fields: &Fields) -> Vec<Place> {
        if self.transparent {
            let is_it = |field: &Field| !self.is_skipped(field) && !self.is_left_out(field);
            return fields
                .iter()
                .map(|field| if is_it(field) { Place::Whole } else { Place::Nowhere })
                .collect();
        }
        self.places_of(fields, self.rename_all)
    }

    /// Where the fields of the variant `ident` stand.
    pub(super) fn variant(
        &self,
        attrs: &[Attribute],
        ident: &Ident,
        fields: &Fields,
    ) -> VariantPlaces {
        let args = Attributes::read(attrs, self.direction);
        if args.is_skipped() {
            return VariantPlaces { outer: None, fields: vec![Place::Nowhere; fields.len()] };
        }
        let name = || {
            args.rename().unwrap_or_else(|| {
                let name = ident.unraw().to_string();
                self.rename_all.map_or_else(|| name.clone(), |convention| convention.variant(&name))
            })
        };
        let outer = if self.untagged || args.has("untagged") {
            None
        } else if self.tag.is_some() {
            self.content.clone()
        } else {
            Some(name())
        };
        let convention = args.convention("rename_all").or(self.rename_all_fields);
        VariantPlaces { outer, fields: self.places_of(fields, convention) }
    }

    fn places_of(&self, fields: &Fields, convention: Option<Convention>) -> Vec<Place> {
        // A struct of one unnamed field is that field alone, on the wire.
        let is_newtype = matches!(fields, Fields::Unnamed(_)) && fields.len() == 1;
        let mut index = 0_usize;
        let place = |field: &Field| {
            if self.is_skipped(field) {
                return Place::Nowhere;
            }
            let args = Attributes::read(&field.attrs, self.direction);
            match &field.ident {
                _ if is_newtype || args.has("flatten") => Place::Whole,
                Some(ident) => Place::Member(args.rename().unwrap_or_else(|| {
                    let name = ident.unraw().to_string();
                    convention.map_or_else(|| name.clone(), |convention| convention.field(&name))
                })),
                None => {
                    index += 1;
                    Place::Member((index - 1).to_string())
                }
            }
        };
        fields.iter().map(place).collect()
    }

    fn is_skipped(&self, field: &Field) -> bool {
        Attributes::read(&field.attrs, self.direction).is_skipped()
    }

    /// Whether `transparent` passes over a field that is not skipped.
    fn is_left_out(&self, field: &Field) -> bool {
        let is_phantom = named(plain(&field.ty)).is_some_and(|(name, _)| name == "PhantomData");
        is_phantom
            || self.direction == Direction::Deserialize
                && Attributes::read(&field.attrs, self.direction).has("default")
    }
}

/// The arguments of every `#[serde(..)]` on one thing; serde itself reports those that cannot be
/// read.
struct Attributes {
    direction: Direction,
    args: Vec<Arg>,
}

impl Attributes {
    fn read(attrs: &[Attribute], direction: Direction) -> Self {
        let lists = attrs.iter().filter(|attr| attr.path().is_ident("serde"));
        let args = lists.flat_map(|attr| match &attr.meta {
            Meta::List(list) => list_of(list.tokens.clone()),
            _ => Vec::new(),
        });
        Self { direction, args: args.collect() }
    }

    fn has(&self, name: &str) -> bool {
        self.args.iter().any(|arg| arg.name == name)
    }

    fn is_skipped(&self) -> bool {
        self.has("skip")
            || self.has(match self.direction {
                Direction::Deserialize => "skip_deserializing",
                Direction::Serialize => "skip_serializing",
            })
    }

    fn rename(&self) -> Option<String> {
        self.text("rename")
    }

    fn convention(&self, name: &str) -> Option<Convention> {
        Convention::read(&self.text(name)?)
    }

    /// The value of `name = ".."` or of `name(deserialize = "..")`.
    fn text(&self, name: &str) -> Option<String> {
        let direction = match self.direction {
            Direction::Deserialize => "deserialize",
            Direction::Serialize => "serialize",
        };
        self.args.iter().filter(|arg| arg.name == name).find_map(|arg| match &arg.value {
            Value::Literal(Lit::Str(text)) => Some(text.value()),
            Value::List(list) => {
                list_of(list.clone()).into_iter().find_map(|arg| match arg.value {
                    Value::Literal(Lit::Str(text)) if arg.name == direction => Some(text.value()),
                    _ => None,
                })
            }
            _ => None,
        })
    }
}

fn list_of(tokens: TokenStream) -> Vec<Arg> {
    let args = Punctuated::<Arg, Token![,]>::parse_terminated.parse2(tokens);
    args.map(|args| args.into_iter().collect()).unwrap_or_default()
}
