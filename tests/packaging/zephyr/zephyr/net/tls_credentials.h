/* tls_credentials.h: a stand-in for that of Zephyr. */
#ifndef STAND_IN_ZEPHYR_TLS_CREDENTIALS_H
#define STAND_IN_ZEPHYR_TLS_CREDENTIALS_H

typedef int sec_tag_t;

#endif
