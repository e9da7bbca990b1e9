//! Reads values by serde-json-core, whose errors have neither a member nor what a type says of its value. So everything that goes
//! between it and the type goes through here, where both are noted down.

use core::cell::Cell;
use core::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde_json_core::de::Error as JsonError;

use super::error::{TypedCause, TypedError};

/// What is known of the error that comes.
#[derive(Default)]
pub(super) struct Note {
    cause: Cell<Option<TypedCause>>,
    member: Cell<Option<&'static str>>,
    /// The member whose value is read.
    key: Cell<Option<&'static str>>,
}

impl Note {
    /// The error, by what serde-json-core says where nothing is noted.
    fn error(&self, error: JsonError) -> TypedError {
        let cause = self.cause.get().unwrap_or(match error {
            JsonError::EscapedStringIsTooLong => TypedCause::ScratchTooSmall,
            // The last one is that of serde for numbers of 128 bits: whatever else a type says is noted.
            JsonError::AnyIsUnsupported | JsonError::BytesIsUnsupported | JsonError::CustomError => {
                TypedCause::Unsupported
            }
            _ => TypedCause::WrongType,
        });
        TypedError::new(cause, self.member.get())
    }
}

/// An error of the type, or of serde-json-core.
#[derive(Debug)]
pub(super) enum Fail<E> {
    OfType(TypedCause, Option<&'static str>),
    Other(E),
}

impl<E: de::Error> Fail<E> {
    /// On its way through serde-json-core, which has no room for it.
    fn noted(self, note: &Note) -> E {
        match self {
            Fail::OfType(cause, member) => {
                note.cause.set(Some(cause));
                if member.is_some() {
                    note.member.set(member);
                }
                E::custom("")
            }
            Fail::Other(error) => error,
        }
    }
}

impl Fail<JsonError> {
    /// What has become of it at last.
    pub fn into_error(self, note: &Note) -> TypedError {
        let error = self.noted(note);
        note.error(error)
    }
}

impl<E> From<E> for Fail<E> {
    fn from(error: E) -> Self {
        Fail::Other(error)
    }
}

impl<E: fmt::Display> fmt::Display for Fail<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused")
    }
}

impl<E: de::Error> de::StdError for Fail<E> {}

impl<E: de::Error> de::Error for Fail<E> {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Fail::OfType(TypedCause::Refused, None)
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Fail::OfType(TypedCause::WrongType, None)
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Fail::OfType(TypedCause::WrongType, None)
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Fail::OfType(TypedCause::TooLong, None)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Fail::OfType(TypedCause::UnknownVariant, None)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Fail::OfType(TypedCause::Refused, None)
    }

    fn missing_field(field: &'static str) -> Self {
        Fail::OfType(TypedCause::Missing, Some(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Fail::OfType(TypedCause::Doubled, Some(field))
    }
}

/// Whatever goes between both: a deserializer, a visitor, a seed, the access to elements, members or variants.
pub(super) struct Noted<'n, T> {
    inner: T,
    note: &'n Note,
    /// The names that the members of the struct have.
    fields: &'static [&'static str],
    /// Where it is such a name that is read.
    is_name: bool,
}

impl<'n, T> Noted<'n, T> {
    pub fn new(inner: T, note: &'n Note) -> Self {
        Noted { inner, note, fields: &[], is_name: false }
    }

    /// The same around something else.
    fn around<U>(&self, inner: U) -> Noted<'n, U> {
        Noted { inner, note: self.note, fields: self.fields, is_name: self.is_name }
    }

    /// The same around a visitor of what is no text. Names are texts, and serde-json-core panics where they are to be anything else.
    fn around_value<U, E>(&self, inner: U) -> Result<Noted<'n, U>, Fail<E>> {
        if self.is_name {
            return Err(Fail::OfType(TypedCause::Key, None));
        }
        Ok(self.around(inner))
    }

    fn with_fields(self, fields: &'static [&'static str]) -> Self {
        Noted { fields, ..self }
    }
}

macro_rules! forwarded {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let visitor = self.around_value(visitor)?;
            Ok(self.inner.$method(visitor)?)
        })*
    };
}

