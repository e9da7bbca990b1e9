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

/* Waits until the socket can be read or written, or fails with ETIMEDOUT. */
static bool wait_for(const struct transport *t, short events) {
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

/* Why a system call has failed. */
static const char *reason(void) {
    bool is_late = would_block() || errno == EINPROGRESS || errno == ETIMEDOUT;
    return is_late ? "no answer in time" : strerror(errno);
}

static bool fail(const char *what, const char *why) {
    fprintf(stderr, "%s: %s: %s; try again\n", program, what, why);
    return false;
}

/* The same, unless it is that the peer has closed a kept connection. */
static bool fail_on(struct transport *t, const char *what, const char *why) {
    t->was_closed = errno == EPIPE || errno == ECONNRESET;
    return t->is_kept && t->was_closed ? false : fail(what, why);
}

#ifdef WITH_TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

static const char *tls_reason(void) {
    const char *text = ERR_reason_error_string(ERR_peek_error());
    return text != NULL ? text : reason();
}

/* A certificate names addresses elsewhere than host names, which alone are told to the peer. */
static bool expect_host(SSL *tls, const char *host) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1 ||
           (SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1);
}

static void explain_handshake(const SSL *tls, const char *host) {
    long verdict = SSL_get_verify_result(tls);
    const char *why = X509_verify_cert_error_string(verdict);
    const char *next = "if you trust it, let SSL_CERT_FILE name a PEM file with its authority";
    if (verdict == X509_V_OK) {
        why = tls_reason();
        next = "does the port speak https?";
    } else if (verdict == X509_V_ERR_HOSTNAME_MISMATCH ||
               verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        next = "write the URL with a host that the certificate names";
    }
    fprintf(stderr, "%s: no TLS with %s: %s; %s\n", program, host, why, next);
}

/* Waits for what OpenSSL lacks, if that is all. */
static bool tls_goes_on(const struct transport *t, const SSL *tls, int result) {
    switch (SSL_get_error(tls, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_for(t, POLLIN);
    case SSL_ERROR_WANT_WRITE:
        return wait_for(t, POLLOUT);
    default:
        return false;
    }
}

static SSL *tls_open(const struct transport *t, const char *host) {
    signal(SIGPIPE, SIG_IGN); /* OpenSSL sends without MSG_NOSIGNAL */
    SSL_CTX *settings = SSL_CTX_new(TLS_client_method());
    bool trusts = settings != NULL && SSL_CTX_set_default_verify_paths(settings) == 1;
    SSL *tls = trusts ? SSL_new(settings) : NULL;
    SSL_CTX_free(settings); /* `tls` has it for as long as it takes */
    if (tls == NULL || SSL_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
        !expect_host(tls, host) || SSL_set_fd(tls, t->socket) != 1) {
        fprintf(stderr, "%s: OpenSSL cannot be set up; is it installed in full?\n", program);
    } else {
        SSL_set_verify(tls, SSL_VERIFY_PEER, NULL);
        ERR_clear_error();
        int result;
        do {
            result = SSL_connect(tls);
        } while (result != 1 && tls_goes_on(t, tls, result));
        if (result == 1) {
            return tls;
        }
        explain_handshake(tls, host);
    }
    SSL_free(tls);
    return NULL;
}
#endif

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
                program, host, port, reason());
    }
    freeaddrinfo(all);
    return fd;
}

bool transport_open(struct transport *t, const char *host, size_t host_len, uint16_t port,
                    bool with_tls) {
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
    size_t all;
    if (t->tls != NULL) {
        int result;
        do {
            result = SSL_write_ex(t->tls, bytes, len, &all);
        } while (result != 1 && tls_goes_on(t, t->tls, result));
        return result == 1 || fail_on(t, "cannot send", tls_reason());
    }
#endif
    for (const char *rest = bytes; len > 0;) {
        /* Without the flag, a connection that the peer has closed would end the process. */
        ssize_t sent = wait_for(t, POLLOUT) ? send(t->socket, rest, len, MSG_NOSIGNAL) : -1;
        if (sent >= 0) {
            rest += sent;
            len -= (size_t)sent;
        } else if (!would_block()) {
            return fail_on(t, "cannot send", reason());
        }
    }
    return true;
}

bool transport_receive(struct transport *t, void *buffer, size_t cap, size_t *len) {
    *len = 0;
#ifdef WITH_TLS
    if (t->tls != NULL) {
        int result;
        do {
            result = now() < t->deadline ? SSL_read_ex(t->tls, buffer, cap, len) : -1;
            if (result < 0) {
                errno = ETIMEDOUT;
                return fail("cannot receive", reason());
            }
        } while (result != 1 && tls_goes_on(t, t->tls, result));
        /* Only a peer that says so has closed the connection; anyone can cut it. */
        return result == 1 || SSL_get_error(t->tls, result) == SSL_ERROR_ZERO_RETURN ||
               fail_on(t, "cannot receive", tls_reason());
    }
#endif
    ssize_t received;
    do {
        received = wait_for(t, POLLIN) ? recv(t->socket, buffer, cap, 0) : -1;
    } while (received < 0 && would_block());
    *len = received > 0 ? (size_t)received : 0;
    return received >= 0 || fail_on(t, "cannot receive", reason());
}

void transport_close(struct transport *t) {
#ifdef WITH_TLS
    if (t->tls != NULL) {
        SSL_shutdown(t->tls);
        SSL_free(t->tls);
    }
#endif
    if (t->is_open) {
        close(t->socket);
    }
    *t = (struct transport){0};
}
