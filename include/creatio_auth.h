/**
 * @file creatio_auth.h
 * @brief Signs in to Creatio and stays signed in, over the caller's own sockets.
 *
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * Written by `cargo xtask header` from ffi/header.h and the sources in ffi/src. Do not edit.
 *
 * A login, whole:
 *
 * @code{.c}
 * #include <string.h>
 * #include "creatio_auth.h"
 *
 * // Yours: sends all of it; receives some, 0 bytes where the peer has closed the connection.
 * bool net_send(const void *bytes, size_t len);
 * size_t net_receive(void *buffer, size_t cap);
 *
 * static unsigned char memory[4096]; // the session's: its cookies
 * static creatio_site site;
 * static creatio_session session;
 *
 * bool sign_in(const char *password);
 * bool sign_in(const char *password) {
 *     creatio_credentials who = {.user_name = CREATIO_STR("Supervisor"),
 *                                .password = password, .password_len = strlen(password)};
 *     creatio_exchange exchange; // one request and its reply
 *     unsigned char buffer[512];
 *     creatio_fed fed;
 *     creatio_login login;
 *     size_t len;
 *
 *     if (creatio_site_parse(&site, CREATIO_STR("https://example.creatio.com"), CREATIO_RUNTIME_NET) != CREATIO_OK ||
 *         creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK ||
 *         creatio_session_login(&session, &who, &exchange) != CREATIO_OK) {
 *         return false;
 *     }
 *     creatio_status status;
 *     do { // the request: send what you get
 *         status = creatio_exchange_fill(&exchange, &session, buffer, sizeof buffer, &len);
 *         if (status < CREATIO_OK || !net_send(buffer, len)) {
 *             return false;
 *         }
 *     } while (status == CREATIO_MORE);
 *     do { // the reply: feed what arrives
 *         len = net_receive(buffer, sizeof buffer);
 *         status = len != 0u ? creatio_exchange_feed(&exchange, &session, buffer, len, &fed)
 *                          : creatio_exchange_close(&exchange, &session);
 *     } while (status == CREATIO_MORE);
 *     creatio_wipe(buffer, sizeof buffer);
 *     return status == CREATIO_OK &&
 *            creatio_exchange_login_result(&exchange, &session, &login) == CREATIO_OK && login.authenticated;
 * }
 * @endcode
 *
 * Each later request goes the same way, begun by creatio_session_call() and understood by
 * creatio_exchange_call_result(). The topics follow in this order:
 *
 *      1. Conventions     what holds everywhere      7. Calls             requests after the sign-in
 *      2. Basics          statuses, texts, zeros     8. Renewal           staying signed in
 *      3. Sites           where it is                9. Snapshots         over a restart
 *      4. Sessions        what is kept              10. Tokens            OAuth 2.0
 *      5. Exchanges       bytes out, bytes in       11. HTTP Basic        without an exchange
 *      6. Logins          and new passwords         12. Runtime probes    .NET Framework or .NET
 *                                                   13. Other clients     where libcurl sends it
 */
#ifndef CREATIO_AUTH_H
#define CREATIO_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ================================================================================================================ */
/**
 * @defgroup conventions 1. Conventions
 *
 * - The library does no input or output, allocates nothing, keeps no global state, and calls nothing but memcpy,
 *   memmove, memset, memcmp and, where the system has it, bcmp. It takes about 1 KB of stack on a 32-bit chip at the
 *   most.
 * - **Contexts** (creatio_site, creatio_session, creatio_exchange, creatio_renewal, creatio_runtime_probe) are plain
 *   structs of yours. Their fields are not to be touched. There is nothing to release. They may be moved; of a copy and
 *   its original, use one. Fill a context with zeros (#CREATIO_INIT) if it could be used before its function has set it
 *   up: that is then told as #CREATIO_ERR_NOT_SET_UP. A pointer to one is valid or NULL, which is told as that or as
 *   #CREATIO_ERR_NULL_POINTER.
 * - **Threads**: different sessions may be used by different threads at the same time, one session with its exchange by
 *   one thread at a time. One site serves any number of sessions and threads: it is only read.
 * - **Parameters** come in this order: the context, inputs, outputs. An output is written only on success, where
 *   nothing else is said. Memory given for different purposes must not overlap. It needs no value before.
 * - **Texts** are UTF-8 and need no NUL at the end. A pointer may be NULL only where its length is 0, or where it is
 *   said. A length above PTRDIFF_MAX, which a -1 becomes, is told as #CREATIO_ERR_NULL_POINTER, too.
 * - **Statuses**: 0 is success, a positive one progress, a negative one an error: from -1 to -99 yours to mend, from
 *   -100 on the peer's. An answer that is not the wished-for one is no error but a *verdict*. Compilers that can warn
 *   where a status is not looked at.
 * - **Secrets**: what creatio_exchange_fill(), creatio_exchange_request_part(), creatio_session_authorization_lines()
 *   and creatio_session_snapshot() write is secret, and yours to wipe with creatio_wipe(). The session's memory is
 *   wiped by creatio_session_clear(), and filled with zeros where a session is set up in it; by nothing else.
 *
 * **What of yours is read later**, and has to stay as it is until then. All else, the structs that hold these pointers
 * (a creatio_call, a creatio_site) too, is read by the function it is given to, and by no other.
 *
 * | what                                                          | stays until                                      |
 * |---------------------------------------------------------------|--------------------------------------------------|
 * | the URL of a site                                             | the last use of the site, and of a session with it |
 * | the URL of an identity service                                | the request for a token has been taken           |
 * | a session's memory                                            | the last use of the session; nobody else touches it |
 * | texts of creatio_session_set_user_agent(), _set_field_lines() | another is set, or the last use of the session   |
 * | texts of creatio_credentials and creatio_client_credentials, a new password | the request has been taken         |
 * | of creatio_call: accept, field_lines, body, content_type      | the request has been taken                       |
 * | of creatio_call: path, wanted_field                           | the reply is complete; where the exchange fails before, creatio_exchange_may_be_sent_again() has been asked |
 *
 * A request has been taken when creatio_exchange_fill() has returned #CREATIO_OK, or when you ask for no more of it:
 * neither by that function nor by creatio_exchange_request_part() or creatio_exchange_request_len(). What an exchange
 * was given may go, too, when the exchange is used no more.
 *
 * **Where that lies which functions show you**, and when the memory may be used again:
 *
 * | what                               | lies in the           | stays until                                          |
 * |------------------------------------|-----------------------|------------------------------------------------------|
 * | the texts of an answer             | session's memory      | its next exchange begins, or it is cleared, ended, or given user name and password for each call |
 * | creatio_exchange_field()           | session's memory      | likewise, or the exchange fails                      |
 * | the texts of a creatio_cookie      | session's memory      | the session is given to a function that may change it (is not const) |
 * | creatio_exchange_failed_field()    | exchange              | the exchange is moved, or another begins in it       |
 * | creatio_site_host()                | URL of the site       | that goes                                            |
 * | creatio_site_path_of()             | URL that it was given | that goes                                            |
 * | creatio_fed.body                   | input that was fed    | that goes                                            |
 * | names, sentences, creatio_version(), what creatio_call_ping() and the like point to | library | for ever        |
 */

/* ================================================================================================================ */
/**
 * @defgroup basics 2. Basics
 * @{
 */

/** The version of this header; creatio_version() tells that of the library. */
#define CREATIO_VERSION "0.1.0"
#define CREATIO_VERSION_MAJOR 0 /**< Its first number. */
#define CREATIO_VERSION_MINOR 1 /**< Its second number: before 1.0, another one is another interface. */
#define CREATIO_VERSION_PATCH 0 /**< Its third number: the interface is the same. */

/** The version as a number to compare: 10203 is 1.2.3. */
#define CREATIO_VERSION_NUMBER (CREATIO_VERSION_MAJOR * 10000 + CREATIO_VERSION_MINOR * 100 + CREATIO_VERSION_PATCH)

/**
 * A text that stands in the program, as the pointer and the length that functions ask for, and in C initialisers, too:
 * `creatio_call get = {.path = CREATIO_STR("/odata/Contact")};`.
 */
#define CREATIO_STR(literal) "" literal "", sizeof(literal) - 1u

/** Nothing but zeros, for any struct of this header, in C and in C++: `creatio_call call = CREATIO_INIT;`. */
#ifdef __cplusplus
#define CREATIO_INIT {}
#else
#define CREATIO_INIT {0}
#endif

/** Has the compiler warn where a status is not looked at. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#define CREATIO_NODISCARD [[nodiscard]]
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L
#define CREATIO_NODISCARD [[nodiscard]]
#elif defined(__GNUC__)
#define CREATIO_NODISCARD __attribute__((warn_unused_result))
#else
#define CREATIO_NODISCARD
#endif

/** @cond */
/* An enumeration has 32 bits in every language, and whatever the options. */
#if (defined(__cplusplus) && __cplusplus >= 201103L) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#define CREATIO_ENUM(name) enum name : int32_t
#define CREATIO_ENUM_END(prefix)
#else
#define CREATIO_ENUM(name) enum name
#define CREATIO_ENUM_END(prefix) , prefix##_INT32 = INT32_MIN
#endif
/** @endcond */

/* Define CREATIO_NO_TEXTS before this header where the library was built without names and texts. */

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What a function returns: 0 is success, 1 is progress, a negative number is an error. From -1 to -99 it is the
 * caller's to mend; from -100 on the peer's.
 */
