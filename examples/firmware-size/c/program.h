/* program.h: what the measured programs have in common.
 *
 * `cargo xtask size` links each of them twice, with the library and with empty functions in its place, and takes the
 * difference for the library's size; and it runs it in QEMU for the RAM. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "creatio_auth.h"

enum { BUFFER_SIZE = 256, MEMORY_SIZE = 4096 };

/* The program: begins with `sign_in`, and does all it does. True if everything came as it should. */
bool run(void);

/* Begins a session with so much memory, and signs in. */
bool sign_in(size_t memory_size);
/* Makes a login in the session that is there. */
bool log_in(void);
/* Sends the request and takes the reply, in which the socket's peer has its part. */
bool exchange(const char *reply, size_t reply_len);

/* What every login needs, in RAM of its own, so that the stack is seen by itself. */
struct machine {
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    uint8_t memory[MEMORY_SIZE];
    uint8_t buffer[BUFFER_SIZE];
};
extern struct machine machine;

/* A socket, whose peer answers with the given text. */
void socket_open(const char *reply, size_t len);
void socket_write(const uint8_t *from, size_t len);
/* Some of the bytes there are, 0 when the peer has closed the connection. */
size_t socket_read(uint8_t *into, size_t cap);

#endif
