/* transport.h: a connection over POSIX sockets; with `make TLS=1` also over TLS by OpenSSL, with
 * `make TLS=mbedtls` by mbedTLS.
 *
 * What fails says on stderr what went wrong and what to do next, and returns false. */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The name of the program, which defines it: what is said on stderr begins with it. */
extern const char program[];

/* Zeros are a transport that is closed. */
struct transport {
    bool is_open;
    bool is_kept;    /* it has served an exchange before, which the caller says */
    bool was_closed; /* the peer has closed it: of a kept one that is the caller's to tell */
    bool is_unsent;  /* it takes no more; what has come over it can still be received */
    int socket;
    int64_t deadline; /* until when the exchange may take, by a clock of the transport's own */
    void *tls; /* the TLS library's, where the connection is TLS */
};

/* Connects, unless it is connected, and begins to count the time that an exchange may take in all:
 * 60 seconds, or those of the environment variable CREATIO_TIMEOUT. A connection on which something
 * has come meanwhile, its end or a server's 408, is not used again. With TLS the peer's certificate
 * has to be for `host`, a name or an address, and from an authority that the system trusts, or that
 * is in the file which the environment variable SSL_CERT_FILE names. */
bool transport_open(struct transport *transport, const char *host, size_t host_len, uint16_t port,
                    bool with_tls);

/* Sends all of the bytes. Where it cannot, the peer may have answered all the same, and
 * transport_receive says what is wrong if it has not. */
bool transport_send(struct transport *transport, const void *bytes, size_t len);

/* Waits for bytes and takes some; `*len` is how many, 0 when the peer has closed the connection. */
bool transport_receive(struct transport *transport, void *buffer, size_t cap, size_t *len);

/* Closes the connection, if there is one. */
void transport_close(struct transport *transport);

#ifdef __cplusplus
}
#endif

#endif
