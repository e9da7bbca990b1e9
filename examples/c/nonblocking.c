#define _POSIX_C_SOURCE 200809L

#include "nonblocking.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls_openssl.h"

bool connection_begin(struct connection *c, const struct addrinfo *to, const char *host) {
    const int at_once = 1; /* of several sends, the last would wait for the peer otherwise */
    *c = (struct connection){.wants = EPOLLOUT};
    c->socket = socket(to->ai_family, to->ai_socktype, to->ai_protocol);
    if (c->socket < 0 || fcntl(c->socket, F_SETFL, O_NONBLOCK) != 0 ||
        setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) != 0 ||
        (connect(c->socket, to->ai_addr, to->ai_addrlen) != 0 && errno != EINPROGRESS)) {
        return false;
    }
    c->tls = host != NULL ? tls_new(c->socket, host) : NULL;
    return host == NULL || c->tls != NULL;
}

/* What a system call has come to that was to send or receive. */
static long outcome(struct connection *c, long result, uint32_t wants) {
    c->wants = wants;
    bool would_block = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return result >= 0 ? result : would_block ? BLOCKED : BROKEN;
}

/* The same of OpenSSL, which may have to receive in order to send. */
static long tls_outcome(struct connection *c, int result, size_t len) {
    int error = SSL_get_error(c->tls, result);
    c->wants = error == SSL_ERROR_WANT_WRITE ? EPOLLOUT : EPOLLIN;
    switch (error) {
    case SSL_ERROR_NONE:
        return (long)len;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return BLOCKED;
    case SSL_ERROR_ZERO_RETURN: /* which only the peer can say; anyone can cut a connection */
        return CLOSED;
    default:
        return BROKEN;
    }
}

long connection_open(struct connection *c, const char *host) {
    long result = 1;
    int error = 0;
    socklen_t len = sizeof error;
    if (getsockopt(c->socket, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error != 0) {
        errno = error != 0 ? error : errno;
        return BROKEN;
    }
    if (c->tls != NULL) {
        ERR_clear_error();
        result = tls_outcome(c, SSL_do_handshake(c->tls), 1);
        if (result == BROKEN || result == CLOSED) {
            tls_explain(c->tls, host);
            return BROKEN;
        }
    }
    c->is_open = result > 0;
    return result;
}

static long send_some(struct connection *c, const void *bytes, size_t len) {
    if (c->tls == NULL) {
        /* Without the flag, a connection that the peer has closed would end the process. */
        return outcome(c, send(c->socket, bytes, len, MSG_NOSIGNAL), EPOLLOUT);
    }
    ERR_clear_error();
    size_t sent = 0;
    int result = SSL_write_ex(c->tls, bytes, len, &sent);
    return tls_outcome(c, result, sent);
}

long connection_send(struct connection *c, const void *bytes, size_t len) {
    long sent = send_some(c, bytes, len);
    c->is_unsent = sent == BROKEN;
    return sent;
}

long connection_receive(struct connection *c, void *buffer, size_t cap) {
    if (c->tls == NULL) {
        return outcome(c, recv(c->socket, buffer, cap, 0), EPOLLIN);
    }
    ERR_clear_error();
    size_t len = 0;
    int result = SSL_read_ex(c->tls, buffer, cap, &len);
    return tls_outcome(c, result, len);
}

void connection_close(struct connection *c) {
    if (c->tls != NULL) {
        ERR_clear_error();
        SSL_shutdown(c->tls);
        SSL_free(c->tls);
    }
    if (c->socket >= 0) {
        close(c->socket); /* which takes it out of epoll, too */
    }
    *c = (struct connection){.socket = -1};
}
