//! All of it: the site, the processes, the store that they share, and what may happen next.

use std::fmt;

use stateright::{Model, Property};

use crate::driver::{Driver, End};
use crate::process::{Event, Process, Shown, Turn};
use crate::replies::Answer;
use crate::script::{Fate, Pending, Request};
use crate::site::{Deed, LOSSES, Manner, Site, WAYS, Way, misdeeds};

/// What is explored.
#[derive(Clone, Copy, Debug)]
pub struct World {
    pub driver: Driver,
    pub manner: Manner,
    /// One process, or two that share a user, a store and a lease of it.
    pub processes: u8,
    /// How many calls each of them makes.
    pub calls: u8,
    /// How many troubles there may be in all.
    pub troubles: u8,
    /// Whether the lease is kept.
    pub has_lease: bool,
    /// Every call is answered as without a session, though logins are accepted: a site that starts, for ever.
    pub is_starting: bool,
    /// Of all troubles there is but one: that nobody hears of a request.
    pub only_time_outs: bool,
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let World { driver, manner, processes, calls, troubles, .. } = self;
        write!(
            f,
            "{driver:?}, {:?}, {:?}: {processes} × {calls} calls, {troubles} troubles",
            manner.shape, manner.rejection
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub site: Site,
    pub processes: Vec<Process>,
    /// The snapshot that is shared, empty where there is none, and who has the lease of it.
    pub store: Vec<u8>,
    pub lease: Option<u8>,
    pub troubles_left: u8,
    /// The last sign-in that a process knows the outcome of was refused, and that was final.
    pub is_refused: bool,
    /// Sign-ins in a row of which nobody knows what has become.
    pub blind: u8,
    pub found: Found,
}

/// What is not to be, and what is to be seen somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Found {
    pub harm: bool,
    pub again_after_refusal: bool,
    pub second_login_for_a_call: bool,
    pub resent: bool,
    /// A write was told as done that was not.
    pub empty_promise: bool,
    pub last: Option<End>,
    /// Sign-ins that were accepted, and calls that were made.
    pub logins: u8,
    pub calls: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Begin(u8),
    Answered(u8, Deed, Way),
    /// The request is lost.
    Lost(u8, Fate),
    /// Nobody waits any longer, and the request is still on its way.
    Late(u8),
    LateArrives(u8),
    Waited(u8),
    /// The process ends in the middle, and another takes its place.
    Crash(u8),
    SessionsEnd,
    PasswordChanges,
    /// The password is right again, and somebody says so to the processes.
    Mended,
}

impl State {
    fn process(&mut self, index: u8) -> &mut Process {
        &mut self.processes[usize::from(index)]
    }

    fn is_shared(&self) -> bool {
        self.processes.len() > 1
    }

    fn is_at_rest(&self) -> bool {
        self.processes.iter().all(|process| process.call.is_none())
    }

    /// A new process in the place of one, with what the store has.
    fn restart(&mut self, driver: Driver, index: u8) {
        let calls_left = self.process(index).calls_left;
        *self.process(index) = Process::new(driver, &self.store.clone(), calls_left);
    }
}

impl World {
    fn may_begin(&self, state: &State, index: u8) -> bool {
        let process = &state.processes[usize::from(index)];
        let is_free = !self.has_lease || state.lease.is_none();
        process.call.is_none() && process.calls_left > 0 && is_free
    }

    /// Takes up what a process has come to.
    fn take(&self, state: &mut State, shown: &Shown) {
        let found = &mut state.found;
        found.harm |= shown.seen.harm;
        found.resent |= shown.seen.is_resent;
        found.second_login_for_a_call |= shown.logins > 1;
        match &shown.turn {
            Turn::Waits(Pending::Reply(request)) if request.is_login() => {
                found.again_after_refusal |= state.is_refused;
                state.blind += 1;
            }
            Turn::Waits(_) => {}
            Turn::Ends(end) => {
                found.last = Some(*end);
                state.lease = None;
            }
        }
        // Whatever comes next, the store has the last: that a sign-in goes out, and what it has come to. The client has no place
        // for that.
        let is_over = matches!(shown.turn, Turn::Ends(_));
        if is_over || !self.driver.is_client() {
            state.store.clone_from(&shown.rest.snapshot);
        }
    }