typedef CREATIO_ENUM(creatio_status) {
    CREATIO_OK = 0, /**< Done. */
    CREATIO_MORE = 1, /**< Done so far: call the function again for the rest. */
    CREATIO_END = 2, /**< There is none, or no more, of what was asked for. */
    CREATIO_ERR_NULL_POINTER = -1, /**< A pointer that must not be NULL is NULL, or a length is above PTRDIFF_MAX. */
    CREATIO_ERR_NOT_SET_UP = -2, /**< A context has not been set up by its function, or the pointer to it is NULL. */
    CREATIO_ERR_OUT_OF_TURN = -3, /**< The exchange's state does not allow the call. */
    /** The exchange does not belong to this session, or the session has begun another or been cleared since. */
    CREATIO_ERR_OTHER_SESSION = -4,
    CREATIO_ERR_NOT_A_LOGIN = -5, /**< A login's result was asked of an exchange that is no login. */
    /** The buffer to write to is too small; the function says how many bytes it takes. */
    CREATIO_ERR_BUFFER_TOO_SMALL = -6,
    /**
     * The session's memory is too small. For a reply, `creatio_exchange_memory_needed` says how many bytes are enough;
     * for a snapshot and for HTTP Basic, `creatio_session_restore` and `creatio_session_use_basic` do.
     */
    CREATIO_ERR_MEMORY_TOO_SMALL = -7,
    CREATIO_ERR_NOT_UTF8 = -8, /**< A text is not UTF-8. */
    CREATIO_ERR_NOT_A_CALL = -9, /**< A call's result was asked of an exchange that is none. */
    CREATIO_ERR_BAD_RUNTIME = -10, /**< No such runtime. */
    CREATIO_ERR_BAD_METHOD = -11, /**< No such method. */
    CREATIO_ERR_NOT_A_TOKEN_REQUEST = -12, /**< A token's result was asked of an exchange that asks for none. */
    /** The program was compiled with the header of another version of the library, or under a `#pragma pack`. */
    CREATIO_ERR_VERSION = -13,
    CREATIO_ERR_URL_SCHEME = -20, /**< The URL does not begin with http:// or https://. */
    CREATIO_ERR_URL_USER_INFO = -21, /**< The URL names a user. */
    CREATIO_ERR_URL_HOST = -22, /**< The URL's host is no domain name, IPv4 address or [IPv6 address]. */
    CREATIO_ERR_URL_PORT = -23, /**< The URL's port is not a number from 1 to 65535. */
    /** The URL's path has an empty, "." or ".." segment, or a character that must be percent-encoded. */
    CREATIO_ERR_URL_PATH = -24,
    CREATIO_ERR_URL_QUERY = -25, /**< The URL has a query. */
    CREATIO_ERR_URL_FRAGMENT = -26, /**< The URL has a fragment. */
    /** The URL ends in /0: leave that out, the runtime adds it where it belongs. */
    CREATIO_ERR_URL_RUNTIME_PREFIX = -27,
    CREATIO_ERR_URL_CHARACTER = -28, /**< The URL holds a space, a control character or something outside ASCII. */
    /** The URL is longer than CREATIO_MAX_URL, or its host longer than CREATIO_MAX_HOST. */
    CREATIO_ERR_URL_TOO_LONG = -29,
    CREATIO_ERR_PATH_NO_SLASH = -30, /**< The path of a call does not begin with a slash. */
    CREATIO_ERR_PATH_CHARACTER = -31, /**< The path of a call holds a character that must be percent-encoded. */
    CREATIO_ERR_PATH_TOO_LONG = -32, /**< The path of a call is longer than CREATIO_MAX_PATH. */
    /** The name of a field is no token, or that of the wanted field longer than CREATIO_MAX_WANTED_FIELD. */
    CREATIO_ERR_FIELD_NAME = -40,
    /**
     * `accept`, `content_type` or a value of `field_lines` holds a control character other than a tab, or white space
     * at its ends; a User-Agent holds a tab or something outside ASCII; or a line does not end with CR LF.
     */
    CREATIO_ERR_FIELD_VALUE = -41,
    /**
     * A field of `field_lines` is one that the library writes itself, or relies on the absence of; or `wanted_field` is
     * Set-Cookie, which is the session's.
     */
    CREATIO_ERR_FIELD_RESERVED = -42,
    CREATIO_ERR_SNAPSHOT_ALTERED = -50, /**< The snapshot is none, or has been altered or cut. */
    CREATIO_ERR_SNAPSHOT_VERSION = -51, /**< The snapshot's format is of a version that this library does not know. */
    CREATIO_ERR_SNAPSHOT_OTHER_SITE = -52, /**< The snapshot belongs to another site. */
    CREATIO_ERR_BASIC_COLON = -60, /**< The user name holds a colon, which HTTP Basic does not allow. */
    /** The user name or the password holds a control character, which HTTP Basic does not allow. */
    CREATIO_ERR_BASIC_CONTROL_CHARACTER = -61,
    CREATIO_ERR_BASIC_TOO_LONG = -62, /**< User name and password are longer than 64 KiB in base64. */
    CREATIO_ERR_CLOSED_EARLY = -100, /**< The connection was closed before the reply was complete. */
    CREATIO_ERR_HEAD_TOO_LARGE = -101, /**< The reply's head is longer than the limit. */
    CREATIO_ERR_CONTENT_ENCODING = -102, /**< The body is compressed, which no request asked for. */
    CREATIO_ERR_BODY_TOO_LARGE = -103, /**< The reply's body is longer than the limit. */
    CREATIO_ERR_HTTP_STATUS_LINE = -110, /**< Malformed reply: no status line of HTTP/1.0 or HTTP/1.1. */
    CREATIO_ERR_HTTP_FIELD_NAME = -111, /**< Malformed reply: a field line without a proper name. */
    /** Malformed reply: NUL in a line, or another control character where the reply is framed. */
    CREATIO_ERR_HTTP_CONTROL_CHARACTER = -112,
    CREATIO_ERR_HTTP_BARE_CR = -113, /**< Malformed reply: CR without LF. */
    CREATIO_ERR_HTTP_BARE_LF = -114, /**< Malformed reply: LF without CR, and no fold. */
    CREATIO_ERR_HTTP_OBSOLETE_FOLDING = -115, /**< Malformed reply: a folded line where the reply is framed. */
    CREATIO_ERR_HTTP_CONTENT_LENGTH = -116, /**< Malformed reply: Content-Length is no single number. */
    CREATIO_ERR_HTTP_TRANSFER_ENCODING = -117, /**< Malformed reply: a Transfer-Encoding other than chunked. */
    CREATIO_ERR_HTTP_LENGTH_AND_CHUNKED = -118, /**< Malformed reply: Content-Length and Transfer-Encoding together. */
    CREATIO_ERR_HTTP_CHUNK_SIZE = -119, /**< Malformed reply: a bad chunk size. */
    CREATIO_ERR_HTTP_CHUNK_END = -120, /**< Malformed reply: a chunk does not end where its size says. */
    CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS = -121, /**< Malformed reply: an unasked switch of protocols. */
    CREATIO_ERR_HTTP_TLS = -122, /**< No reply, but a record of TLS: http:// was spoken to a port for https://. */
    CREATIO_ERR_JSON_MALFORMED = -130, /**< The answer to the sign-in is not JSON. */
    CREATIO_ERR_JSON_CUT_OFF = -131, /**< The answer to the sign-in is cut off. */
    CREATIO_ERR_JSON_TOO_DEEP = -132, /**< The answer to the sign-in is nested too deeply. */
    CREATIO_ERR_JSON_NOT_AN_OBJECT = -133, /**< The answer to the sign-in is no JSON object. */
    CREATIO_ERR_JSON_DOUBLED = -134, /**< The answer to the sign-in has a member twice. */
    CREATIO_ERR_JSON_NO_CODE = -135, /**< The answer to the login has no Code. */
    CREATIO_ERR_JSON_CODE = -136 /**< The Code in the answer to the login is no whole number. */
    CREATIO_ENUM_END(CREATIO_STATUS)
} creatio_status;

/** The version of the library in use, for example "0.1.0". Compare it with `CREATIO_VERSION`, that of the header. */
const char *creatio_version(void);

/** Overwrites a secret of yours with zeros, in a way that no compiler removes. NULL is allowed where `len` is 0. */
void creatio_wipe(void *memory, size_t len);

/**
 * A text out of an answer: UTF-8, not terminated, in the session's memory until the next exchange begins. NULL where
 * the answer had none.
 */
typedef struct creatio_text {
    const char *text; /**< The text. */
    size_t len; /**< Its length in bytes. */
    /** It was longer than its room, half of what was left of the memory, and has been cut after a whole character. */
    bool truncated;
} creatio_text;

#ifndef CREATIO_NO_TEXTS
/** The name of a status, for example "CREATIO_ERR_CLOSED_EARLY"; "?" for a number that is none. */
const char *creatio_status_name(creatio_status status);

