/* esp_crt_bundle.h: a stand-in for that of ESP-IDF. */
#ifndef STAND_IN_ESP_CRT_BUNDLE_H
#define STAND_IN_ESP_CRT_BUNDLE_H

#include "esp_tls.h"

esp_err_t esp_crt_bundle_attach(void *conf);

#endif
