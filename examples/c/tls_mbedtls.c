/* tls_mbedtls.c: TLS by mbedTLS 2.28, as on a chip: in some 40 KB of memory for each connection.
 *
 * It knows the host by name alone: for an address in the URL, this version finds no certificate good. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "tls.h"

#define SYSTEM_AUTHORITIES "/etc/ssl/certs/ca-certificates.crt"

/* For all connections. Only one thread may use them, unless mbedTLS was built with MBEDTLS_THREADING_C. */
static struct {
    bool is_set_up;
    mbedtls_entropy_context entropy;
    mbedtls_ctr_drbg_context random;
    mbedtls_x509_crt authorities;
    mbedtls_ssl_config config;
} settings;

static int set_up(void) {
    const char *file = getenv("SSL_CERT_FILE");
    mbedtls_ssl_config *config = &settings.config;
    mbedtls_entropy_init(&settings.entropy);
    mbedtls_ctr_drbg_init(&settings.random);
    mbedtls_x509_crt_init(&settings.authorities);
    mbedtls_ssl_config_init(config);
    int error = mbedtls_ctr_drbg_seed(&settings.random, mbedtls_entropy_func, &settings.entropy, NULL, 0);
    if (error == 0) {
        error = mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                            MBEDTLS_SSL_PRESET_DEFAULT);
    }
    if (error == 0) {
        /* Where none can be read, none is trusted: the handshake says so. Some in a file may be of kinds
         * that mbedTLS does not know. */
        (void)mbedtls_x509_crt_parse_file(&settings.authorities, file != NULL ? file : SYSTEM_AUTHORITIES);
        mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
        mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
        mbedtls_ssl_conf_ca_chain(config, &settings.authorities, NULL);
        mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &settings.random);
    }
    settings.is_set_up = error == 0;
    return error;
}

/* The two functions by which mbedTLS sends and receives; the socket does not wait. */
static int socket_send(void *user, const unsigned char *bytes, size_t len) {
    const struct transport *t = user;
    ssize_t sent = send(t->socket, bytes, len, MSG_NOSIGNAL);
    bool would_block = sent < 0 && (errno == EAGAIN || errno == EINTR);
    return sent >= 0 ? (int)sent : would_block ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_NET_SEND_FAILED;
}

static int socket_receive(void *user, unsigned char *buffer, size_t cap) {
    const struct transport *t = user;
    ssize_t received = recv(t->socket, buffer, cap, 0);
    bool would_block = received < 0 && (errno == EAGAIN || errno == EINTR);
    return received >= 0 ? (int)received
           : would_block ? MBEDTLS_ERR_SSL_WANT_READ
                         : MBEDTLS_ERR_NET_RECV_FAILED;
}

/* Waits for what mbedTLS lacks, if that is all. */
static bool goes_on(const struct transport *t, int result) {
    return (result == MBEDTLS_ERR_SSL_WANT_READ && transport_wait(t, POLLIN)) ||
           (result == MBEDTLS_ERR_SSL_WANT_WRITE && transport_wait(t, POLLOUT));
}

static const char *reason(int result) {
    static char text[128];
    if (result == MBEDTLS_ERR_NET_SEND_FAILED || result == MBEDTLS_ERR_NET_RECV_FAILED ||
        result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE) {
        return transport_reason();
    }
    mbedtls_strerror(result, text, sizeof text);
    return result == 0 ? "the connection was cut" : text;
}

static void explain(const mbedtls_ssl_context *tls, const char *host, int result) {
    uint32_t verdict = mbedtls_ssl_get_verify_result(tls);
    const char *why = reason(result), *next = "does the port speak https?";
    if (result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED && (verdict & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0) {
        why = "nobody whom this program trusts has signed the certificate";
        next = "if you trust it, let SSL_CERT_FILE name a PEM file with its authority";
    } else if (result == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) {
        next = "write the URL with a host name that the certificate names; is the clock right?";
    }
    fprintf(stderr, "%s: no TLS with %s: %s; %s\n", program, host, why, next);
}

void *tls_open(const struct transport *t, const char *host) {
    /* Connections that are closed leave a struct transport of zeros, so that it stays where it is. */
    void *connection = (void *)(uintptr_t)t;
    int result = settings.is_set_up ? 0 : set_up();
    mbedtls_ssl_context *tls = malloc(sizeof *tls);
    if (tls == NULL) {
        return NULL;
    }
    mbedtls_ssl_init(tls);
    if (result == 0) {
        result = mbedtls_ssl_setup(tls, &settings.config);
    }
    if (result == 0) {
        result = mbedtls_ssl_set_hostname(tls, host);
    }
    if (result == 0) {
        mbedtls_ssl_set_bio(tls, connection, socket_send, socket_receive, NULL);
        while ((result = mbedtls_ssl_handshake(tls)) != 0 && goes_on(t, result)) {
        }
    }
    if (result == 0) {
        return tls;
    }
    explain(tls, host, result);
    mbedtls_ssl_free(tls);
    free(tls);
    return NULL;
}

bool tls_send(struct transport *t, const void *bytes, size_t len) {
    const unsigned char *rest = bytes;
    while (len > 0) {
        int sent = mbedtls_ssl_write(t->tls, rest, len);
        if (sent > 0) {
            rest += sent;
            len -= (size_t)sent;
        } else if (!goes_on(t, sent)) {
            t->is_unsent = true;
            return false;
        }
    }
    return true;
}

bool tls_receive(struct transport *t, void *buffer, size_t cap, size_t *len) {
    int received;
    do {
        if (!transport_has_time(t)) {
            return transport_fail(t, "cannot receive", transport_reason());
        }
        received = mbedtls_ssl_read(t->tls, buffer, cap);
    } while (received < 0 && goes_on(t, received));
    *len = received > 0 ? (size_t)received : 0;
    /* Only a peer that says so has closed the connection; anyone can cut it. */
    return received > 0 || received == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ||
           transport_fail(t, "cannot receive", reason(received));
}

bool tls_has_more(void *tls) {
    return mbedtls_ssl_check_pending(tls) != 0;
}

void tls_close(void *tls) {
    mbedtls_ssl_close_notify(tls);
    mbedtls_ssl_free(tls);
    free(tls);
}
