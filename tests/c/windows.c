/* Windows authentication: each request, each answer in every cut, what there is then; and the tokens of NTLM, where the
 * library has them (CREATIO_NTLM). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define REFUSAL "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\n"
#define PAGE "<html>401 - Unauthorized</html>"
#define OFFERS "WWW-Authenticate: Negotiate\r\nwww-authenticate:ntlm\r\n"
#define FOUND "HTTP/1.1 302 Found\r\nLocation: /0/Shell/\r\n"

static void windows_login(client *c, creatio_windows_scheme scheme, const char *token) {
    uint8_t request[512];
    CHECK_STATUS(creatio_session_windows_login(&c->session, scheme, token, strlen(token), &c->exchange), CREATIO_OK);
    client_pull(c, request, sizeof request, 7);
}

static creatio_windows answer_of(client *c) {
    creatio_windows answer;
    creatio_login login;
    TAINT(answer);
    CHECK_STATUS(creatio_exchange_windows_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    CHECK(answer.http_status == creatio_exchange_http_status(&c->exchange));
    CHECK(answer.authenticated == creatio_exchange_is_signed_in(&c->exchange, &c->session));
    CHECK((answer.challenge == NULL) == (answer.challenge_len == 0));
    CHECK((answer.verdict == CREATIO_WINDOWS_LOGIN) == (answer.login != 0));
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login), CREATIO_ERR_NOT_A_LOGIN);
    return answer;
}

/* What the requests of both runtimes are, whatever the buffer. */
static void requests(void) {
    static const struct {
        creatio_runtime runtime;
        creatio_windows_scheme scheme;
        const char *token, *expected;
    } ASKED[] = {
        { CREATIO_RUNTIME_NET_FRAMEWORK, CREATIO_WINDOWS_SCHEME_NTLM, "NTLMSSP",
          "GET /Login/NuiLogin.aspx?ntlmlogin HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
          "Accept: */*\r\nForceUseSession: true\r\nAuthorization: NTLM TlRMTVNTUA==\r\n\r\n" },
        { CREATIO_RUNTIME_NET, CREATIO_WINDOWS_SCHEME_NEGOTIATE, "YII",
          "POST /ServiceModel/AuthService.svc/DomainLogin HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
          "Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
          "ForceUseSession: true\r\nAuthorization: Negotiate WUlJ\r\n\r\n{}" },
        { CREATIO_RUNTIME_NET_FRAMEWORK, CREATIO_WINDOWS_SCHEME_NEGOTIATE, "",
          "GET /Login/NuiLogin.aspx?ntlmlogin HTTP/1.1\r\nHost: crm.example.com\r\n" AGENT_LINE
          "Accept: */*\r\nForceUseSession: true\r\n\r\n" },
    };
    for (size_t i = 0; i < sizeof ASKED / sizeof ASKED[0]; i++) {
        for (size_t step = 1; step < 300; step++) {
            check_topic("request %zu, by %zu", i, step);
            client c;
            uint8_t request[512];
            client_init(&c, SITE_URL, ASKED[i].runtime, 256);
            const char *token = ASKED[i].token[0] == '\0' ? NULL : ASKED[i].token;
            CHECK_STATUS(creatio_session_windows_login(&c.session, ASKED[i].scheme, token, strlen(ASKED[i].token),
                                                       &c.exchange),
                         CREATIO_OK);
            CHECK_SIZE(creatio_exchange_request_len(&c.exchange, &c.session), strlen(ASKED[i].expected));
            CHECK_TEXT(request, client_pull(&c, request, sizeof request, step), ASKED[i].expected);
            client_free(&c);
        }
    }
}

