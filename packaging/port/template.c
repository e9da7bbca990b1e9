/* template.c: the five functions to fill for a machine of yours. */
#include "creatio_port.h"

int creatio_port_connect(const char *host, uint16_t port, bool tls) {
    /* Find the address, open a connection; with tls do the handshake, and check the certificate for this name. */
    (void)host, (void)port, (void)tls;
    return -1;
}

int creatio_port_send(const uint8_t *bytes, size_t len) {
    /* All of them: where your function sends fewer, again with the rest. */
    (void)bytes, (void)len;
    return -1;
}

int creatio_port_receive(uint8_t *into, size_t cap) {
    /* Wait for some, with a limit of time. 0 is the orderly end; a connection that was cut is a negative number. */
    (void)into, (void)cap;
    return -1;
}

void creatio_port_close(void) {
}

uint32_t creatio_port_time(void) {
    return 0; /* of a clock that knows the date */
}
