//! The grammar of JSON (RFC 8259), with that of UTF-8 in its strings (RFC 3629, section 4), as rules: which bytes a state
//! takes, and what is to be done, which is a step, or to go to a state. A byte that no rule of the state takes is refused.

/// What is to be done with a byte. A number below [`STEPS`] is a place in the table, that of the next state's first rule.
pub(super) type Then = u8;

pub(super) const STEPS: Then = 0x60;

/// It is passed if it is white space, and the state stays.
pub(super) const SPACE: Then = 0x60;
/// It begins a member's name.
pub(super) const NAME: Then = 0x61;
/// It begins a string that is a value.
pub(super) const STRING: Then = 0x62;
/// It ends an object or an array.
pub(super) const CLOSE: Then = 0x63;
/// The next member or element follows.
pub(super) const COMMA: Then = 0x64;
/// It is a hexadecimal digit.
pub(super) const DIGIT: Then = 0x65;
/// It begins no value, but it may begin a page of HTML.
pub(super) const PAGE: Then = 0x66;
/// It may not stand here.
const REFUSE: Then = 0x67;
/// It is the letter of a control character: of this one, which is added. From here on all are.
pub(super) const CONTROL: Then = 0x70;

#[derive(Clone, Copy)]
enum State {
    Start,
    // Before the second and the third byte of a byte order mark.
    Mark2,
    Mark3,
    Value,
    NextName,
    Colon,
    AfterValue,
    // From here to `Alse` a byte leads that begins a value, no string, or is the next one of a number.
    FirstElement,
    FirstName,
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
    Rue,
    Alse,
    Ll,
    L,
    Ue,
    E,
    Lse,
    Se,
    // From here to `Tail1` a byte leads that belongs to a text.
    Text,
    AfterE0,
    AfterEd,
    AfterF0,
    AfterF4,
    // How many bytes of a character are still to come.
    Tail3,
    Tail2,
    Tail1,
    Escape,
    Hex,
}

use State::*;

/// A rule as it is written: a state, the first and the last of the bytes it is for, and what is to be done.
struct Source {
    state: State,
    first: u8,
    last: u8,
    then: Then,
}

/// These bytes are for a step.
const fn step(state: State, first: u8, last: u8, then: Then) -> Source {
    Source { state, first, last, then }
}

/// These bytes lead to another state.
const fn go(state: State, first: u8, last: u8, next: State) -> Source {
    // not covered: run by the compiler
    Source { state, first, last, then: next as Then }
}

/// The rules of another state decide.
const fn or(state: State, other: State) -> Source {
    // not covered: run by the compiler
    go(state, 0, ALL, other)
}

/// The last of the bytes of [`or`], and of no other rule.
const ALL: u8 = 0xFF;

/// A letter behind a backslash, and the control character that it means.
const fn control(letter: u8, character: u8) -> Source {
    step(Escape, letter, letter, CONTROL | character)
}

