/* client.h: what the programs here share: a session, and an exchange over a connection of theirs. */
#ifndef CLIENT_H
#define CLIENT_H

#include <string.h>

#include "creatio_auth.h"

/* The program's: sends all of the bytes. */
static void transport_send(const uint8_t *bytes, size_t len);
/* The program's: waits for bytes and takes some; 0 when the peer has closed the connection. */
static size_t transport_receive(uint8_t *into, size_t cap);

/* What a session needs: in RAM that is always there, so that the stack stays small. */
static creatio_site site;
static creatio_session session;
static creatio_exchange exchange;
static uint8_t memory[4096]; /* cookies: what it takes, says the table at creatio_session_init */
static uint8_t buffer[256];  /* what is sent and received */

/* Whether bytes have come behind the end of the last reply, which nothing asked for. */
static bool has_more_come;

static creatio_status send_request(void) {
    creatio_status status;
    do {
        size_t len;
        status = creatio_exchange_fill(&exchange, &session, buffer, sizeof buffer, &len);
        if (status >= 0) {
            transport_send(buffer, len);
        }
    } while (status == CREATIO_MORE);
    return status;
}

static creatio_status take_reply(void) {
    creatio_status status = CREATIO_MORE;
    while (status == CREATIO_MORE) {
        size_t taken = 0, len = transport_receive(buffer, sizeof buffer);
        if (len == 0) {
            status = creatio_exchange_close(&exchange, &session);
        }
        while (status == CREATIO_MORE && taken < len) {
            creatio_fed fed = CREATIO_INIT;
            status = creatio_exchange_feed(&exchange, &session, buffer + taken, len - taken, &fed);
            taken += fed.consumed; /* and fed.body, fed.body_len: a piece of the answer to a call */
        }
        has_more_come = taken < len;
    }
    return status;
}

/* Sends the request and takes the reply. After an error, connect anew. */
static creatio_status perform(void) {
    creatio_status status = send_request();
    if (status == CREATIO_OK) {
        status = take_reply();
    }
    creatio_wipe(buffer, sizeof buffer); /* password and ticket went through it, whatever became of them */
    return status;
}

/* Whether the connection may serve another exchange; if not, connect anew. What nothing asked for must
 * not pass for the next reply. */
static inline bool may_be_kept(void) {
    return creatio_exchange_keeps_alive(&exchange) && !has_more_come;
}

static creatio_status log_in(const char *user, const char *password, creatio_login *login) {
    creatio_credentials who = {0};
    who.user_name = user;
    who.user_name_len = strlen(user);
    who.password = password;
    who.password_len = strlen(password);
    creatio_status status = creatio_session_login(&session, &who, &exchange);
    if (status == CREATIO_OK) {
        status = perform();
    }
    return status == CREATIO_OK ? creatio_exchange_login_result(&exchange, &session, login) : status;
}

static creatio_status call(const creatio_call *request, creatio_answer *answer) {
    creatio_status status = creatio_session_call(&session, request, &exchange);
    if (status == CREATIO_OK) {
        status = perform();
    }
    return status == CREATIO_OK ? creatio_exchange_call_result(&exchange, &session, answer) : status;
}

#endif
