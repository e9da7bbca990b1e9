/* A port over which sending fails: what the site has said before is its answer all the same. */
#include <string.h>

#include "creatio_port.h"

static const char REPLY[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nNo";

static size_t takes;        /* how many bytes can be sent */
static const uint8_t *rest; /* of the reply */
static size_t left;
static int closed;

int creatio_port_connect(const char *host, uint16_t port, bool tls) {
    (void)host, (void)port, (void)tls;
    return 0;
}

int creatio_port_send(const uint8_t *bytes, size_t len) {
    (void)bytes;
    if (len > takes) {
        return -7;
    }
    takes -= len;
    return 0;
}

int creatio_port_receive(uint8_t *into, size_t cap) {
    size_t len = left < cap ? left : cap;
    memcpy(into, rest, len);
    rest += len;
    left -= len;
    return len > 0 ? (int)len : -8;
}

void creatio_port_close(void) {
    closed++;
}

uint32_t creatio_port_time(void) {
    return 0;
}

static creatio_status sign_in(size_t bytes, size_t reply, creatio_login *login, int *port) {
    static creatio_site site;
    static creatio_session session;
    static creatio_exchange exchange;
    static uint8_t memory[4096], buffer[16];
    creatio_credentials who = {.user_name = CREATIO_STR("Ann"), .password = CREATIO_STR("secret")};
    takes = bytes;
    rest = (const uint8_t *)REPLY;
    left = reply;
    closed = 0;
    if (creatio_site_parse(&site, CREATIO_STR("http://crm.example.com"), CREATIO_RUNTIME_NET) != CREATIO_OK ||
        creatio_session_init(&session, &site, memory, sizeof memory) != CREATIO_OK ||
        creatio_session_login(&session, &who, &exchange) != CREATIO_OK) {
        return CREATIO_END;
    }
    creatio_status status =
        creatio_port_perform(&site, &session, &exchange, buffer, sizeof buffer, NULL, NULL, port);
    return status == CREATIO_OK ? creatio_exchange_login_result(&exchange, &session, login) : status;
}

int main(void) {
    creatio_login login;
    int port = 0;
    for (size_t bytes = 0; bytes < 200; bytes += 16) {
        for (size_t reply = 0; reply < sizeof REPLY - 1; reply++) {
            if (sign_in(bytes, reply, &login, &port) != CREATIO_MORE || port != -7 || closed != 1) {
                return 1;
            }
        }
        if (sign_in(bytes, sizeof REPLY - 1, &login, &port) != CREATIO_OK || port != 0 || closed != 1 ||
            login.verdict != CREATIO_LOGIN_ACCESS_DENIED) {
            return 2;
        }
    }
    /* Where all was sent, it is what receiving has come to. */
    return sign_in(4096, 9, &login, &port) == CREATIO_MORE && port == -8 && closed == 1 ? 0 : 3;
}
