//! Reads values out of a document whose grammar has been checked. Not by serde-json-core, whose code can panic, and whose errors have
//! neither a member nor what a type says of its value.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::error::{TypedCause, TypedError};
use super::read_key::{Key, visit_text, words};
use super::source::{Source, WRONG_TYPE};

type Fields = &'static [&'static str];

macro_rules! numbers_with_a_fraction {
    ($($method:ident => $visit:ident($type:ident))*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
            visitor.$visit(match self.word() {
                "null" => $type::NAN, // as what is none is written
                word => word.parse().ok().filter(|number: &$type| number.is_finite()).ok_or(WRONG_TYPE)?,
            })
        })*
    };
}

macro_rules! texts {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
            visit_text(self.text()?, visitor)
        })*
    };
}

macro_rules! unsupported {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, TypedError> {
            Err(TypedError::new(TypedCause::Unsupported, None))
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Source<'de, '_> {
    type Error = TypedError;

    words!();

    numbers_with_a_fraction! {
        deserialize_f32 => visit_f32(f32)
        deserialize_f64 => visit_f64(f64)
    }

    unsupported! { deserialize_any deserialize_bytes deserialize_byte_buf }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        match self.peek() {
            b'n' => {
                self.word();
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        match self.word() {
            "null" => visitor.visit_unit(),
            _ => Err(WRONG_TYPE),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TypedError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        self.take(b'[')?;
        let value = visitor.visit_seq(Elements { source: self, is_first: true })?;
        self.take(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, TypedError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: Fields,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        self.take(b'{')?;
        let value = visitor.visit_map(Entries { source: self, is_first: true, fields, member: None })?;
        self.take(b'}')?;
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: Fields,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        let has_value = self.peek() == b'{';
        if has_value {
            self.take(b'{')?;
        }
        let value = visitor.visit_enum(Variant { source: self, has_value })?;
        if has_value {
            self.take(b'}')?;
        }
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        self.skip();
        visitor.visit_unit()
    }
}

/// The elements of an array.
struct Elements<'r, 'de, 's> {
    source: &'r mut Source<'de, 's>,
    is_first: bool,
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de, '_> {
    type Error = TypedError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, TypedError> {
        if self.source.peek() == b']' {
            return Ok(None);
        }
        if !core::mem::take(&mut self.is_first) {
            self.source.take(b',')?;
        }
        seed.deserialize(&mut *self.source).map(Some)
    }
}

/// The members of an object.
struct Entries<'r, 'de, 's> {
    source: &'r mut Source<'de, 's>,
    is_first: bool,
    /// The names that the members of the struct have, and the one whose value comes.
    fields: Fields,
    member: Option<&'static str>,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de, '_> {
    type Error = TypedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, TypedError> {
        if self.source.peek() == b'}' {
            return Ok(None);
        }
        if !core::mem::take(&mut self.is_first) {
            self.source.take(b',')?;
        }
        let name = self.source.text()?;
        self.member = self.fields.iter().find(|field| **field == name.as_str()).copied();
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, TypedError> {
        self.source.take(b':')?;
        seed.deserialize(&mut *self.source).map_err(|error| error.at(self.member))
    }
}

/// A variant, whose name is a text, or the one member of an object.
struct Variant<'r, 'de, 's> {
    source: &'r mut Source<'de, 's>,
    has_value: bool,
}

impl<'de> EnumAccess<'de> for Variant<'_, 'de, '_> {
    type Error = TypedError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), TypedError> {
        let name = seed.deserialize(Key(self.source.text()?))?;
        if self.has_value {
            self.source.take(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de, 'r, 's> Variant<'r, 'de, 's> {
    fn value(self) -> Result<&'r mut Source<'de, 's>, TypedError> {
        if self.has_value { Ok(self.source) } else { Err(WRONG_TYPE) }
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, 'de, '_> {
    type Error = TypedError;

    fn unit_variant(self) -> Result<(), TypedError> {
        match self.has_value && self.source.word() != "null" {
            true => Err(WRONG_TYPE),
            false => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, TypedError> {
        seed.deserialize(self.value()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, TypedError> {
        self.value()?.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: Fields, visitor: V) -> Result<V::Value, TypedError> {
        self.value()?.deserialize_struct("", fields, visitor)
    }
}
