//! The site, and what lies between it and the processes.

use crate::replies::{Answer, Rejection, Shape};
use crate::script::{Fate, Request};

/// What the site has, and what it has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Site {
    /// The password was changed.
    pub has_other_password: bool,
    /// The tickets that are good, as bits.
    live: u16,
    tickets: u8,
    /// How often each write was done.
    pub writes: [u8; 10],
    /// Logins with a wrong password, and those of them whose rejection no process has got; since the caller's last word.
    pub rejected: u8,
    pub unheard: u8,
    /// Requests that are still on their way, though nobody waits for their answers any more.
    pub late: Vec<Request>,
}

/// Which answers the site gives.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    pub rejection: Rejection,
    pub shape: Shape,
    /// A write makes a record of an `Id` that its caller has chosen, which no other may have.
    pub has_ids: bool,
}

/// What becomes of a request at the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// The site does what it has to.
    Done,
    /// Something answers so, and the site does not get to see it.
    Refused(Answer),
    /// The site does what it has to, and something else is answered.
    Misreported(Answer),
}

/// What becomes of a reply on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Whole,
    Twice,
    CutOff,
    Closed,
    Reset,
    TimedOut,
}

impl Way {
    fn fate(self, answer: Answer) -> Fate {
        match self {
            Way::Whole => Fate::Whole(answer),
            Way::Twice => Fate::Twice(answer),
            Way::CutOff => Fate::CutOff(answer),
            Way::Closed => Fate::Closed,
            Way::Reset => Fate::Reset,
            Way::TimedOut => Fate::TimedOut,
        }
    }

    /// Whether the process gets the whole of the answer.
    pub fn is_whole(self) -> bool {
        matches!(self, Way::Whole | Way::Twice)
    }
}

/// What a trouble does to the replies that have been made.
pub const WAYS: [Way; 5] = [Way::Twice, Way::CutOff, Way::Closed, Way::Reset, Way::TimedOut];
/// What becomes of a request that is lost before it is at the site.
pub const LOSSES: [Fate; 3] = [Fate::Closed, Fate::Reset, Fate::TimedOut];

/// What may be answered that is not so.
pub fn misdeeds(request: &Request) -> Vec<Deed> {
    use Answer::{BadGateway, Broken, Busy, CookiesTooLong, Ended, NoTicket, Portal, TooMany};
    let refused = [TooMany, Busy, BadGateway, Broken, Portal].map(Deed::Refused);
    let rest: &[Deed] = match request {
        Request::Login { .. } => {
            &[Deed::Misreported(NoTicket), Deed::Misreported(Broken), Deed::Refused(CookiesTooLong)]
        }
        // A page that speaks of the login may be the answer to what was done. A site that starts does nothing.
        Request::Call { .. } => &[
            Deed::Misreported(Ended(Shape::LoginPage)),
            Deed::Misreported(Broken),
            Deed::Misreported(BadGateway),
            Deed::Misreported(Busy),
            Deed::Refused(Ended(Shape::Redirect)),
            Deed::Refused(Ended(Shape::Empty401)),
        ],
    };
    refused.iter().chain(rest).copied().collect()
}

impl Site {
    pub fn end_sessions(&mut self) {
        self.live = 0;
    }

    pub fn has_sessions(&self) -> bool {
        self.live != 0
    }

    /// The caller's word: the password is right, and what was is forgotten.
    pub fn mend(&mut self) {
        (self.has_other_password, self.rejected, self.unheard) = (false, 0, 0);
    }

    /// Answers a request; what the process gets.
    pub fn answer(&mut self, manner: Manner, request: &Request, deed: Deed, way: Way) -> Fate {
        let answer = match deed {
            Deed::Done => self.act(manner, request, way.is_whole()),
            Deed::Refused(answer) => answer,
            Deed::Misreported(answer) => {
                self.act(manner, request, false);
                answer
            }
        };
        way.fate(answer)
    }

    /// One that is late is done, and nobody gets the answer.
    pub fn receive_late(&mut self, manner: Manner, index: usize) {
        let request = self.late.remove(index);
        self.act(manner, &request, false);
    }

    fn act(&mut self, manner: Manner, request: &Request, is_heard: bool) -> Answer {
        match *request {
            Request::Login { has_right_password, .. } if has_right_password != self.has_other_password => {
                self.tickets += 1;
                self.live |= 1 << self.tickets;
                Answer::SignedIn(self.tickets)
            }
            Request::Login { .. } => {
                self.rejected += 1;
                self.unheard += u8::from(!is_heard);
                Answer::Rejected(manner.rejection)
            }
            Request::Call { ticket: Some(ticket), write } if self.live & 1 << ticket != 0 => {
                if let Some(write) = write {
                    let writes = &mut self.writes[usize::from(write)];
                    if manner.has_ids && *writes > 0 {
                        return Answer::Duplicate;
                    }
                    *writes += 1;
                }
                Answer::Done
            }
            Request::Call { .. } => Answer::Ended(manner.shape),
        }
    }
}
