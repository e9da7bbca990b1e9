/* creatio_port.c: an exchange over the port's functions. */
#include "creatio_port.h"

#include <string.h>

typedef struct {
    creatio_session *session;
    creatio_exchange *exchange;
    uint8_t *buffer;
    size_t len;
    creatio_port_body *body;
    void *context;
} work;

static creatio_status send_request(const work *w, int *port) {
    creatio_status status;
    do {
        size_t len = 0;
        status = creatio_exchange_fill(w->exchange, w->session, w->buffer, w->len, &len);
        if (status != CREATIO_OK && status != CREATIO_MORE) {
            return status;
        }
        *port = creatio_port_send(w->buffer, len);
        if (*port < 0) {
            return CREATIO_MORE;
        }
    } while (status == CREATIO_MORE);
    return CREATIO_OK;
}

static creatio_status feed_all(const work *w, size_t len) {
    creatio_status status = CREATIO_MORE;
    for (size_t at = 0; at < len && status == CREATIO_MORE;) {
        creatio_fed fed;
        memset(&fed, 0, sizeof fed);
        status = creatio_exchange_feed(w->exchange, w->session, w->buffer + at, len - at, &fed);
        if (fed.body_len > 0 && w->body != NULL) {
            w->body(w->context, fed.body, fed.body_len);
        }
        at += fed.consumed;
    }
    return status;
}

static creatio_status take_reply(const work *w, int *port) {
    creatio_status status = CREATIO_MORE;
    while (status == CREATIO_MORE) {
        int len = creatio_port_receive(w->buffer, w->len);
        if (len < 0) {
            *port = len;
            return CREATIO_MORE;
        }
        status = len == 0 ? creatio_exchange_close(w->exchange, w->session) : feed_all(w, (size_t)len);
    }
    return status;
}

creatio_status creatio_port_tell_time(creatio_session *session) {
    uint32_t now = creatio_port_time();
    return now == 0 ? CREATIO_OK : creatio_session_set_time(session, now);
}

creatio_status creatio_port_perform(const creatio_site *site, creatio_session *session, creatio_exchange *exchange,
                                    uint8_t *buffer, size_t len, creatio_port_body *body, void *context, int *port) {
    const work w = {session, exchange, buffer, len, body, context};
    char name[CREATIO_MAX_HOST + 1];
    const char *host;
    size_t host_len;
    int unsent;
    creatio_status status = creatio_site_host(site, &host, &host_len);
    *port = 0;
    if (status != CREATIO_OK) {
        return status;
    }
    memcpy(name, host, host_len);
    name[host_len] = '\0';
    *port = creatio_port_connect(name, creatio_site_port(site), creatio_site_is_https(site));
    if (*port < 0) {
        return CREATIO_MORE;
    }
    status = send_request(&w, port);
    unsent = *port;
    if (status == CREATIO_OK || unsent < 0) { /* a site may answer before it has all of the request */
        *port = 0;
        status = take_reply(&w, port);
    }
    if (status == CREATIO_MORE && unsent < 0) {
        *port = unsent;
    }
    creatio_port_close();
    creatio_wipe(buffer, len); /* password and ticket went through it */
    return status;
}
