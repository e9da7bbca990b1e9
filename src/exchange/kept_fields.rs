//! The fields of a reply to a call that are kept for the caller: from the end of the session's memory to the front.

use core::ops::Range;

use crate::http::known_fields::Field;

// Their places.
pub(crate) const CONTENT_TYPE: usize = 0;
pub(crate) const LOCATION: usize = 1;
pub(crate) const WANTED: usize = 2;

/// The fields that are always kept, in their places.
const ALWAYS: [Field; 2] = [Field::ContentType, Field::Location];

/// Where they are in the memory; `0..0` for one that has not come.
#[derive(Default)]
pub(crate) struct Kept([Range<usize>; 3]);

impl Kept {
    /// Whether a field is to be kept.
    pub(crate) fn keeps(field: Field, is_wanted: bool) -> bool {
        is_wanted || ALWAYS.contains(&field)
    }

    /// Takes a field, whose value is there in the memory.
    pub(crate) fn take(&mut self, field: Field, is_wanted: bool, value: &Range<usize>) {
        let always = ALWAYS.iter().position(|kept| *kept == field);
        for place in is_wanted.then_some(WANTED).into_iter().chain(always) {
            if let Some(place) = self.0.get_mut(place) {
                *place = value.clone();
            }
        }
    }

    /// The value at a place, if its field has come.
    pub(crate) fn value<'s>(&self, place: usize, memory: &'s [u8]) -> Option<&'s [u8]> {
        let value = self.0.get(place).filter(|value| **value != (0..0))?;
        memory.get(value.clone())
    }
}
