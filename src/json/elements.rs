//! Finds the elements of an array that is a member of a document, which comes in pieces of any size, and keeps nothing of them.

/// Where it is. What is in the document besides is the exchange's to read; whether an element is JSON is to be seen by whoever
/// reads it.
pub(crate) struct Elements {
    /// The member whose elements they are.
    name: &'static [u8],
    place: Place,
    text: Text,
    /// How many objects and arrays are open.
    depth: usize,
    /// How many bytes of the name the text has, from its beginning; one more where it has something else.
    matched: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Among the members of the document.
    Members,
    /// Behind the name of the member, before its value.
    Named,
    /// Among the elements.
    Elements,
    /// In one of them.
    Element,
    /// Behind them.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Outside,
    Inside,
    /// Behind a backslash.
    Escaped,
}

/// What a byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Byte {
    /// None of an element.
    Outside,
    /// One of an element.
    Inside,
    /// The last one of an element.
    Last,
    /// The first one behind an element. It is not taken.
    Behind,
}

impl Elements {
    pub(crate) const fn of(name: &'static str) -> Self {
        Elements { name: name.as_bytes(), place: Place::Members, text: Text::Outside, depth: 0, matched: 0 }
    }

    /// Whether all elements have come.
    pub(crate) fn has_ended(&self) -> bool {
        self.place == Place::End
    }

    /// Whether it is among the elements and in none of them.
    pub(crate) fn is_between(&self) -> bool {
        self.place == Place::Elements
    }

    /// Takes the next byte of the document.
    pub(crate) fn take(&mut self, byte: u8) -> Byte {
        // A number or a literal ends before what comes after it, which is not a part of it.
        let is_outermost =
            |this: &Self| this.place == Place::Element && this.depth == 2 && this.text == Text::Outside;
        if is_outermost(self) && matches!(byte, b',' | b']') {
            self.place = Place::Elements;
            return Byte::Behind;
        }
        self.pass(byte);
        if is_outermost(self) && matches!(byte, b'}' | b']') {
            self.place = Place::Elements;
            return Byte::Last;
        }
        if self.place == Place::Element { Byte::Inside } else { Byte::Outside }
    }

    #[expect(clippy::arithmetic_side_effects, reason = "at most the length of the name and one")]
    fn pass(&mut self, byte: u8) {
        match (self.text, byte) {
            (Text::Escaped, _) => self.text = Text::Inside,
            (Text::Inside, b'\\') => {
                self.matched = self.name.len() + 1; // none of the name's letters is escaped by anybody
                self.text = Text::Escaped;
            }
            (Text::Inside, b'"') => self.text = Text::Outside,
            (Text::Inside, _) => {
                let is_next = self.name.get(self.matched) == Some(&byte);
                self.matched = if is_next { self.matched + 1 } else { self.name.len() + 1 };
            }
            (Text::Outside, _) => self.pass_outside(byte),
        }
    }

    /// A byte that is not inside of a text.
    fn pass_outside(&mut self, byte: u8) {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        match (self.place, byte) {
            (Place::Members, b':') if self.depth == 1 && self.matched == self.name.len() => self.place = Place::Named,
            (Place::Named, b'[') => self.place = Place::Elements,
            (Place::Named, _) if !is_space => self.place = Place::Members,
            (Place::Elements, b']') => self.place = Place::End,
            (Place::Elements, b',') => {}
            (Place::Elements, _) if !is_space => self.place = Place::Element,
            _ => {}
        }
        match byte {
            b'"' => {
                self.text = Text::Inside;
                self.matched = 0;
            }
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}