//= 8259-9-all-texts
const GRAMMAR: &[Source] = &[
    // A byte order mark, then JSON-text = ws value ws
    go(Start, 0xEF, 0xEF, Mark2),
    or(Start, Value),
    go(Mark2, 0xBB, 0xBB, Mark3),
    go(Mark3, 0xBF, 0xBF, Value),
    //= 8259-3-values
    // value = false / null / true / object / array / number / string
    step(Value, b'"', b'"', STRING),
    go(Value, b'1', b'9', Integer),
    go(Value, b'n', b'n', Ull),
    go(Value, b'{', b'{', FirstName),
    step(Value, b'\t', b' ', SPACE),
    go(Value, b't', b't', Rue),
    go(Value, b'f', b'f', Alse),
    go(Value, b'0', b'0', Zero),
    go(Value, b'-', b'-', Minus),
    go(Value, b'[', b'[', FirstElement),
    step(Value, b'<', b'<', PAGE),
    // object = begin-object [ member *( value-separator member ) ] end-object
    // member = string name-separator value
    step(NextName, b'"', b'"', NAME),
    step(NextName, b'\t', b' ', SPACE),
    go(Colon, b':', b':', Value),
    step(Colon, b'\t', b' ', SPACE),
    step(AfterValue, b',', b',', COMMA),
    step(AfterValue, b']', b'}', CLOSE), // or what comes between them: it has to be what closes the innermost
    step(AfterValue, b'\t', b' ', SPACE),
    // array = begin-array [ value *( value-separator value ) ] end-array
    step(FirstElement, b'\t', b' ', SPACE),
    step(FirstElement, b']', b']', CLOSE),
    or(FirstElement, Value),
    step(FirstName, b'}', b'}', CLOSE),
    step(FirstName, b'\t', b' ', SPACE),
    or(FirstName, NextName),
    // number = [ minus ] int [ frac ] [ exp ]; nothing marks its end but what comes after it
    go(Minus, b'0', b'0', Zero),
    go(Minus, b'1', b'9', Integer),
    go(Integer, b'0', b'9', Integer),
    or(Integer, Zero),
    go(Zero, b'.', b'.', Point),
    or(Zero, AfterDigits),
    go(Point, b'0', b'9', Fraction),
    go(Fraction, b'0', b'9', Fraction),
    or(Fraction, AfterDigits),
    go(AfterDigits, b'e', b'e', Exponent),
    go(AfterDigits, b'E', b'E', Exponent),
    or(AfterDigits, AfterValue),
    go(Exponent, b'+', b'+', ExponentSign),
    go(Exponent, b'-', b'-', ExponentSign),
    or(Exponent, ExponentSign),
    go(ExponentSign, b'0', b'9', ExponentDigits),
    go(ExponentDigits, b'0', b'9', ExponentDigits),
    or(ExponentDigits, AfterValue),
    //= 8259-3-literals
    // null, true, false
    go(Ull, b'u', b'u', Ll),
    go(Rue, b'r', b'r', Ue),
    go(Alse, b'a', b'a', Lse),
    go(Ll, b'l', b'l', L),
    go(L, b'l', b'l', AfterValue),
    go(Ue, b'u', b'u', E),
    go(E, b'e', b'e', AfterValue),
    go(Lse, b'l', b'l', Se),
    go(Se, b's', b's', E),
    // string = quotation-mark *char quotation-mark
    //= 8259-7-escaped
    // unescaped = %x20-21 / %x23-5B / %x5D-10FFFF
    // What is left of them by `is_plain` and the end of the string.
    go(Text, b'\\', b'\\', Escape),
    //= 8259-8.1-utf-8
    // UTF8-2 = %xC2-DF UTF8-tail
    go(Text, 0xC2, 0xDF, Tail1),
    // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
    go(Text, 0xE0, 0xE0, AfterE0),
    go(Text, 0xED, 0xED, AfterEd),
    go(Text, 0xE1, 0xEF, Tail2),
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
    go(Text, 0xF0, 0xF0, AfterF0),
    go(Text, 0xF1, 0xF3, Tail3),
    go(Text, 0xF4, 0xF4, AfterF4),
    go(AfterE0, 0xA0, 0xBF, Tail1),
    go(AfterEd, 0x80, 0x9F, Tail1),
    go(AfterF0, 0x90, 0xBF, Tail2),
    go(AfterF4, 0x80, 0x8F, Tail2),
    go(Tail3, 0x80, 0xBF, Tail2),
    go(Tail2, 0x80, 0xBF, Tail1),
    go(Tail1, 0x80, 0xBF, Text),
    // char = unescaped / escape ( %x22 / %x5C / %x2F / %x62 / %x66 / %x6E / %x72 / %x74 / %x75 4HEXDIG )
    go(Escape, b'u', b'u', Hex),
    control(b'n', b'\n'),
    control(b'r', b'\r'),
    go(Escape, b'/', b'/', Text),
    go(Escape, b'\\', b'\\', Text),
    go(Escape, b'"', b'"', Text),
    control(b't', b'\t'),
    control(b'b', 0x08),
    control(b'f', 0x0C),
    step(Hex, b'0', b'9', DIGIT),
    step(Hex, b'A', b'F', DIGIT),
    step(Hex, b'a', b'f', DIGIT),
];

