//! The grammar of JSON (RFC 8259), with that of UTF-8 in its strings (RFC 3629, section 4), as rules: which bytes a state
//! takes, what is to be done, and the state that follows. A byte that no rule of the state takes is refused.

/// What is to be done with a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing.
    Pass,
    /// It is passed if it is white space.
    Space,
    /// The rules of the next state decide.
    Else,
    /// It begins a member's name.
    Name,
    /// It begins a string that is a value.
    String,
    /// It begins a number, or is the next byte of one.
    Number,
    /// It begins `null`, `true` or `false`.
    Literal,
    /// It begins an object.
    Object,
    /// It begins an array.
    Array,
    /// It ends the one or the other.
    Close,
    /// The next member or element follows.
    Comma,
    /// It belongs to the text of a string.
    Text,
    /// It is the letter of a control character.
    Control,
    /// It is a hexadecimal digit.
    Digit,
    /// It may not stand here.
    Refuse,
}

#[derive(Clone, Copy)]
enum State {
    Start,
    // Before the second and the third byte of a byte order mark.
    Mark2,
    Mark3,
    FirstElement,
    Value,
    FirstName,
    NextName,
    Colon,
    AfterValue,
    Minus,
    Integer,
    Zero,
    Point,
    Fraction,
    AfterDigits,
    Exponent,
    ExponentSign,
    ExponentDigits,
    // What is left of a literal.
    Ull,
    Ll,
    L,
    Rue,
    Ue,
    E,
    Alse,
    Lse,
    Se,
    Text,
    // How many bytes of a character are still to come.
    Tail1,
    Tail2,
    Tail3,
    AfterE0,
    AfterEd,
    AfterF0,
    AfterF4,
    Escape,
    Hex,
}

use State::*;
use Step::{Close, Comma, Digit, Else, Pass, Space};

/// A rule as it is written: a state, the first and the last of the bytes it is for, what is to be done, and the state that
/// follows.
struct Source {
    state: State,
    first: u8,
    last: u8,
    step: Step,
    next: State,
    /// For [`Step::Control`].
    character: Option<u8>,
}

const fn rule(state: State, first: u8, last: u8, step: Step, next: State) -> Source {
    Source { state, first, last, step, next, character: None }
}

/// A letter behind a backslash, and the control character that it means.
const fn control(letter: u8, character: u8) -> Source {
    Source { character: Some(character), ..rule(Escape, letter, letter, Step::Control, Text) }
}

const GRAMMAR: &[Source] = &[
    // A byte order mark, then JSON-text = ws value ws
    rule(Start, 0xEF, 0xEF, Pass, Mark2),
    rule(Start, 0, 0xFF, Else, Value),
    rule(Mark2, 0xBB, 0xBB, Pass, Mark3),
    rule(Mark3, 0xBF, 0xBF, Pass, Value),
    // value = false / null / true / object / array / number / string
    rule(Value, b'"', b'"', Step::String, Text),
    rule(Value, b'1', b'9', Step::Number, Integer),
    rule(Value, b'n', b'n', Step::Literal, Ull),
    rule(Value, b'{', b'{', Step::Object, FirstName),
    rule(Value, b'\t', b' ', Space, Value),
    rule(Value, b't', b't', Step::Literal, Rue),
    rule(Value, b'f', b'f', Step::Literal, Alse),
    rule(Value, b'0', b'0', Step::Number, Zero),
    rule(Value, b'-', b'-', Step::Number, Minus),
    rule(Value, b'[', b'[', Step::Array, FirstElement),
    // array = begin-array [ value *( value-separator value ) ] end-array
    rule(FirstElement, b'\t', b' ', Space, FirstElement),
    rule(FirstElement, b']', b']', Close, AfterValue),
    rule(FirstElement, 0, 0xFF, Else, Value),
    // object = begin-object [ member *( value-separator member ) ] end-object
    // member = string name-separator value
    rule(FirstName, b'}', b'}', Close, AfterValue),
    rule(FirstName, b'\t', b' ', Space, FirstName),
    rule(FirstName, 0, 0xFF, Else, NextName),
    rule(NextName, b'"', b'"', Step::Name, Text),
    rule(NextName, b'\t', b' ', Space, NextName),
    rule(Colon, b':', b':', Pass, Value),
    rule(Colon, b'\t', b' ', Space, Colon),
    rule(AfterValue, b',', b',', Comma, Value),
    rule(AfterValue, b'}', b'}', Close, AfterValue),
    rule(AfterValue, b']', b']', Close, AfterValue),
    rule(AfterValue, b'\t', b' ', Space, AfterValue),
    // number = [ minus ] int [ frac ] [ exp ]; nothing marks its end but what comes after it
    rule(Minus, b'0', b'0', Step::Number, Zero),
    rule(Minus, b'1', b'9', Step::Number, Integer),
    rule(Integer, b'0', b'9', Step::Number, Integer),
    rule(Integer, 0, 0xFF, Else, Zero),
    rule(Zero, b'.', b'.', Step::Number, Point),
    rule(Zero, 0, 0xFF, Else, AfterDigits),
    rule(Point, b'0', b'9', Step::Number, Fraction),
    rule(Fraction, b'0', b'9', Step::Number, Fraction),
    rule(Fraction, 0, 0xFF, Else, AfterDigits),
    rule(AfterDigits, b'e', b'e', Step::Number, Exponent),
    rule(AfterDigits, b'E', b'E', Step::Number, Exponent),
    rule(AfterDigits, 0, 0xFF, Else, AfterValue),
    rule(Exponent, b'+', b'+', Step::Number, ExponentSign),
    rule(Exponent, b'-', b'-', Step::Number, ExponentSign),
    rule(Exponent, 0, 0xFF, Else, ExponentSign),
    rule(ExponentSign, b'0', b'9', Step::Number, ExponentDigits),
    rule(ExponentDigits, b'0', b'9', Step::Number, ExponentDigits),
    rule(ExponentDigits, 0, 0xFF, Else, AfterValue),
    // null, true, false
    rule(Ull, b'u', b'u', Pass, Ll),
    rule(Ll, b'l', b'l', Pass, L),
    rule(L, b'l', b'l', Pass, AfterValue),
    rule(Rue, b'r', b'r', Pass, Ue),
    rule(Ue, b'u', b'u', Pass, E),
    rule(E, b'e', b'e', Pass, AfterValue),
    rule(Alse, b'a', b'a', Pass, Lse),
    rule(Lse, b'l', b'l', Pass, Se),
    rule(Se, b's', b's', Pass, E),
    // string = quotation-mark *char quotation-mark
    // unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
    // What a run of plain bytes and the end of the string leave of them
    rule(Text, b'\\', b'\\', Pass, Escape),
    rule(Text, 0x7F, 0x7F, Step::Text, Text),
    // UTF8-2 = %xC2-DF UTF8-tail
    rule(Text, 0xC2, 0xDF, Step::Text, Tail1),
    // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
    rule(Text, 0xE0, 0xE0, Step::Text, AfterE0),
    rule(Text, 0xED, 0xED, Step::Text, AfterEd),
    rule(Text, 0xE1, 0xEF, Step::Text, Tail2),
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
    rule(Text, 0xF0, 0xF0, Step::Text, AfterF0),
    rule(Text, 0xF1, 0xF3, Step::Text, Tail3),
    rule(Text, 0xF4, 0xF4, Step::Text, AfterF4),
    rule(AfterE0, 0xA0, 0xBF, Step::Text, Tail1),
    rule(AfterEd, 0x80, 0x9F, Step::Text, Tail1),
    rule(AfterF0, 0x90, 0xBF, Step::Text, Tail2),
    rule(AfterF4, 0x80, 0x8F, Step::Text, Tail2),
    rule(Tail3, 0x80, 0xBF, Step::Text, Tail2),
    rule(Tail2, 0x80, 0xBF, Step::Text, Tail1),
    rule(Tail1, 0x80, 0xBF, Step::Text, Text),
    // char = unescaped / escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 / %x75 4HEXDIG )
    rule(Escape, b'u', b'u', Pass, Hex),
    control(b'n', b'\n'),
    control(b'r', b'\r'),
    rule(Escape, b'/', b'/', Step::Text, Text),
    rule(Escape, b'\\', b'\\', Step::Text, Text),
    rule(Escape, b'"', b'"', Step::Text, Text),
    control(b't', b'\t'),
    control(b'b', 0x08),
    control(b'f', 0x0C),
    rule(Hex, b'0', b'9', Digit, Hex),
    rule(Hex, b'A', b'F', Digit, Hex),
    rule(Hex, b'a', b'f', Digit, Hex),
];

