//! An exchange on its way through a client's buffer: all that the clients do but the waiting.

use core::ops::{Deref, DerefMut, Range};

use embedded_io_07::ErrorKind;
use zeroize::Zeroize;

use super::Error;
use crate::exchange::Exchange;
use crate::exchange::error::{Misuse, ReplyError};
use crate::exchange::state::State;
use crate::session::Session;

/// A client's buffer while it serves an exchange. It holds what signs in and what authorises, and is wiped when this is
/// dropped.
pub(super) struct Buffer<'b>(pub &'b mut [u8]);

impl Deref for Buffer<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0
    }
}

impl DerefMut for Buffer<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        self.0
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// What is to be done next.
pub(super) enum Io<'b> {
    /// All of these bytes.
    Write(&'b [u8]),
    Flush,
    Read(&'b mut [u8]),
    /// The goal is reached.
    Nothing,
}

/// How far to go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// The exchange has given all of its request.
    Sent,
    /// The reply's head is complete.
    Head,
    /// A piece of the reply's body is there, or the reply is complete.
    Piece,
    /// The reply is complete.
    End,
}

pub(super) struct Transfer<'c, E> {
    pub exchange: Exchange<'c>,
    phase: Phase,
    /// How long the request is, as far as it has been made; with the body that comes from the caller, all of it.
    request_len: usize,
    /// How long that body is, and how much of it is still to come.
    body_len: usize,
    body_left: usize,
    /// How much of the reply's body has come.
    received: u64,
    /// The connection has served another exchange before.
    is_reused: bool,
    /// Something has been begun and has not come to a good end. If its future was dropped, this is how it shows.
    is_out: bool,
    /// The peer has closed the connection.
    is_closed: bool,
    /// The call goes out once more, though nobody knows whether it was done before.
    pub may_be_done_before: bool,
    /// Why the request could not be sent. The reply may have come early all the same.
    failure: Option<Error<E>>,
    /// What of the buffer has been received and not been fed.
    unread: Range<usize>,
    /// What of the buffer is a piece of the body.
    piece: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Sending,
    /// It is the caller's turn, until all of the body is written.
    Body,
    Flushing,
    Receiving,
}

impl<'c, E: embedded_io_07::Error> Transfer<'c, E> {
    pub(super) fn new(exchange: Exchange<'c>, is_reused: bool, body_len: usize) -> Self {
        Transfer {
            request_len: body_len,
            exchange,
            phase: Phase::Sending,
            body_len,
            body_left: body_len,
            received: 0,
            is_reused,
            is_out: false,
            is_closed: false,
            may_be_done_before: false,
            failure: None,
            unread: 0..0,
            piece: 0..0,
        }
    }

    /// Makes it that of an exchange that begins, in its place.
    #[inline(never)] // so that the copy of it is not on the stack of what comes after it
    pub(super) fn begin_again(&mut self, exchange: Exchange<'c>, is_reused: bool) {
        *self = Transfer::new(exchange, is_reused, self.body_len);
    }

