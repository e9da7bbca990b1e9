//! Who signs in: user name, password and what a site may ask for beside them.

use core::fmt;

use super::pair::Pair;
use super::secret::Secret;
use crate::session::authorization_lines::cookie_line;
use crate::session::error::BasicError;
use crate::site::path::Path;
use crate::text::bytes::has;
use crate::text::encoding::JSON;
use crate::text::template::{Part, Template, template};

/// The path of the login below the base path, on both runtimes.
pub(crate) static LOGIN_PATH: Path<'_> = Path::of_ours("/ServiceModel/AuthService.svc/Login");

/// A user's credentials: borrowed, redacted in `Debug`, and wiped when dropped.
///
/// User name, password and the other texts may be any UTF-8 of any length; they are escaped as JSON asks.
///
/// ```
/// use creatio_auth::Credentials;
///
/// let mut password = String::from("p\"a\\ss"); // or a heapless::String, or str::from_utf8_mut of a buffer
/// let credentials = Credentials::new("Supervisor", &mut password).with_time_zone_offset(-180);
/// assert!(!format!("{credentials:?}").contains("p\"a"));
/// drop(credentials);
/// assert!(password.bytes().all(|b| b == 0)); // nothing left of it
/// ```
pub struct Credentials<'a> {
    user_name: &'a str,
    password: Secret<'a>,
    workspace: Option<&'a str>,
    time_zone_offset: Option<i16>,
    one_time_code: Option<Secret<'a>>,
    provider_name: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    /// A user name and a password; the password's memory is overwritten with zeros when the value is dropped.
    pub const fn new(user_name: &'a str, password: &'a mut str) -> Self {
        Self::with_secret(user_name, Secret::Wiped(password))
    }

    /// A user name and a password that is left as it is: one in flash, or one that its owner wipes.
    pub const fn borrowed(user_name: &'a str, password: &'a str) -> Self {
        Self::with_secret(user_name, Secret::Kept(password))
    }

    const fn with_secret(user_name: &'a str, password: Secret<'a>) -> Self {
        Credentials {
            user_name,
            password,
            workspace: None,
            time_zone_offset: None,
            one_time_code: None,
            provider_name: None,
        }
    }

    /// The workspace, `WorkspaceName`; a site has `Default` where it is not given.
    pub fn with_workspace(mut self, name: &'a str) -> Self {
        self.workspace = Some(name);
        self
    }

    /// The time zone of the session, `TimeZoneOffset`: minutes to add to local time to get UTC, so that UTC+3
    /// is −180.
    pub fn with_time_zone_offset(mut self, minutes: i16) -> Self {
        self.time_zone_offset = Some(minutes);
        self
    }

    /// A one-time code, sent as the claim `token`; its memory is wiped as the password's is.
    ///
    /// Older sites want it with the first login, and reject one without. Others want two steps (protocol notes, section 2):
    /// a login without a code is answered [`SecondFactorWanted`](crate::Verdict::SecondFactorWanted), and then the same login
    /// with a code, in the same session, signs in. A code is good once: renew a session with credentials that have none.
    ///
    /// ```
    /// # use creatio_auth::{Credentials, Session};
    /// fn second_step(session: &mut Session<'_>, user_name: &str, password: &str, code: &mut str) {
    ///     let credentials = Credentials::borrowed(user_name, password).with_one_time_code(code);
    ///     let exchange = session.login(&credentials); // which has the site's cookie FirstFactor, from the first
    /// }
    /// ```
    ///
    /// Where codes go out as texts (SMS, e-mail), a [`Call::post`](crate::Call::post) to
    /// `/ServiceModel/AuthService.svc/StartTextCodeAuthFlow` at the [root](crate::Path::root), with the
    /// [JSON](crate::encode_json) `{"UserName":"…","UserPassword":"…"}`, has one sent; it takes no session.
    pub fn with_one_time_code(mut self, code: &'a mut str) -> Self {
        self.one_time_code = Some(Secret::Wiped(code));
        self
    }

    /// A one-time code that is left as it is.
    pub fn with_borrowed_one_time_code(mut self, code: &'a str) -> Self {
        self.one_time_code = Some(Secret::Kept(code));
        self
    }

    /// The provider that checks the one-time code, `ProviderName`.
    pub fn with_provider_name(mut self, name: &'a str) -> Self {
        self.provider_name = Some(name);
        self
    }

    /// What a login, or a change of the password, sends.
    #[inline(always)] // so that they are put together where they are to be
    pub(crate) fn texts(&self) -> LoginTexts<'_> {
        LoginTexts {
            texts: [
                Some(self.user_name),
                Some(self.password.as_str()),
                self.workspace,
                self.one_time_code.as_ref().map(Secret::as_str),
                self.provider_name,
                None,
            ],
            time_zone_offset: self.time_zone_offset,
        }
    }
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

/// What a login sends, and where it goes.
#[derive(Clone, Copy)]
pub(crate) struct LoginBody<'c> {
    /// It is here so that a program holds the paths of those bodies alone that it makes.
    pub path: &'static Path<'static>,
    pub texts: LoginTexts<'c>,
}

/// User name, password, workspace, one-time code, provider and new password, and the time zone.
#[doc(hidden)]
#[derive(Clone, Copy, Default)]
pub struct LoginTexts<'c> {
    /// In the template `$0` and so on. Without the first two they are empty.
    pub texts: [Option<&'c str>; 6],
    pub time_zone_offset: Option<i16>,
}

