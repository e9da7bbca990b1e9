/* Replies of a Creatio site, as they come over the wire: for the programs here, which have no network. */
#ifndef REPLIES_H
#define REPLIES_H

/* A ticket of 1,000 characters. A site's own has from about 200 to about 1,000. */
#define TICKET_100                                       \
    "0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4E5F607182" \
    "93A4B5C6D7E8F90A1B2C3D4E5F60718293A4B5C6D7E8F90A1B"
#define TICKET_500 TICKET_100 TICKET_100 TICKET_100 TICKET_100 TICKET_100
#define TICKET TICKET_500 TICKET_500

/* Signed in, on .NET Framework. */
#define REPLY_LOGIN                                                                                 \
    "HTTP/1.1 200 OK\r\n"                                                                           \
    "Cache-Control: private\r\n"                                                                    \
    "Content-Type: application/json; charset=utf-8\r\n"                                             \
    "Set-Cookie: BPMLOADER=abcdefghijklmnopqrstuvwx; path=/; secure; HttpOnly; SameSite=Lax\r\n"    \
    "Set-Cookie: .ASPXAUTH=" TICKET "; path=/; secure; HttpOnly\r\n"                                \
    "Set-Cookie: BPMCSRF=nUr0VzF1.yy/xFU3EFmG9.; path=/; secure\r\n"                                \
    "Set-Cookie: UserName=83|117|112|101|114|118|105|115|111|114; "                                 \
    "expires=Sun, 29-Nov-2026 00:52:54 GMT; path=/; secure; HttpOnly\r\n"                           \
    "Date: Sun, 22 Nov 2026 00:52:54 GMT\r\n"                                                       \
    "Content-Length: 84\r\n"                                                                        \
    "\r\n"                                                                                          \
    "{\"Code\":0,\"Message\":\"\",\"Exception\":null,\"PasswordChangeUrl\":null,\"RedirectUrl\":null}"

/* User name or password are wrong. */
#define REPLY_BAD_PASSWORD                                               \
    "HTTP/1.1 401 Unauthorized\r\n"                                      \
    "Content-Type: application/json; charset=utf-8\r\n"                  \
    "Set-Cookie: BPMLOADER=abcdefghijklmnopqrstuvwx; path=/; secure\r\n" \
    "Content-Length: 59\r\n"                                             \
    "\r\n"                                                               \
    "{\"Code\":1,\"Message\":\"Wrong user name or password entered.\"}"

/* A token, from the identity service. */
#define REPLY_TOKEN                                                             \
    "HTTP/1.1 200 OK\r\n"                                                       \
    "Content-Type: application/json; charset=UTF-8\r\n"                         \
    "Content-Length: 75\r\n"                                                    \
    "\r\n"                                                                      \
    "{\"access_token\":\"0A1B2C3D4E5F6071\",\"expires_in\":3600,"                 \
    "\"token_type\":\"Bearer\"}"

/* The same with a refresh token. */
#define REPLY_TOKENS                                                            \
    "HTTP/1.1 200 OK\r\n"                                                       \
    "Content-Type: application/json; charset=UTF-8\r\n"                         \
    "Content-Length: 99\r\n"                                                   \
    "\r\n"                                                                      \
    "{\"access_token\":\"0A1B2C3D4E5F6071\",\"expires_in\":180,"                  \
    "\"refresh_token\":\"1F2E3D\",\"token_type\":\"Bearer\"}"

/* Where an identity service has its endpoints. */
#define REPLY_ENDPOINTS                                                         \
    "HTTP/1.1 200 OK\r\n"                                                       \
    "Content-Type: application/json\r\n"                                        \
    "Content-Length: 62\r\n"                                                    \
    "\r\n"                                                                      \
    "{\"token_endpoint\":\"https://example.creatio.com/connect/token\"}"

/* A token is revoked. */
#define REPLY_REVOKED                                                           \
    "HTTP/1.1 200 OK\r\n"                                                       \
    "Content-Length: 0\r\n"                                                     \
    "\r\n"

/* A record, in chunks, with a new session cookie. */
#define REPLY_CALL                                                               \
    "HTTP/1.1 200 OK\r\n"                                                        \
    "Content-Type: application/json; odata.metadata=minimal\r\n"                 \
    "Set-Cookie: BPMSESSIONID=abcdefghijklmnopqrstuvwx; path=/; secure\r\n"      \
    "ETag: W/\"1\"\r\n"                                                          \
    "Transfer-Encoding: chunked\r\n"                                             \
    "\r\n"                                                                       \
    "1b\r\n{\"value\":[{\"Name\":\"Supervis\r\n"                                 \
    "7\r\nor\"}]}\n\r\n"                                                         \
    "0\r\n"                                                                      \
    "\r\n"

/* The session has ended. */
#define REPLY_ENDED                               \
    "HTTP/1.1 302 Found\r\n"                      \
    "Location: /Login/NuiLogin.aspx\r\n"          \
    "Content-Length: 0\r\n"                       \
    "\r\n"

/* Windows authentication: the site's challenge. */
#define REPLY_CHALLENGE                           \
    "HTTP/1.1 401 Unauthorized\r\n"               \
    "WWW-Authenticate: NTLM TlRM\r\n"             \
    "Content-Length: 0\r\n"                       \
    "\r\n"

/* Signed out. */
#define REPLY_LOGOUT                                                                           \
    "HTTP/1.1 200 OK\r\n"                                                                      \
    "Content-Type: application/json; charset=utf-8\r\n"                                        \
    "Set-Cookie: .ASPXAUTH=; expires=Tue, 12-Oct-1999 00:00:00 GMT; path=/; HttpOnly\r\n"      \
    "Content-Length: 2\r\n"                                                                    \
    "\r\n"                                                                                     \
    "{}"

#endif
