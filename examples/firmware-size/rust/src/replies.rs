//! The replies of `examples/firmware-c/replies.h`.

macro_rules! ticket {
    (100) => {
        "0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90A1B"
    };
    (500) => {
        concat!(ticket!(100), ticket!(100), ticket!(100), ticket!(100), ticket!(100))
    };
    (1000) => {
        concat!(ticket!(500), ticket!(500))
    };
}

/// Signed in, with a ticket of 1,000 characters.
pub const LOGIN: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Cache-Control: private\r\n",
    "Content-Type: application/json; charset=utf-8\r\n",
    "Set-Cookie: BPMLOADER=abcdefghijklmnopqrstuvwx; path=/; secure; HttpOnly; SameSite=Lax\r\n",
    "Set-Cookie: .ASPXAUTH=",
    ticket!(1000),
    "; path=/; secure; HttpOnly\r\n",
    "Set-Cookie: BPMCSRF=nUr0VzF1.yy/xFU3EFmG9.; path=/; secure\r\n",
    "Set-Cookie: UserName=83|117|112|101|114|118|105|115|111|114; ",
    "expires=Sun, 29-Nov-2026 00:52:54 GMT; path=/; secure; HttpOnly\r\n",
    "Date: Sun, 22 Nov 2026 00:52:54 GMT\r\n",
    "Content-Length: 84\r\n",
    "\r\n",
    r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#,
);

/// A record, in chunks, with a new session cookie.
pub const CALL: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Content-Type: application/json; odata.metadata=minimal\r\n",
    "Set-Cookie: BPMSESSIONID=abcdefghijklmnopqrstuvwx; path=/; secure\r\n",
    "ETag: W/\"1\"\r\n",
    "Transfer-Encoding: chunked\r\n",
    "\r\n",
    "1b\r\n{\"value\":[{\"Name\":\"Supervis\r\n",
    "7\r\nor\"}]}\n\r\n",
    "0\r\n",
    "\r\n",
);

/// A token, from the identity service.
pub const TOKEN: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Content-Type: application/json; charset=UTF-8\r\n",
    "Content-Length: 75\r\n",
    "\r\n",
    r#"{"access_token":"0A1B2C3D4E5F6071","expires_in":3600,"token_type":"Bearer"}"#,
);

/// The same with a refresh token.
pub const TOKENS: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Content-Type: application/json; charset=UTF-8\r\n",
    "Content-Length: 99\r\n",
    "\r\n",
    r#"{"access_token":"0A1B2C3D4E5F6071","expires_in":180,"refresh_token":"1F2E3D","token_type":"Bearer"}"#,
);

/// Where an identity service has its endpoints.
pub const ENDPOINTS: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Content-Type: application/json\r\n",
    "Content-Length: 62\r\n",
    "\r\n",
    r#"{"token_endpoint":"https://example.creatio.com/connect/token"}"#,
);

/// Windows authentication: the site's challenge.
pub const CHALLENGE: &str =
    concat!("HTTP/1.1 401 Unauthorized\r\n", "WWW-Authenticate: NTLM TlRM\r\n", "Content-Length: 0\r\n", "\r\n");

/// A token is revoked.
pub const REVOKED: &str = concat!("HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\n", "\r\n");

/// The session has ended.
pub const ENDED: &str =
    concat!("HTTP/1.1 302 Found\r\n", "Location: /Login/NuiLogin.aspx\r\n", "Content-Length: 0\r\n", "\r\n");

/// Signed out.
pub const LOGOUT: &str = concat!(
    "HTTP/1.1 200 OK\r\n",
    "Content-Type: application/json; charset=utf-8\r\n",
    "Set-Cookie: .ASPXAUTH=; expires=Tue, 12-Oct-1999 00:00:00 GMT; path=/; HttpOnly\r\n",
    "Content-Length: 2\r\n",
    "\r\n",
    "{}",
);
