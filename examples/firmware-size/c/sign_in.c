/* sign_in.c: a login, with which every measured program begins. */
#include "../../firmware-c/replies.h"
#include "program.h"

bool exchange(const char *reply, size_t reply_len) {
    struct machine *m = &machine;
    creatio_status status;
    size_t len = 0;
    creatio_fed fed = {0};

    do {
        status = creatio_exchange_fill(&m->exchange, &m->session, m->buffer, sizeof m->buffer, &len);
        if (status < 0) {
            return false;
        }
        socket_write(m->buffer, len);
    } while (status == CREATIO_MORE);

    socket_open(reply, reply_len);
    do {
        size_t taken = 0;
        status = CREATIO_MORE;
        len = socket_read(m->buffer, sizeof m->buffer);
        if (len == 0) {
            status = creatio_exchange_close(&m->exchange, &m->session);
        }
        while (taken < len && status == CREATIO_MORE) {
            status = creatio_exchange_feed(&m->exchange, &m->session, m->buffer + taken, len - taken, &fed);
            taken += fed.consumed;
        }
    } while (status == CREATIO_MORE);
    return status == CREATIO_OK;
}

bool log_in(void) {
    struct machine *m = &machine;
    creatio_credentials who = {0};
    creatio_login login = {0};

    who.user_name = "Supervisor";
    who.user_name_len = 10;
    who.password = "Supervisor";
    who.password_len = 10;
    return creatio_session_login(&m->session, &who, &m->exchange) == CREATIO_OK && exchange(CREATIO_STR(REPLY_LOGIN)) &&
           creatio_exchange_login_result(&m->exchange, &m->session, &login) == CREATIO_OK && login.authenticated;
}

bool sign_in(size_t memory_size) {
    struct machine *m = &machine;

    return creatio_site_parse(&m->site, CREATIO_STR("https://example.creatio.com"), CREATIO_RUNTIME_NET_FRAMEWORK) == CREATIO_OK &&
           creatio_session_init(&m->session, &m->site, m->memory, memory_size) == CREATIO_OK && log_in();
}
