/* esp_tls.c: esp-tls over the sockets of this machine. It sends three bytes at a time, and each other time nothing at first. TLS
 * is told, and fails. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../connection.h"
#include "esp_crt_bundle.h"

struct esp_tls {
    int socket;
    bool waits;
};

static esp_tls_t the_only_one = {-1, false};

esp_tls_t *esp_tls_init(void) {
    return &the_only_one;
}

int esp_tls_conn_new_sync(const char *hostname, int hostlen, int port, const esp_tls_cfg_t *cfg, esp_tls_t *tls) {
    char host[256];
    snprintf(host, sizeof host, "%.*s", hostlen, hostname);
    if (!cfg->is_plain_tcp) {
        bool checked = cfg->crt_bundle_attach == esp_crt_bundle_attach && !cfg->skip_common_name;
        printf("TLS to %s port %d, %s\n", host, port, checked ? "checked" : "not checked");
        return -1;
    }
    tls->socket = connection_open(host, port);
    return tls->socket < 0 ? -1 : 1;
}

ssize_t esp_tls_conn_write(esp_tls_t *tls, const void *data, size_t datalen) {
    tls->waits = !tls->waits;
    return tls->waits ? ESP_TLS_ERR_SSL_WANT_WRITE : send(tls->socket, data, datalen < 3 ? datalen : 3, MSG_NOSIGNAL);
}

ssize_t esp_tls_conn_read(esp_tls_t *tls, void *data, size_t datalen) {
    tls->waits = !tls->waits;
    return tls->waits ? ESP_TLS_ERR_SSL_WANT_READ : recv(tls->socket, data, datalen, 0);
}

int esp_tls_conn_destroy(esp_tls_t *tls) {
    return tls->socket < 0 ? 0 : close(tls->socket);
}

esp_err_t esp_crt_bundle_attach(void *conf) {
    (void)conf;
    return 0;
}
