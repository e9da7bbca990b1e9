/* port.c: the port of creatio_auth to ESP-IDF, over esp-tls, with the certificates of its bundle (CONFIG_MBEDTLS_CERTIFICATE_BUNDLE). */
#include <string.h>
#include <time.h>

#include "creatio_port.h"
#include "esp_crt_bundle.h"
#include "esp_tls.h"

#define TIMEOUT_MS 10000
/* Before this the clock has not been set: 2026-01-01. */
#define A_TIME_THAT_HAS_BEEN 1767225600

static esp_tls_t *connection;

int creatio_port_connect(const char *host, uint16_t port, bool tls) {
    esp_tls_cfg_t config = {
        .timeout_ms = TIMEOUT_MS,
        .is_plain_tcp = !tls,
        .crt_bundle_attach = esp_crt_bundle_attach,
    };
    connection = esp_tls_init();
    if (connection == NULL) {
        return -1;
    }
    if (esp_tls_conn_new_sync(host, (int)strlen(host), port, &config, connection) != 1) {
        creatio_port_close();
        return -1;
    }
    return 0;
}

int creatio_port_send(const uint8_t *bytes, size_t len) {
    while (len > 0) {
        ssize_t sent = esp_tls_conn_write(connection, bytes, len);
        if (sent == ESP_TLS_ERR_SSL_WANT_READ || sent == ESP_TLS_ERR_SSL_WANT_WRITE) {
            continue;
        }
        if (sent <= 0) {
            return sent < 0 ? (int)sent : -1;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    return 0;
}

int creatio_port_receive(uint8_t *into, size_t cap) {
    ssize_t len;
    do {
        len = esp_tls_conn_read(connection, into, cap);
    } while (len == ESP_TLS_ERR_SSL_WANT_READ || len == ESP_TLS_ERR_SSL_WANT_WRITE);
    return (int)len;
}

void creatio_port_close(void) {
    if (connection != NULL) {
        esp_tls_conn_destroy(connection);
        connection = NULL;
    }
}

uint32_t creatio_port_time(void) {
    time_t now = time(NULL);
    return now > A_TIME_THAT_HAS_BEEN ? (uint32_t)now : 0;
}
