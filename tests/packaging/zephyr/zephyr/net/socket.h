/* socket.h: a stand-in for that of Zephyr, with what the port uses of it. */
#ifndef STAND_IN_ZEPHYR_SOCKET_H
#define STAND_IN_ZEPHYR_SOCKET_H

#include <stddef.h>
#include <sys/time.h>
#include <sys/types.h>

#define AF_INET 1
#define SOCK_STREAM 1
#define IPPROTO_TCP 6
#define IPPROTO_TLS_1_2 258
#define SOL_SOCKET 1
#define SO_RCVTIMEO 20
#define SOL_TLS 282
#define TLS_SEC_TAG_LIST 1
#define TLS_HOSTNAME 2

typedef unsigned net_socklen_t;
struct sockaddr;

struct zsock_addrinfo {
    struct zsock_addrinfo *ai_next;
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    int ai_eflags;
    net_socklen_t ai_addrlen;
    struct sockaddr *ai_addr;
    char *ai_canonname;
};

int zsock_getaddrinfo(const char *host, const char *service, const struct zsock_addrinfo *hints, struct zsock_addrinfo **res);
void zsock_freeaddrinfo(struct zsock_addrinfo *ai);
int zsock_socket(int family, int type, int proto);
int zsock_setsockopt(int sock, int level, int optname, const void *optval, net_socklen_t optlen);
int zsock_connect(int sock, const struct sockaddr *addr, net_socklen_t addrlen);
ssize_t zsock_send(int sock, const void *buf, size_t len, int flags);
ssize_t zsock_recv(int sock, void *buf, size_t max_len, int flags);
int zsock_close(int sock);

#endif
