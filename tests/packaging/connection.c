#include "connection.h"

#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int connection_open(const char *host, int port) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    char service[8];
    int result = -1;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) == 0) {
        result = socket(found->ai_family, SOCK_STREAM, 0);
        if (result >= 0 && connect(result, found->ai_addr, found->ai_addrlen) != 0) {
            close(result);
            result = -1;
        }
        freeaddrinfo(found);
    }
    return result;
}
