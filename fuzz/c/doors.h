/* The doors beside the login: by codes and refresh tokens, by Windows authentication; and batches. */

#ifndef DOORS_H
#define DOORS_H

#include "look.h"

#define SITES 2
#define SESSIONS 2
#define EXCHANGES 3

/* All contexts that there are. */
typedef struct {
    creatio_site sites[SITES];
    creatio_session sessions[SESSIONS];
    creatio_exchange exchanges[EXCHANGES];
    creatio_renewal renewal;
    creatio_runtime_probe probe;
    creatio_batch_writer writer, measure; /* the second one writes the same, and passes over it */
    creatio_batch_reader reader;
    size_t parts; /* that the reader is told of */
} machine;

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

static void authorize(input *in, const creatio_site *identity, uint8_t which) {
    creatio_authorization_request request;
    creatio_authorization_response response;
    const uint8_t *challenge;
    size_t len = 0;
    read_authorization_request(in, &request);
    challenge = block(in, CREATIO_CHALLENGE_LEN);
    OUTPUT(creatio_authorization_verifier(&request, out, cap, &len));
    OUTPUT(creatio_authorization_url(&request, identity, challenge, (char *)out, cap, &len));
    char *uri = text(in, &len);
    if (which & 0x20 && request.random != NULL) {
        /* What comes back has the state of the URL, behind whatever there is. */
        size_t url_len = 0, at = 0;
        char *url = block(in, 4096), *back = block(in, 4096 + len);
        if (url == NULL || back == NULL ||
            creatio_authorization_url(&request, identity, challenge, url, 4096, &url_len) != CREATIO_OK)
            return;
        while (at + 6 < url_len && memcmp(url + at, "state=", 6) != 0)
            at++;
        memcpy(back, uri, len);
        memcpy(back + len, url + at, url_len - at);
        uri = back;
        len += url_len - at;
    }
    memset(&response, 0x5A, sizeof response);
    creatio_status status = creatio_authorization_read(&request, uri, len, &response);
    check_status(status);
    if (status == CREATIO_OK) {
        check_text(&response.code), check_text(&response.error), check_text(&response.error_description);
        check_words(creatio_authorization_verdict_name(response.verdict),
                    creatio_authorization_verdict_text(response.verdict), response.verdict);
        if ((response.code.text != NULL) != (response.verdict == CREATIO_AUTHORIZATION_APPROVED))
            fail("a code and no approval, or none and one", response.verdict);
    }
}

/* The token that answers what the exchange has brought, or what the input says. */
static void ntlm(input *in, uint8_t which, const creatio_session *session, const creatio_exchange *exchange) {
    creatio_ntlm_credentials user;
    creatio_windows windows;
    const void *challenge = NULL;
    size_t challenge_len = 0;
    read_ntlm_user(in, &user);
    const uint8_t *random = which & 0x10 ? NULL : block(in, CREATIO_NTLM_RANDOM_LEN);
    uint64_t time = (uint64_t)number(in) << (byte(in) % 32);
    if (which & 0x20)
        challenge = text(in, &challenge_len);
    else if (creatio_exchange_windows_result(exchange, session, &windows) == CREATIO_OK) {
        challenge = windows.challenge;
        challenge_len = windows.challenge_len;
    }
    OUTPUT(creatio_ntlm_token(&user, time, challenge, challenge_len, random, out, cap, &len));
}

/* A part of a batch, or its end: what is written is as long as what is passed over. */
static void write_part(input *in, machine *m, const creatio_batch_part *part) {
    size_t all = 0, sum = 0, len = 0, cap = (size_t)byte(in) + 1;
    creatio_status measured = creatio_batch_writer_skip(&m->measure, part, &all), status;
    check_status(measured);
    do {
        uint8_t *out = malloc(cap);
        status = creatio_batch_writer_fill(&m->writer, part, out, cap, &len);
        check_status(status);
        free(out);
        if (status >= 0 && (len > cap || (status == CREATIO_MORE && len == 0)))
            fail("it says that it wrote what it cannot have", (long)len);
        sum += status >= 0 ? len : 0;
    } while (status == CREATIO_MORE);
    if (status != measured || (status == CREATIO_OK && sum != all))
        fail("a part is not as long as it says", (long)sum);
}

