/* nonblocking.h: a connection that never waits, over TCP or TLS by OpenSSL. */
#ifndef NONBLOCKING_H
#define NONBLOCKING_H

#include <netdb.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an attempt comes to, where it is not a number of bytes. */
enum {
    CLOSED = 0,   /* the peer has closed the connection */
    BLOCKED = -1, /* try again when epoll says that the socket is ready for what `wants` says */
    BROKEN = -2,
};

struct connection {
    int socket;     /* -1 if there is none */
    SSL *tls;       /* NULL without TLS */
    bool is_open;   /* it can be sent over */
    bool is_kept;   /* it has served an exchange, which the caller says */
    bool is_unsent; /* it takes no more; what has come over it can still be received */
    uint32_t wants; /* EPOLLIN or EPOLLOUT */
};

/* Begins to connect; with a host, over TLS, for which the peer has to have its certificate. */
bool connection_begin(struct connection *c, const struct addrinfo *to, const char *host);

/* Goes on with it, the handshake included; 1 when the connection is open. */
long connection_open(struct connection *c, const char *host);

/* Sends some of the bytes, or receives some: how many. */
long connection_send(struct connection *c, const void *bytes, size_t len);
long connection_receive(struct connection *c, void *buffer, size_t cap);

/* Closes the connection, if there is one. */
void connection_close(struct connection *c);

#endif
