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
#define CREATIO_VERSION "@VERSION@"
#define CREATIO_VERSION_MAJOR @MAJOR@ /**< Its first number. */
#define CREATIO_VERSION_MINOR @MINOR@ /**< Its second number: before 1.0, another one is another interface. */
#define CREATIO_VERSION_PATCH @PATCH@ /**< Its third number: the interface is the same. */

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

@ creatio_status
@ creatio_version creatio_wipe creatio_text
#ifndef CREATIO_NO_TEXTS
@ creatio_status_name creatio_status_text
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup sites 3. Sites
 *
 * One site serves any number of sessions and threads.
 * @{
 */

@ CREATIO_MAX_URL CREATIO_MAX_HOST
@ creatio_runtime creatio_site
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
@ creatio_site_host creatio_site_port creatio_site_is_https

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup sessions 4. Sessions
 * @{
 */

@ creatio_session creatio_session_init creatio_session_clear
@ creatio_session_set_time creatio_session_set_head_limit creatio_session_set_body_limit
@ creatio_session_set_user_agent creatio_session_set_field_lines
@ creatio_session_has_ticket creatio_session_has_csrf_token creatio_session_has_authorization
@ creatio_cookie creatio_session_cookie

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

@ creatio_exchange creatio_state creatio_fed
@ creatio_exchange_fill creatio_exchange_feed creatio_exchange_close
@ creatio_exchange_state creatio_exchange_http_status
@ creatio_exchange_is_signed_in creatio_exchange_keeps_alive creatio_exchange_may_be_sent_again
@ creatio_exchange_memory_needed creatio_exchange_failed_field creatio_exchange_request_len

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup logins 6. Logins
 * @{
 */

@ creatio_credentials creatio_session_login creatio_session_change_password
@ creatio_login_verdict creatio_login creatio_exchange_login_result
@ creatio_session_sign_in_delay creatio_session_allow_sign_in creatio_session_sign_in_drops_cookies
#ifndef CREATIO_NO_TEXTS
@ creatio_login_verdict_name creatio_login_verdict_text
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup calls 7. Calls
 *
 * Whichever door was used to sign in, the session authorises each call.
 * @{
 */

@ CREATIO_MAX_PATH CREATIO_MAX_WANTED_FIELD
@ creatio_method creatio_call creatio_session_call
@ creatio_call_ping creatio_call_logout creatio_call_health_check
@ creatio_encode_query creatio_encode_json
@ creatio_call_verdict creatio_answer creatio_exchange_call_result
@ creatio_reply_field creatio_exchange_field creatio_site_path_of
#ifndef CREATIO_NO_TEXTS
@ creatio_call_verdict_name creatio_call_verdict_text
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

@ CREATIO_MAX_WAIT
@ creatio_renewal creatio_renewal_step
@ creatio_renewal_init creatio_renewal_after_answer creatio_renewal_after_sign_in creatio_session_end

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup snapshots 9. Snapshots
 * @{
 */

@ creatio_session_snapshot_len creatio_session_snapshot creatio_session_restore

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup tokens 10. Tokens (OAuth 2.0)
 * @{
 */

@ creatio_client_credentials creatio_session_token
@ creatio_token_verdict creatio_token creatio_exchange_token_result
@ creatio_session_needs_token creatio_session_token_expires_at creatio_site_identity_hint
#ifndef CREATIO_NO_TEXTS
@ creatio_token_verdict_name creatio_token_verdict_text
#endif

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup basic 11. HTTP Basic
 * @{
 */

@ creatio_session_use_basic

/** @} */

/* ================================================================================================================ */
/**
 * @defgroup probe 12. Runtime probes
 *
 * For sites whose runtime nobody knows: before any sign-in, make the calls that the probe names until it has found it.
 * @{
 */

@ creatio_runtime_probe creatio_probe_step
@ creatio_runtime_probe_init creatio_runtime_probe_call creatio_runtime_probe_after_answer

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

@ creatio_request_part creatio_exchange_request_part
@ creatio_exchange_feed_field creatio_exchange_end_head creatio_session_authorization_lines

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
@layout

/** @endcond */

/**
 * @addtogroup sites
 * @{
 */

/** What the library is told of this header: the first two numbers of its version, and how it lays the structs out. */
#define CREATIO_INTERFACE ((CREATIO_UINT32(CREATIO_VERSION_NUMBER / 100) << 20) | (CREATIO_UINT32(CREATIO_SIZES) << 8))

@ creatio_site_parse_checked
static inline creatio_status creatio_site_parse(creatio_site *site, const char *url, size_t url_len,
                                                creatio_runtime runtime) {
    return creatio_site_parse_checked(site, url, url_len, CREATIO_INTERFACE | (CREATIO_UINT32(runtime) & 0xFFu));
}

/** @} */

#ifdef __cplusplus
} // extern "C"
#endif

#endif /* CREATIO_AUTH_H */
