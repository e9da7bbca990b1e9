/* creatio_port.h: what a machine gives to creatio_auth, in five functions, and the loop that uses them.
 *
 * Fill the functions for a machine of yours in a copy of template.c. They serve one connection at a time. */
#ifndef CREATIO_PORT_H
#define CREATIO_PORT_H

#include "creatio_auth.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Opens a connection to a host, whose name ends with a NUL. With `tls` it is TLS, and the certificate is checked for this name.
 * 0, or a negative number of yours. */
int creatio_port_connect(const char *host, uint16_t port, bool tls);

/* Sends all of the bytes. 0, or a negative number of yours. */
int creatio_port_send(const uint8_t *bytes, size_t len);

/* Waits for bytes and takes some, at most `cap`: how many, or 0 when the peer has closed the connection, over TLS by close_notify.
 * A negative number of yours where the connection is lost, or nothing has come for too long. */
int creatio_port_receive(uint8_t *into, size_t cap);

/* Closes the connection. */
void creatio_port_close(void);

/* Seconds since 1970, or 0 where the time is not known: cookies then live as long as the session. */
uint32_t creatio_port_time(void);

/* Takes a piece of the body of the answer to a call. */
typedef void creatio_port_body(void *context, const uint8_t *piece, size_t len);

/* Tells a session the time, where it is known: call it before an exchange is begun. CREATIO_OK, or that of
 * creatio_session_set_time. */
creatio_status creatio_port_tell_time(creatio_session *session);

/* Does an exchange that has been begun, over a connection of its own to `site`: that of the session, or for a token the identity
 * service. `buffer`, of any size, is what is sent and received, and is wiped. `body` is called with `context` for each piece of
 * the answer to a call; it may be NULL. How long it may take in all is the port's to bound, or its caller's: a time-out of each send
 * and receive alone ends no peer that says a byte now and then.
 *
 * Where sending fails, the reply is looked for all the same: a site may answer, and close the connection, before it has all.
 *
 * CREATIO_OK when the reply is complete: then ask for the result. CREATIO_MORE where the connection failed: `*port` is what the
 * port's function returned, and 0 otherwise. Any other status is that of creatio_site_host, _fill, _feed or _close. */
creatio_status creatio_port_perform(const creatio_site *site, creatio_session *session, creatio_exchange *exchange,
                                    uint8_t *buffer, size_t len, creatio_port_body *body, void *context, int *port);

#ifdef __cplusplus
}
#endif

#endif
