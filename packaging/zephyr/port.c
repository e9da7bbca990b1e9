/* port.c: the port of creatio_auth to Zephyr, over its sockets; TLS with CONFIG_NET_SOCKETS_SOCKOPT_TLS, and the certificates of the
 * tag CONFIG_CREATIO_AUTH_SEC_TAG. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zephyr/net/socket.h>
#if defined(CONFIG_NET_SOCKETS_SOCKOPT_TLS)
#include <zephyr/net/tls_credentials.h>
#endif

#include "creatio_port.h"

#define TIMEOUT_S 10

static int connection = -1;

/* Says whose certificate it has to be, and who vouches for it. */
static int verify(const char *host) {
#if defined(CONFIG_NET_SOCKETS_SOCKOPT_TLS)
    const sec_tag_t tags[] = {CONFIG_CREATIO_AUTH_SEC_TAG};
    if (zsock_setsockopt(connection, SOL_TLS, TLS_SEC_TAG_LIST, tags, sizeof tags) != 0) {
        return -errno;
    }
    return zsock_setsockopt(connection, SOL_TLS, TLS_HOSTNAME, host, (unsigned)strlen(host) + 1) == 0 ? 0 : -errno;
#else
    (void)host;
    return -ENOTSUP;
#endif
}

static int open_to(const struct zsock_addrinfo *address, const char *host, bool tls) {
    const struct timeval limit = {.tv_sec = TIMEOUT_S};
    int result;
#if defined(CONFIG_NET_SOCKETS_SOCKOPT_TLS)
    connection = zsock_socket(address->ai_family, SOCK_STREAM, tls ? IPPROTO_TLS_1_2 : IPPROTO_TCP);
#else
    connection = zsock_socket(address->ai_family, SOCK_STREAM, IPPROTO_TCP);
#endif
    if (connection < 0) {
        return -errno;
    }
    result = tls ? verify(host) : 0;
    if (result == 0 && (zsock_setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
                        zsock_connect(connection, address->ai_addr, address->ai_addrlen) != 0)) {
        result = -errno;
    }
    if (result != 0) {
        creatio_port_close();
    }
    return result;
}

int creatio_port_connect(const char *host, uint16_t port, bool tls) {
    const struct zsock_addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct zsock_addrinfo *addresses = NULL;
    char service[6];
    int result;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (zsock_getaddrinfo(host, service, &hints, &addresses) != 0) {
        return -EHOSTUNREACH;
    }
    result = open_to(addresses, host, tls);
    zsock_freeaddrinfo(addresses);
    return result;
}

int creatio_port_send(const uint8_t *bytes, size_t len) {
    while (len > 0) {
        ssize_t sent = zsock_send(connection, bytes, len, 0);
        if (sent <= 0) {
            return sent < 0 ? -errno : -EIO;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    return 0;
}

int creatio_port_receive(uint8_t *into, size_t cap) {
    ssize_t len = zsock_recv(connection, into, cap, 0);
    return len < 0 ? -errno : (int)len;
}

void creatio_port_close(void) {
    if (connection >= 0) {
        (void)zsock_close(connection);
        connection = -1;
    }
}

uint32_t creatio_port_time(void) {
    return 0; /* where there is a real-time clock or SNTP, its time */
}
