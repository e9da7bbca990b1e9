/* socket.c: Zephyr's sockets over those of this machine, three bytes at a time. TLS is told, and fails. */
#include <zephyr/net/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../connection.h"

static struct zsock_addrinfo found = {.ai_family = AF_INET};
static char host[256], name[256];
static int port, tag, connection = -1;
static int is_tls, has_limit;

int zsock_getaddrinfo(const char *wanted, const char *service, const struct zsock_addrinfo *hints,
                      struct zsock_addrinfo **res) {
    (void)hints;
    snprintf(host, sizeof host, "%s", wanted);
    port = atoi(service);
    *res = &found;
    return 0;
}

void zsock_freeaddrinfo(struct zsock_addrinfo *ai) {
    (void)ai;
}

int zsock_socket(int family, int type, int proto) {
    is_tls = proto == IPPROTO_TLS_1_2;
    return family == AF_INET && type == SOCK_STREAM ? 7 : -1;
}

int zsock_setsockopt(int sock, int level, int optname, const void *optval, net_socklen_t optlen) {
    (void)sock;
    if (level == SOL_TLS && optname == TLS_HOSTNAME) {
        snprintf(name, sizeof name, "%.*s", (int)optlen, (const char *)optval);
    } else if (level == SOL_TLS && optname == TLS_SEC_TAG_LIST) {
        memcpy(&tag, optval, sizeof tag);
    } else if (level == SOL_SOCKET && optname == SO_RCVTIMEO) {
        has_limit = ((const struct timeval *)optval)->tv_sec > 0;
    }
    return 0;
}

int zsock_connect(int sock, const struct sockaddr *addr, net_socklen_t addrlen) {
    (void)sock, (void)addr, (void)addrlen;
    if (is_tls) {
        int checked = strcmp(name, host) == 0 && tag == CONFIG_CREATIO_AUTH_SEC_TAG && has_limit;
        printf("TLS to %s port %d, %s\n", host, port, checked ? "checked" : "not checked");
        errno = ECONNREFUSED;
        return -1;
    }
    connection = connection_open(host, port);
    return connection < 0 ? -1 : 0;
}

ssize_t zsock_send(int sock, const void *buf, size_t len, int flags) {
    (void)sock, (void)flags;
    return write(connection, buf, len < 3 ? len : 3);
}

ssize_t zsock_recv(int sock, void *buf, size_t max_len, int flags) {
    (void)sock, (void)flags;
    return read(connection, buf, max_len);
}

int zsock_close(int sock) {
    (void)sock;
    return connection < 0 ? 0 : close(connection);
}