/// A state as it is in the program: the place of its first rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(super) struct Place(u8);

impl Place {
    pub(super) const START: Place = Place::of(Start);
    pub(super) const VALUE: Place = Place::of(Value);
    pub(super) const NEXT_NAME: Place = Place::of(NextName);
    pub(super) const COLON: Place = Place::of(Colon);
    pub(super) const AFTER_VALUE: Place = Place::of(AfterValue);
    pub(super) const TEXT: Place = Place::of(Text);

    const fn of(state: State) -> Place {
        let mut place = 0;
        while GRAMMAR[place].state as u8 != state as u8 {
            place += 1;
        }
        Place(place as u8)
    }
}

/// A rule as it is in the program.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    first: u8,
    last: u8,
    pub step: Step,
    /// The next state, or the control character, and [`LAST`] where no other rule of this state follows.
    next: u8,
}

const LAST: u8 = 0x80;

const REFUSED: Rule = Rule { first: 0, last: 0, step: Step::Refuse, next: 0 };

static RULES: [Rule; GRAMMAR.len()] = {
    let mut rules = [REFUSED; GRAMMAR.len()];
    let mut place = 0;
    while place < rules.len() {
        let Source { state, first, last, step, next, character } = GRAMMAR[place];
        let is_first = place == 0 || GRAMMAR[place - 1].state as u8 != state as u8;
        assert!(!is_first || Place::of(state).0 as usize == place, "the rules of a state stand together");
        let is_last = place + 1 == rules.len() || GRAMMAR[place + 1].state as u8 != state as u8;
        let next = match character {
            Some(character) => character,
            None => Place::of(next).0,
        };
        let next = next | if is_last { LAST } else { 0 };
        rules[place] = Rule { first, last, step, next };
        place += 1;
    }
    rules
};

impl Rule {
    /// The rule by which the state at this place takes this byte.
    pub(super) fn find(place: Place, byte: u8) -> Rule {
        let mut place = place.0;
        while let Some(rule) = RULES.get(usize::from(place)) {
            if !(rule.first..=rule.last).contains(&byte) {
                if rule.next & LAST != 0 {
                    break;
                }
                place += 1;
            } else if rule.step == Step::Else {
                place = rule.next().0;
            } else {
                return *rule;
            }
        }
        REFUSED
    }

    /// The state that follows, except for [`Step::Control`].
    pub(super) fn next(self) -> Place {
        Place(self.next & !LAST)
    }

    /// The character of [`Step::Control`].
    pub(super) fn character(self) -> u8 {
        self.next & !LAST
    }
}
