#define _POSIX_C_SOURCE 200809L

#include "transport.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tls.h"

/* How long an exchange may take in all, in seconds, unless CREATIO_TIMEOUT says otherwise: a peer that
 * says a byte now and then says something for ever. */
#define PATIENCE 60

static int patience(void) {
    const char *given = getenv("CREATIO_TIMEOUT");
    int seconds = given != NULL ? atoi(given) : 0;
    return seconds > 0 && seconds <= 86400 ? seconds : PATIENCE;
}

/* In milliseconds, by a clock that nobody sets. */
static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

bool transport_has_time(const struct transport *t) {
    bool has_time = now() < t->deadline;
    if (!has_time) {
        errno = ETIMEDOUT;
    }
    return has_time;
}

bool transport_wait(const struct transport *t, short events) {
    struct pollfd socket = {.fd = t->socket, .events = events};
    int64_t left = t->deadline - now();
    int ready = left > 0 ? poll(&socket, 1, (int)left) : 0;
    if (ready == 0) {
        errno = ETIMEDOUT;
    }
    return ready > 0 || (ready < 0 && errno == EINTR);
}

static bool would_block(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

const char *transport_reason(void) {
    bool is_late = would_block() || errno == EINPROGRESS || errno == ETIMEDOUT;
    return is_late ? "no answer in time" : strerror(errno);
}

bool transport_fail(struct transport *t, const char *what, const char *why) {
    t->was_closed = errno == EPIPE || errno == ECONNRESET;
    if (!t->is_kept || !t->was_closed) {
        fprintf(stderr, "%s: %s: %s; try again\n", program, what, why);
    }
    return false;
}

/* Connects to one address; -1 and errno if that fails. */
static int connect_to(const struct addrinfo *address) {
    const struct timeval limit = {.tv_sec = patience()}; /* of connecting */
    const int at_once = 1; /* of several sends, the last would wait for the peer otherwise */
    int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (fd < 0 ||
        (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
         setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once) == 0 &&
         connect(fd, address->ai_addr, address->ai_addrlen) == 0 &&
         fcntl(fd, F_SETFL, O_NONBLOCK) == 0)) {
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* Connects to the first address of the host that answers; -1 if none does. */
static int tcp_open(const char *host, const char *port) {
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *all;
    int fd = -1, error = getaddrinfo(host, port, &hints, &all);
    if (error != 0) {
        fprintf(stderr, "%s: no address for %s: %s; check the host in the URL\n", program, host,
                gai_strerror(error));
        return -1;
    }
    for (const struct addrinfo *each = all; each != NULL && fd < 0; each = each->ai_next) {
        fd = connect_to(each);
    }
    if (fd < 0) {
        fprintf(stderr, "%s: no connection to %s, port %s: %s; check host and port in the URL\n",
                program, host, port, transport_reason());
    }
    freeaddrinfo(all);
    return fd;
}

/* Whether there is something to receive, which nobody has asked for: the connection's end, or what
 * would pass for the next reply. */
static bool has_come(const struct transport *t) {
    struct pollfd socket = {.fd = t->socket, .events = POLLIN};
#ifdef WITH_TLS
    if (t->tls != NULL && tls_has_more(t->tls)) {
        return true;
    }
#endif
    return poll(&socket, 1, 0) != 0;
}

bool transport_open(struct transport *t, const char *host, size_t host_len, uint16_t port,
                    bool with_tls) {
    if (t->is_open && has_come(t)) {
        transport_close(t);
    }
    t->deadline = now() + patience() * (int64_t)1000;
    if (t->is_open) {
        return true;
    }
#ifndef WITH_TLS
    if (with_tls) {
        fprintf(stderr, "%s: no TLS in this program; build it with `make TLS=1` for https\n",
                program);
        return false;
    }
#endif
    char name[256], service[6]; /* with the NULs that the system wants */
    snprintf(name, sizeof name, "%.*s", (int)host_len, host);
    snprintf(service, sizeof service, "%u", (unsigned)port);
    t->socket = tcp_open(name, service);
    t->is_open = t->socket >= 0;
#ifdef WITH_TLS
    if (t->is_open && with_tls && (t->tls = tls_open(t, name)) == NULL) {
        transport_close(t);
    }
#endif
    return t->is_open;
}

bool transport_send(struct transport *t, const void *bytes, size_t len) {
#ifdef WITH_TLS
    if (t->tls != NULL) {
        return tls_send(t, bytes, len);
    }
#endif
    for (const char *rest = bytes; len > 0;) {
        /* Without the flag, a connection that the peer has closed would end the process. */
        ssize_t sent = transport_wait(t, POLLOUT) ? send(t->socket, rest, len, MSG_NOSIGNAL) : -1;
        if (sent >= 0) {
            rest += sent;
            len -= (size_t)sent;
        } else if (!would_block()) {
            t->is_unsent = true;
            return false;
        }
    }
    return true;
}

bool transport_receive(struct transport *t, void *buffer, size_t cap, size_t *len) {
    *len = 0;
#ifdef WITH_TLS
    if (t->tls != NULL) {
        return tls_receive(t, buffer, cap, len);
    }
#endif
    ssize_t received;
    do {
        received = transport_wait(t, POLLIN) ? recv(t->socket, buffer, cap, 0) : -1;
    } while (received < 0 && would_block());
    *len = received > 0 ? (size_t)received : 0;
    return received >= 0 || transport_fail(t, "cannot receive", transport_reason());
}

void transport_close(struct transport *t) {
#ifdef WITH_TLS
    if (t->tls != NULL) {
        tls_close(t->tls);
    }
#endif
    if (t->is_open) {
        close(t->socket);
    }
    *t = (struct transport){0};
}
