/* The least a firmware needs to sign in, for measuring what the library costs: `cargo xtask size`
 * links it, and nobody runs it. With BASELINE defined, its calls to the library go to an empty
 * function; the difference between the two images is the library. */
#include <stddef.h>
#include <stdint.h>

#include "creatio_auth.h"
#include "runtime.h"

#ifdef BASELINE
#pragma GCC diagnostic ignored "-Wattribute-alias"
__attribute__((noipa)) creatio_status nothing(void);
creatio_status nothing(void) { return 0; }
#define GOES_NOWHERE(function) __typeof__(function) function __attribute__((alias("nothing")))
GOES_NOWHERE(creatio_site_parse);
GOES_NOWHERE(creatio_session_init);
GOES_NOWHERE(creatio_session_login);
GOES_NOWHERE(creatio_exchange_fill);
GOES_NOWHERE(creatio_exchange_feed);
GOES_NOWHERE(creatio_exchange_close);
GOES_NOWHERE(creatio_exchange_login_result);
#endif

/* The socket is a device with three registers, so that the compiler cannot know what comes. */
struct socket_registers {
    uint32_t is_open;
    uint32_t available;
    uint32_t data;
};
#define SOCKET ((volatile struct socket_registers *)0x40004400u)

static void socket_write(const uint8_t *from, size_t length) {
    for (size_t i = 0; i < length; i++) {
        SOCKET->data = from[i];
    }
}

static size_t socket_read(uint8_t *into, size_t capacity) {
    size_t length = 0;
    while (SOCKET->is_open && length == 0) {
        while (length < capacity && SOCKET->available) {
            into[length++] = (uint8_t)SOCKET->data;
        }
    }
    return length;
}

static const char URL[] = "https://example.creatio.com";
static const char USER[] = "Supervisor";
static const char PASSWORD[] = "Supervisor";

static int sign_in(void) {
    uint8_t memory[2048];
    uint8_t buffer[256];
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    creatio_credentials who = {0};
    creatio_login login = {0};
    creatio_fed fed;
    creatio_status status;
    size_t length = 0;

    who.user_name = USER;
    who.user_name_len = sizeof USER - 1;
    who.password = PASSWORD;
    who.password_len = sizeof PASSWORD - 1;

    if (creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_NET) != CREATIO_OK ||
        creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK ||
        creatio_session_login(&session, &who, &exchange) != CREATIO_OK) {
        return 0;
    }
    do {
        status = creatio_exchange_fill(&exchange, &session, buffer, sizeof buffer, &length);
        if (status < 0) {
            return 0;
        }
        socket_write(buffer, length);
    } while (status == CREATIO_MORE);

    do {
        length = socket_read(buffer, sizeof buffer);
        status = length == 0 ? creatio_exchange_close(&exchange, &session)
                             : creatio_exchange_feed(&exchange, &session, buffer, length, &fed);
    } while (status == CREATIO_MORE);

    if (status < 0 || creatio_exchange_login_result(&exchange, &session, &login) != CREATIO_OK) {
        return 0;
    }
    return login.authenticated;
}

uint32_t run(void) {
    return (uint32_t)sign_in();
}
