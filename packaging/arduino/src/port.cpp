/* port.cpp: the port of creatio_auth to Arduino. */
#include "creatio_arduino.h"

namespace {

const unsigned long TIMEOUT_MS = 10000;

Client *clients[2]; /* plain, and with TLS */
Client *connection;
uint32_t (*now)(void);

} // namespace

void creatio_arduino_begin(Client *tls, Client *plain, uint32_t (*clock)(void)) {
    clients[0] = plain;
    clients[1] = tls;
    now = clock;
}

int creatio_port_connect(const char *host, uint16_t port, bool tls) {
    connection = clients[tls ? 1 : 0];
    return connection != nullptr && connection->connect(host, port) == 1 ? 0 : -1;
}

int creatio_port_send(const uint8_t *bytes, size_t len) {
    while (len > 0) {
        const size_t sent = connection->write(bytes, len);
        if (sent == 0) {
            return -1;
        }
        bytes += sent;
        len -= sent;
    }
    return 0;
}

int creatio_port_receive(uint8_t *into, size_t cap) {
    const unsigned long start = millis();
    while (connection->available() <= 0) {
        if (!connection->connected()) {
            /* Bytes may have come between the two questions. */
            if (connection->available() > 0) {
                break;
            }
            /* With TLS, an end that nobody has vouched for is none, and a Client does not tell. */
            return connection == clients[1] ? -1 : 0;
        }
        if (millis() - start > TIMEOUT_MS) {
            return -1;
        }
        delay(1);
    }
    const int len = connection->read(into, cap);
    return len > 0 ? len : -1;
}

void creatio_port_close(void) {
    if (connection != nullptr) {
        connection->stop();
        connection = nullptr;
    }
}

uint32_t creatio_port_time(void) {
    return now != nullptr ? now() : 0;
}