const ONE_TIME_CODE: usize = 3;

impl<'c> LoginTexts<'c> {
    pub const NEW_PASSWORD: usize = 5;

    pub fn set(&mut self, place: usize, text: &'c str) {
        if let Some(place) = self.texts.get_mut(place) {
            *place = Some(text);
        }
    }

    /// Whether it is the second step of a login, or the only one.
    pub(crate) fn has_one_time_code(&self) -> bool {
        self.get(ONE_TIME_CODE).is_some()
    }

    fn get(&self, place: usize) -> Option<&'c str> {
        self.texts.get(place).copied().flatten()
    }

    /// User name and password for HTTP Basic. `user-id` may hold no colon, and neither it nor the password a control
    /// character (RFC 7617, section 2).
    pub(super) fn basic(&self) -> Result<Pair<'c>, BasicError> {
        let [user_name, password] = [0, 1].map(|place| self.get(place).unwrap_or_default());
        //= 7617-2-no-colon
        if has(user_name, b':') {
            return Err(BasicError::Colon);
        }
        //= 7617-2-no-controls
        if [user_name, password].iter().any(|text| text.bytes().any(|byte| byte.is_ascii_control())) {
            return Err(BasicError::ControlCharacter);
        }
        Ok(Pair::new(user_name, password, None))
    }
}

//= 9112-2.2-no-extra-crlf, 9112-3.2-host, 8259-4-unique, 8259-8.1-no-mark, 8259-10-grammar
/// The request of a login and of a change of the password. The cookies of an earlier login go with it.
pub(super) const TEMPLATE: Template = template!(
    "POST$. $[$b$p$] HTTP/1.1\r\nHost: $h$(o:$o$)\r\n$<$(uUser-Agent: $u\r\n$)Accept: application/json\r\n",
    "Content-Type: application/json; charset=utf-8$(l\r\nContent-Length: $l$)\r\nForceUseSession: true",
    cookie_line!(),
    "\r\n$e\r\n$|",
    r#"{"UserName":"$0","UserPassword":"$1"$(2,"WorkspaceName":"$2"$)$(z,"TimeZoneOffset":$-$z$)"#,
    r#"$(3,"ClaimList":[{"Key":"token","Value":"$3"}]$)$(4,"ProviderName":"$4"$)"#,
    r#"$(5,"NewUserPassword":"$5","ConfirmUserPassword":"$5"$)}"#
);

impl LoginBody<'_> {
    pub(super) fn part<'a>(&'a self, letter: u8, part: &mut Part<'a>) -> bool {
        if let (b'-' | b'z', Some(minutes)) = (letter, self.texts.time_zone_offset) {
            if letter == b'z' {
                part.digits.number(minutes.unsigned_abs().into());
            } else if minutes < 0 {
                part.text = b"-";
            }
            return true;
        }
        let text = self.texts.get(usize::from(letter.wrapping_sub(b'0')));
        part.text = text.unwrap_or_default().as_bytes();
        part.coding = Some(&JSON);
        text.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::template::Parts;
    use std::format;
    use std::string::String;
    use std::vec;

    fn document(credentials: &Credentials<'_>) -> serde_json::Value {
        let body = LoginBody { path: &LOGIN_PATH, texts: credentials.texts() };
        let mut out = vec![0; 1000];
        let len = TEMPLATE.write_whole(&Own(&body), &mut out).unwrap();
        serde_json::from_slice(&out[TEMPLATE.len::<u8>(&Own(&body)) - TEMPLATE.body_len::<u8>(&Own(&body))..len])
            .unwrap()
    }

    struct Own<'a>(&'a LoginBody<'a>);

    impl Parts for Own<'_> {
        fn part<'a>(&'a self, letter: u8, _: usize, part: &mut Part<'a>) -> bool {
            self.0.part(letter, part)
        }
    }

    //= 8259-4-unique
    #[test]
    fn writes_only_what_was_given() {
        assert_eq!(document(&Credentials::borrowed("", "")), serde_json::json!({"UserName": "", "UserPassword": ""}));
        let all = Credentials::borrowed("Ünal \"U\"", "\\\u{1}\u{1F511}")
            .with_workspace("Default")
            .with_time_zone_offset(-180)
            .with_borrowed_one_time_code("123456")
            .with_provider_name("Totp");
        assert_eq!(
            document(&all),
            serde_json::json!({
                "UserName": "Ünal \"U\"", "UserPassword": "\\\u{1}\u{1F511}", "WorkspaceName": "Default",
                "TimeZoneOffset": -180, "ClaimList": [{"Key": "token", "Value": "123456"}],
                "ProviderName": "Totp",
            })
        );
    }

    #[test]
    fn secrets_are_wiped_on_drop_and_kept_out_of_debug() {
        let (mut password, mut code) = (String::from("hunter2"), String::from("424242"));
        let credentials = Credentials::new("me", &mut password).with_one_time_code(&mut code);
        let shown = format!("{credentials:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("424242"), "{shown}");
        drop(credentials);
        assert_eq!((password.as_str(), code.as_str()), ("\0\0\0\0\0\0\0", "\0\0\0\0\0\0"));
    }
}
