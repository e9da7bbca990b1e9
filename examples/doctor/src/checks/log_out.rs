//! The end of the session.

use creatio_auth::{Call, CallVerdict};

use super::trouble;
use crate::cause::Cause;
use crate::finding::Diagnosis;
use crate::visit::{Visit, run};

pub fn check(visit: &mut Visit<'_>) -> Option<Diagnosis> {
    let line = visit.line.clone()?;
    let mut session = visit.session.take()?;
    let result = run(&line, &mut session, &Call::logout(), |_| ());
    session.clear();
    let told = match result {
        Ok((asked, ())) if asked.verdict == CallVerdict::Fine => {
            return Some(Diagnosis::good("the session is ended"));
        }
        Ok((asked, ())) => format!("{} (status {})", asked.verdict, asked.reply.status),
        Err(trouble) => trouble::judge(&trouble).words,
    };
    let words = format!("the site has not ended the session: {told}");
    Some(Diagnosis::advice(Cause::NotLoggedOut, words, "it ends by itself after the user's time-out"))
}
