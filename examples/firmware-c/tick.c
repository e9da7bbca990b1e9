/* tick: a state machine that signs in, called every 10 ms. No call waits: it does what the line allows now,
 * with a buffer of 128 bytes, and leaves the processor to the rest of the firmware.
 *
 * A wrong password, the right one, a call and the logout, over a serial line with a modem at its end; it ends
 * with 0 if all is as it should be. */
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "creatio_auth.h"
#include "uart.h"

/* An exchange that takes longer is given up: 30 seconds, in calls of `tick`. */
enum { PATIENCE = 3000 };

static creatio_site site;
static creatio_session session;
static creatio_exchange exchange;
static uint8_t memory[4096]; /* cookies: what it takes, says the table at creatio_session_init */

static struct {
    bool is_receiving;
    uint16_t patience;
    uint8_t len, at; /* of `bytes`, and how many of these have gone */
    uint8_t bytes[128];
} line;

/* Puts as much of the request on the line as it takes. */
static creatio_status send_some(void) {
    if (line.at == line.len) {
        size_t len = 0;
        creatio_status status = creatio_exchange_fill(&exchange, &session, line.bytes, sizeof line.bytes, &len);
        line.at = 0;
        line.len = (uint8_t)len;
        line.is_receiving = len == 0; /* all has gone */
        if (status < 0) {
            return status;
        }
    }
    while (line.at < line.len && uart_can_send()) {
        uart_send(line.bytes[line.at++]);
    }
    return CREATIO_MORE;
}

/* Takes as much of the reply as has come. */
static creatio_status take_some(void) {
    creatio_status status = CREATIO_MORE;
    size_t len = 0, taken = 0;
    while (len < sizeof line.bytes && uart_has_received()) {
        line.bytes[len++] = uart_receive();
    }
    while (status == CREATIO_MORE && taken < len) {
        creatio_fed fed = CREATIO_INIT;
        status = creatio_exchange_feed(&exchange, &session, line.bytes + taken, len - taken, &fed);
        taken += fed.consumed; /* and fed.body, fed.body_len: a piece of the answer to a call */
    }
    /* Bytes behind the end would mean to have the modem connect anew, as !creatio_exchange_keeps_alive does. */
    return status;
}

/* Begins to perform the exchange that has been begun. */
static void start(void) {
    line.is_receiving = false;
    line.len = line.at = 0;
    line.patience = PATIENCE;
}

/* Goes on with it: CREATIO_MORE until it is over. */
static creatio_status tick(void) {
    creatio_status status = CREATIO_ERR_CLOSED_EARLY; /* as good as closed, when nothing comes */
    if (line.patience-- > 0) {
        status = line.is_receiving ? take_some() : send_some();
    }
    if (status != CREATIO_MORE || line.is_receiving) {
        creatio_wipe(line.bytes, sizeof line.bytes); /* password and ticket went through it */
    }
    return status;
}

/* What is to be done, one after the other. */
enum step { BAD_PASSWORD, LOGIN, CALL, LOGOUT, END };
static const char *const NAMES[] = {"bad password", "login", "call", "logout"};

static creatio_status begin(enum step step) {
    creatio_credentials bad = {.user_name = CREATIO_STR("Supervisor"), .password = CREATIO_STR("wrong")};
    creatio_credentials good = {.user_name = CREATIO_STR("Supervisor"), .password = CREATIO_STR("Supervisor")};
    creatio_call get = {.path = CREATIO_STR("/odata/Contact?$top=1&$select=Name")};
    creatio_call logout = creatio_call_logout();
    start();
    switch (step) {
    case BAD_PASSWORD:
        return creatio_session_login(&session, &bad, &exchange);
    case LOGIN:
        return creatio_session_login(&session, &good, &exchange);
    case CALL:
        return creatio_session_call(&session, &get, &exchange);
    default:
        return creatio_session_call(&session, &logout, &exchange);
    }
}

/* Whether the answer is the expected one. */
static bool is_good(enum step step) {
    creatio_login login;
    creatio_answer answer;
    switch (step) {
    case BAD_PASSWORD:
        return creatio_exchange_login_result(&exchange, &session, &login) == CREATIO_OK && !login.authenticated;
    case LOGIN:
        return creatio_exchange_login_result(&exchange, &session, &login) == CREATIO_OK && login.authenticated;
    default:
        return creatio_exchange_call_result(&exchange, &session, &answer) == CREATIO_OK &&
               answer.verdict == CREATIO_CALL_FINE;
    }
}

int main(void) {
    enum step step = BAD_PASSWORD;
    unsigned ticks = 0;
    uart_open();
    clock_start();
    if (creatio_site_parse(&site, CREATIO_STR("http://127.0.0.1"), CREATIO_RUNTIME_NET_FRAMEWORK) != CREATIO_OK ||
        creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK || begin(step) != CREATIO_OK) {
        return 1;
    }
    while (step < END) {
        while (!clock_is_due()) { /* where a firmware does all else that it has to do */
        }
        creatio_status status = tick();
        ticks++;
        if (status == CREATIO_MORE) {
            continue;
        }
        bool is_fine = status == CREATIO_OK && is_good(step);
        printf("%s: %s after %u ticks\n", NAMES[step], is_fine ? "fine" : creatio_status_name(status), ticks);
        if (!is_fine) {
            return 2;
        }
        if (++step < END && begin(step) != CREATIO_OK) {
            return 3;
        }
    }
    creatio_session_clear(&session);
    return 0;
}
