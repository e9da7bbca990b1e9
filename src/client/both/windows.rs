//! A Windows login by a client: a handshake over one connection.

use super::client::Client;
use super::connection::Connection;
use super::link::Link;
use super::sign_in::SignIn;
use super::transport::Transport;
use crate::answer::windows::{Windows, WindowsVerdict};
use crate::client::Error;
use crate::client::sign_in::{Refusal, Renewed};
use crate::client::transfer::{Buffer, Goal, Transfer};
use crate::client::windows::WindowsLogin;
use crate::request::login::Credentials;
use crate::request::windows::WindowsScheme;
use crate::session::attempts::{Outcome, WINDOWS};

/// How many tokens a handshake takes at the most. Of NTLM, a third would be the password once more.
const fn most_tokens(scheme: WindowsScheme) -> u8 {
    match scheme {
        WindowsScheme::Ntlm => 2,
        WindowsScheme::Negotiate => 8,
    }
}

impl<'r, T: Transport> Link<'r, '_, T> {
    waiting! {
    /// Goes through a handshake, over one connection of its own.
    fn windows_login<F: FnMut(&[u8], &mut [u8]) -> Option<usize>>(
        mut self,
        login: &mut WindowsLogin<'_, F>,
    ) -> Result<Windows<'r>, Error<T::Error>> {
        let WindowsLogin { scheme, memory, tokens } = login;
        let (home, withheld) = (*self.session.site(), Error::SignIn(Refusal::Withheld));
        wait!(self.connection.close());
        let Some(mut len) = tokens(&[], memory) else { return Err(withheld) };
        let mut left = most_tokens(*scheme);
        let (transfer, verdict) = loop {
            let is_first = left == most_tokens(*scheme);
            left = left.saturating_sub(1);
            let token = memory.get(..len).unwrap_or_default();
            let is_reused = wait!(self.open(&home))?;
            self.announce()?;
            let mut transfer = Transfer::new(self.session.windows_login(*scheme, token), is_reused, 0);
            wait!(self.drive(&mut transfer, Goal::End))?;
            let answer = transfer.exchange.windows_result(self.session)?;
            let verdict = match answer.verdict {
                WindowsVerdict::ChallengeReceived if left == 0 => WindowsVerdict::Refused,
                WindowsVerdict::ChallengeReceived if self.connection.kept.is_none() => WindowsVerdict::ConnectionClosed,
                WindowsVerdict::ChallengeReceived => {
                    drop(transfer);
                    if let Some(next) = tokens(answer.challenge, memory) {
                        len = next;
                        continue;
                    }
                    self.give_up(WindowsVerdict::Refused, is_first);
                    return Err(withheld);
                }
                verdict => break (transfer, verdict),
            };
            self.give_up(verdict, is_first);
            break (transfer, verdict);
        };
        if verdict.is_authenticated() {
            note!("signed in");
        } else {
            note!("not signed in: {:?}", verdict);
            self.told.refused::<Credentials<'_>>(&transfer.exchange, self.session);
        }
        let answer = transfer.exchange.windows_result(self.session)?;
        Ok(Windows { verdict, ..answer })
    }
    }

    /// The handshake ends here at a challenge. Where one has been answered before, what answered it was made of the password, and was
    /// not good.
    fn give_up(&mut self, verdict: WindowsVerdict, is_first: bool) {
        if !is_first {
            self.session.attempts.end(Outcome::Refused, verdict.number() | WINDOWS);
            self.connection.transport.save(self.session);
        }
    }
}

impl<T: Transport> Client<'_, '_, T> {
    waiting! {
    /// Signs in by Windows authentication, over one connection, and gives the answer, whatever its verdict. See
    /// [`Session::windows_login`](crate::Session::windows_login). Nothing is sent by HTTP Basic, whatever is offered.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::SignIn`] where there is no token.
    pub fn windows_login<F: FnMut(&[u8], &mut [u8]) -> Option<usize>>(
        &mut self,
        login: &mut WindowsLogin<'_, F>,
    ) -> Result<Windows<'_>, Error<T::Error>> {
        wait!(self.link().windows_login(login))
    }
    }
}

impl<F: FnMut(&[u8], &mut [u8]) -> Option<usize>> SignIn for WindowsLogin<'_, F> {
    waiting! {
    /// Signs in, unless the [session](crate::Session::sign_in_delay) does not let it.
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        if let Some(earlier) = Refusal::of_earlier(link.session) {
            return Err(Error::SignIn(earlier));
        }
        let Link { session, buffer, connection, told } = link;
        let Connection { transport, kept, is_home } = connection;
        let connection = Connection { transport, kept, is_home: *is_home };
        let lent = Link { session, buffer: Buffer(buffer), connection, told };
        let verdict = wait!(lent.windows_login(self))?.verdict;
        if verdict.is_authenticated() { Ok(Renewed::SignedIn) } else { Err(Error::SignIn(Refusal::Windows(verdict))) }
    }
    }
}
