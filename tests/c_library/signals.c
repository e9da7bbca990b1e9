/* Sends over a TLS connection that the peer has closed, until that fails: SIGPIPE, which is as it was, must not come. */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "transport.h"

const char program[] = "signals";

int main(int argc, char **argv) {
    static const char host[] = "localhost";
    struct transport t = {0};
    struct sigaction action;
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 0);
    if (!transport_open(&t, host, strlen(host), port, true)) {
        return 1;
    }
    shutdown(t.socket, SHUT_WR); /* from now on, sending is what brings SIGPIPE */
    if (transport_send(&t, "x", 1)) {
        return 2;
    }
    transport_close(&t);
    if (sigaction(SIGPIPE, NULL, &action) != 0 || action.sa_handler != SIG_DFL) {
        return 3;
    }
    puts("sending has failed, and nothing else");
    return 0;
}
