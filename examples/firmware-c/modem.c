/* modem: signs in over a serial line, at whose other end a modem has opened a connection, as many do by one command.
 *
 * A wrong password, the right one, a call and the logout; it ends with 0 if all is as it should be. In QEMU the line
 * leads to the address that `make run-modem SITE=127.0.0.1:8080` names. */
#include <stdio.h>

#include "client.h"
#include "uart.h"

/* As long as nothing comes for so many looks, the peer is taken to have gone. */
#define PATIENCE 200000000u

static void transport_send(const uint8_t *bytes, size_t len) {
    for (size_t i = 0; i < len; i++) {
        while (!uart_can_send()) {
        }
        uart_send(bytes[i]);
    }
}

static size_t transport_receive(uint8_t *into, size_t cap) {
    size_t len = 0;
    uint32_t patience = PATIENCE;
    while (!uart_has_received() && patience > 0) {
        patience--;
    }
    while (len < cap && uart_has_received()) {
        into[len++] = uart_receive();
    }
    return len;
}

static bool is(creatio_status status, const char *what, bool expected) {
    printf("%s: %s\n", what, status != CREATIO_OK ? creatio_status_name(status) : expected ? "fine" : "unexpected");
    return status == CREATIO_OK && expected;
}

int main(void) {
    static const char URL[] = "http://127.0.0.1";
    creatio_login login = {0};
    creatio_answer answer = {0};
    creatio_call get = {0}, logout = creatio_call_logout();
    creatio_status status;

    get.path = "/odata/Contact?$top=1&$select=Name";
    get.path_len = strlen(get.path);
    uart_open();
    if (creatio_site_parse(&site, URL, sizeof URL - 1, CREATIO_RUNTIME_NET_FRAMEWORK) != CREATIO_OK ||
        creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK) {
        return 1;
    }
    status = log_in("Supervisor", "wrong", &login);
    /* Sites differ in how they say it. */
    bool refused = login.verdict == CREATIO_LOGIN_REJECTED || login.verdict == CREATIO_LOGIN_BAD_CREDENTIALS;
    if (!is(status, "bad password", refused && !login.authenticated)) {
        return 2;
    }
    status = log_in("Supervisor", "Supervisor", &login);
    if (!is(status, "login", login.authenticated && creatio_session_has_ticket(&session))) {
        return 3;
    }
    status = call(&get, &answer);
    if (!is(status, "call", answer.verdict == CREATIO_CALL_FINE)) {
        return 4;
    }
    status = call(&logout, &answer);
    if (!is(status, "logout", answer.http_status == 200 && !creatio_session_has_ticket(&session))) {
        return 5;
    }
    creatio_session_clear(&session);
    return 0;
}
