/* Calls the functions of the library in any order, as the bytes of an input say. */

#include "doors.h"

#define STEPS 96

static void step(input *in, machine *m) {
    uint8_t function = byte(in) % 64, which = byte(in);
    creatio_site *site = &m->sites[which % SITES];
    creatio_session *session = &m->sessions[which / 2 % SESSIONS];
    creatio_exchange *exchange = &m->exchanges[which / 4 % EXCHANGES];
    creatio_credentials who;
    creatio_client_credentials client;
    creatio_call call;
    const char *given = NULL;
    size_t len = 0, second_len = 0;
    uint32_t seconds = 0;
    char *first, *second;
    if (which & 0x80) /* what must not be NULL is */
        session = NULL;
    switch (function) {
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
    case 4:
        read_client(in, &client);
        check_status(creatio_session_token(session, site, &client, exchange));
        break;
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
        size_t most = function == 6 ? in->left : (size_t)byte(in) + 1;
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
        first = lines(in, &len);
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
        creatio_session_refresh_token(session), creatio_session_revision(session);
        break;
    case 26:
        read_call(in, &call);
        check_status(creatio_renewal_init(&m->renewal, &call, which & 1));
        break;
    case 27:
        creatio_renewal_after_answer(&m->renewal, exchange, session);
        break;
    case 28:
        creatio_renewal_after_sign_in(&m->renewal, exchange, session);
        break;
    case 29:
        check_status(creatio_runtime_probe_init(&m->probe));
        break;
    case 30:
        call = creatio_runtime_probe_call(&m->probe);
        check_status(creatio_session_call(session, &call, exchange));
        break;
    case 31:
        creatio_runtime_probe_after_answer(&m->probe, exchange, session);
        break;
    case 32: {
        /* Contexts may be moved, as long as there is but one. */
        creatio_exchange *other = &m->exchanges[(which / 4 + 1) % EXCHANGES];
        memcpy(other, exchange, sizeof *other);
        memset(exchange, 0, sizeof *exchange);
        break;
    }
    case 33: {
        creatio_session moved;
        memcpy(&moved, &m->sessions[0], sizeof moved);
        memcpy(&m->sessions[0], &m->sessions[1], sizeof moved);
        memcpy(&m->sessions[1], &moved, sizeof moved);
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
    case 39:
        creatio_renewal_after_cut(&m->renewal), creatio_renewal_may_be_done_before(&m->renewal);
        break;
    case 40:
        look_at_words(which & 1 ? (int32_t)number(in) : (int8_t)byte(in));
        break;
    case 41: {
        uint32_t attempt = byte(in), min = number(in), max = number(in), jitter = number(in);
        look_at_delay(attempt, min, max, jitter, which & 1 ? byte(in) : which & 2 ? number(in) : 0);
        break;
    }
    case 42:
        /* A header of another version or layout, or another runtime. */
        first = text(in, &len);
        check_status(creatio_site_parse_checked(site, first, len, number(in)));
        break;
    default:
        if (door(in, m, function, which, site, session, exchange))
            break;
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
    machine m;
    input in = {data, len, {0}, 0};
    memset(&m, 0, sizeof m);
    if (strcmp(creatio_version(), CREATIO_VERSION) != 0)
        fail("another version", CREATIO_VERSION_NUMBER);
    /* Where nothing says otherwise, there is a session to begin with. */
    if (creatio_site_parse(&m.sites[0], "https://crm.example.com/app", 27, CREATIO_RUNTIME_NET_FRAMEWORK) != CREATIO_OK ||
        creatio_session_init(&m.sessions[0], &m.sites[0], block(&in, 1024), 1024) != CREATIO_OK)
        fail("nothing to call functions with", CREATIO_VERSION_NUMBER);
    for (int turn = 0; turn < STEPS && in.left > 0; turn++)
        step(&in, &m);
    for (size_t at = 0; at < in.count; at++)
        free(in.blocks[at]);
}