static void answers(void) {
    static const struct {
        creatio_runtime runtime;
        const char *token, *lines, *body;
        creatio_windows_verdict verdict;
        int login;
        const char *challenge, *message;
    } ANSWERS[] = {
        { CREATIO_RUNTIME_NET, "1", REFUSAL "WWW-Authenticate: NTLM TlRMTVNTUAAC\r\n", PAGE,
          CREATIO_WINDOWS_CHALLENGE_RECEIVED, 0, "NTLMSSP", NULL },
        { CREATIO_RUNTIME_NET, "", REFUSAL OFFERS, PAGE, CREATIO_WINDOWS_TOKEN_WANTED, 0, NULL, NULL },
        { CREATIO_RUNTIME_NET_FRAMEWORK, "3", REFUSAL OFFERS, PAGE, CREATIO_WINDOWS_REFUSED, 0, NULL, NULL },
        { CREATIO_RUNTIME_NET, "3", REFUSAL "WWW-Authenticate: Negotiate\r\n", PAGE, CREATIO_WINDOWS_SCHEME_NOT_OFFERED,
          0, NULL, NULL },
        { CREATIO_RUNTIME_NET_FRAMEWORK, "1", REFUSAL "WWW-Authenticate: Basic realm=\"a, NTLM\"\r\n", PAGE,
          CREATIO_WINDOWS_BASIC_WANTED, 0, NULL, NULL },
        { CREATIO_RUNTIME_NET, "1", REFUSAL "WWW-Authenticate: NTLM A\r\n", PAGE, CREATIO_WINDOWS_MALFORMED_CHALLENGE, 0,
          NULL, NULL },
        { CREATIO_RUNTIME_NET, "3", OK_LINE JSON_LINE SET_TICKET "WWW-Authenticate: NTLM b2s=\r\n", SUCCESS,
          CREATIO_WINDOWS_LOGIN, CREATIO_LOGIN_AUTHENTICATED, "ok", "" },
        { CREATIO_RUNTIME_NET, "3", OK_LINE, "{\"Code\":1,\"Message\":\"No\"}", CREATIO_WINDOWS_LOGIN,
          CREATIO_LOGIN_REJECTED, NULL, "No" },
        { CREATIO_RUNTIME_NET_FRAMEWORK, "3", FOUND SET_TICKET, "", CREATIO_WINDOWS_LOGIN, CREATIO_LOGIN_AUTHENTICATED,
          NULL, NULL },
        { CREATIO_RUNTIME_NET_FRAMEWORK, "3", "HTTP/1.1 503 B\r\nRetry-After: 7\r\n", "", CREATIO_WINDOWS_LOGIN,
          CREATIO_LOGIN_BUSY, NULL, NULL },
    };
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        for (int framing = BY_LENGTH; framing <= BY_CHUNKS; framing++) {
            char *reply = framed(ANSWERS[i].lines, ANSWERS[i].body, framing);
            for (size_t first = 1; first <= strlen(reply); first++) {
                check_topic("answer %zu, framed by %d, cut at %zu", i, framing, first);
                client c;
                client_init(&c, SITE_URL, ANSWERS[i].runtime, 512);
                windows_login(&c, CREATIO_WINDOWS_SCHEME_NTLM, ANSWERS[i].token);
                CHECK_STATUS(client_feed(&c, reply, strlen(reply), first, first).status, CREATIO_OK);
                creatio_windows answer = answer_of(&c);
                CHECK(answer.verdict == ANSWERS[i].verdict && (int)answer.login == ANSWERS[i].login);
                CHECK(answer.authenticated == (ANSWERS[i].login == CREATIO_LOGIN_AUTHENTICATED));
                CHECK(answer.authenticated == creatio_session_has_ticket(&c.session));
                CHECK(answer.has_retry_after == (answer.login == CREATIO_LOGIN_BUSY) &&
                      answer.retry_after == (answer.has_retry_after ? 7u : 0u));
                bool offers_all = strstr(ANSWERS[i].lines, OFFERS) != NULL;
                CHECK(answer.offers_ntlm == (offers_all || strstr(ANSWERS[i].lines, ": NTLM") != NULL));
                CHECK(answer.offers_negotiate == (strstr(ANSWERS[i].lines, "Negotiate") != NULL));
                CHECK(answer.offers_basic == (strstr(ANSWERS[i].lines, "Basic") != NULL));
                if (ANSWERS[i].challenge != NULL && CHECK(answer.challenge != NULL)) {
                    const char *expected = ANSWERS[i].challenge;
                    CHECK(answer.challenge >= c.memory &&
                          answer.challenge + answer.challenge_len <= c.memory + c.memory_len);
                    CHECK(answer.challenge_len >= strlen(expected) &&
                          memcmp(answer.challenge, expected, strlen(expected)) == 0);
                } else {
                    CHECK(answer.challenge == NULL);
                }
                text_is(&c, answer.message, ANSWERS[i].message);
                client_free(&c);
            }
            free(reply);
        }
    }
}

