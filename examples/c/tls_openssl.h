/* tls_openssl.h: connections of OpenSSL with the settings of all programs here. */
#ifndef TLS_OPENSSL_H
#define TLS_OPENSSL_H

#include <openssl/ssl.h>

/* A connection over this socket, which is yours, that wants the certificate of `host`. It does not
 * wait where the socket does not. NULL where that fails, which has been said then. */
SSL *tls_new(int socket, const char *host);

/* Says why there is no TLS with the host, and what to do. */
void tls_explain(const SSL *tls, const char *host);

#endif
