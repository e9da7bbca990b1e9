//! The states of an exchange, and what may happen in each.

use crate::exchange::error::Misuse;
use crate::text::numbered::named;

/// Where an exchange is. Begin one with [`Session::login`](crate::Session::login) or
/// [`Session::call`](crate::Session::call).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum State {
    /// Nothing of the request has been taken.
    Ready,
    /// A part of the request has been taken.
    Sending,
    /// The request has been taken, or the reply has come before all of it was, which is then not wanted any more.
    Receiving,
    /// The reply is complete, and the session has what it brought.
    Done,
    /// The exchange has failed, and the session is as it was.
    Failed,
}

named!(State { Ready, Sending, Receiving, Done, Failed });

/// What happens to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// `fill` gives a part of the request.
    Fill,
    /// `fill` gives the end of the request.
    FillLast,
    /// `feed` takes a part of the reply.
    Feed,
    /// `feed` has found the status of the reply, and not that of an interim one.
    Status,
    /// `feed` or `close` brings the end of the reply.
    Complete,
    /// `feed` or `close` finds that there will be no good reply.
    Fail,
    /// `close` after the end of the reply.
    Close,
}

/// The whole of what may happen. Anything else is out of turn.
const TRANSITIONS: [(State, Event, State); 18] = {
    use Event::*;
    use State::*;
    [
        (Ready, Fill, Sending),
        (Ready, FillLast, Receiving),
        (Ready, Feed, Receiving), // someone else's client sends the request
        (Ready, Complete, Done),
        (Ready, Fail, Failed),
        (Sending, Fill, Sending),
        (Sending, FillLast, Receiving),
        (Sending, Feed, Sending),     // an interim reply, perhaps
        (Sending, Status, Receiving), // an early reply: the rest of the request is not wanted
        (Sending, Complete, Done),
        (Sending, Fail, Failed),
        (Receiving, Fill, Receiving), // gives nothing more
        (Receiving, Feed, Receiving),
        (Receiving, Status, Receiving),
        (Receiving, Complete, Done),
        (Receiving, Fail, Failed),
        (Done, Fill, Done), // likewise
        (Done, Close, Done),
    ]
};

/// The table once more, for each event: the state that it leads to, a bit for each from which it does, and one for each that stays.
#[expect(clippy::indexing_slicing, reason = "run by the compiler")]
const LEADS: [(u8, u8, State); 7] = {
    let mut leads = [(0, 0, State::Failed); 7];
    let mut at = 0;
    while at < TRANSITIONS.len() {
        let (from, on, to) = TRANSITIONS[at];
        let (before, stay, state) = &mut leads[on as usize];
        if *before == 0 || *state as u8 == to as u8 {
            *before |= 1 << from as u8;
            *state = to;
        } else {
            assert!(from as u8 == to as u8, "an event leads to one state, or changes none");
            *stay |= 1 << from as u8;
        }
        at += 1;
    }
    leads
};

impl State {
    /// The state that follows.
    #[inline(always)] // where it is asked the event is known, so that of the table no more is linked than a row
    pub(crate) fn after(self, event: Event) -> Result<State, Misuse> {
        let (before, stay, state) = LEADS.get(event as usize).copied().unwrap_or((0, 0, self));
        match (before >> self as u32 & 1, stay >> self as u32 & 1) {
            (1, _) => Ok(state),
            (_, 1) => Ok(self),
            _ => Err(Misuse::OutOfTurn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    #[test]
    fn a_state_is_followed_by_what_the_table_says() {
        use {Event::*, State::*};
        for from in [Ready, Sending, Receiving, Done, Failed] {
            for on in [Fill, FillLast, Feed, Status, Complete, Fail, Close] {
                let row = TRANSITIONS.iter().find(|(state, event, _)| (*state, *event) == (from, on));
                assert_eq!(from.after(on), row.map(|(_, _, to)| *to).ok_or(Misuse::OutOfTurn), "{from:?} {on:?}");
            }
        }
    }

    /// The diagram in the crate's documentation is drawn from the table.
    #[test]
    fn the_documented_diagram_is_the_table() {
        let docs = include_str!("../lib.rs");
        let drawn = docs.lines().filter(|line| line.contains(" ── ")).count();
        for (from, on, to) in TRANSITIONS {
            let line = format!("//! {:<9} ── {:<8} ──▶ {to:?}", format!("{from:?}"), format!("{on:?}"));
            assert!(docs.contains(&line), "the crate's documentation lacks:\n{line}");
        }
        assert_eq!(drawn, TRANSITIONS.len(), "the crate's documentation has lines that the table lacks");
    }
}