/// A state as it is in the program: the place of its first rule.
pub(super) type Place = u8;

pub(super) const START: Place = place_of(Start as u8);
pub(super) const VALUE: Place = place_of(Value as u8);
pub(super) const NEXT_NAME: Place = place_of(NextName as u8);
pub(super) const COLON: Place = place_of(Colon as u8);
pub(super) const AFTER_VALUE: Place = place_of(AfterValue as u8);
pub(super) const FIRST_ELEMENT: Place = place_of(FirstElement as u8);
pub(super) const FIRST_NAME: Place = place_of(FirstName as u8);
pub(super) const INTEGER: Place = place_of(Integer as u8);
pub(super) const FRACTION: Place = place_of(Fraction as u8);
pub(super) const ULL: Place = place_of(Ull as u8);
pub(super) const RUE: Place = place_of(Rue as u8);
pub(super) const ALSE: Place = place_of(Alse as u8);
pub(super) const TEXT: Place = place_of(Text as u8);
pub(super) const TAIL1: Place = place_of(Tail1 as u8);

#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "run by the compiler"
)]
const fn place_of(state: u8) -> Place {
    let mut place = 0;
    while GRAMMAR[place].state as u8 != state {
        place += 1;
    }
    place as Place
}

/// A rule as it is in the program.
#[derive(Clone, Copy)]
struct Rule {
    first: u8,
    last: u8,
    /// And [`LAST`] where no other rule of this state follows.
    then: Then,
}

const LAST: u8 = 0x80;

#[expect(clippy::indexing_slicing, reason = "run by the compiler")]
static RULES: [Rule; GRAMMAR.len()] = {
    assert!(GRAMMAR.len() <= STEPS as usize, "a place is no step");
    let mut rules = [Rule { first: 0, last: 0, then: REFUSE }; GRAMMAR.len()];
    let mut place = 0;
    while place < rules.len() {
        let Source { state, first, last, then } = GRAMMAR[place];
        let is_last = place + 1 == rules.len() || GRAMMAR[place + 1].state as u8 != state as u8;
        let then = if then < STEPS { place_of(then) } else { then };
        rules[place] = Rule { first, last, then: then | if is_last { LAST } else { 0 } };
        place += 1;
    }
    rules
};

/// What the state at this place does with this byte, and the place of the state whose rule says so.
#[expect(clippy::arithmetic_side_effects, reason = "a place in the rules")]
pub(super) fn find(state: Place, byte: u8) -> (Place, Then) {
    let (mut state, mut place) = (state, usize::from(state));
    while let Some(rule) = RULES.get(place) {
        if !(rule.first..=rule.last).contains(&byte) {
            if rule.then & LAST != 0 {
                break;
            }
            place += 1;
        } else if rule.last == ALL {
            state = rule.then & !LAST;
            place = usize::from(state);
        } else {
            return (state, rule.then & !LAST);
        }
    }
    (state, REFUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_a_state_stand_together_and_it_is_the_place_of_the_first() {
        let of_a_state = || GRAMMAR.chunk_by(|rule, next| rule.state as u8 == next.state as u8);
        let mut place = 0;
        for rules in of_a_state() {
            let state = rules[0].state as u8;
            assert_eq!(place_of(state), place);
            assert_eq!(of_a_state().filter(|others| others[0].state as u8 == state).count(), 1);
            place += rules.len() as Place;
        }
    }

    #[test]
    fn a_letter_behind_a_backslash_tells_its_control_character() {
        for (letter, character) in [(b'b', 0x08), (b'f', 0x0C), (b'n', b'\n'), (b'r', b'\r'), (b't', b'\t')] {
            let Source { first, last, then, .. } = control(letter, character);
            assert_eq!((first, last, then - CONTROL), (letter, letter, character));
        }
    }
}
