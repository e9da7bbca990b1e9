/* Calls the functions of the library in any order, as the bytes of an input say. */

#include "input.h"

#define SITES 2
#define SESSIONS 2
#define EXCHANGES 3
#define STEPS 96

static void look(const creatio_exchange *exchange, const creatio_session *session) {
    creatio_login login;
    creatio_answer answer;
    creatio_token token;
    creatio_cookie cookie;
    const char *name = NULL;
    size_t len = 0;
    memset(&login, 0x5A, sizeof login);
    memset(&answer, 0x5A, sizeof answer);
    memset(&token, 0x5A, sizeof token);
    creatio_status status = creatio_exchange_login_result(exchange, session, &login);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&login.message), check_text(&login.exception_message), check_text(&login.exception_type);
        check_text(&login.password_change_url), check_text(&login.redirect_url), check_text(&login.user_type);
        if (login.authenticated != creatio_exchange_is_signed_in(exchange, session))
            fail("signed in or not", login.verdict);
        if (strcmp(creatio_login_verdict_name(login.verdict), "?") == 0 || creatio_login_verdict_text(login.verdict)[0] == '?')
            fail("no such verdict", login.verdict);
    }
    status = creatio_exchange_call_result(exchange, session, &answer);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&answer.message), check_text(&answer.inner_message);
        check_text(&answer.next_link), check_text(&answer.error_code);
        if (strcmp(creatio_call_verdict_name(answer.verdict), "?") == 0)
            fail("no such verdict", answer.verdict);
    }
    status = creatio_exchange_token_result(exchange, session, &token);
    check_status(status);
    if (status == CREATIO_OK)
        check_text(&token.error), check_text(&token.error_description);
    for (int field = -1; field < 4; field++) {
        status = creatio_exchange_field(exchange, session, field, &name, &len);
        check_status(status);
        if (status == CREATIO_OK)
            readable(name, len);
    }
    for (size_t index = 0; index < 70; index++) {
        status = creatio_session_cookie(session, index, &cookie);
        check_status(status);
        if (status != CREATIO_OK)
            break;
        readable(cookie.name, cookie.name_len), readable(cookie.path, cookie.path_len);
    }
    if (creatio_exchange_failed_field(exchange, &name, &len) == CREATIO_OK)
        readable(name, len);
    if (creatio_exchange_state(exchange) == CREATIO_STATE_FAILED && creatio_exchange_keeps_alive(exchange))
        fail("a failed exchange keeps its connection", 0);
    creatio_exchange_http_status(exchange), creatio_exchange_may_be_sent_again(exchange);
    creatio_exchange_memory_needed(exchange);
}

/* A function that writes to a buffer: too small it says how many bytes it takes, and with these it is done. */
#define OUTPUT(call)                                                                                                   \
    do {                                                                                                               \
        size_t cap = byte(in), len = 0;                                                                                \
        uint8_t *out = block(in, cap);                                                                                 \
        creatio_status status = (call);                                                                                 \
        check_status(status);                                                                                          \
        if (status == CREATIO_OK && len > cap)                                                                          \
            fail("it says that it wrote beyond the buffer", (long)len);                                                \
        if (status == CREATIO_ERR_BUFFER_TOO_SMALL) {                                                                       \
            if (len <= cap)                                                                                            \
                fail("too small, and large enough", (long)len);                                                        \
            cap = len;                                                                                                 \
            out = block(in, cap);                                                                                      \
            if (out != NULL && ((call) != CREATIO_OK || len != cap))                                                                   \
                fail("what it takes is not enough", (long)cap);                                                        \
        }                                                                                                              \
    } while (0)