/** What a status means and what to do about it, in a sentence, for people; "?" for a number that is none. */
const char *creatio_status_text(creatio_status status);
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup sites 3. Sites
 *
 * One site serves any number of sessions and threads.
 * @{
 */

#define CREATIO_MAX_URL 2048 /**< The longest URL that is accepted, in bytes. */

#define CREATIO_MAX_HOST 253 /**< The longest host name that is accepted, in bytes. */

/** Which of the two server runtimes a site runs on. The wrong one shows as status 404 on data. */
typedef CREATIO_ENUM(creatio_runtime) {
    CREATIO_RUNTIME_NET_FRAMEWORK = 0, /**< .NET Framework: everything after login lives under /0. */
    CREATIO_RUNTIME_NET = 1 /**< .NET (formerly .NET Core): no prefix. */
    CREATIO_ENUM_END(CREATIO_RUNTIME)
} creatio_runtime;

/** Where the site is: scheme, host, port, base path and runtime. It refers to the URL's text, which has to stay. */
typedef struct creatio_site {
    uint64_t opaque[(sizeof(void *) == 8u) ? 6 : 3]; /**< The library's own. */
} creatio_site;

/**
 * Parses `http(s)://host[:port][/base/path]` of `url_len` bytes.
 *
 * The host is a domain name in ASCII (an xn-- form is taken as it is), an IPv4 address of four decimal numbers, or an
 * IPv6 address in brackets. A slash at the end is allowed and means nothing. User information, a query, a fragment, `.`
 * and `..` segments (`%2e` is a dot, too), and a path that ends in the runtime's prefix /0 are refused.
 *
 * With http everything goes in the clear, the password too. It is taken for sites on a network of one's own; where the
 * URL comes from elsewhere, ask creatio_site_is_https().
 *
 * `url` has to stay as it is for as long as the site, or a session with it, is in use; the site itself need not.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_UTF8, CREATIO_ERR_BAD_RUNTIME, a CREATIO_ERR_URL_
 * status, or CREATIO_ERR_VERSION, where this header is not that of the library.
 */
CREATIO_NODISCARD static inline creatio_status creatio_site_parse(creatio_site *site, const char *url, size_t url_len,
                                                                  creatio_runtime runtime);
/**
 * The host as written in the URL, for name resolution and TLS; an IPv6 address without its brackets. `*host` points
 * into the URL and is not terminated by a NUL.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_site_host(const creatio_site *site, const char **host, size_t *host_len);

/** The TCP port, 1 to 65535: the URL's, or 80 or 443. 0 if the site has not been set up. */
uint16_t creatio_site_port(const creatio_site *site);

/** Whether the connection has to be TLS. False if the site has not been set up. */
bool creatio_site_is_https(const creatio_site *site);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup sessions 4. Sessions
 * @{
 */

/**
 * A site and what it has given to authorise later requests: the cookies of a login, or a token. It refers to the site's
 * URL and to the memory it was given, which have to stay.
 */
typedef struct creatio_session {
    uint64_t opaque[(sizeof(void *) == 8u) ? 23 : 13]; /**< The library's own. */
} creatio_session;

/**
 * Sets up a session with a site, without any cookies yet.
 *
 * `memory` holds the cookies and, while a reply comes, those that it brings, its longest field line of interest and, as
 * far as there is room, the texts of an answer. Too little is told with how much it takes. With a ticket of 1,000
 * characters:
 *
 * | a session's memory takes, in bytes | nine cookies of the site | and those of two firewalls |
 * |---|---:|---:|
 * | the first login | 1,494 | 2,804 |
 * | a login after a certain end | 1,494 | 2,804 |
 * | any other login | 2,969 | 5,582 |
 * | a call | 1,572 | 2,875 |
 * | a call that shows the end | 1,648 | 2,951 |
 * | a call that renews the ticket | 2,582 | 3,885 |
 *
 * A certain end is one that `creatio_session_end` was told. The memory has to stay, untouched by others, for as long as
 * the session is in use. It is filled with zeros first, which takes as long as a `memset`.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP (the site).
 */
CREATIO_NODISCARD creatio_status creatio_session_init(
    creatio_session *session, const creatio_site *site, void *memory, size_t memory_len);

/**
 * Forgets all cookies, or the token, and overwrites with zeros what has been written to the session's memory. It ends
 * any exchange of the session that is under way. Call it before the memory is given to another use. A session that has
 * not been set up has nothing to forget.
 */
void creatio_session_clear(creatio_session *session);

/**
 * Tells the time, in seconds since 1970, to a session that is to honour the lifetimes of cookies and tokens. Call it
 * before each exchange, or never if there is no clock: then cookies live as long as the session. Times after 2106-02-07
 * count as that day.
 *
 * The clock need not be right: what the site dates is counted from the Date of its reply, and only what has passed
 * since by this clock. It may be set at any time, by NTP for instance. Where it goes back, or from a wrong time to
 * about that of the site, or on by more than 400 days, cookies live as long as they would have; any other step is time
 * that has passed. A token may have to be asked for anew then (see `creatio_session_needs_token`).
 *
 * Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_set_time(creatio_session *session, uint64_t unix_seconds);

/**
 * Sets the most bytes of field lines that a reply may have, 262144 at first. It bounds time, not memory: lines of no
 * interest take none.
 *
 * Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_set_head_limit(creatio_session *session, size_t bytes);

/**
 * Sets the most bytes that the body of a reply may have which nobody has asked to be long, 1048576 at first: of a
 * login, a request for a token, `creatio_call_logout`, `creatio_call_ping` and `creatio_call_health_check`; of a call
 * that is answered with a status from 300 on; and of one with `limited_body`. It bounds time, not memory. Any other
 * answer to a call may be of any length.
 *
 * Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_set_body_limit(creatio_session *session, size_t bytes);

/**
 * Sets the User-Agent of every request, whichever door it goes through and wherever (RFC 9110, 10.1.5), instead of
 * "creatio-auth/" and the version: "product/version", more of them, and comments in parentheses. NULL or no characters
 * send none, which firewalls do not like. The text has to stay for as long as the session is in use. It is no part of a
 * snapshot, and stays when the session is cleared. It ends any exchange of the session that is under way.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or
 * CREATIO_ERR_FIELD_VALUE where it holds anything but visible ASCII and spaces, or begins or ends with a space; after
 * an error the session is as it was.
 */
CREATIO_NODISCARD creatio_status creatio_session_set_user_agent(
    creatio_session *session, const char *user_agent, size_t user_agent_len);

/**
 * Sets fields that go with every request to the session's site, beside those that the library writes itself: logins,
 * changes of the password, and calls, before their own; the key that a gateway in front of the site asks for, say. They
 * are the lines that they are to be: "Name: value" and CR LF each; NULL or no characters send none. The text has to
 * stay for as long as the session is in use. A request for a token has `creatio_client_credentials.field_lines`, for it
 * goes to another host. They are no part of a snapshot, and stay when the session is cleared. It ends any exchange of
 * the session that is under way.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8 or a CREATIO_ERR_FIELD_
 * status; after an error the session is as it was.
 */
CREATIO_NODISCARD creatio_status creatio_session_set_field_lines(
    creatio_session *session, const char *field_lines, size_t field_lines_len);

/**
 * Whether the session has a ticket (.ASPXAUTH) that goes back to the site. Only the site knows whether it still takes
 * it. False if the session has not been set up.
 */
bool creatio_session_has_ticket(const creatio_session *session);

/** Whether the session has a CSRF token to send along. False if the session has not been set up. */
bool creatio_session_has_csrf_token(const creatio_session *session);

/**
 * Whether the session has a token or, by `creatio_session_use_basic`, user name and password to authorise calls with.
 * Only the site knows whether it still takes them. False if the session has not been set up.
 */
bool creatio_session_has_authorization(const creatio_session *session);

/** A cookie of a session, without its value, which is a secret. */
typedef struct creatio_cookie {
    const char *name; /**< The name; it may be empty, and need not be UTF-8. */
    size_t name_len; /**< Its length in bytes. */
    const char *path; /**< The path that the cookie is sent to, and below. */
    size_t path_len; /**< Its length in bytes. */
    size_t value_len; /**< How many bytes the value has. */
    bool secure; /**< It goes over TLS only. */
    bool http_only; /**< The site keeps it from scripts. */
    bool persistent; /**< Its life ends at a date. Without a time (see `creatio_session_set_time`) none does. */
} creatio_cookie;

/**
 * The cookie number `index`, from 0 on, the one that was set last at the end. Its texts point into the session's
 * memory, and stay until the session is given to a function that may change it: not over the end of a reply.
 *
 * Returns CREATIO_OK, CREATIO_END if there are no more, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_cookie(
    const creatio_session *session, size_t index, creatio_cookie *out);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup exchanges 5. Exchanges
 *
 * One request and its reply. It is begun by creatio_session_login(), creatio_session_call() or another function of the
 * session; a session has one at a time.
 *
 * **Non-blocking use.** The library never waits, so that readiness is all yours:
 *
 * - A short write, or EAGAIN in the middle of a request: keep what creatio_exchange_fill() gave and send the rest of it
 *   later. Fill again when all of it is out.
 * - EAGAIN while you receive: nothing to do. Feed what comes, when it comes, in pieces of any size.
 * - Receive while you send: a reply may come before all of the request is out. Feed it. As soon as
 *   creatio_exchange_http_status() is not 0, sending on is of no use; when the reply is complete, close the connection.
 * - Time-outs are yours. Let them be of a whole exchange, from the first byte of its request to the last of its reply,
 *   and not of each send and receive alone: a peer that says a byte now and then is late with none, and says something
 *   for ever.
 * - To give an exchange up, close its connection and use the exchange no more: there is nothing to tell the library.
 *   The session is as it was, since nothing of a reply enters it before all of it is there; a sign-in that went out
 *   counts as one of which nobody knows (creatio_session_sign_in_delay()).
 *
 * **The connection** may serve another exchange where the reply is complete, creatio_exchange_keeps_alive() says so,
 * creatio_fed.consumed was all that was received, and the request went out in full. A sign-in wants a new one: over a
 * kept one that turns out to be closed nobody knows whether it counted. Where that befalls a call,
 * creatio_exchange_may_be_sent_again() says whether it may be sent once more.
 *
 * An exchange is over when its session begins another, is cleared, is given user name and password for each call, a
 * User-Agent or field lines, or is set up anew; only the last of these cannot be told, and is yours to avoid.
 * @{
 */

/**
 * One request and its reply. It refers to the texts it began with, which have to stay as long as the table at the top
 * says; begin another in it at any time.
 */
typedef struct creatio_exchange {
    uint64_t opaque[(sizeof(void *) == 8u) ? 74 : 48]; /**< The library's own. */
} creatio_exchange;

/** Where an exchange is. */
typedef CREATIO_ENUM(creatio_state) {
    CREATIO_STATE_READY = 0, /**< Nothing of the request has been taken. */
    CREATIO_STATE_SENDING = 1, /**< A part of the request has been taken. */
    CREATIO_STATE_RECEIVING = 2, /**< The request has been taken, or the reply has come before all of it was. */
    CREATIO_STATE_DONE = 3, /**< The reply is complete, and the session has what it brought. */
    CREATIO_STATE_FAILED = 4, /**< The exchange has failed, and the session is as it was. */
    CREATIO_STATE_NOT_SET_UP = 5 /**< The context has not been set up. */
    CREATIO_ENUM_END(CREATIO_STATE)
} creatio_state;

/** What `creatio_exchange_feed` has found. */
typedef struct creatio_fed {
    /**
     * How many bytes of the input belong to the reply and were taken. Feed the rest again; after the end of the reply
     * it is not the exchange's, and the connection is to be closed: what nothing asked for must not pass for the next
     * reply (RFC 9112, 6.3).
     */
    size_t consumed;
    /** A piece of the reply's body, which lies in the input; NULL if there is none, and for all but a call. */
    const uint8_t *body;
    size_t body_len; /**< Its length in bytes. */
} creatio_fed;

/**
 * Puts the next bytes of the request into `out`, as many as fit; `*len` is how many they are. Send them, and call it
 * again as long as it returns CREATIO_MORE. With the first bytes of a sign-in the session takes note that it goes out
 * (`creatio_session_sign_in_delay`): connect before.
 *
 * Returns CREATIO_MORE, CREATIO_OK when all has been taken (or the reply has come early and no more is wanted),
 * CREATIO_ERR_BUFFER_TOO_SMALL if `cap` is 0, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN
 * or CREATIO_ERR_OTHER_SESSION.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_fill(
    creatio_exchange *exchange, creatio_session *session, void *out, size_t cap, size_t *len);

/**
 * Takes bytes of the reply, any number of them, as they arrive. It stops where there is a piece of the body to hand
 * out, and at the end of the reply; otherwise it takes all of the input.
 *
 * Returns CREATIO_MORE as long as the reply is not complete, then CREATIO_OK. CREATIO_ERR_NULL_POINTER,
 * CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN and CREATIO_ERR_OTHER_SESSION change nothing. After any other error
 * the exchange has failed and the session is as it was: CREATIO_ERR_MEMORY_TOO_SMALL, CREATIO_ERR_HEAD_TOO_LARGE,
 * CREATIO_ERR_BODY_TOO_LARGE, CREATIO_ERR_CONTENT_ENCODING, or a CREATIO_ERR_HTTP_ or CREATIO_ERR_JSON_ status;
 * creatio_exchange_failed_field names the field.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_feed(
    creatio_exchange *exchange, creatio_session *session, const void *input, size_t len, creatio_fed *fed);

/**
 * Tells that the peer has closed the connection: the end of a reply that has no other, and an error in the middle of
 * one that has. After the end of a reply it changes nothing. Over TLS only close_notify says so; a connection that ends
 * without it may have been cut by anyone: give the exchange up instead (RFC 9112, 9.8).
 *
 * Returns CREATIO_OK, CREATIO_ERR_CLOSED_EARLY, a CREATIO_ERR_JSON_ status, CREATIO_ERR_NOT_SET_UP,
 * CREATIO_ERR_OTHER_SESSION, CREATIO_ERR_OUT_OF_TURN after a failure, or, for a token alone,
 * CREATIO_ERR_MEMORY_TOO_SMALL.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_close(creatio_exchange *exchange, creatio_session *session);

/** Where the exchange is. */
creatio_state creatio_exchange_state(const creatio_exchange *exchange);

/**
 * The HTTP status code of the reply, as soon as its head is complete; 0 before. It may be any three digits, though
 * those below 100 and from 600 on are none of RFC 9110 and never a success.
 */
uint16_t creatio_exchange_http_status(const creatio_exchange *exchange);

/**
 * Whether the session is signed in by this exchange, when the reply is complete: the one question to ask where it does
 * not matter which door was used. False also for a call, before the end, and for another session.
 */
bool creatio_exchange_is_signed_in(const creatio_exchange *exchange, const creatio_session *session);

/**
 * Whether the connection may serve another exchange, now that the reply is complete. Bytes that came behind its end are
 * a reason to close it all the same.
 */
bool creatio_exchange_keeps_alive(const creatio_exchange *exchange);

/**
 * Whether the request may be sent once more, in an exchange of its own and over a new connection, where the kept
 * connection that it went over turned out to be closed: nothing of a reply has come, and twice does no more than once.
 * So it is for GET, HEAD, `creatio_call_ping` and `creatio_call_logout`, for no sign-in, and for nothing else that the
 * site may have done. Not to be asked after a time-out, for the site may be at work, nor where the connection was a new
 * one.
 */
bool creatio_exchange_may_be_sent_again(const creatio_exchange *exchange);

/**
 * How many bytes of memory are enough for what has come of the reply, after CREATIO_ERR_MEMORY_TOO_SMALL; otherwise 0.
 * Give a new session so many, and begin again. A token whose length was not known yet may take another round.
 */
size_t creatio_exchange_memory_needed(const creatio_exchange *exchange);

/**
 * The name of the field at which the exchange has failed, up to 32 bytes of it: that of the field line that was being
 * read or, where the fault lies before its name or in it, as much of the name as was good, or the name of the line
 * before. It points into the exchange, is not terminated, and consists of letters, digits and the other characters of a
 * token (RFC 9110, 5.6.2).
 *
 * Returns CREATIO_OK, CREATIO_END before a failure or where it has nothing to do with a field, CREATIO_ERR_NULL_POINTER
 * or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_failed_field(
    const creatio_exchange *exchange, const char **name, size_t *len);

/**
 * The length of the whole request in bytes, without a body that you send yourself: what a buffer takes that is to hold
 * all of it. It goes through the request once. 0 if a context has not been set up, and for another session.
 */
size_t creatio_exchange_request_len(const creatio_exchange *exchange, const creatio_session *session);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup logins 6. Logins
 * @{
 */

/**
 * A user's credentials. Fill it with zeros first, then set what is to be sent; texts are UTF-8 of any length and
 * content, not terminated. The library keeps no copy: the texts have to stay until the request has been taken in full,
 * and are the caller's to wipe (see `creatio_wipe`).
 */
typedef struct creatio_credentials {
    const char *user_name; /**< The user's name. */
    size_t user_name_len; /**< Its length in bytes. */
    const char *password; /**< The user's password. */
    size_t password_len; /**< Its length in bytes. */
    const char *workspace; /**< The workspace; NULL leaves it to the site ("Default"). */
    size_t workspace_len; /**< Its length in bytes. */
    /**
     * A one-time code; NULL for none. Older sites want it with the first login. Others want two steps: a login without
     * it is answered CREATIO_LOGIN_SECOND_FACTOR_WANTED, and the same login with it, in the same session, signs in. A
     * code is good once: renew a session without one. Where codes go out as texts (SMS, e-mail), a POST to
     * "/ServiceModel/AuthService.svc/StartTextCodeAuthFlow" with `at_root`, whose body is
     * {"UserName":"...","UserPassword":"..."} (see `creatio_encode_json`), has one sent; it takes no session.
     */
    const char *one_time_code;
    size_t one_time_code_len; /**< Its length in bytes. */
    const char *provider_name; /**< The provider that checks the one-time code; NULL for none. */
    size_t provider_name_len; /**< Its length in bytes. */
    bool has_time_zone_offset; /**< Whether `time_zone_offset` is to be sent. */
    int16_t time_zone_offset; /**< The minutes to add to local time to get UTC: UTC+3 is -180. */
} creatio_credentials;

/**
 * Begins a login. It ends any exchange of the session that is under way. Cookies of an earlier login go with it, and
 * one that is not accepted leaves them: before the login of another user clear the session.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
 */
CREATIO_NODISCARD creatio_status creatio_session_login(
    creatio_session *session, const creatio_credentials *credentials, creatio_exchange *exchange);

/**
 * Begins a change of the password, which signs in at the same time; `creatio_exchange_login_result` has its answer. The
 * texts have to stay until the request has been taken in full. It ends any exchange of the session that is under way.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
 */
CREATIO_NODISCARD creatio_status creatio_session_change_password(
    creatio_session *session, const creatio_credentials *credentials, const char *new_password, size_t new_password_len,
    creatio_exchange *exchange);

/** What the answer to a login means. */
typedef CREATIO_ENUM(creatio_login_verdict) {
    CREATIO_LOGIN_AUTHENTICATED = 0, /**< Code 0, and the session has its ticket. */
    /** Code 2: signed in, and the site advises a change of password; `message` asks for it. */
    CREATIO_LOGIN_PASSWORD_CHANGE_ADVISED = 1,
    /**
     * Code 1: `message` says why, in the user's language. A locked user, a wrong password, on older sites a missing
     * license, and a site that takes integrations by OAuth only look alike. Do not repeat the login: that can lock the
     * account.
     */
    CREATIO_LOGIN_REJECTED = 2,
    CREATIO_LOGIN_BAD_CREDENTIALS = 3, /**< Status 401: user name or password are wrong. */
    CREATIO_LOGIN_ACCESS_DENIED = 4, /**< Status 403: the site denies access, for example to this address. */
    /** The login page came instead of an answer, as a redirect: check the site's URL. */
    CREATIO_LOGIN_PAGE_REDIRECT = 5,
    /** A redirect to somewhere else came instead of an answer: check the site's URL, http or https included. */
    CREATIO_LOGIN_REDIRECT = 6,
    /** A web page came instead of an answer, by its content type: check the site's URL. */
    CREATIO_LOGIN_HTML_CONTENT_TYPE = 7,
    /** A web page came instead of an answer, by its first character: check the site's URL. */
    CREATIO_LOGIN_HTML_BODY = 8,
    /**
     * The site says yes, but the session has no ticket that would go back to it: a proxy stripped it, or its path or
     * its Secure does not fit the site's URL.
     */
    CREATIO_LOGIN_NO_TICKET = 9,
    CREATIO_LOGIN_UNEXPECTED_STATUS = 10, /**< Any other status. */
    /** Code is none of the known ones; `message` may say what it means. Do not repeat the login as it was. */
    CREATIO_LOGIN_UNKNOWN_CODE = 11,
    /**
     * Code 3: the password is right, but the user has no license to work with, and may grant licenses. A repetition
     * says the same.
     */
    CREATIO_LOGIN_NEED_GRANT_LICENSE = 12,
    /** Code 4: the password is right, but the user has no license. A repetition says the same. */
    CREATIO_LOGIN_NO_LICENSE = 13,
    /**
     * Code 5: the password is right, but has expired: change it by `creatio_session_change_password`, which signs in.
     */
    CREATIO_LOGIN_PASSWORD_EXPIRED = 14,
    /**
     * User name and password are right, and the site wants a second factor: sign in again in this session, with the
     * same user name and password and `one_time_code` beside them. It is told by Code 1 with an exception of the type
     * "...StartAuthFlowException", or by the cookie FirstFactor in the place of a ticket. The session sends that cookie
     * back by itself; it lives 20 minutes. To a login with a code no cookie says this.
     */
    CREATIO_LOGIN_SECOND_FACTOR_WANTED = 15,
    /**
     * The user has to bind an authenticator first, which takes a browser: Code 1 with an exception of the type
     * "...TotpIsNotEnabledException".
     */
    CREATIO_LOGIN_AUTHENTICATOR_WANTED = 16,
    /**
     * Status 429, 502, 503 or 504: the password has been judged by nobody; try again later. `retry_after` may say when.
     */
    CREATIO_LOGIN_BUSY = 17
    CREATIO_ENUM_END(CREATIO_LOGIN)
} creatio_login_verdict;

/** The answer to a login. */
typedef struct creatio_login {
    creatio_login_verdict verdict; /**< What it means. */
    bool authenticated; /**< Whether the session is signed in. */
    uint16_t http_status; /**< The HTTP status code. */
    bool has_code; /**< Whether the answer had a Code. */
    bool has_retry_after; /**< Whether the answer says after how many seconds to try again. */
    int32_t code; /**< Code; 0 if there was none. */
    uint32_t retry_after; /**< Retry-After in seconds. */
    creatio_text message; /**< Message, in the user's language: for people, never to be branched on. */
    creatio_text exception_message; /**< Message of Exception. */
    creatio_text exception_type; /**< Type of Exception. */
    creatio_text password_change_url; /**< PasswordChangeUrl. */
    creatio_text redirect_url; /**< RedirectUrl. */
    creatio_text user_type; /**< UserType. */
} creatio_login;

/**
 * The answer to a login or to a change of the password, when the reply is complete. Its texts point into the session's
 * memory until the next exchange begins.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
 * CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_LOGIN.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_login_result(
    const creatio_exchange *exchange, const creatio_session *session, creatio_login *out);

/**
 * Whether a program may sign in by itself, without asking anybody; then `*seconds` is after how many. False where the
 * last sign-in was refused and the next would be, too, which can lock the account (and for what is not set up).
 *
 * It hangs on this alone: the password was sent, and nothing good came. A site that certainly has judged nothing (429,
 * 503, and 502 and 504 from what stands in front of it) does not count. Where nobody knows, as where the connection was
 * cut or nobody waited for the answer, there may be two more, after 30 and after 300 seconds; otherwise `*seconds` is
 * 0.
 *
 * `creatio_renewal` asks it before it asks for a sign-in; one of your own is always your own affair. It is part of a
 * snapshot, and outlives `creatio_session_clear`. `seconds` may be NULL.
 */
bool creatio_session_sign_in_delay(const creatio_session *session, uint32_t *seconds);

/**
 * Says that a sign-in may come to something else now: the credentials are others, or what was wrong is mended.
 *
 * Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_allow_sign_in(creatio_session *session);

/**
 * Whether the next sign-in begins without cookies, since those that there are may be why the last one was worth
 * nothing: an ended session was renewed in vain (CREATIO_CALL_RENEWED_IN_VAIN), or a login that took cookies along was
 * answered with status 400, 413 or 431 and a page or nothing, as by what finds them too long. They are dropped once:
 * the sign-in after that keeps what there is again. False for what is not set up.
 */
bool creatio_session_sign_in_drops_cookies(const creatio_session *session);

#ifndef CREATIO_NO_TEXTS
/** The name of a verdict, for example "CREATIO_LOGIN_NO_TICKET"; "?" for a number that is none. */
const char *creatio_login_verdict_name(creatio_login_verdict verdict);

/** What a verdict means and what to do about it, in a sentence, for people; "?" for a number that is none. */
const char *creatio_login_verdict_text(creatio_login_verdict verdict);
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup calls 7. Calls
 *
 * Whichever door was used to sign in, the session authorises each call.
 * @{
 */

#define CREATIO_MAX_PATH 16384 /**< The longest path of a call with its query that is accepted, in bytes. */

#define CREATIO_MAX_WANTED_FIELD 31 /**< The longest name of a wanted field, in bytes. */

/** The method of a call. */
typedef CREATIO_ENUM(creatio_method) {
    CREATIO_METHOD_GET = 0, /**< GET */
    CREATIO_METHOD_HEAD = 1, /**< HEAD: the reply has no body. */
    CREATIO_METHOD_POST = 2, /**< POST */
    CREATIO_METHOD_PUT = 3, /**< PUT */
    CREATIO_METHOD_PATCH = 4, /**< PATCH */
    CREATIO_METHOD_DELETE = 5 /**< DELETE */
    CREATIO_ENUM_END(CREATIO_METHOD)
} creatio_method;

/**
 * A request after login. Fill it with zeros first, then set what is to be other than its default. `path` and
 * `wanted_field` have to stay until the reply is complete, its other texts until the request has been taken in full.
 */
typedef struct creatio_call {
    /**
     * The path below the site's base path, with its query, percent-encoded: "/odata/Contact?$top=3". On .NET Framework
     * /0 comes before it. See `creatio_encode_query`.
     */
    const char *path;
    size_t path_len; /**< Its length in bytes. */
    creatio_method method; /**< CREATIO_METHOD_GET and so on. */
    bool at_root; /**< Whether the path is to stand as it is, without /0. */
    /**
     * Whether the reply's body is for you alone: nothing of a good answer is looked into, which takes less time. It
     * then has no message and no next link, and its verdict is never CREATIO_CALL_SERVICE_FAILED. An error, with status
     * 400 or above, a redirect, and what its head calls HTML are understood as ever.
     */
    bool raw_body;
    /**
     * Whether the reply's body may be no longer than the session's limit (`creatio_session_set_body_limit`), as that of
     * an error may never be. So it is for the calls of the library's own, `creatio_call_logout` for one.
     */
    bool limited_body;
    /**
     * Whether you send `body_len` bytes of body yourself, when `creatio_exchange_fill` has given all of the head: in
     * pieces of any size, and from wherever it is. If you stop before its end, because the reply has come early, close
     * the connection.
     */
    bool body_follows;
    /**
     * What the reply's body may be; NULL for application/json. Where it is any media type (RFC 9110, 12.5.1), a web
     * page is as good as anything, unless it is the login page.
     */
    const char *accept;
    size_t accept_len; /**< Its length in bytes. */
    /**
     * Fields beside those that the library writes itself, as the lines that they are to be: "Name: value" and CR LF
     * each. Those that authorise or frame the request are refused. NULL for none.
     */
    const char *field_lines;
    size_t field_lines_len; /**< Their length in bytes. */
    const char *wanted_field; /**< A field of the reply to keep, for `creatio_exchange_field`; NULL for none. */
    size_t wanted_field_len; /**< Its length in bytes. */
    const void *body; /**< The body: NULL if there is none, or if you send it yourself. */
    size_t body_len; /**< Its length in bytes. */
    const char *content_type; /**< What the body is; NULL for "application/json; charset=utf-8". */
    size_t content_type_len; /**< Its length in bytes. */
} creatio_call;

/**
 * Begins a call, authorised by what the session has, whichever door was used. It ends any exchange of the session that
 * is under way.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, CREATIO_ERR_BAD_METHOD,
 * or a CREATIO_ERR_PATH_ or CREATIO_ERR_FIELD_ status.
 */
CREATIO_NODISCARD creatio_status creatio_session_call(
    creatio_session *session, const creatio_call *call, creatio_exchange *exchange);

/** The call that keeps the session alive and does nothing else. */
creatio_call creatio_call_ping(void);

/**
 * The call that ends the session at the site. Whatever becomes of it, `creatio_session_clear` then forgets the session
 * here, so that a network that fails leaves nothing behind. As of `creatio_call_ping` and `creatio_call_health_check`,
 * the answer may be of any content type: ASP.NET has text/html for it, and a login page alone is a failure.
 */
creatio_call creatio_call_logout(void);

/**
 * The health check at the place where a runtime has it, which needs no login. A site on .NET Framework answers both
 * with status 200, and that of its own late when it starts: a `creatio_runtime_probe` asks in the right order. It says
 * that the site is alive, not that it is ready: until then it answers everything else with its login page. A number
 * that is no runtime is taken for CREATIO_RUNTIME_NET.
 */
creatio_call creatio_call_health_check(creatio_runtime runtime);

/**
 * Percent-encodes a name or a value of a query, such as "Name eq 'Ö & Co'", to be put into the path of a call. `*len`
 * is how many bytes it is then.
 *
 * Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
 * CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_UTF8.
 */
CREATIO_NODISCARD creatio_status creatio_encode_query(
    const char *query, size_t query_len, char *out, size_t cap, size_t *len);

/**
 * Escapes a text for a string of JSON that is put together by hand, as for `creatio_call.body`; the quotes around it
 * are yours. `*len` is how many bytes it is then. Wipe `out` where the text is a secret (see `creatio_wipe`).
 *
 * Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
 * CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_UTF8.
 */
CREATIO_NODISCARD creatio_status creatio_encode_json(
    const char *plain, size_t plain_len, char *out, size_t cap, size_t *len);

/** What the answer to a call means. */
typedef CREATIO_ENUM(creatio_call_verdict) {
    CREATIO_CALL_FINE = 0, /**< Status 2xx, and the body is what was asked for as far as that can be seen. */
    /** The session has ended: a redirect to the login page. Nothing has been done: sign in again, once. */
    CREATIO_CALL_ENDED_REDIRECT = 1,
    /**
     * The session has ended, as it seems: status 200 with the login page, or another page that speaks of it. Sign in
     * again, once.
     */
    CREATIO_CALL_ENDED_LOGIN_PAGE = 2,
    /** The session has ended: status 401 with the message for it. Sign in again, once. */
    CREATIO_CALL_ENDED_AUTHENTICATION_FAILED = 3,
    CREATIO_CALL_CSRF_MISSING = 4, /**< Status 403, and no CSRF token was sent, for the session has none. */
    /** Status 403 though a CSRF token was sent, and no web page: the token is stale, or the user lacks the right. */
    CREATIO_CALL_FORBIDDEN = 5,
    /**
     * Status 401, or any other sign that a session has ended, after `creatio_session_use_basic`: user name or password
     * are wrong.
     */
    CREATIO_CALL_UNAUTHORIZED = 6,
    /** Status 404 without an error of OData: the site's runtime is probably the other one. */
    CREATIO_CALL_WRONG_PREFIX = 7,
    CREATIO_CALL_NOT_FOUND = 8, /**< Status 404: there is no such record, or no such entity. */
    CREATIO_CALL_BUSY = 9, /**< Status 429 or 503: try again later; `retry_after` may say when. */
    /**
     * Status 2xx, but the body says that it failed: `success` is `false`; or `errorInfo` is an object with anything in
     * it, or `error` any object; or `responseStatus.ErrorCode` is not empty; or there are `Message` and `MessageDetail`
     * and nothing else, which is how OData says that it does not know the entity, or not yet. `message` may say why.
     */
    CREATIO_CALL_SERVICE_FAILED = 10,
    CREATIO_CALL_NOT_JSON = 11, /**< Status 2xx where JSON was asked for, and a web page came. */
    CREATIO_CALL_REFUSED = 12, /**< Any other status 4xx: the request is refused; `message` may say why. */
    CREATIO_CALL_SERVER_ERROR = 13, /**< Any other status 5xx. */
    CREATIO_CALL_UNEXPECTED_STATUS = 14, /**< Any other status. */
    /** The token has ended: status 401 to a call that a token authorised. Ask for another, once. */
    CREATIO_CALL_ENDED_TOKEN_REJECTED = 15,
    /**
     * The session has ended: status 401 of any other shape, to a call that cookies authorised. Sign in again, once.
     */
    CREATIO_CALL_ENDED_UNAUTHORIZED = 16,
    /**
     * The session has ended: status 200 or 500 from DataService, which has no user connection. Sign in again, once.
     */
    CREATIO_CALL_ENDED_NO_USER_CONNECTION = 17,
    /**
     * Status 403 with a web page though a CSRF token was sent, or to a call that takes none since no cookies authorise
     * it: the user lacks the right, or something in front of the site, such as a firewall, refuses the call.
     */
    CREATIO_CALL_ACCESS_DENIED = 18,
    /**
     * The session has ended as it seems, though a `creatio_renewal` has signed in for this call or the one before, and
     * no call has come through since: the site is starting, or the session does not reach it. Nothing has been done.
     * The next sign-in begins without cookies, one of which may be to blame (`creatio_session_sign_in_drops_cookies`).
     */
    CREATIO_CALL_RENEWED_IN_VAIN = 19
    CREATIO_ENUM_END(CREATIO_CALL)
} creatio_call_verdict;

/** The answer to a call. */
typedef struct creatio_answer {
    creatio_call_verdict verdict; /**< What it means. */
    bool session_ended; /**< Whether the session has ended, so that signing in again may help. */
    uint16_t http_status; /**< The HTTP status code. */
    bool has_retry_after; /**< Whether the answer says after how many seconds to try again. */
    uint32_t retry_after; /**< Retry-After in seconds. */
    creatio_text message; /**< The message of an error, for people. */
    /**
     * The message of the error behind it, the deepest of three: what a validation says is here, and the true cause.
     */
    creatio_text inner_message;
    /**
     * `@odata.nextLink`: where the next page of a collection is. Copy it before the next exchange begins, and see
     * `creatio_site_path_of`.
     */
    creatio_text next_link;
    /**
     * The code of an error, for programs: error.code of OData; errorInfo.errorCode or responseStatus.ErrorCode of the
     * other services.
     */
    creatio_text error_code;
} creatio_answer;

/**
 * The answer to a call, when the reply is complete. Its texts point into the session's memory until the next exchange
 * begins.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
 * CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_CALL.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_call_result(
    const creatio_exchange *exchange, const creatio_session *session, creatio_answer *out);

/** A field of a reply to a call. */
typedef CREATIO_ENUM(creatio_reply_field) {
    CREATIO_REPLY_CONTENT_TYPE = 0, /**< Content-Type */
    CREATIO_REPLY_LOCATION = 1, /**< Location */
    CREATIO_REPLY_WANTED_FIELD = 2 /**< The one that `creatio_call.wanted_field` names. */
    CREATIO_ENUM_END(CREATIO_REPLY)
} creatio_reply_field;

/**
 * A field of the reply to a call, once its head is complete; of several of a name the last. It points into the
 * session's memory until the next exchange begins, or this one fails, and need not be UTF-8. A fold in it is a space;
 * one with a control character other than a tab is not there.
 *
 * Returns CREATIO_OK, CREATIO_END if the reply has none (or has not come so far, or is another session's),
 * CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_field(
    const creatio_exchange *exchange, const creatio_session *session, creatio_reply_field field, const char **value,
    size_t *len);

/**
 * The path of a URL of this site, such as `creatio_answer.next_link` is: `*path` points into the URL, for a
 * `creatio_call` with `at_root`. Copy a next link first: it goes when the next exchange begins.
 *
 * Returns CREATIO_OK, CREATIO_END if the URL is another site's or outside the base path or has `.` or `..` segments,
 * CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP or CREATIO_ERR_NOT_UTF8.
 */
CREATIO_NODISCARD creatio_status creatio_site_path_of(
    const creatio_site *site, const char *url, size_t url_len, const char **path, size_t *path_len);

#ifndef CREATIO_NO_TEXTS
/** The name of a call's verdict, for example "CREATIO_CALL_BUSY"; "?" for a number that is none. */
const char *creatio_call_verdict_name(creatio_call_verdict verdict);

/** What a call's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none. */
const char *creatio_call_verdict_text(creatio_call_verdict verdict);
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup renewal 8. Renewal
 *
 * For each call: set a creatio_renewal up, make the call, ask creatio_renewal_after_answer(), and do what it says,
 * until that is to report. It asks for one sign-in at the most, and for three repetitions
 * (CREATIO_RENEWAL_REPEAT_LATER) of a call that a busy site has not done.
 * @{
 */

/** The longest that a site is to be waited for before the next try, in seconds: an hour, whatever Retry-After says. */
#define CREATIO_MAX_WAIT 3600

/**
 * Decides what comes after each answer to one call, and does nothing itself. It asks for at most one new login, and
 * only where the answer says that the session has ended. Whether it may ask at all is the session's
 * (`creatio_session_sign_in_delay`): a login that was refused is not tried again for this call nor for a later one, for
 * that can lock the account. Nor is there a login for each call where logins do not help
 * (CREATIO_CALL_RENEWED_IN_VAIN).
 *
 * A call is never repeated where the site may have done it: not after a page with status 200, which may be the call's
 * own answer, unless it is a GET, a HEAD, a ping or a log-out, which do no more twice than once.
 */
typedef struct creatio_renewal {
    uint64_t opaque[1]; /**< The library's own. */
} creatio_renewal;

/** What to do next. */
typedef CREATIO_ENUM(creatio_renewal_step) {
    /** The answer is what there is to have, good or bad: report it. Misuse is answered with this, too. */
    CREATIO_RENEWAL_REPORT = 0,
    /**
     * Let the session give up what has ended (`creatio_session_end`), sign in, and then ask
     * `creatio_renewal_after_sign_in`.
     */
    CREATIO_RENEWAL_SIGN_IN = 1,
    CREATIO_RENEWAL_REPEAT = 2, /**< Send the call again, now. */
    /**
     * Send the call again after the seconds of `creatio_answer.retry_after`, CREATIO_MAX_WAIT at the most, or after a
     * time of your choice.
     */
    CREATIO_RENEWAL_REPEAT_LATER = 3,
    /**
     * As CREATIO_RENEWAL_SIGN_IN, but after the seconds of `creatio_session_sign_in_delay`: nobody knows what has
     * become of the sign-in before.
     */
    CREATIO_RENEWAL_SIGN_IN_LATER = 4
    CREATIO_ENUM_END(CREATIO_RENEWAL)
} creatio_renewal_step;

/**
 * Sets up for one call and its repetitions. `body_is_repeatable` says that a body that you send yourself can be sent
 * once more from its beginning; otherwise such a call is not repeated.
 *
 * Returns what `creatio_session_call` returns.
 */
CREATIO_NODISCARD creatio_status creatio_renewal_init(
    creatio_renewal *renewal, const creatio_call *call, bool body_is_repeatable);

/**
 * What to do after the answer to the call, which the exchange has brought. `creatio_exchange_call_result` may be asked
 * before it or after it.
 */
creatio_renewal_step creatio_renewal_after_answer(
    creatio_renewal *renewal, const creatio_exchange *exchange, creatio_session *session);

/**
 * What to do after the login, or the request for a token, that was asked for, whose answer the exchange has brought.
 */
creatio_renewal_step creatio_renewal_after_sign_in(
    creatio_renewal *renewal, const creatio_exchange *exchange, creatio_session *session);

/**
 * Ends the session here, too, where the answer to a call, which the exchange has brought, says that it has certainly
 * ended at the site: by a redirect or status 401, not by CREATIO_CALL_ENDED_LOGIN_PAGE or
 * CREATIO_CALL_ENDED_NO_USER_CONNECTION, which are but signs. Gives up the room of its ticket and of the other cookies
 * of its login, which are worth nothing any more. Call it before the login that renews the session, which then takes no
 * more memory than the first one did; where that fails, the session has ended, as it had before. It ends the exchange.
 * Otherwise nothing changes.
 *
 * The cookies of what stands in front of the site stay, as long as the memory has room for them beside those that come.
 *
 * Returns CREATIO_OK or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_end(creatio_session *session, const creatio_exchange *exchange);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup snapshots 9. Snapshots
 * @{
 */

/** How many bytes `creatio_session_snapshot` takes now. 0 if the session has not been set up. */
size_t creatio_session_snapshot_len(const creatio_session *session);

/**
 * Writes what the session has to outlive a restart, or to be shared: its cookies or its token, not the password (but
 * after `creatio_session_use_basic`, that too). While an exchange is under way it is what the session had before. It is
 * a secret: whoever has it is signed in. It names the site, by a checksum, and no user. `*len` is how many bytes it is:
 * at most the length of the session's memory plus 24.
 *
 * Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
 * CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_session_snapshot(
    const creatio_session *session, void *out, size_t cap, size_t *len);

/**
 * Sets up a session as it was when a snapshot was written. See `creatio_session_init`, which is what to call after an
 * error, for then the session has not been set up. Only accidents are looked for, not forgers: whoever can write the
 * snapshot chooses the cookies or the token that the session sends to its site. Until it is told, the time is that of
 * the snapshot.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP (the site), CREATIO_ERR_MEMORY_TOO_SMALL (as
 * many bytes as the snapshot has are enough), or a CREATIO_ERR_SNAPSHOT_ status.
 */
CREATIO_NODISCARD creatio_status creatio_session_restore(
    creatio_session *session, const creatio_site *site, void *memory, size_t memory_len, const void *snapshot,
    size_t snapshot_len);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup tokens 10. Tokens (OAuth 2.0)
 * @{
 */

/**
 * The id and the secret of a program that signs in by OAuth 2.0. Fill it with zeros first, then set what is to be other
 * than its default; texts are UTF-8 of any length and content. They have to stay until the request has been taken in
 * full, and are the caller's to wipe (see `creatio_wipe`).
 */
typedef struct creatio_client_credentials {
    const char *id; /**< The client's id. */
    size_t id_len; /**< Its length in bytes. */
    const char *secret; /**< The client's secret. */
    size_t secret_len; /**< Its length in bytes. */
    bool by_basic; /**< Whether to send both by HTTP Basic instead of in the form. */
    /**
     * Where tokens are issued; NULL for "/connect/token". The newest sites issue them themselves, below /0 on .NET
     * Framework: set this to "/connect/token" there, and `path_below_prefix`.
     */
    const char *path;
    size_t path_len; /**< Its length in bytes. */
    bool path_below_prefix; /**< Whether /0 is to come before `path` on .NET Framework. */
    /**
     * Fields beside those that the library writes itself, as the lines that they are to be: "Name: value" and CR LF
     * each. Those that authorise or frame the request are refused. NULL for none. Those of the session are for its site
     * alone.
     */
    const char *field_lines;
    size_t field_lines_len; /**< Their length in bytes. */
} creatio_client_credentials;

/**
 * Begins a request for a token (OAuth 2.0, client credentials). It goes to the identity service, which has a host of
 * its own: connect to `identity`, not to the session's site. The token that it brings authorises each later call,
 * instead of all cookies, which the session then forgets. While a new token comes, the memory holds the old one, too.
 * It ends any exchange of the session that is under way.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_ or
 * CREATIO_ERR_FIELD_ status.
 */
CREATIO_NODISCARD creatio_status creatio_session_token(
    creatio_session *session, const creatio_site *identity, const creatio_client_credentials *client,
    creatio_exchange *exchange);

/** What the answer to a request for a token means. */
typedef CREATIO_ENUM(creatio_token_verdict) {
    CREATIO_TOKEN_GRANTED = 0, /**< The session has a token. */
    /** invalid_client, or status 401: id or secret are wrong, or the service wants them sent the other way. */
    CREATIO_TOKEN_INVALID_CLIENT = 1,
    CREATIO_TOKEN_UNAUTHORIZED_CLIENT = 2, /**< unauthorized_client: the client may not use this grant. */
    CREATIO_TOKEN_INVALID_GRANT = 3, /**< invalid_grant */
    CREATIO_TOKEN_INVALID_SCOPE = 4, /**< invalid_scope */
    /** unsupported_grant_type: the service does not know client credentials. */
    CREATIO_TOKEN_UNSUPPORTED_GRANT_TYPE = 5,
    CREATIO_TOKEN_INVALID_REQUEST = 6, /**< invalid_request */
    CREATIO_TOKEN_OTHER_ERROR = 7, /**< Another error; `error` has it. */
    /** The application's login page came: this is not the identity service. See `creatio_site_identity_hint`. */
    CREATIO_TOKEN_WRONG_HOST = 8,
    /** A redirect to somewhere else: check the identity service's URL, http or https included. */
    CREATIO_TOKEN_REDIRECT = 9,
    CREATIO_TOKEN_WEB_PAGE = 10, /**< Another web page came. */
    CREATIO_TOKEN_NOT_FOUND = 11, /**< Status 404 or 405: nothing issues tokens at this address. */
    CREATIO_TOKEN_NO_TOKEN = 12, /**< Status 200, but there is no token, an empty one, or one that cannot be sent. */
    CREATIO_TOKEN_UNSUPPORTED_TOKEN_TYPE = 13, /**< The token is not of the type Bearer. */
    CREATIO_TOKEN_BUSY = 14, /**< Status 429 or 503: try again later; `retry_after` may say when. */
    CREATIO_TOKEN_UNEXPECTED_STATUS = 15 /**< Any other status. */
    CREATIO_ENUM_END(CREATIO_TOKEN)
} creatio_token_verdict;

/** The answer to a request for a token. The token itself is the session's, and secret. */
typedef struct creatio_token {
    creatio_token_verdict verdict; /**< What it means. */
    bool granted; /**< Whether the session has the token. */
    uint16_t http_status; /**< The HTTP status code. */
    bool has_expires_in; /**< Whether the service says how long the token lives. */
    bool has_retry_after; /**< Whether the answer says after how many seconds to try again. */
    uint32_t expires_in; /**< expires_in: how many seconds. */
    uint32_t retry_after; /**< Retry-After in seconds. */
    creatio_text error; /**< error: the code of the error, as the service writes it. */
    creatio_text error_description; /**< error_description: for people. */
} creatio_token;

/**
 * The answer to a request for a token, when the reply is complete. Its texts point into the session's memory until the
 * next exchange begins.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OUT_OF_TURN,
 * CREATIO_ERR_OTHER_SESSION or CREATIO_ERR_NOT_A_TOKEN_REQUEST.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_token_result(
    const creatio_exchange *exchange, const creatio_session *session, creatio_token *out);

/**
 * Whether it is time for a new token: whether `margin` seconds from now the token will have expired, or the clock has
 * gone back behind the moment when the token was asked for. Without a clock (see `creatio_session_set_time`), and
 * without a token whose end is known, false; then the site's answer CREATIO_CALL_ENDED_TOKEN_REJECTED tells.
 */
bool creatio_session_needs_token(const creatio_session *session, uint32_t margin);

/**
 * When the token expires, in seconds since 1970; 0 if there is no token, if nothing says how long it lives, or if the
 * session did not know the time when it was asked for.
 */
uint64_t creatio_session_token_expires_at(const creatio_session *session);

/**
 * Where the identity service of a site usually is, if the site is in Creatio's cloud: "https://NAME-is.creatio.com",
 * not terminated. Elsewhere it is wherever it was installed; the system setting OAuth20IdentityServerUrl has its URL.
 * `*len` is how many bytes it is.
 *
 * Returns CREATIO_OK; CREATIO_END if there is nothing to guess; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how
 * many bytes it takes and `out` is as it was; CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP.
 */
CREATIO_NODISCARD creatio_status creatio_site_identity_hint(
    const creatio_site *site, char *out, size_t cap, size_t *len);

#ifndef CREATIO_NO_TEXTS
/** The name of a token's verdict, for example "CREATIO_TOKEN_WRONG_HOST"; "?" for a number that is none. */
const char *creatio_token_verdict_name(creatio_token_verdict verdict);

/** What a token's verdict means and what to do about it, in a sentence, for people; "?" for a number that is none. */
const char *creatio_token_verdict_text(creatio_token_verdict verdict);
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup basic 11. HTTP Basic
 * @{
 */

/**
 * Authorises each later call by user name and password (HTTP Basic), for sites that allow it on OData; what else the
 * credentials hold is not sent. There is nothing to exchange. The session forgets all cookies, and ends any exchange
 * that is under way. Of the session's memory it takes 23 bytes, and 4 for every 3 bytes of "name:password", rounded up.
 *
 * Returns CREATIO_OK, CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, CREATIO_ERR_BASIC_COLON,
 * CREATIO_ERR_BASIC_CONTROL_CHARACTER, CREATIO_ERR_BASIC_TOO_LONG or CREATIO_ERR_MEMORY_TOO_SMALL; after an error the
 * session is as it was.
 */
CREATIO_NODISCARD creatio_status creatio_session_use_basic(
    creatio_session *session, const creatio_credentials *credentials);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup probe 12. Runtime probes
 *
 * For sites whose runtime nobody knows: before any sign-in, make the calls that the probe names until it has found it.
 * @{
 */

/**
 * Finds out the runtime of a site by its health checks, which need no login, and does nothing itself. It asks below /0
 * first. Status 200 there says .NET Framework, whose sites answer the other check with 200, too. After a 404 it asks at
 * the root, where 200 says .NET. Anything else, a redirect, a 503 or a login page, says nothing yet: a site that starts
 * answers so, and then all is asked again, from the first check on. Two 404s say that there is no health check.
 */
typedef struct creatio_runtime_probe {
    uint64_t opaque[1]; /**< The library's own. */
} creatio_runtime_probe;

/** What to do next. The first two numbers are those of the runtimes. */
typedef CREATIO_ENUM(creatio_probe_step) {
    CREATIO_PROBE_FOUND_NET_FRAMEWORK = 0, /**< The site runs on .NET Framework: CREATIO_RUNTIME_NET_FRAMEWORK. */
    CREATIO_PROBE_FOUND_NET = 1, /**< The site runs on .NET: CREATIO_RUNTIME_NET. */
    CREATIO_PROBE_ASK = 2, /**< Make the next call, now. */
    /**
     * Nothing is known yet: make the next call after the seconds of `creatio_answer.retry_after`, CREATIO_MAX_WAIT at
     * the most, or after a time of your choice. How often, is yours to limit.
     */
    CREATIO_PROBE_ASK_LATER = 3,
    /**
     * Both checks have been answered with 404: check the URL, its base path included. Where it is right, something in
     * between keeps the health checks to itself, and the runtime has to be told by who knows it. Asking again begins
     * anew. Misuse is answered with this, too.
     */
    CREATIO_PROBE_NO_HEALTH_CHECK = 4
    CREATIO_ENUM_END(CREATIO_PROBE)
} creatio_probe_step;

/**
 * Sets up a probe, which has asked nothing yet.
 *
 * Returns CREATIO_OK or CREATIO_ERR_NULL_POINTER.
 */
CREATIO_NODISCARD creatio_status creatio_runtime_probe_init(creatio_runtime_probe *probe);

/**
 * The health check to make next, by `creatio_session_call`: in a session with the site, whatever it takes for its
 * runtime. Without a probe that has been set up it is the first.
 */
creatio_call creatio_runtime_probe_call(const creatio_runtime_probe *probe);

/** What the answer to it says, which the exchange has brought. */
creatio_probe_step creatio_runtime_probe_after_answer(
    creatio_runtime_probe *probe, const creatio_exchange *exchange, const creatio_session *session);

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup foreign 13. Other HTTP clients
 *
 * Where libcurl or a vendor's client sends the request, the exchange is begun as ever and not filled:
 * creatio_exchange_request_part() has what is to be sent. The reply is handed over as that client gives it: its fields,
 * then its status, then the body, by creatio_exchange_feed(); creatio_exchange_close() tells the end.
 * @{
 */

/** A part of a request. */
typedef CREATIO_ENUM(creatio_request_part) {
    /**
     * The request target (RFC 9112, 3.2.1): base path, runtime prefix, path and query, percent-encoded. Behind scheme,
     * host and port of the site, or for a token of the identity service, it is the URL.
     */
    CREATIO_REQUEST_TARGET = 0,
    /** Each field as "name: value" with CR LF, but Host and Content-Length, which the client writes itself. */
    CREATIO_REQUEST_FIELDS = 1,
    CREATIO_REQUEST_BODY = 2 /**< The body, but for one that you send yourself. */
    CREATIO_ENUM_END(CREATIO_REQUEST)
} creatio_request_part;

/**
 * For a request that another HTTP client sends: writes a part of it; `*len` is how many bytes it is. The method is the
 * call's, and POST for all that signs in. Let that client follow no redirect and keep no cookies. The exchange is then
 * not filled; the reply is handed over by `creatio_exchange_feed_field`, `creatio_exchange_end_head`,
 * `creatio_exchange_feed` and `creatio_exchange_close`, or, as its bytes came over HTTP/1.x, head and framing included,
 * by the last two alone. All parts but the target are secret; of a sign-in whose fields or body are taken the session
 * takes note that it goes out (`creatio_session_sign_in_delay`).
 *
 * Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
 * CREATIO_END for another part, CREATIO_ERR_NULL_POINTER or CREATIO_ERR_NOT_SET_UP. For another session than its own it
 * is nothing.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_request_part(
    creatio_exchange *exchange, creatio_session *session, creatio_request_part part, void *out, size_t cap,
    size_t *len);

/**
 * Takes a field of the reply from another HTTP client, which has read the reply's lines itself. White space around the
 * value is none of it, nor is the CR LF of its line. Each Set-Cookie is one field: of several that were joined by
 * commas nobody can tell where one ends.
 *
 * What frames the body, or says how it is coded, is that client's business and changes nothing here. A value that holds
 * a control character counts as not there.
 *
 * Returns CREATIO_OK. CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_OTHER_SESSION and
 * CREATIO_ERR_OUT_OF_TURN, where lines of the reply have been fed or its head is complete, change nothing. After
 * CREATIO_ERR_HEAD_TOO_LARGE the exchange has failed and the session is as it was.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_feed_field(
    creatio_exchange *exchange, creatio_session *session, const char *name, size_t name_len, const char *value,
    size_t value_len);

/**
 * Tells that another HTTP client has given all fields of the reply, and its status. What is fed from then on is the
 * body, as that client hands it out: without its framing, and not compressed any more. Its end is told by
 * `creatio_exchange_close`; that of one that was cut off is not to be told. After an interim reply (1xx), if the client
 * gives it, come the fields of the next one.
 *
 * Returns CREATIO_MORE; CREATIO_OK where the reply has no body, so that it is complete. CREATIO_ERR_NOT_SET_UP,
 * CREATIO_ERR_OTHER_SESSION and CREATIO_ERR_OUT_OF_TURN change nothing. After any other error the exchange has failed
 * and the session is as it was: CREATIO_ERR_MEMORY_TOO_SMALL, CREATIO_ERR_HTTP_SWITCHING_PROTOCOLS.
 */
CREATIO_NODISCARD creatio_status creatio_exchange_end_head(
    creatio_exchange *exchange, creatio_session *session, uint16_t http_status);

/**
 * For a request that another HTTP client sends, and of which nothing is to come back (otherwise see
 * `creatio_exchange_request_part`): writes the lines that authorise it, whichever door was used (ForceUseSession,
 * Cookie, BPMCSRF and CRT_CSRF, or Authorization), each as "name: value" with CR LF. Of `call` only the path counts.
 * `*len` is how many bytes they are.
 *
 * Returns CREATIO_OK; CREATIO_ERR_BUFFER_TOO_SMALL, and then `*len` is how many bytes it takes and `out` is as it was;
 * CREATIO_ERR_NULL_POINTER, CREATIO_ERR_NOT_SET_UP, CREATIO_ERR_NOT_UTF8, or a CREATIO_ERR_PATH_ status.
 */
CREATIO_NODISCARD creatio_status creatio_session_authorization_lines(
    const creatio_session *session, const creatio_call *call, char *out, size_t cap, size_t *len);

/** @} */

/* ================================================================================================================ */
/** @cond */
/* How the structs are laid out, here and in the library. It asserts, and has nothing to read. */

/* Stops the compiler where a condition does not hold. Define it beforehand for a compiler that knows no assertions. */
#if defined(CREATIO_ASSERT)
#elif defined(__cplusplus) && __cplusplus >= 201103L
#define CREATIO_ASSERT(condition, message) static_assert(condition, message)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define CREATIO_ASSERT(condition, message) _Static_assert(condition, message)
#elif defined(__GNUC__) && !defined(__cplusplus) && !defined(_Static_assert)
#define CREATIO_ASSERT(condition, message) __extension__ _Static_assert(condition, message)
#else
#define CREATIO_ASSERT(condition, message) extern char CREATIO_ASSERTED[(condition) ? 1 : -1]
#define CREATIO_ASSERTED include_creatio_auth_h_outside_of_any_pragma_pack
#endif

#ifdef __cplusplus
#define CREATIO_UINT32(number) static_cast<uint32_t>(number)
#else
#define CREATIO_UINT32(number) ((uint32_t)(number))
#endif

/* Asserts the size of a struct and where its last member is, with pointers of 64 and of 32 bits. */
#define CREATIO_ASSERT_LAYOUT(type, last, size, narrow_size, offset, narrow_offset)                                    \
    CREATIO_ASSERT((sizeof(void *) == 8u) ? CREATIO_IS_LAYOUT(type, last, size##u, offset##u)                          \
                                          : CREATIO_IS_LAYOUT(type, last, narrow_size##u, narrow_offset##u),           \
                   #type " is laid out in another way than in the library: include creatio_auth.h outside of any "     \
                         "#pragma pack, and compile without -fpack-struct and the like")
#define CREATIO_IS_LAYOUT(type, last, size, offset)                                                                    \
    ((sizeof(type) == (size)) && (CREATIO_UINT32(offsetof(type, last)) == (offset)))

/* Asserts that an enumeration has 32 bits. */
#define CREATIO_ASSERT_ENUM(type)                                                                                      \
    CREATIO_ASSERT(sizeof(type) == 4u, #type " has to have 32 bits: this compiler gives it others; please report it")

/* The sizes of all structs in one number. */
#define CREATIO_SIZES \
    (sizeof(creatio_site) + sizeof(creatio_session) + sizeof(creatio_cookie) + sizeof(creatio_credentials) + \
     sizeof(creatio_call) + sizeof(creatio_exchange) + sizeof(creatio_fed) + sizeof(creatio_text) + \
     sizeof(creatio_login) + sizeof(creatio_answer) + sizeof(creatio_client_credentials) + sizeof(creatio_token) + \
     sizeof(creatio_runtime_probe) + sizeof(creatio_renewal))

CREATIO_ASSERT_ENUM(creatio_status);
CREATIO_ASSERT_ENUM(creatio_state);
CREATIO_ASSERT_ENUM(creatio_login_verdict);
CREATIO_ASSERT_ENUM(creatio_call_verdict);
CREATIO_ASSERT_ENUM(creatio_token_verdict);
CREATIO_ASSERT_ENUM(creatio_probe_step);
CREATIO_ASSERT_ENUM(creatio_renewal_step);
CREATIO_ASSERT_ENUM(creatio_method);
CREATIO_ASSERT_ENUM(creatio_runtime);
CREATIO_ASSERT_ENUM(creatio_request_part);
CREATIO_ASSERT_ENUM(creatio_reply_field);
CREATIO_ASSERT_LAYOUT(creatio_site, opaque, 48, 24, 0, 0);
CREATIO_ASSERT_LAYOUT(creatio_session, opaque, 184, 104, 0, 0);
CREATIO_ASSERT_LAYOUT(creatio_cookie, persistent, 48, 24, 42, 22);
CREATIO_ASSERT_LAYOUT(creatio_credentials, time_zone_offset, 88, 44, 82, 42);
CREATIO_ASSERT_LAYOUT(creatio_call, content_type_len, 104, 56, 96, 52);
CREATIO_ASSERT_LAYOUT(creatio_exchange, opaque, 592, 384, 0, 0);
CREATIO_ASSERT_LAYOUT(creatio_fed, body_len, 24, 12, 16, 8);
CREATIO_ASSERT_LAYOUT(creatio_text, truncated, 24, 12, 16, 8);
CREATIO_ASSERT_LAYOUT(creatio_login, user_type, 168, 92, 144, 80);
CREATIO_ASSERT_LAYOUT(creatio_answer, error_code, 112, 64, 88, 52);
CREATIO_ASSERT_LAYOUT(creatio_client_credentials, field_lines_len, 80, 40, 72, 36);
CREATIO_ASSERT_LAYOUT(creatio_token, error_description, 72, 44, 48, 32);
CREATIO_ASSERT_LAYOUT(creatio_runtime_probe, opaque, 8, 8, 0, 0);
CREATIO_ASSERT_LAYOUT(creatio_renewal, opaque, 8, 8, 0, 0);

/** @endcond */

/**
 * @addtogroup sites
 * @{
 */

/** What the library is told of this header: the first two numbers of its version, and how it lays the structs out. */
#define CREATIO_INTERFACE ((CREATIO_UINT32(CREATIO_VERSION_NUMBER / 100) << 20) | (CREATIO_UINT32(CREATIO_SIZES) << 8))

/** What creatio_site_parse() calls, with the runtime and what #CREATIO_INTERFACE says of the header in one number. */
CREATIO_NODISCARD creatio_status creatio_site_parse_checked(
    creatio_site *out, const char *url, size_t url_len, uint32_t runtime_and_interface);

static inline creatio_status creatio_site_parse(creatio_site *site, const char *url, size_t url_len,
                                                creatio_runtime runtime) {
    return creatio_site_parse_checked(site, url, url_len, CREATIO_INTERFACE | (CREATIO_UINT32(runtime) & 0xFFu));
}

/** @} */

#ifdef __cplusplus
} // extern "C"
#endif
#endif /* CREATIO_AUTH_H */