    //= 9110-7.5-go-on-sending
    /// What to do on the way to the goal. Its outcome is told to [`sent`](Transfer::sent) or
    /// [`received`](Transfer::received) before the next.
    pub(super) fn next<'b>(
        &mut self,
        session: &mut Session<'_>,
        buffer: &'b mut [u8],
        goal: Goal,
    ) -> Result<Io<'b>, ReplyError> {
        if self.is_out || self.exchange.state() == State::Failed {
            return Err(Misuse::OutOfTurn.into());
        }
        loop {
            match self.phase {
                Phase::Sending => {
                    let filled = self.exchange.fill(session, buffer)?;
                    if filled > 0 {
                        self.is_out = true;
                        self.request_len = self.request_len.saturating_add(filled);
                        return Ok(Io::Write(buffer.get(..filled).unwrap_or_default()));
                    }
                    self.phase = if self.body_left > 0 { Phase::Body } else { Phase::Flushing };
                }
                _ if goal == Goal::Sent => return Ok(Io::Nothing),
                Phase::Body => return Err(Misuse::OutOfTurn.into()), // not covered: `end_body` comes before other goals
                Phase::Flushing => {
                    self.phase = Phase::Receiving;
                    self.is_out = true;
                    return Ok(Io::Flush);
                }
                Phase::Receiving if self.has_reached(goal) => return Ok(Io::Nothing),
                Phase::Receiving if self.unread.is_empty() => {
                    self.is_out = true;
                    return Ok(Io::Read(buffer));
                }
                Phase::Receiving => self.feed(session, buffer)?,
            }
        }
    }

    #[expect(clippy::arithmetic_side_effects, reason = "what is consumed is unread, and its end is the body")]
    fn feed(&mut self, session: &mut Session<'_>, buffer: &[u8]) -> Result<(), ReplyError> {
        let had_head = self.exchange.http_status().is_some();
        let input = buffer.get(self.unread.clone()).unwrap_or_default();
        let fed = self.exchange.feed(session, input)?;
        self.unread.start += fed.consumed;
        self.piece = self.unread.start - fed.body.len()..self.unread.start;
        self.received = self.received.saturating_add(fed.body.len() as u64);
        if let Some(status) = self.exchange.http_status().filter(|_| !had_head) {
            note!("status {}", status);
        }
        Ok(())
    }

    fn has_reached(&self, goal: Goal) -> bool {
        match goal {
            Goal::Sent | Goal::Head => self.exchange.http_status().is_some(),
            Goal::Piece => !self.piece.is_empty() || self.is_done(),
            Goal::End => self.is_done(),
        }
    }

    //= 9112-9.5-stop-sending
    /// What has become of a write or a flush. A failure may mean that the reply has come early, so that is looked for
    /// first.
    pub(super) fn sent(&mut self, result: Result<(), Error<E>>) {
        self.is_out = false;
        if let Err(error) = result {
            self.failure = Some(error);
            self.phase = Phase::Receiving;
        } else if self.phase == Phase::Receiving {
            note!("request sent, {} bytes", self.request_len);
        }
    }

    /// What has become of a read.
    pub(super) fn received(
        &mut self,
        session: &mut Session<'_>,
        buffer_len: usize,
        result: Result<usize, E>,
    ) -> Result<(), Error<E>> {
        let received = *result.as_ref().unwrap_or(&0);
        if received > 0 {
            self.is_out = false;
            self.unread = 0..received.min(buffer_len);
            return Ok(());
        }
        let end = match result {
            Ok(_) => self.exchange.close(session).map_err(Error::Reply),
            Err(error) => Err(Error::Transport(error)),
        };
        self.is_out = end.is_err();
        end.map_err(|error| {
            self.is_closed = is_closed(&error);
            self.failure.take().unwrap_or(error)
        })
    }

    /// How much of the body is left behind what is not taken of this piece, where the reply says how long it is.
    pub(super) fn left(&self) -> Option<u64> {
        self.exchange.content_length()?.checked_sub(self.received)
    }

    /// The next piece of the body, if it is there. It is given once.
    pub(super) fn take_piece<'b>(&mut self, buffer: &'b [u8]) -> Option<&'b [u8]> {
        let piece = core::mem::take(&mut self.piece);
        buffer.get(piece).filter(|piece| !piece.is_empty())
    }

    /// Copies what there is of the piece, or as much as there is room for, and returns how much.
    pub(super) fn read_piece(&mut self, buffer: &[u8], out: &mut [u8]) -> usize {
        let piece = self.piece(buffer);
        let len = piece.len().min(out.len());
        out.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
        self.consume_piece(len);
        len
    }

    /// What is left of the piece.
    pub(super) fn piece<'b>(&self, buffer: &'b [u8]) -> &'b [u8] {
        buffer.get(self.piece.clone()).unwrap_or_default()
    }

    /// So many bytes of the piece are taken.
    #[expect(clippy::arithmetic_side_effects, reason = "no more than the piece has")]
    pub(super) fn consume_piece(&mut self, len: usize) {
        self.piece.start += len;
    }

    fn is_done(&self) -> bool {
        self.exchange.state() == State::Done
    }

    /// Whether nothing more comes of it.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.exchange.state(), State::Done | State::Failed)
    }

    /// Whether the exchange failed because the connection was closed, and may be made once more over a new one: where the connection
    /// was a kept one, or the caller has said so.
    pub(super) fn may_be_made_again(&self) -> bool {
        let exchange = &self.exchange;
        self.is_closed && (self.is_reused || exchange.is_said_to_be_repeatable()) && exchange.may_be_sent_again()
    }

    //= 9112-6.3-extra-data, 9112-9.2-close-on-stray
    /// Whether the connection may serve another exchange.
    pub(super) fn keeps_alive(&self) -> bool {
        self.exchange.keeps_alive() && self.failure.is_none() && self.unread.is_empty()
    }

    //= 9110-8.6-right
    /// Takes so many bytes of the caller's body; false where the connection does not take them any more.
    pub(super) fn begin_body(&mut self, len: usize) -> Result<bool, Error<E>> {
        if self.is_out {
            return Err(Misuse::OutOfTurn.into());
        }
        self.body_left = self.body_left.checked_sub(len).ok_or(Error::BodyLength)?;
        self.is_out = self.phase == Phase::Body;
        Ok(self.is_out)
    }

    /// The caller has written its body.
    pub(super) fn end_body(&mut self) -> Result<(), Error<E>> {
        match self.phase {
            Phase::Body if self.body_left > 0 => return Err(Error::BodyLength),
            Phase::Body => self.phase = Phase::Flushing,
            _ => {}
        }
        Ok(())
    }
}

/// Whether an error says that the peer has closed the connection. A time-out does not: the site may be at work.
fn is_closed<E: embedded_io_07::Error>(error: &Error<E>) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected};
    match error {
        Error::Transport(error) => {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected)
        }
        error => matches!(error, Error::Reply(ReplyError::ClosedEarly)),
    }
}