    /// What a login has come to, as far as its process knows.
    fn note(&self, state: &mut State, has_cookies: bool, fate: Fate) {
        let answer = match fate {
            Fate::Whole(answer) | Fate::Twice(answer) => answer,
            // Enough of it has come.
            Fate::CutOff(answer @ Answer::Rejected(rejection)) if rejection.is_known_by_its_head() => answer,
            _ => return,
        };
        match answer {
            // Where there is a ticket already, none has to come.
            Answer::NoTicket if has_cookies => (state.is_refused, state.blind) = (false, 0),
            Answer::SignedIn(_) => {
                (state.is_refused, state.blind) = (false, 0);
                state.found.logins += 1;
            }
            Answer::Busy | Answer::TooMany | Answer::BadGateway => state.blind = state.blind.saturating_sub(1),
            Answer::CookiesTooLong if has_cookies => state.blind = state.blind.saturating_sub(1),
            Answer::Broken => {}
            _ => state.is_refused = true,
        }
    }

    fn go_on(&self, state: &mut State, index: u8, fate: Fate) {
        let waits_for = state.process(index).call.as_ref().map(|(_, pending)| pending.clone());
        if let Some(Pending::Reply(Request::Login { has_cookies, .. })) = waits_for {
            self.note(state, has_cookies, fate);
        }
        let write = match &state.process(index).call {
            Some((Event::Call(write, _), _)) => *write,
            _ => None,
        };
        let shown = state.process(index).after(self.driver, fate);
        self.take(state, &shown);
        if let (Some(write), Turn::Ends(End::Fine)) = (write, &shown.turn) {
            state.found.empty_promise |= state.site.writes[usize::from(write)] == 0;
        }
    }

    /// What an honest site and a right password make of a state at rest, and the caller's word where the session wants it: a call
    /// that is answered well. From any other state an honest site leads to one at rest.
    fn becomes_good(&self, state: &State) -> bool {
        let is_good = |index| {
            let mut state = state.clone();
            state.site.late.clear();
            state.site.has_other_password = false;
            (0..3).any(|_| {
                if state.process(index).rest.delay.is_none() || state.found.last == Some(End::InVain) {
                    self.allow(&mut state);
                }
                state.process(index).calls_left = 1;
                self.begin(&mut state, index, None);
                self.finish(&mut state, index);
                state.found.last == Some(End::Fine)
            })
        };
        !state.is_at_rest() || (0..self.processes).all(is_good)
    }

    /// Begins a call, with what the others have left in the store.
    fn begin(&self, state: &mut State, index: u8, write: Option<u8>) {
        if state.is_shared() {
            state.restart(self.driver, index);
            state.lease = Some(index);
        }
        let shown = state.process(index).begin(self.driver, write);
        self.take(state, &shown);
    }

    /// The caller's word to all of them.
    fn allow(&self, state: &mut State) {
        for index in 0..self.processes {
            if state.is_shared() {
                state.restart(self.driver, index);
            }
            state.process(index).allow(self.driver);
            state.store = state.process(index).rest.snapshot.clone();
        }
        (state.is_refused, state.blind) = (false, 0);
    }

