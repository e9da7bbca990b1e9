/* connection.h: what the stand-ins have below: a connection of this machine. */
#ifndef CONNECTION_H
#define CONNECTION_H

#ifdef __cplusplus
extern "C" {
#endif

/* A socket, or -1. */
int connection_open(const char *host, int port);

#ifdef __cplusplus
}
#endif

#endif
