//! The grammar of JSON (RFC 8259), with that of UTF-8 in its strings (RFC 3629, section 4), as rules: which bytes a state
//! takes, what is to be done, and the state that follows. A byte that no rule of the state takes is refused.

use super::scanner::Token;

/// What is to be done with a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing.
    Pass,
    /// It is passed if it is white space.
    Space,
    /// The rules of the next state decide.
    Else,
    /// It is told as this token.
    Tell(Token),
    /// It begins an object or an array.
    Open,
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
    /// It ends a string.
    EndText,
    /// It may not stand here.
    Refuse,
}

#[derive(Clone, Copy)]
enum State {
    Start,
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
use Step::{Close, Comma, Control, Digit, Else, EndText, Open, Pass, Space, Tell};

/// From which state, the first and the last of the bytes, what is to be done, to which state.
const GRAMMAR: &[(State, u8, u8, Step, State)] = &[
    // A byte order mark, then JSON-text = ws value ws
    (Start, 0xEF, 0xEF, Pass, Mark2),
    (Start, 0, 0xFF, Else, Value),
    (Mark2, 0xBB, 0xBB, Pass, Mark3),
    (Mark3, 0xBF, 0xBF, Pass, Value),
    // value = false / null / true / object / array / number / string
    (Value, b'\t', b' ', Space, Value),
    (Value, b'"', b'"', Tell(Token::String), Text),
    (Value, b'-', b'-', Tell(Token::Number), Minus),
    (Value, b'0', b'0', Tell(Token::Number), Zero),
    (Value, b'1', b'9', Tell(Token::Number), Integer),
    (Value, b'{', b'{', Open, FirstName),
    (Value, b'[', b'[', Open, FirstElement),
    (Value, b'n', b'n', Tell(Token::Literal), Ull),
    (Value, b't', b't', Tell(Token::Literal), Rue),
    (Value, b'f', b'f', Tell(Token::Literal), Alse),
    // array = begin-array [ value *( value-separator value ) ] end-array
    (FirstElement, b'\t', b' ', Space, FirstElement),
    (FirstElement, b']', b']', Close, AfterValue),
    (FirstElement, 0, 0xFF, Else, Value),
    // object = begin-object [ member *( value-separator member ) ] end-object
    // member = string name-separator value
    (FirstName, b'}', b'}', Close, AfterValue),
    (FirstName, b'\t', b' ', Space, FirstName),
    (FirstName, 0, 0xFF, Else, NextName),
    (NextName, b'\t', b' ', Space, NextName),
    (NextName, b'"', b'"', Tell(Token::Name), Text),
    (Colon, b'\t', b' ', Space, Colon),
    (Colon, b':', b':', Pass, Value),
    (AfterValue, b'\t', b' ', Space, AfterValue),
    (AfterValue, b',', b',', Comma, Value),
    (AfterValue, b']', b']', Close, AfterValue),
    (AfterValue, b'}', b'}', Close, AfterValue),
    // number = [ minus ] int [ frac ] [ exp ]; nothing marks its end but what comes after it
    (Minus, b'0', b'0', Tell(Token::Number), Zero),
    (Minus, b'1', b'9', Tell(Token::Number), Integer),
    (Integer, b'0', b'9', Tell(Token::Number), Integer),
    (Integer, 0, 0xFF, Else, Zero),
    (Zero, b'.', b'.', Tell(Token::Number), Point),
    (Zero, 0, 0xFF, Else, AfterDigits),
    (Point, b'0', b'9', Tell(Token::Number), Fraction),
    (Fraction, b'0', b'9', Tell(Token::Number), Fraction),
    (Fraction, 0, 0xFF, Else, AfterDigits),
    (AfterDigits, b'e', b'e', Tell(Token::Number), Exponent),
    (AfterDigits, b'E', b'E', Tell(Token::Number), Exponent),
    (AfterDigits, 0, 0xFF, Else, AfterValue),
    (Exponent, b'+', b'+', Tell(Token::Number), ExponentSign),
    (Exponent, b'-', b'-', Tell(Token::Number), ExponentSign),
    (Exponent, 0, 0xFF, Else, ExponentSign),
    (ExponentSign, b'0', b'9', Tell(Token::Number), ExponentDigits),
    (ExponentDigits, b'0', b'9', Tell(Token::Number), ExponentDigits),
    (ExponentDigits, 0, 0xFF, Else, AfterValue),
    // null, true, false
    (Ull, b'u', b'u', Pass, Ll),
    (Ll, b'l', b'l', Pass, L),
    (L, b'l', b'l', Pass, AfterValue),
    (Rue, b'r', b'r', Pass, Ue),
    (Ue, b'u', b'u', Pass, E),
    (E, b'e', b'e', Pass, AfterValue),
    (Alse, b'a', b'a', Pass, Lse),
    (Lse, b'l', b'l', Pass, Se),
    (Se, b's', b's', Pass, E),
    // string = quotation-mark *char quotation-mark
    // unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
    (Text, b'"', b'"', EndText, AfterValue),
    (Text, b'\\', b'\\', Pass, Escape),
    (Text, 0x20, 0x7F, Step::Text, Text),
    // UTF8-2 = %xC2-DF UTF8-tail
    (Text, 0xC2, 0xDF, Step::Text, Tail1),
    // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
    (Text, 0xE0, 0xE0, Step::Text, AfterE0),
    (Text, 0xED, 0xED, Step::Text, AfterEd),
    (Text, 0xE1, 0xEF, Step::Text, Tail2),
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
    (Text, 0xF0, 0xF0, Step::Text, AfterF0),
    (Text, 0xF1, 0xF3, Step::Text, Tail3),
    (Text, 0xF4, 0xF4, Step::Text, AfterF4),
    (AfterE0, 0xA0, 0xBF, Step::Text, Tail1),
    (AfterEd, 0x80, 0x9F, Step::Text, Tail1),
    (AfterF0, 0x90, 0xBF, Step::Text, Tail2),
    (AfterF4, 0x80, 0x8F, Step::Text, Tail2),
    (Tail3, 0x80, 0xBF, Step::Text, Tail2),
    (Tail2, 0x80, 0xBF, Step::Text, Tail1),
    (Tail1, 0x80, 0xBF, Step::Text, Text),
    // char = unescaped / escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 / %x75 4HEXDIG )
    (Escape, b'"', b'"', Step::Text, Text),
    (Escape, b'\\', b'\\', Step::Text, Text),
    (Escape, b'/', b'/', Step::Text, Text),
    (Escape, b'b', b'b', Control, Text),
    (Escape, b'f', b'f', Control, Text),
    (Escape, b'n', b'n', Control, Text),
    (Escape, b'r', b'r', Control, Text),
    (Escape, b't', b't', Control, Text),
    (Escape, b'u', b'u', Pass, Hex),
    (Hex, b'0', b'9', Digit, Hex),
    (Hex, b'A', b'F', Digit, Hex),
    (Hex, b'a', b'f', Digit, Hex),
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
        while GRAMMAR[place].0 as u8 != state as u8 {
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
    /// The next state, and [`LAST`] where no other rule of this state follows.
    next: u8,
}

const LAST: u8 = 0x80;

const REFUSED: Rule = Rule { first: 0, last: 0, step: Step::Refuse, next: 0 };

static RULES: [Rule; GRAMMAR.len()] = {
    let mut rules = [REFUSED; GRAMMAR.len()];
    let mut place = 0;
    while place < rules.len() {
        let (state, first, last, step, next) = GRAMMAR[place];
        let is_first = place == 0 || GRAMMAR[place - 1].0 as u8 != state as u8;
        assert!(!is_first || Place::of(state).0 as usize == place, "the rules of a state stand together");
        let is_last = place + 1 == rules.len() || GRAMMAR[place + 1].0 as u8 != state as u8;
        let next = Place::of(next).0 | if is_last { LAST } else { 0 };
        rules[place] = Rule { first, last, step, next };
        place += 1;
    }
    rules
};

impl Rule {
    /// The rule by which the state at this place takes this byte.
    #[inline(never)]
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

    pub(super) fn next(self) -> Place {
        Place(self.next & !LAST)
    }
}
