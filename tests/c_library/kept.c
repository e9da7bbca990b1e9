/* Says a byte and is answered, twice: over one connection, unless something has come on it meanwhile. */
#define _POSIX_C_SOURCE 200809L

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "transport.h"

extern const char program[];
const char program[] = "kept";

static bool ask(struct transport *t, uint16_t port) {
    char answer = 0;
    size_t len = 0;
    return transport_open(t, "127.0.0.1", 9, port, false) && transport_send(t, "x", 1) &&
           transport_receive(t, &answer, 1, &len) && len == 1 && answer == 'y';
}

int main(int argc, char **argv) {
    struct transport t = {0};
    uint16_t port = (uint16_t)(argc > 1 ? atoi(argv[1]) : 0);
    if (argc != 3 || !ask(&t, port)) {
        return 1;
    }
    struct pollfd socket = {.fd = t.socket, .events = POLLIN};
    if (strcmp(argv[2], "wait") == 0 && poll(&socket, 1, -1) != 1) {
        return 2;
    }
    bool is_answered = ask(&t, port);
    transport_close(&t);
    return is_answered ? 0 : 3;
}
