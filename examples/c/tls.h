/* tls.h: what transport.c wants of a TLS library: tls_openssl.c has it, and tls_mbedtls.c.
 *
 * The peer's certificate has to be for the host, a name or an address, and from an authority that the
 * system trusts, or that is in the file which the environment variable SSL_CERT_FILE names. */
#ifndef TLS_H
#define TLS_H

#include "transport.h"

/* Shakes hands over the transport's socket; NULL where that fails, which has been said then. */
void *tls_open(const struct transport *t, const char *host);

/* As transport_send and transport_receive. */
bool tls_send(struct transport *t, const void *bytes, size_t len);
bool tls_receive(struct transport *t, void *buffer, size_t cap, size_t *len);

/* Whether the library has bytes that tls_receive would give at once. */
bool tls_has_more(void *tls);

/* Says good-bye, if the peer still listens, and ends what tls_open has begun. */
void tls_close(void *tls);

/* transport.c has these for them. */

/* Waits until the socket can be read or written, POLLIN or POLLOUT; false at the deadline. */
bool transport_wait(const struct transport *t, short events);

/* Whether there is time left. Fails with ETIMEDOUT. */
bool transport_has_time(const struct transport *t);

/* Why the last system call has failed. */
const char *transport_reason(void);

/* Says what has failed and why, unless it is that the peer has closed a kept connection; false. */
bool transport_fail(struct transport *t, const char *what, const char *why);

#endif