static void step(input *in, creatio_site *sites, creatio_session *sessions, creatio_exchange *exchanges,
                 creatio_renewal *renewal, creatio_runtime_probe *probe) {
    uint8_t function = byte(in), which = byte(in);
    creatio_site *site = &sites[which % SITES];
    creatio_session *session = &sessions[which / 2 % SESSIONS];
    creatio_exchange *exchange = &exchanges[which / 4 % EXCHANGES];
    creatio_credentials who;
    creatio_client_credentials client;
    creatio_call call;
    const char *given = NULL;
    size_t len = 0, second_len = 0;
    uint32_t seconds = 0;
    char *first, *second;
    if (which & 0x80) /* what must not be NULL is */
        session = NULL;
    switch (function % 40) {
    case 0:
        first = text(in, &len);
        check_status(creatio_site_parse(site, first, len, which / 64 + 1));
        break;
    case 1:
        len = (size_t)byte(in) * 16;
        first = block(in, len);
        if (first != NULL)
            check_status(creatio_session_init(session, site, first, len));
        break;
    case 2:
        read_credentials(in, &who);
        check_status(creatio_session_login(session, &who, exchange));
        break;
    case 3:
        read_call(in, &call);
        check_status(creatio_session_call(session, &call, exchange));
        break;
    case 4: {
        memset(&client, 0, sizeof client);
        uint8_t more = byte(in);
        client.id = text(in, &client.id_len);
        client.secret = text(in, &client.secret_len);
        client.by_basic = more & 1;
        client.path_below_prefix = more & 2;
        if (more & 4)
            client.path = text(in, &client.path_len);
        if (more & 8)
            client.field_lines = text(in, &client.field_lines_len);
        check_status(creatio_session_token(session, site, &client, exchange));
        break;
    }
    case 5: {
        size_t all = creatio_exchange_request_len(exchange, session);
        bool is_whole = creatio_exchange_state(exchange) == CREATIO_STATE_READY, ends = false;
        size_t cap = 1 + byte(in), sum = 0;
        for (int turn = 0; turn < 64 && !ends; turn++) {
            uint8_t *out = malloc(cap);
            creatio_status status = creatio_exchange_fill(exchange, session, out, cap, &len);
            check_status(status);
            if (status >= 0 && len > cap)
                fail("it says that it wrote beyond the buffer", (long)len);
            ends = status != CREATIO_MORE;
            sum += status >= 0 ? len : 0;
            is_whole &= status >= 0;
            free(out);
        }
        if (is_whole && ends && sum != all)
            fail("the request is not as long as it says", (long)sum);
        break;
    }
    case 6:
    case 7:
    case 8: {
        /* The rest of the input, or a line, as a reply. */
        size_t most = function % 40 == 6 ? in->left : (size_t)byte(in) + 1;
        most = most < in->left ? most : in->left;
        uint8_t *copy = malloc(most == 0 ? 1 : most);
        memcpy(copy, in->at, most);
        in->at += most, in->left -= most;
        for (size_t at = 0; at < most;) {
            creatio_fed fed = {0};
            creatio_status status = creatio_exchange_feed(exchange, session, copy + at, most - at, &fed);
            check_status(status);
            if (status < 0)
                break;
            if (fed.consumed > most - at || fed.body_len > fed.consumed)
                fail("it took more than there is", (long)fed.consumed);
            readable(fed.body, fed.body_len);
            at += fed.consumed;
            if (status != CREATIO_MORE || fed.consumed == 0)
                break;
        }
        free(copy);
        break;
    }
    case 9:
        check_status(creatio_exchange_close(exchange, session));
        break;
    case 10:
        first = text(in, &len), second = text(in, &second_len);
        check_status(creatio_exchange_feed_field(exchange, session, first, len, second, second_len));
        break;
    case 11:
        check_status(creatio_exchange_end_head(exchange, session, (uint16_t)(byte(in) * 4)));
        break;
    case 12:
        look(exchange, session);
        break;
    case 13:
        check_status(creatio_session_end(session, exchange));
        break;
    case 14:
        OUTPUT(creatio_exchange_request_part(exchange, session, which / 32, out, cap, &len));
        break;
    case 15:
        read_call(in, &call);
        OUTPUT(creatio_session_authorization_lines(session, &call, (char *)out, cap, &len));
        break;
    case 16: {
        size_t size = creatio_session_snapshot_len(session);
        uint8_t *bytes = block(in, size);
        if (bytes == NULL || creatio_session_snapshot(session, bytes, size, &len) != CREATIO_OK)
            break;
        uint8_t *memory = block(in, size);
        creatio_session other;
        memset(&other, 0, sizeof other);
        uint8_t at = byte(in);
        if (at < size && which & 0x40)
            bytes[at] ^= byte(in);
        if (memory != NULL)
            check_status(creatio_session_init(&other, site, memory, size));
        check_status(creatio_session_restore(&other, bytes, size));
        if (which & 0x20) /* over what it has */
            check_status(creatio_session_restore(session, bytes, size));
        creatio_session_clear(&other);
        break;
    }
    case 17:
        read_credentials(in, &who);
        check_status(creatio_session_use_basic(session, &who));
        break;
    case 18:
        read_credentials(in, &who);
        second = text(in, &second_len);
        check_status(creatio_session_change_password(session, &who, second, second_len, exchange));
        break;
    case 19:
        check_status(creatio_session_set_time(session, (uint64_t)byte(in) << (byte(in) % 40)));
        break;
    case 20:
        check_status(which & 1 ? creatio_session_set_body_limit(session, (size_t)byte(in) * 4)
                               : creatio_session_set_head_limit(session, (size_t)byte(in) * 64));
        break;
    case 21:
        first = text(in, &len);
        check_status(creatio_session_set_user_agent(session, first, len));
        break;
    case 22:
        first = text(in, &len);
        for (size_t at = 0; first != NULL && at + 1 < len; at++)
            if (first[at] == '|')
                first[at] = first[at + 1] == '|' ? '\r' : '\n';
        check_status(creatio_session_set_field_lines(session, first, len));
        break;
    case 23:
        creatio_session_clear(session);
        break;
    case 24:
        check_status(which & 1 ? creatio_session_end_sign_in_delay(session) : creatio_session_allow_sign_in(session));
        break;
    case 25:
        creatio_session_has_ticket(session), creatio_session_has_csrf_token(session);
        creatio_session_has_authorization(session), creatio_session_needs_token(session, which);
        creatio_session_token_expires_at(session), creatio_session_sign_in_delay(session, &seconds);
        creatio_session_sign_in_drops_cookies(session), creatio_session_earlier_sign_in(session);
        break;
    case 26:
        read_call(in, &call);
        check_status(creatio_renewal_init(renewal, &call, which & 1));
        break;
    case 27:
        creatio_renewal_after_answer(renewal, exchange, session);
        break;
    case 28:
        creatio_renewal_after_sign_in(renewal, exchange, session);
        break;
    case 29:
        check_status(creatio_runtime_probe_init(probe));
        break;
    case 30:
        call = creatio_runtime_probe_call(probe);
        check_status(creatio_session_call(session, &call, exchange));
        break;
    case 31:
        creatio_runtime_probe_after_answer(probe, exchange, session);
        break;
    case 32: {
        /* Contexts may be moved, as long as there is but one. */
        creatio_exchange *other = &exchanges[(which / 4 + 1) % EXCHANGES];
        memcpy(other, exchange, sizeof *other);
        memset(exchange, 0, sizeof *exchange);
        break;
    }
    case 33: {
        creatio_session moved;
        memcpy(&moved, &sessions[0], sizeof moved);
        memcpy(&sessions[0], &sessions[1], sizeof moved);
        memcpy(&sessions[1], &moved, sizeof moved);
        break;
    }
    case 34:
        first = text(in, &len);
        if (creatio_site_path_of(site, first, len, &given, &second_len) == CREATIO_OK)
            readable(given, second_len);
        if (creatio_site_host(site, &given, &second_len) == CREATIO_OK)
            readable(given, second_len);
        creatio_site_port(site), creatio_site_is_https(site);
        break;
    case 35:
        OUTPUT(creatio_site_identity_hint(site, (char *)out, cap, &len));
        break;
    case 36:
        first = text(in, &second_len);
        OUTPUT(creatio_encode_query(first, second_len, (char *)out, cap, &len));
        break;
    case 37:
        first = text(in, &second_len);
        OUTPUT(creatio_encode_json(first, second_len, (char *)out, cap, &len));
        break;
    case 38:
        first = text(in, &len);
        creatio_wipe(first, len);
        for (size_t at = 0; at < len; at++)
            if (first[at] != 0)
                fail("not wiped", (long)at);
        break;
    default:
        /* NULL in the place of a context. */
        check_status(creatio_exchange_feed(NULL, session, NULL, 0, NULL));
        check_status(creatio_exchange_fill(exchange, session, NULL, 5, &len));
        check_status(creatio_session_login(session, NULL, NULL));
        check_status(creatio_session_init(session, NULL, NULL, 0));
        look(NULL, session);
    }
}

void creatio_fuzz_calls(const uint8_t *data, size_t len);

void creatio_fuzz_calls(const uint8_t *data, size_t len) {
    creatio_site sites[SITES];
    creatio_session sessions[SESSIONS];
    creatio_exchange exchanges[EXCHANGES];
    creatio_renewal renewal;
    creatio_runtime_probe probe;
    input in = {data, len, {0}, 0};
    memset(sites, 0, sizeof sites), memset(sessions, 0, sizeof sessions), memset(exchanges, 0, sizeof exchanges);
    memset(&renewal, 0, sizeof renewal), memset(&probe, 0, sizeof probe);
    /* Where nothing says otherwise, there is a session to begin with. */
    check_status(creatio_site_parse(&sites[0], "https://crm.example.com/app", 27, CREATIO_RUNTIME_NET_FRAMEWORK));
    check_status(creatio_session_init(&sessions[0], &sites[0], block(&in, 1024), 1024));
    for (int turn = 0; turn < STEPS && in.left > 0; turn++)
        step(&in, sites, sessions, exchanges, &renewal, &probe);
    for (size_t at = 0; at < in.count; at++)
        free(in.blocks[at]);
}
