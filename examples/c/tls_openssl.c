/* tls_openssl.c: TLS by OpenSSL, 3 or later. */
#define _POSIX_C_SOURCE 200809L

#include "tls_openssl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tls.h"

/* For all connections: reading the system's certificates takes longer than a handshake. */
static SSL_CTX *settings;
static BIO_METHOD *quiet_socket;

/* OpenSSL's own socket would end the process by SIGPIPE where the peer has closed the connection. */
static int send_quietly(BIO *bio, const char *bytes, int len) {
    int fd = -1;
    BIO_get_fd(bio, &fd);
    BIO_clear_retry_flags(bio);
    int sent = (int)send(fd, bytes, (size_t)len, MSG_NOSIGNAL);
    if (sent <= 0 && BIO_sock_should_retry(sent)) {
        BIO_set_retry_write(bio);
    }
    return sent;
}

static void set_up(void) {
    const BIO_METHOD *socket = BIO_s_socket();
    quiet_socket = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
    if (quiet_socket != NULL) {
        BIO_meth_set_write(quiet_socket, send_quietly);
        BIO_meth_set_read(quiet_socket, BIO_meth_get_read(socket));
        BIO_meth_set_ctrl(quiet_socket, BIO_meth_get_ctrl(socket));
        BIO_meth_set_create(quiet_socket, BIO_meth_get_create(socket));
        BIO_meth_set_destroy(quiet_socket, BIO_meth_get_destroy(socket));
    }
    settings = SSL_CTX_new(TLS_client_method());
    if (settings != NULL && (SSL_CTX_set_default_verify_paths(settings) != 1 ||
                             SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION) != 1)) {
        SSL_CTX_free(settings);
        settings = NULL;
    }
    if (settings != NULL) {
        SSL_CTX_set_verify(settings, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_mode(settings, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
}

/* A certificate names addresses elsewhere than host names, which alone are told to the peer. */
static bool expect_host(SSL *tls, const char *host) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host) == 1 ||
           (SSL_set1_host(tls, host) == 1 && SSL_set_tlsext_host_name(tls, host) == 1);
}

SSL *tls_new(int socket, const char *host) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
    SSL *tls = settings != NULL && quiet_socket != NULL ? SSL_new(settings) : NULL;
    BIO *bio = tls != NULL ? BIO_new(quiet_socket) : NULL;
    if (bio == NULL || !expect_host(tls, host)) {
        fprintf(stderr, "%s: OpenSSL cannot be set up; is it installed in full?\n", program);
        BIO_free(bio);
        SSL_free(tls);
        return NULL;
    }
    BIO_set_fd(bio, socket, BIO_NOCLOSE);
    SSL_set_bio(tls, bio, bio);
    SSL_set_connect_state(tls);
    return tls;
}

static const char *reason(void) {
    const char *text = ERR_reason_error_string(ERR_peek_error());
    return text != NULL ? text : transport_reason();
}

void tls_explain(const SSL *tls, const char *host) {
    long verdict = SSL_get_verify_result(tls);
    const char *why = X509_verify_cert_error_string(verdict);
    const char *next = "if you trust it, let SSL_CERT_FILE name a PEM file with its authority";
    if (verdict == X509_V_OK) {
        why = reason();
        next = "does the port speak https?";
    } else if (verdict == X509_V_ERR_HOSTNAME_MISMATCH ||
               verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        next = "write the URL with a host that the certificate names";
    }
    fprintf(stderr, "%s: no TLS with %s: %s; %s\n", program, host, why, next);
}

/* Waits for what OpenSSL lacks, if that is all. */
static bool goes_on(const struct transport *t, const SSL *tls, int result) {
    int error = SSL_get_error(tls, result);
    return (error == SSL_ERROR_WANT_READ && transport_wait(t, POLLIN)) ||
           (error == SSL_ERROR_WANT_WRITE && transport_wait(t, POLLOUT));
}

void *tls_open(const struct transport *t, const char *host) {
    SSL *tls = tls_new(t->socket, host);
    int result = -1;
    ERR_clear_error();
    while (tls != NULL && (result = SSL_do_handshake(tls)) != 1 && goes_on(t, tls, result)) {
    }
    if (tls != NULL && result != 1) {
        tls_explain(tls, host);
        SSL_free(tls);
        return NULL;
    }
    return tls;
}

bool tls_send(struct transport *t, const void *bytes, size_t len) {
    const char *rest = bytes;
    while (len > 0) {
        size_t sent = 0;
        ERR_clear_error();
        int result = SSL_write_ex(t->tls, rest, len, &sent);
        if (result != 1 && !goes_on(t, t->tls, result)) {
            t->is_unsent = true;
            return false;
        }
        rest += sent;
        len -= sent;
    }
    return true;
}

bool tls_receive(struct transport *t, void *buffer, size_t cap, size_t *len) {
    int result;
    do {
        if (!transport_has_time(t)) {
            return transport_fail(t, "cannot receive", transport_reason());
        }
        ERR_clear_error();
        result = SSL_read_ex(t->tls, buffer, cap, len);
    } while (result != 1 && goes_on(t, t->tls, result));
    /* Only a peer that says so has closed the connection; anyone can cut it. */
    return result == 1 || SSL_get_error(t->tls, result) == SSL_ERROR_ZERO_RETURN ||
           transport_fail(t, "cannot receive", reason());
}

bool tls_has_more(void *tls) {
    return SSL_pending(tls) > 0;
}

void tls_close(void *tls) {
    SSL_shutdown(tls);
    SSL_free(tls);
}