/* A handshake whole, over what is one session; and one whose connection goes. */
static void handshakes(void) {
    check_topic("a handshake");
    char *challenge = framed(REFUSAL "WWW-Authenticate: Negotiate oYI=\r\n", PAGE, BY_LENGTH);
    char *good = framed(FOUND SET_TICKET, "", BY_LENGTH);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET_FRAMEWORK, 512);
    windows_login(&c, CREATIO_WINDOWS_SCHEME_NEGOTIATE, "first");
    CHECK_STATUS(client_feed(&c, challenge, strlen(challenge), 9, 9).status, CREATIO_OK);
    CHECK(creatio_exchange_keeps_alive(&c.exchange));
    CHECK(answer_of(&c).challenge_len == 2);
    windows_login(&c, CREATIO_WINDOWS_SCHEME_NEGOTIATE, "second");
    CHECK_STATUS(client_feed(&c, good, strlen(good), 9, 9).status, CREATIO_OK);
    CHECK(answer_of(&c).authenticated && creatio_session_has_ticket(&c.session));
    client_free(&c);
    for (size_t len = 0; len < strlen(challenge); len++) {
        check_topic("a challenge that is cut off at %zu", len);
        client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
        windows_login(&c, CREATIO_WINDOWS_SCHEME_NEGOTIATE, "first");
        CHECK_STATUS(client_feed(&c, challenge, len, 9, 9).status, CREATIO_ERR_CLOSED_EARLY);
        creatio_windows answer;
        CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, &answer), CREATIO_ERR_OUT_OF_TURN);
        client_free(&c);
    }
    free(challenge);
    free(good);
}

static void misuse(void) {
    check_topic("what is missing");
    client c;
    creatio_windows answer;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 256);
    TAINT(answer);
    CHECK_STATUS(creatio_session_windows_login(NULL, CREATIO_WINDOWS_SCHEME_NTLM, "1", 1, &c.exchange),
                 CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_session_windows_login(&c.session, CREATIO_WINDOWS_SCHEME_NTLM, NULL, 1, &c.exchange),
                 CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_session_windows_login(&c.session, CREATIO_WINDOWS_SCHEME_NTLM, "1", 1, NULL),
                 CREATIO_ERR_NULL_POINTER);
    for (int32_t number = -1; number < 5; number++) {
        bool is_one = number == CREATIO_WINDOWS_SCHEME_NEGOTIATE || number == CREATIO_WINDOWS_SCHEME_NTLM;
        CHECK_STATUS(creatio_session_windows_login(&c.session, (creatio_windows_scheme)number, "1", 1, &c.exchange),
                     is_one ? CREATIO_OK : CREATIO_ERR_BAD_SCHEME);
    }
    CHECK_STATUS(creatio_session_windows_login(&c.session, CREATIO_WINDOWS_SCHEME_NTLM, "1", 1, &c.exchange), CREATIO_OK);
    CHECK(!creatio_exchange_may_be_sent_again(&c.exchange));
    CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, &answer), CREATIO_ERR_OUT_OF_TURN);
    CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_exchange_windows_result(NULL, &c.session, &answer), CREATIO_ERR_NOT_SET_UP);
    CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, NULL, &answer), CREATIO_ERR_NOT_SET_UP);
    client_begin_login(&c);
    CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, &answer), CREATIO_ERR_NOT_A_LOGIN);
    CHECK(IS_UNTOUCHED(answer));
    client_free(&c);
}

#ifdef CREATIO_NTLM

/* MS-NLMP 4.2.4: the challenge of the published example, and what is answered. */
static const uint8_t CHALLENGE[] = {
    0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0c, 0x00, 0x0c, 0x00, 0x38, 0x00, 0x00, 0x00,
    0x33, 0x82, 0x8a, 0xe2, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x24, 0x00, 0x24, 0x00, 0x44, 0x00, 0x00, 0x00, 0x06, 0x00, 0x70, 0x17, 0x00, 0x00, 0x00, 0x0f, 0x53, 0x00, 0x65, 0x00,
    0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00, 0x02, 0x00, 0x0c, 0x00, 0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00,
    0x69, 0x00, 0x6e, 0x00, 0x01, 0x00, 0x0c, 0x00, 0x53, 0x00, 0x65, 0x00, 0x72, 0x00, 0x76, 0x00, 0x65, 0x00, 0x72, 0x00,
    0x00, 0x00, 0x00, 0x00
};
static const uint8_t RANDOM[CREATIO_NTLM_RANDOM_LEN] = { 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA };
static const uint8_t PROOF[] = { 0x68, 0xcd, 0x0a, 0xb8, 0x51, 0xe5, 0x1c, 0x96,
                                 0xaa, 0xbc, 0x92, 0x7b, 0xeb, 0xef, 0x6a, 0x1c };

static creatio_ntlm_credentials user_of(const char *domain, const char *name, const char *password) {
    creatio_ntlm_credentials user;
    memset(&user, 0, sizeof user);
    user.domain = domain;
    user.domain_len = strlen(domain);
    user.user_name = name;
    user.user_name_len = strlen(name);
    user.password = password;
    user.password_len = strlen(password);
    return user;
}

