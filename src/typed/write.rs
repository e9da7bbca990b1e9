//! Writes values as JSON. Not by serde-json-core, whose errors can tell a buffer that is too small and nothing else: it has to panic
//! where a `Serialize` returns an error of its own, and at what it does not support.

use core::fmt;

use serde::ser::{self, Serialize};

use super::error::TypedError;
use super::key::Key;
use super::out::{Writer, Written};

/// Methods that write numbers.
macro_rules! numbers {
    ($write:ident; $($method:ident: $number:ty),*) => {
        $(fn $method(self, value: $number) -> Written {
            self.$write(value.into());
            Ok(())
        })*
    };
}

/// Elements or members, and how they end.
pub(super) struct Compound<'w, 'b> {
    writer: &'w mut Writer<'b>,
    is_first: bool,
    end: &'static [u8],
}

impl<'w, 'b> Compound<'w, 'b> {
    fn begin(writer: &'w mut Writer<'b>, begin: &[u8], end: &'static [u8]) -> Result<Self, TypedError> {
        writer.put(begin);
        Ok(Compound { writer, is_first: true, end })
    }

    /// That of a variant, whose name is the one member of an object.
    fn of_variant(
        writer: &'w mut Writer<'b>,
        variant: &str,
        begin: &[u8],
        end: &'static [u8],
    ) -> Result<Self, TypedError> {
        writer.put(b"{");
        writer.text(variant);
        writer.put(b":");
        Self::begin(writer, begin, end)
    }

    fn next(&mut self) {
        if !core::mem::take(&mut self.is_first) {
            self.writer.put(b",");
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.next();
        self.writer.text(name);
        self.writer.put(b":");
        value.serialize(&mut *self.writer).map_err(|error| error.at(Some(name)))
    }

    fn finish(self) -> Written {
        self.writer.put(self.end);
        Ok(())
    }
}

impl<'w, 'b> ser::Serializer for &'w mut Writer<'b> {
    type Ok = ();
    type Error = TypedError;
    type SerializeSeq = Compound<'w, 'b>;
    type SerializeTuple = Compound<'w, 'b>;
    type SerializeTupleStruct = Compound<'w, 'b>;
    type SerializeTupleVariant = Compound<'w, 'b>;
    type SerializeMap = Compound<'w, 'b>;
    type SerializeStruct = Compound<'w, 'b>;
    type SerializeStructVariant = Compound<'w, 'b>;

    numbers! { unsigned; serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64 }
    numbers! { signed; serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64 }

    fn serialize_u128(self, value: u128) -> Written {
        self.plain(format_args!("{value}"));
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Written {
        self.plain(format_args!("{value}"));
        Ok(())
    }

    fn serialize_bool(self, value: bool) -> Written {
        self.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_char(self, value: char) -> Written {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value);
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.text(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Written {
        let is_good = self.formatted_text(format_args!("{value}"));
        if is_good { Ok(()) } else { Err(ser::Error::custom("")) }
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.float(value.is_finite(), format_args!("{value:?}"));
        Ok(())
    }

    fn serialize_f64(self, value: f64) -> Written {
        self.float(value.is_finite(), format_args!("{value:?}"));
        Ok(())
    }

    /// As an array of numbers, as others do it.
    fn serialize_bytes(self, value: &[u8]) -> Written {
        let mut elements = Compound::begin(self, b"[", b"]")?;
        for byte in value {
            elements.element(byte)?;
        }
        elements.finish()
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.put(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let mut object = Compound::begin(self, b"{", b"}")?;
        object.member(variant, value)?;
        object.finish()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, TypedError> {
        Compound::begin(self, b"[", b"]")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, TypedError> {
        Compound::begin(self, b"[", b"]")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, TypedError> {
        Compound::begin(self, b"[", b"]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, TypedError> {
        Compound::of_variant(self, variant, b"[", b"]}")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, TypedError> {
        Compound::begin(self, b"{", b"}")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, TypedError> {
        Compound::begin(self, b"{", b"}")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, TypedError> {
        Compound::of_variant(self, variant, b"{", b"}}")
    }
}

/// The traits of elements and members.
macro_rules! compound {
    ($($name:ident: $method:ident => $write:ident),*) => {
        $(impl ser::$name for Compound<'_, '_> {
            type Ok = ();
            type Error = TypedError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.$write(value)
            }

            fn end(self) -> Written {
                self.finish()
            }
        })*
    };
}

compound! {
    SerializeSeq: serialize_element => element,
    SerializeTuple: serialize_element => element,
    SerializeTupleStruct: serialize_field => element,
    SerializeTupleVariant: serialize_field => element
}

impl ser::SerializeStruct for Compound<'_, '_> {
    type Ok = ();
    type Error = TypedError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.member(name, value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

impl ser::SerializeStructVariant for Compound<'_, '_> {
    type Ok = ();
    type Error = TypedError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.member(name, value)
    }

    fn end(self) -> Written {
        self.finish()
    }
}

impl ser::SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = TypedError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.next();
        key.serialize(Key(self.writer))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.writer.put(b":");
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.finish()
    }
}
