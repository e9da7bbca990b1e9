//! The fields of a reply to a call that are kept for the caller: from the end of the session's memory to the front.

use core::ops::Range;

use crate::cookie::jar::Jar;
use crate::http::head::Field;

// Their places.
pub(crate) const CONTENT_TYPE: usize = 0;
pub(crate) const LOCATION: usize = 1;
pub(crate) const WANTED: usize = 2;

/// The fields that are always kept, in their places.
const ALWAYS: [Field; 2] = [Field::ContentType, Field::Location];

pub(crate) struct Kept {
    /// How much memory they need.
    pub len: usize,
    /// Where they are; `0..0` for one that has not come.
    places: [Range<usize>; 3],
}

impl Kept {
    pub(crate) const NONE: Self = Kept { len: 0, places: [0..0, 0..0, 0..0] };

    /// How much of the memory they leave.
    pub(crate) fn room(&self, jar: &Jar<'_>) -> usize {
        jar.memory.len().saturating_sub(self.len)
    }

    /// Keeps a field, whose value has this place in the memory, if it is to be kept.
    pub(crate) fn take(&mut self, field: Field, is_wanted: bool, value: Range<usize>, jar: &mut Jar<'_>) {
        let place = ALWAYS.iter().position(|kept| *kept == field);
        if !is_wanted && place.is_none() {
            return;
        }
        let value = jar.move_to_end(value, self.room(jar));
        jar.note_at_end(value.start);
        self.len += value.len();
        for place in is_wanted.then_some(WANTED).into_iter().chain(place) {
            if let Some(place) = self.places.get_mut(place) {
                *place = value.clone();
            }
        }
    }

    /// The value at a place, if its field has come.
    pub(crate) fn value<'s>(&self, place: usize, jar: &'s Jar<'_>) -> Option<&'s [u8]> {
        let value = self.places.get(place).filter(|value| **value != (0..0))?;
        jar.memory.get(value.clone())
    }
}