static void ntlm_tokens(void) {
    creatio_ntlm_credentials user = user_of("Domain", "User", "Password");
    for (int is_second = 0; is_second < 2; is_second++) {
        size_t challenge_len = is_second ? sizeof CHALLENGE : 0, needed = 0;
        uint8_t *challenge = (uint8_t *)exact_copy(CHALLENGE, challenge_len);
        CHECK_STATUS(creatio_ntlm_token(&user, 0, challenge, challenge_len, RANDOM, NULL, 0, &needed),
                     CREATIO_ERR_BUFFER_TOO_SMALL);
        for (size_t cap = 0; cap <= needed + 1; cap++) {
            check_topic("token %d of NTLM, into %zu bytes", is_second, cap);
            uint8_t *token = guarded_new(cap);
            size_t len = 0;
            CHECK_STATUS(creatio_ntlm_token(&user, 0, challenge, challenge_len, RANDOM, token, cap, &len),
                         cap < needed ? CREATIO_ERR_BUFFER_TOO_SMALL : CREATIO_OK);
            CHECK_SIZE(len, needed);
            if (cap < needed) {
                CHECK(all_bytes(token, cap, UNTOUCHED));
            } else {
                CHECK(memcmp(token, "NTLMSSP\0", 8) == 0 && token[8] == (is_second ? 3 : 1));
                size_t at = is_second ? (size_t)token[24] + 256u * token[25] : 0;
                CHECK(!is_second || memcmp(token + at, PROOF, sizeof PROOF) == 0);
                CHECK(all_bytes(token + needed, cap - needed, UNTOUCHED));
            }
            guarded_free(token, cap);
        }
        free(challenge);
    }
}

static void ntlm_refusals(void) {
    uint8_t token[512], random[CREATIO_NTLM_RANDOM_LEN] = { 0 }, changed[sizeof CHALLENGE];
    size_t len = 0;
    creatio_ntlm_credentials user = user_of("Domain", "User", "Password");
    for (size_t cut = 1; cut < sizeof CHALLENGE; cut++) {
        check_topic("a challenge of NTLM, cut at %zu", cut);
        uint8_t *challenge = (uint8_t *)exact_copy(CHALLENGE, cut);
        TAINT(token);
        CHECK_STATUS(creatio_ntlm_token(&user, 0, challenge, cut, random, token, sizeof token, &len),
                     CREATIO_ERR_NTLM_MALFORMED);
        CHECK(IS_UNTOUCHED(token));
        free(challenge);
    }
    check_topic("what NTLM does not take");
    memcpy(changed, CHALLENGE, sizeof changed);
    changed[20] = 0;
    CHECK_STATUS(creatio_ntlm_token(&user, 0, changed, sizeof changed, random, token, sizeof token, &len),
                 CREATIO_ERR_NTLM_NOT_VERSION_2);
    char *name = (char *)malloc(40000);
    memset(name, 'a', 40000);
    user.workstation = name;
    user.workstation_len = 40000;
    CHECK_STATUS(creatio_ntlm_token(&user, 0, CHALLENGE, sizeof CHALLENGE, random, token, sizeof token, &len),
                 CREATIO_ERR_NTLM_TOO_LONG);
    name[0] = (char)0xFF;
    CHECK_STATUS(creatio_ntlm_token(&user, 0, NULL, 0, random, token, sizeof token, &len), CREATIO_ERR_NOT_UTF8);
    free(name);
    user = user_of("", "", "");
    CHECK_STATUS(creatio_ntlm_token(&user, 0, NULL, 0, NULL, token, sizeof token, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_ntlm_token(NULL, 0, NULL, 0, random, token, sizeof token, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_ntlm_token(&user, 0, NULL, 1, random, token, sizeof token, &len), CREATIO_ERR_NULL_POINTER);
    CHECK_STATUS(creatio_ntlm_token(&user, 0, NULL, 0, random, token, sizeof token, NULL), CREATIO_ERR_NULL_POINTER);
    CHECK(IS_UNTOUCHED(token));
    /* 1970, in 100 ns since 1601 (MS-DTYP), and one second. */
    static const uint8_t TIME[] = { 0x80, 0x16, 0xd7, 0xd5, 0xde, 0xb1, 0x9d, 0x01 };
    CHECK_STATUS(creatio_ntlm_token(&user, 1, CHALLENGE, sizeof CHALLENGE, random, token, sizeof token, &len), CREATIO_OK);
    size_t at = (size_t)token[24] + 256u * token[25] + sizeof PROOF + 8;
    CHECK(memcmp(token + at, TIME, sizeof TIME) == 0);
}

#endif

void test_windows(void) {
    requests();
    answers();
    handshakes();
    misuse();
#ifdef CREATIO_NTLM
    ntlm_tokens();
    ntlm_refusals();
#endif
}