static void read_answers(input *in, machine *m) {
    size_t most = (size_t)byte(in) + 1;
    most = most < in->left ? most : in->left;
    uint8_t *copy = malloc(most == 0 ? 1 : most);
    memcpy(copy, in->at, most);
    in->at += most, in->left -= most;
    for (size_t at = 0, consumed = 0; at < most; at += consumed) {
        creatio_batch_answer answer;
        memset(&answer, 0x5A, sizeof answer);
        creatio_status status = creatio_batch_reader_feed(&m->reader, copy + at, most - at, &consumed, &answer);
        check_status(status);
        if (status < 0)
            break;
        if (consumed == 0 || consumed > most - at || (status == CREATIO_MORE && consumed != most - at))
            fail("it took what there is not", (long)consumed);
        if (status == CREATIO_OK) {
            check_text(&answer.id), check_text(&answer.message), check_text(&answer.inner_message);
            check_text(&answer.error_code);
            if (answer.part >= m->parts ||
                creatio_batch_reader_outcome(&m->reader, answer.part) != CREATIO_BATCH_ANSWERED)
                fail("an answer to no part", (long)answer.part);
        }
    }
    free(copy);
}

/* False where the number is none of these functions'. */
static bool door(input *in, machine *m, uint8_t function, uint8_t which, creatio_site *site, creatio_session *session,
                 creatio_exchange *exchange) {
    creatio_client_credentials client;
    creatio_authorization_request request;
    creatio_batch_part part;
    char *given;
    size_t len = 0;
    switch (function) {
    case 43:
        read_client(in, &client);
        check_status(creatio_session_token_by_refresh(session, site, &client, exchange));
        break;
    case 44:
        read_client(in, &client);
        read_authorization_request(in, &request);
        given = text(in, &len);
        check_status(creatio_session_token_by_code(session, site, &client, &request, given, len, exchange));
        break;
    case 45:
        read_client(in, &client);
        check_status(creatio_session_revoke(session, site, &client, exchange));
        break;
    case 46:
        read_client(in, &client);
        check_status(creatio_session_discover(session, site, &client, exchange));
        break;
    case 47:
        check_status(creatio_session_oauth_health(session, exchange));
        break;
    case 48:
        authorize(in, site, which);
        break;
    case 49:
    case 50: {
        creatio_windows_scheme scheme = which & 0x10 ? byte(in) : CREATIO_WINDOWS_SCHEME_NTLM;
        given = text(in, &len);
        check_status(creatio_session_windows_login(session, scheme, given, len, exchange));
        break;
    }
    case 51:
        ntlm(in, which, session, exchange);
        break;
    case 52:
        check_status(creatio_batch_writer_init(&m->writer));
        check_status(creatio_batch_writer_init(&m->measure));
        break;
    case 53:
    case 54:
        read_part(in, &part);
        write_part(in, m, &part);
        break;
    case 55:
        write_part(in, m, NULL);
        break;
    case 56:
        m->parts = which & 1 ? byte(in) : CREATIO_MAX_BATCH_PARTS;
        len = byte(in);
        given = block(in, len);
        if (given != NULL)
            check_status(creatio_batch_reader_init(&m->reader, m->parts, given, len));
        break;
    case 57:
    case 58:
        read_answers(in, m);
        break;
    case 59: {
        creatio_batch_outcome outcome = creatio_batch_reader_outcome(&m->reader, which & 1 ? SIZE_MAX : byte(in));
        if (outcome < CREATIO_BATCH_UNKNOWN || outcome > CREATIO_BATCH_ANSWERED)
            fail("no such outcome", outcome);
        break;
    }
    default:
        return false;
    }
    return true;
}

#endif
