/* creatio_arduino.h: the port of creatio_auth to Arduino, over any Client. */
#ifndef CREATIO_ARDUINO_H
#define CREATIO_ARDUINO_H

#include <Arduino.h>
#include <Client.h>

#include "creatio_port.h"

/* Gives the clients to connect with, before the first exchange: `tls` is one that has TLS and checks certificates, such as
 * WiFiClientSecure with setCACert(), or WiFiSSLClient. `plain` may be NULL where no site has http. `clock`, which may be NULL,
 * returns seconds since 1970, or 0 where they are not known. */
void creatio_arduino_begin(Client *tls, Client *plain, uint32_t (*clock)(void));

#endif
