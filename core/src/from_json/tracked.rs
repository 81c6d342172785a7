//! A deserializer that tracks its place and whose errors do not repeat the input.

use std::{cell::Cell, fmt};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor},
};

use super::{
    fault::{Fault, Mark},
    key::{Key, KeyDeserializer},
    path::Path,
};

/// Carries the mark of a fault past the reader, whose error type has no room for it.
#[derive(Default)]
pub(super) struct Marks(Cell<Option<Mark>>);

/// A deserializer, visitor or access `inner` at a place.
pub(super) struct Tracked<'a, T> {
    inner: T,
    at: Path<'a>,
    marks: &'a Marks,
}

impl<'a, T> Tracked<'a, T> {
    pub(super) fn new(inner: T, at: Path<'a>, marks: &'a Marks) -> Self {
        Self { inner, at, marks }
    }

    fn with<U>(&self, inner: U) -> Tracked<'a, U> {
        Tracked { inner, at: self.at, marks: self.marks }
    }

    /// From an error of the reader to a fault.
    fn out<E: de::Error>(&self) -> impl Fn(E) -> Fault + use<'a, T, E> {
        let (at, marks) = (self.at, self.marks);
        move |error| Fault::from_reader(&error, marks.0.take(), at)
    }

    /// From a fault to an error of the reader.
    fn back<E: de::Error>(&self) -> impl Fn(Fault) -> E + use<'a, T, E> {
        let (at, marks) = (self.at, self.marks);
        move |fault| {
            let (message, mark) = fault.at(at).into_parts();
            marks.0.set(mark);
            E::custom(message)
        }
    }
}

/// JSON describes itself, so the reader needs no hint for these, and without one it does not write
/// errors of its own, which would repeat the value.
macro_rules! self_describing {
    ($($method:ident($($arg:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $arg,)* visitor: V) -> Result<V::Value, Fault> {
            self.deserialize_any(visitor)
        })*
    };
}

macro_rules! hinted {
    ($($method:ident($($name:ident: $arg:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($name: $arg,)* visitor: V) -> Result<V::Value, Fault> {
            let (visitor, out) = (self.with(visitor), self.out());
            self.inner.$method($($name,)* visitor).map_err(out)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tracked<'_, D> {
    type Error = Fault;

    hinted! {
        deserialize_any()
        deserialize_i128()
        deserialize_u128()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_option()
        deserialize_newtype_struct(name: &'static str)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_ignored_any()
    }

    self_describing! {
        deserialize_bool()
        deserialize_i8()
        deserialize_i16()
        deserialize_i32()
        deserialize_i64()
        deserialize_u8()
        deserialize_u16()
        deserialize_u32()
        deserialize_u64()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_unit()
        deserialize_unit_struct(&'static str)
        deserialize_seq()
        deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize)
        deserialize_struct(&'static str, &'static [&'static str])
        deserialize_identifier()
    }

    /// Some maps take null for an empty one when they are offered it.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_any(NotNull(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! visits {
    ($($method:ident($arg:ty))*) => {
        $(fn $method<E: de::Error>(self, value: $arg) -> Result<V::Value, E> {
            let back = self.back();
            self.inner.$method(value).map_err(back)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Tracked<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visits! {
        visit_bool(bool)
        visit_i64(i64)
        visit_i128(i128)
        visit_u64(u64)
        visit_u128(u128)
        visit_f64(f64)
        visit_str(&str)
        visit_borrowed_str(&'de str)
        visit_string(String)
        visit_bytes(&[u8])
        visit_borrowed_bytes(&'de [u8])
        visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        let back = self.back();
        self.inner.visit_none().map_err(back)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        let back = self.back();
        self.inner.visit_unit().map_err(back)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let (inner, back) = (self.with(inner), self.back());
        self.inner.visit_some(inner).map_err(back)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let (inner, back) = (self.with(inner), self.back());
        self.inner.visit_newtype_struct(inner).map_err(back)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let (items, back) = (self.with(Items { inner, index: 0 }), self.back());
        self.inner.visit_seq(items).map_err(back)
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let (members, back) = (self.with(Members { inner, key: None }), self.back());
        self.inner.visit_map(members).map_err(back)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let (inner, back) = (self.with(inner), self.back());
        self.inner.visit_enum(inner).map_err(back)
    }
}

/// A visitor that refuses null.
struct NotNull<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for NotNull<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(members)
    }
}

struct Items<A> {
    inner: A,
    index: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Tracked<'_, Items<A>> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let (at, out) = (Path::Item(&self.at, self.inner.index), self.out());
        self.inner.index += 1;
        let seed = Tracked::new(seed, at, self.marks);
        self.inner.inner.next_element_seed(seed).map_err(out)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.inner.size_hint()
    }
}

struct Members<'de, A> {
    inner: A,
    /// The name that was read last, while its value is read.
    key: Option<Key<'de>>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Tracked<'_, Members<'de, A>> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let out = self.out();
        self.inner.key = self.inner.inner.next_key().map_err(out)?;
        match &self.inner.key {
            None => Ok(None),
            Some(key) => {
                let read = seed.deserialize(KeyDeserializer(key));
                read.map(Some).map_err(|fault| fault.at(Path::Member(&self.at, &key.0)))
            }
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let (at, out) = (self.at, self.out());
        let path = match &self.inner.key {
            Some(key) => Path::Member(&at, &key.0),
            None => at,
        };
        self.inner.inner.next_value_seed(Tracked::new(seed, path, self.marks)).map_err(out)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.inner.size_hint()
    }
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for Tracked<'_, T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        let (inner, back) = (self.with(inner), self.back());
        self.inner.deserialize(inner).map_err(back)
    }
}

impl<'de, 'a, A: EnumAccess<'de>> EnumAccess<'de> for Tracked<'a, A> {
    type Error = Fault;
    type Variant = Tracked<'a, A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self::Variant), Fault> {
        let (seed, out, at, marks) = (self.with(seed), self.out(), self.at, self.marks);
        let (value, variant) = self.inner.variant_seed(seed).map_err(out)?;
        Ok((value, Tracked::new(variant, at, marks)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Tracked<'_, A> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        let out = self.out();
        self.inner.unit_variant().map_err(out)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let (seed, out) = (self.with(seed), self.out());
        self.inner.newtype_variant_seed(seed).map_err(out)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        let (visitor, out) = (self.with(visitor), self.out());
        self.inner.tuple_variant(length, visitor).map_err(out)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let (visitor, out) = (self.with(visitor), self.out());
        self.inner.struct_variant(fields, visitor).map_err(out)
    }
}
