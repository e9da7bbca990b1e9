//! Keys of maps, which are texts in JSON (RFC 8259, section 4): numbers and `bool` stand in quotation marks.

use core::fmt;

use serde::ser::{self, Impossible, Serialize};

use super::error::{TypedCause, TypedError};
use super::out::{Writer, Written};

/// Where a key is written.
pub(super) struct Key<'w, 'b>(pub &'w mut Writer<'b>);

const NO_KEY: TypedError = TypedError::new(TypedCause::Key, None);

macro_rules! formatted {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Written {
            self.0.formatted_text(format_args!("{value}"));
            Ok(())
        })*
    };
}

macro_rules! no_keys {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, TypedError> {
            Err(NO_KEY)
        })*
    };
}

type No = Impossible<(), TypedError>;

impl ser::Serializer for Key<'_, '_> {
    type Ok = ();
    type Error = TypedError;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    formatted! {
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_bool: bool, serialize_char: char
    }

    no_keys! {
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> No;
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct(&'static str, usize) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }

    fn serialize_str(self, value: &str) -> Written {
        self.0.text(value);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.0.text(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Written {
        Err(NO_KEY)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Written {
        let is_good = self.0.formatted_text(format_args!("{value}"));
        if is_good { Ok(()) } else { Err(ser::Error::custom("")) }
    }
}
