/* esp_tls.h: a stand-in for that of ESP-IDF 5, with what the port uses of it. */
#ifndef STAND_IN_ESP_TLS_H
#define STAND_IN_ESP_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef int esp_err_t;
typedef struct esp_tls esp_tls_t;

#define ESP_TLS_ERR_SSL_WANT_READ (-0x6900)
#define ESP_TLS_ERR_SSL_WANT_WRITE (-0x6880)

typedef struct esp_tls_cfg {
    const char **alpn_protos;
    int timeout_ms;
    const char *common_name;
    bool skip_common_name;
    esp_err_t (*crt_bundle_attach)(void *conf);
    bool is_plain_tcp;
} esp_tls_cfg_t;

esp_tls_t *esp_tls_init(void);
int esp_tls_conn_new_sync(const char *hostname, int hostlen, int port, const esp_tls_cfg_t *cfg, esp_tls_t *tls);
ssize_t esp_tls_conn_write(esp_tls_t *tls, const void *data, size_t datalen);
ssize_t esp_tls_conn_read(esp_tls_t *tls, void *data, size_t datalen);
int esp_tls_conn_destroy(esp_tls_t *tls);

#endif