/// Texts, which names can be, too. For serde-json-core all of them are the same, and of names it knows `str` alone.
macro_rules! texts {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let visitor = self.around(visitor);
            Ok(self.inner.deserialize_str(visitor)?)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Noted<'_, D> {
    type Error = Fail<D::Error>;

    forwarded! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
        deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map
    }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let visitor = self.around(visitor);
        Ok(self.inner.deserialize_ignored_any(visitor)?)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.around_value(visitor)?;
        Ok(self.inner.deserialize_unit_struct(name, visitor)?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.is_name {
            return visitor.visit_newtype_struct(self);
        }
        let visitor = self.around(visitor);
        Ok(self.inner.deserialize_newtype_struct(name, visitor)?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Self::Error> {
        let visitor = self.around_value(visitor)?;
        Ok(self.inner.deserialize_tuple(len, visitor)?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.around_value(visitor)?;
        Ok(self.inner.deserialize_tuple_struct(name, len, visitor)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.around_value(visitor)?.with_fields(fields);
        Ok(self.inner.deserialize_struct(name, fields, visitor)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.around_value(visitor)?;
        Ok(self.inner.deserialize_enum(name, variants, visitor)?)
    }
}

macro_rules! visited {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: de::Error>(self, value: $type) -> Result<Self::Value, E> {
            self.inner.$method(value).map_err(|fail: Fail<E>| fail.noted(self.note))
        })*
    };
}

impl<'n, V> Noted<'n, V> {
    /// Notes down whose value comes next, where this is the name of a member.
    fn note_name(&self, name: &str) {
        if self.is_name {
            self.note.key.set(self.fields.iter().find(|field| **field == name).copied());
        }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Noted<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // not covered: for sentences, which neither serde-json-core nor `Fail` have
        self.inner.expecting(f)
    }

    visited! {
        visit_bool: bool, visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_f32: f32, visit_f64: f64
    }

    /// A text with escapes, which stand decoded in the scratch memory.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<V::Value, E> {
        self.note_name(text);
        self.inner.visit_str(text).map_err(|fail: Fail<E>| {
            let fail = match fail {
                Fail::OfType(TypedCause::WrongType, member) => Fail::OfType(TypedCause::Escaped, member),
                fail => fail,
            };
            fail.noted(self.note)
        })
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.note_name(text);
        self.inner.visit_borrowed_str(text).map_err(|fail: Fail<E>| fail.noted(self.note))
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none().map_err(|fail: Fail<E>| fail.noted(self.note))
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit().map_err(|fail: Fail<E>| fail.noted(self.note))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.around(deserializer);
        self.inner.visit_some(deserializer).map_err(|fail| fail.noted(self.note))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.around(deserializer);
        self.inner.visit_newtype_struct(deserializer).map_err(|fail| fail.noted(self.note))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        let elements = self.around(elements);
        self.inner.visit_seq(elements).map_err(|fail| fail.noted(self.note))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let members = self.around(members);
        self.inner.visit_map(members).map_err(|fail| fail.noted(self.note))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        let variant = self.around(variant);
        self.inner.visit_enum(variant).map_err(|fail| fail.noted(self.note))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Noted<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.around(deserializer);
        self.inner.deserialize(deserializer).map_err(|fail| fail.noted(self.note))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Noted<'_, A> {
    type Error = Fail<A::Error>;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Self::Error> {
        let seed = Noted::new(seed, self.note);
        Ok(self.inner.next_element_seed(seed)?)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Noted<'_, A> {
    type Error = Fail<A::Error>;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Self::Error> {
        let seed = Noted { is_name: true, ..self.around(seed) };
        Ok(self.inner.next_key_seed(seed)?)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Self::Error> {
        let key = self.note.key.take();
        let value = self.inner.next_value_seed(Noted::new(seed, self.note));
        if value.is_err() && self.note.member.get().is_none() {
            self.note.member.set(key);
        }
        Ok(value?)
    }
}

impl<'de, 'n, A: EnumAccess<'de>> EnumAccess<'de> for Noted<'n, A> {
    type Error = Fail<A::Error>;
    type Variant = Noted<'n, A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self::Variant), Self::Error> {
        let (value, variant) = self.inner.variant_seed(Noted::new(seed, self.note))?;
        Ok((value, Noted::new(variant, self.note)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Noted<'_, A> {
    type Error = Fail<A::Error>;

    fn unit_variant(self) -> Result<(), Self::Error> {
        Ok(self.inner.unit_variant()?)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Self::Error> {
        Ok(self.inner.newtype_variant_seed(Noted::new(seed, self.note))?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Self::Error> {
        Ok(self.inner.tuple_variant(len, Noted::new(visitor, self.note))?)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        Ok(self.inner.struct_variant(fields, Noted::new(visitor, self.note).with_fields(fields))?)
    }
}