    /// Has the call that is under way answered by an honest site.
    fn finish(&self, state: &mut State, index: u8) {
        while let Some((_, pending)) = state.process(index).call.clone() {
            let fate = match pending {
                Pending::Time(_) => Fate::Waited,
                Pending::Reply(request) => state.site.answer(self.manner, &request, Deed::Done, Way::Whole),
            };
            self.go_on(state, index, fate);
        }
    }
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let process = Process::new(self.driver, &[], self.calls);
        vec![State {
            site: Site::default(),
            processes: vec![process; self.processes.into()],
            store: Vec::new(),
            lease: None,
            troubles_left: self.troubles,
            is_refused: false,
            blind: 0,
            found: Found::default(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let has_troubles = state.troubles_left > 0;
        let has_all_troubles = has_troubles && !self.only_time_outs;
        for index in 0..self.processes {
            if self.may_begin(state, index) {
                actions.push(Action::Begin(index));
            }
            let Some((_, pending)) = &state.processes[usize::from(index)].call else { continue };
            // A client that shares cannot tell the store that a sign-in goes out: it is not to crash then.
            if has_all_troubles && (!self.driver.is_client() || self.processes == 1) {
                actions.push(Action::Crash(index));
            }
            let Pending::Reply(request) = pending else {
                actions.push(Action::Waited(index));
                continue;
            };
            if self.is_starting && !request.is_login() {
                let answer = Deed::Refused(Answer::Ended(self.manner.shape));
                actions.push(Action::Answered(index, answer, Way::Whole));
                continue;
            }
            actions.push(Action::Answered(index, Deed::Done, Way::Whole));
            if self.only_time_outs && has_troubles {
                actions.push(Action::Answered(index, Deed::Done, Way::TimedOut));
            } else if has_troubles {
                actions.extend(WAYS.map(|way| Action::Answered(index, Deed::Done, way)));
                actions.extend(misdeeds(request).into_iter().map(|deed| Action::Answered(index, deed, Way::Whole)));
                actions.extend(LOSSES.map(|fate| Action::Lost(index, fate)));
                actions.push(Action::Late(index));
            }
        }
        actions.extend((0..state.site.late.len()).map(|late| Action::LateArrives(late as u8)));
        if has_all_troubles && state.site.has_sessions() {
            actions.push(Action::SessionsEnd);
        }
        if has_all_troubles && !state.site.has_other_password {
            actions.push(Action::PasswordChanges);
        }
        if state.is_refused && state.is_at_rest() {
            actions.push(Action::Mended);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Begin(index) => {
                let write = self.write(&state, index);
                state.found.calls += 1;
                self.begin(&mut state, index, write);
            }
            Action::Answered(index, deed, way) => {
                let (_, Pending::Reply(request)) = state.process(index).call.clone()? else { return None };
                state.troubles_left -= u8::from(!(self.is_starting || deed == Deed::Done && way == Way::Whole));
                let fate = state.site.answer(self.manner, &request, deed, way);
                self.go_on(&mut state, index, fate);
            }
            Action::Lost(index, fate) => {
                state.troubles_left -= 1;
                self.go_on(&mut state, index, fate);
            }
            Action::Late(index) => {
                let (_, Pending::Reply(request)) = state.process(index).call.clone()? else { return None };
                state.troubles_left -= 1;
                state.site.late.push(request);
                self.go_on(&mut state, index, Fate::TimedOut);
            }
            Action::LateArrives(late) => state.site.receive_late(self.manner, late.into()),
            Action::Waited(index) => self.go_on(&mut state, index, Fate::Waited),
            Action::Crash(index) => {
                state.troubles_left -= 1;
                state.lease = None;
                state.restart(self.driver, index);
            }
            Action::SessionsEnd => {
                state.troubles_left -= 1;
                state.site.end_sessions();
            }
            Action::PasswordChanges => {
                state.troubles_left -= 1;
                state.site.has_other_password = true;
            }
            Action::Mended => {
                state.site.mend();
                state.site.late.retain(|request| !request.is_login());
                self.allow(&mut state);
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONE_WRITE, |_, state: &State| state.site.writes.iter().all(|times| *times <= 1)),
            Property::always(DONE_AS_TOLD, |_, state: &State| !state.found.empty_promise),
            Property::always(ONE_REJECTION, |_, state: &State| state.site.rejected <= 1 + state.site.unheard),
            Property::always(NONE_AFTER_REFUSAL, |_, state: &State| !state.found.again_after_refusal),
            Property::always(THREE_BLIND, |_, state: &State| state.blind <= 3),
            Property::always(ONE_LOGIN, |_, state: &State| !state.found.second_login_for_a_call),
            Property::always(NOT_FOR_EVER, |world: &World, state: &State| {
                let most = if world.manner.shape.is_401() { 1 } else { 1 + state.found.calls / 2 };
                !world.is_starting || state.found.logins <= most
            }),
            Property::always(LOCKED_FOR_A_REASON, |_, state: &State| {
                let is_locked = state.processes.iter().any(|process| process.rest.delay.is_none());
                !is_locked || state.is_refused || state.blind >= 3
            }),
            Property::always(UNHARMED, |_, state: &State| !state.found.harm),
            Property::always(BECOMES_GOOD, |world: &World, state: &State| {
                world.is_starting || world.becomes_good(state)
            }),
        ]
    }
}

impl World {
    /// Every other call writes, and each write has a number of its own.
    fn write(&self, state: &State, index: u8) -> Option<u8> {
        let made = self.calls - state.processes[usize::from(index)].calls_left;
        ((made + index) % 2 == 1).then_some(index * 5 + made)
    }
}

pub const ONE_WRITE: &str = "a write is done once at the most";
pub const DONE_AS_TOLD: &str = "a write that is told as done was done";
pub const ONE_REJECTION: &str = "a password is rejected once at the most, but for answers that nobody got";
pub const NONE_AFTER_REFUSAL: &str = "no login goes out after one that was refused, without the caller's word";
pub const THREE_BLIND: &str = "of three logins in a row at the most nobody knows the outcome";
pub const ONE_LOGIN: &str = "a call asks for one login at the most";
pub const NOT_FOR_EVER: &str = "where logins do not help, there is not one for each call";
pub const LOCKED_FOR_A_REASON: &str =
    "a session lets no more logins be after a refusal, or three of which nobody knows";
pub const UNHARMED: &str = "a session whose exchange has failed is as it was";
pub const BECOMES_GOOD: &str = "with a good site a session becomes authorised";
