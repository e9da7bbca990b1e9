//! Calls by user name and password, HTTP Basic (RFC 7617).

use super::login::{Credentials, LoginTexts};
use crate::session::error::BasicError;
use crate::session::{Session, authorization};

impl Session<'_> {
    /// Authorises each later call by user name and password (HTTP Basic, RFC 7617), for sites that allow it on OData;
    /// what else the credentials hold is not sent. There is nothing to exchange. The session forgets all cookies, and ends
    /// any exchange that is under way.
    ///
    /// # Errors
    ///
    /// [`BasicError`]: the session is as it was.
    pub fn use_basic(&mut self, credentials: &Credentials<'_>) -> Result<(), BasicError> {
        self.use_basic_texts(&credentials.texts())
    }

    /// As [`Session::use_basic`], for C.
    #[doc(hidden)]
    pub fn use_basic_texts(&mut self, texts: &LoginTexts<'_>) -> Result<(), BasicError> {
        let pair = texts.basic()?;
        authorization::put_basic(&mut self.jar, |item, digits| pair.digits(item, digits))?;
        self.end_exchange();
        Ok(())
    }
}
