//! Keys of maps, which are texts in JSON: numbers, `bool` and the names of variants stand in quotation marks.

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, Visitor};

use super::error::{TypedCause, TypedError};
use super::source::{Text, WRONG_TYPE};

/// A key that is read.
pub(super) struct Key<'de, 's>(pub Text<'de, 's>);

const NO_KEY: TypedError = TypedError::new(TypedCause::Key, None);

/// What is read of the word that `self` has: `bool`, and numbers without a fraction.
macro_rules! words {
    () => {
        words! {
            deserialize_bool => visit_bool
            deserialize_u8 => visit_u8
            deserialize_u16 => visit_u16
            deserialize_u32 => visit_u32
            deserialize_u64 => visit_u64
            deserialize_u128 => visit_u128
            deserialize_i8 => visit_i8
            deserialize_i16 => visit_i16
            deserialize_i32 => visit_i32
            deserialize_i64 => visit_i64
            deserialize_i128 => visit_i128
        }
    };
    ($($method:ident => $visit:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
            visitor.$visit(self.word().parse().map_err(|_| WRONG_TYPE)?)
        })*
    };
}
pub(super) use words;

impl Key<'_, '_> {
    fn word(&self) -> &str {
        self.0.as_str()
    }
}

macro_rules! no_keys {
    ($($method:ident($($argument:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $argument,)* _: V) -> Result<V::Value, TypedError> {
            Err(NO_KEY)
        })*
    };
}

impl<'de> Deserializer<'de> for Key<'de, '_> {
    type Error = TypedError;

    words!();

    no_keys! {
        deserialize_f32()
        deserialize_f64()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_unit()
        deserialize_unit_struct(&'static str)
        deserialize_seq()
        deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize)
        deserialize_map()
        deserialize_struct(&'static str, &'static [&'static str])
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        visit_text(self.0, visitor)
    }

    serde::forward_to_deserialize_any! { char str string identifier ignored_any }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TypedError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TypedError> {
        match self.0 {
            Text::Borrowed(name) => visitor.visit_enum(BorrowedStrDeserializer::<TypedError>::new(name)),
            Text::Decoded(name) => visitor.visit_enum(StrDeserializer::<TypedError>::new(name)),
        }
    }
}

/// Gives a text to whoever wants one. One with escapes cannot be borrowed from the document.
pub(super) fn visit_text<'de, V: Visitor<'de>>(text: Text<'de, '_>, visitor: V) -> Result<V::Value, TypedError> {
    match text {
        Text::Borrowed(text) => visitor.visit_borrowed_str(text),
        Text::Decoded(text) => visitor.visit_str(text).map_err(|error: TypedError| match error.cause() {
            TypedCause::WrongType => TypedError::new(TypedCause::Escaped, error.member()),
            _ => error,
        }),
    }
}

/// What the types themselves say of a value.
impl de::Error for TypedError {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        TypedError::new(TypedCause::Refused, None)
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        WRONG_TYPE
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        WRONG_TYPE
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        TypedError::new(TypedCause::TooLong, None)
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        TypedError::new(TypedCause::UnknownVariant, None)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        TypedError::new(TypedCause::Refused, None)
    }

    fn missing_field(field: &'static str) -> Self {
        TypedError::new(TypedCause::Missing, Some(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        TypedError::new(TypedCause::Doubled, Some(field))
    }
}
