/* The two tables at the top of the header: what of the caller's is read, and until when; and until
 * when stays what is shown. Each text has a place of its own on the heap, which is overwritten and
 * released at the earliest moment, so that the sanitizers and valgrind see who still reads it. */
#include <stdlib.h>
#include <string.h>

#include "support.h"

/* What is lent to the library. */
typedef struct {
    char *texts[12];
    size_t lens[12];
    size_t count;
} lent;

static const char *lend(lent *l, const char *text, size_t *len) {
    *len = strlen(text);
    l->texts[l->count] = (char *)exact_copy(text, *len);
    l->lens[l->count] = *len;
    return l->texts[l->count++];
}

static void release(lent *l) {
    while (l->count > 0) {
        l->count--;
        memset(l->texts[l->count], UNTOUCHED, l->lens[l->count]);
        free(l->texts[l->count]);
    }
}

static void release_struct(void *memory, size_t len) {
    memset(memory, UNTOUCHED, len);
    free(memory);
}

/* The request, filled in pieces of this size; or in parts, where it is 0. */
static void take(client *c, size_t step) {
    uint8_t request[1024];
    if (step > 0) {
        client_pull(c, request, sizeof request, step);
        return;
    }
    for (int32_t number = CREATIO_REQUEST_METHOD; number <= CREATIO_REQUEST_BODY; number++) {
        creatio_request_part part = (creatio_request_part)number;
        size_t len;
        CHECK_STATUS(creatio_exchange_request_part(&c->exchange, &c->session, part, request,
                                                   sizeof request, &len),
                     CREATIO_OK);
    }
}

static const size_t STEPS[] = { 0, 1, 1024 };
enum { WAYS = sizeof STEPS / sizeof STEPS[0] };

static void all_credentials(lent *l, creatio_credentials *who) {
    memset(who, 0, sizeof *who);
    who->user_name = lend(l, "Supervisor", &who->user_name_len);
    who->password = lend(l, "hunter\"2", &who->password_len);
    who->workspace = lend(l, "Default", &who->workspace_len);
    who->one_time_code = lend(l, "123456", &who->one_time_code_len);
    who->provider_name = lend(l, "Totp", &who->provider_name_len);
}

/* Those of a sign-in go when its request has been taken, and the struct when it begins. */
static void credentials(bool is_change, size_t step) {
    check_topic("texts of a %s, by %zu", is_change ? "change of the password" : "login", step);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lent texts = { { NULL }, { 0 }, 0 };
    creatio_credentials local;
    all_credentials(&texts, &local);
    creatio_credentials *who = (creatio_credentials *)exact_copy(&local, sizeof local);
    if (is_change) {
        size_t len;
        const char *fresh = lend(&texts, "n\\ew", &len);
        CHECK_STATUS(creatio_session_change_password(&c.session, who, fresh, len, &c.exchange),
                     CREATIO_OK);
    } else {
        CHECK_STATUS(creatio_session_login(&c.session, who, &c.exchange), CREATIO_OK);
    }
    release_struct(who, sizeof *who);
    take(&c, step);
    release(&texts);
    CHECK_STATUS(client_feed(&c, GOOD_LOGIN, strlen(GOOD_LOGIN), 7, 9).status, CREATIO_OK);
    creatio_login login;
    CHECK_STATUS(creatio_exchange_login_result(&c.exchange, &c.session, &login), CREATIO_OK);
    CHECK(login.verdict == CREATIO_LOGIN_AUTHENTICATED);
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
    CHECK(creatio_exchange_keeps_alive(&c.exchange) == (step > 0));
    client_free(&c);
}

#define GRANTED GRANT(TOKEN, ",\"expires_in\":3600")

/* So do those of a request for a token, and the URL of the identity service; its site at once. */
static void token(bool by_basic, size_t step) {
    check_topic("texts of a request for a token, by %zu", step);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lent texts = { { NULL }, { 0 }, 0 };
    size_t url_len;
    const char *url = lend(&texts, IDENTITY_URL, &url_len);
    creatio_site *identity = (creatio_site *)malloc(sizeof *identity);
    CHECK_STATUS(creatio_site_parse(identity, url, url_len, CREATIO_RUNTIME_NET), CREATIO_OK);
    creatio_client_credentials *who =
        (creatio_client_credentials *)calloc(1, sizeof *who);
    who->by_basic = by_basic;
    who->id = lend(&texts, "3D2C", &who->id_len);
    who->secret = lend(&texts, "B0A1SECRET", &who->secret_len);
    who->path = lend(&texts, "/connect/other", &who->path_len);
    who->field_lines = lend(&texts, "X-Key: k\r\n", &who->field_lines_len);
    CHECK_STATUS(creatio_session_token(&c.session, identity, who, &c.exchange), CREATIO_OK);
    release_struct(who, sizeof *who);
    release_struct(identity, sizeof *identity);
    take(&c, step);
    release(&texts);
    char *reply = framed(OK_LINE JSON_LINE "Set-Cookie: a=b\r\n", GRANTED, BY_LENGTH);
    CHECK_STATUS(client_feed(&c, reply, strlen(reply), 7, 9).status, CREATIO_OK);
    free(reply);
    creatio_token answer;
    CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &answer), CREATIO_OK);
    CHECK(answer.granted);
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
    lines_are(&c, "Authorization: Bearer " TOKEN "\r\n");
    client_free(&c);
}

/* The options of a call, a bit each. */
enum { ACCEPT = 1, LINES = 2, WANTED = 4, BODY = 8, KIND = 16, FOLLOWS = 32, OPTIONS = 64 };

/* A call with these options, of a client that is signed in: `sent` has what goes when the request
 * has been taken, `kept` the rest. */
static void begin_call(client *c, int options, lent *sent, lent *kept) {
    creatio_call *call = (creatio_call *)calloc(1, sizeof *call);
    call->path = lend(kept, "/odata/Contact/x", &call->path_len);
    if (options & ACCEPT) {
        call->accept = lend(sent, "text/html, */*;q=0.1", &call->accept_len);
    }
    if (options & LINES) {
        call->field_lines = lend(sent, "Prefer: return=minimal\r\n", &call->field_lines_len);
    }
    if (options & WANTED) {
        call->wanted_field = lend(kept, "ETag", &call->wanted_field_len);
    }
    if (options & (BODY | FOLLOWS)) {
        call->method = CREATIO_METHOD_PATCH;
        call->body_follows = (options & FOLLOWS) != 0;
        call->body_len = 5;
    }
    if (options & BODY && !call->body_follows) {
        call->body = (const uint8_t *)lend(sent, "{\"a\":1}", &call->body_len);
    }
    if (options & KIND) {
        call->content_type = lend(sent, "text/plain", &call->content_type_len);
    }
    CHECK_STATUS(creatio_session_call(&c->session, call, &c->exchange), CREATIO_OK);
    release_struct(call, sizeof *call);
}

typedef struct {
    const char *reply;
    creatio_call_verdict verdict;
    /* That of a call which takes any page. */
    creatio_call_verdict verdict_of_a_page;
} answered;

#define PAGE "<html><a href=\"/Login/NuiLogin.aspx\">"
#define LOST "HTTP/1.1 404 Not Found\r\n"
#define LEFT "HTTP/1.1 302 Found\r\nLocation: /Login/NuiLogin.aspx\r\n"
/* The path of the cookie comes from that of the call. */
#define FIELDS "Set-Cookie: own=1\r\nETag: \"7\"\r\n"

static const answered ANSWERS[] = {
    { OK_LINE FIELDS "Content-Length: 2\r\n\r\n{}", CREATIO_CALL_FINE, CREATIO_CALL_FINE },
    { OK_LINE FIELDS "Content-Length: 37\r\n\r\n" PAGE, CREATIO_CALL_ENDED_LOGIN_PAGE, CREATIO_CALL_FINE },
    { OK_LINE FIELDS "Content-Length: 6\r\n\r\n<html>", CREATIO_CALL_NOT_JSON, CREATIO_CALL_FINE },
    { LOST FIELDS "Content-Length: 0\r\n\r\n", CREATIO_CALL_WRONG_PREFIX, CREATIO_CALL_WRONG_PREFIX },
    { LEFT FIELDS "Content-Length: 0\r\n\r\n", CREATIO_CALL_ENDED_REDIRECT, CREATIO_CALL_ENDED_REDIRECT },
};

/* All that can be asked of an answered call, whose texts are gone. */
static void ask(client *c, int options, const answered *expected) {
    creatio_answer answer;
    TAINT(answer);
    CHECK_STATUS(creatio_exchange_call_result(&c->exchange, &c->session, &answer), CREATIO_OK);
    CHECK(answer.verdict ==
          (options & ACCEPT ? expected->verdict_of_a_page : expected->verdict));
    const char *value;
    size_t len;
    creatio_status status =
        creatio_exchange_field(&c->exchange, &c->session, CREATIO_REPLY_WANTED_FIELD, &value, &len);
    if (CHECK_STATUS(status, options & WANTED ? CREATIO_OK : CREATIO_END) && status == CREATIO_OK) {
        CHECK_TEXT(value, len, "\"7\"");
    }
    creatio_login login;
    CHECK_STATUS(creatio_exchange_login_result(&c->exchange, &c->session, &login),
                 CREATIO_ERR_NOT_A_LOGIN);
    CHECK(!creatio_exchange_is_signed_in(&c->exchange, &c->session));
    CHECK(!creatio_exchange_may_be_sent_again(&c->exchange));
    creatio_exchange_keeps_alive(&c->exchange);
    CHECK_STATUS(creatio_exchange_failed_field(&c->exchange, &value, &len), CREATIO_END);
    char *lines = client_lines(c, "/odata/Contact/y");
    CHECK(strstr(lines, "own=1") != NULL);
    free(lines);
    CHECK_STATUS(creatio_exchange_close(&c->exchange, &c->session), CREATIO_OK);
}

static void signed_in(client *c) {
    client_init(c, SITE_URL, CREATIO_RUNTIME_NET, 2048);
    CHECK_STATUS(client_login(c, GOOD_LOGIN).status, CREATIO_OK);
}

static void calls(int options, const answered *expected, size_t step) {
    client c;
    signed_in(&c);
    lent sent = { { NULL }, { 0 }, 0 }, kept = { { NULL }, { 0 }, 0 };
    begin_call(&c, options, &sent, &kept);
    take(&c, step);
    release(&sent);
    CHECK_STATUS(client_feed(&c, expected->reply, strlen(expected->reply), 7, 9).status,
                 CREATIO_OK);
    release(&kept);
    ask(&c, options, expected);
    client_free(&c);
}

/* The renewal keeps nothing of its call, and neither do the session's end and the login after it. */
static void renewal(const answered *expected) {
    client c;
    signed_in(&c);
    lent sent = { { NULL }, { 0 }, 0 }, kept = { { NULL }, { 0 }, 0 };
    creatio_renewal renewal;
    creatio_call *call = (creatio_call *)calloc(1, sizeof *call);
    call->path = lend(&sent, "/x", &call->path_len);
    call->accept = lend(&sent, "text/html", &call->accept_len);
    CHECK_STATUS(creatio_renewal_init(&renewal, call, false), CREATIO_OK);
    release_struct(call, sizeof *call);
    release(&sent);

    begin_call(&c, WANTED | LINES, &sent, &kept);
    take(&c, 64);
    release(&sent);
    CHECK_STATUS(client_feed(&c, expected->reply, strlen(expected->reply), 7, 9).status,
                 CREATIO_OK);
    release(&kept);
    bool has_ended = expected->verdict == CREATIO_CALL_ENDED_LOGIN_PAGE ||
                     expected->verdict == CREATIO_CALL_ENDED_REDIRECT;
    CHECK((creatio_renewal_after_answer(&renewal, &c.exchange, &c.session) == CREATIO_RENEWAL_SIGN_IN) ==
          has_ended);
    CHECK_STATUS(creatio_session_end(&c.session, &c.exchange), CREATIO_OK);
    CHECK(creatio_session_has_ticket(&c.session) == (expected->verdict != CREATIO_CALL_ENDED_REDIRECT));
    CHECK_STATUS(client_login(&c, GOOD_LOGIN).status, CREATIO_OK);
    CHECK((creatio_renewal_after_sign_in(&renewal, &c.exchange, &c.session) == CREATIO_RENEWAL_REPEAT) ==
          has_ended);
    client_free(&c);
}

/* The name and the value of a field of the reply go when they have been told. */
static void foreign(int options) {
    client c;
    signed_in(&c);
    lent sent = { { NULL }, { 0 }, 0 }, kept = { { NULL }, { 0 }, 0 }, told = { { NULL }, { 0 }, 0 };
    begin_call(&c, options, &sent, &kept);
    take(&c, 0);
    release(&sent);
    static const char *const TOLD[][2] = {
        { "set-cookie", "own=1" }, { "etag", " \"7\"" }, { "content-length", "3" }, { "x", "y" }
    };
    for (size_t i = 0; i < sizeof TOLD / sizeof TOLD[0]; i++) {
        size_t name_len, value_len;
        const char *name = lend(&told, TOLD[i][0], &name_len);
        const char *value = lend(&told, TOLD[i][1], &value_len);
        CHECK_STATUS(creatio_exchange_feed_field(&c.exchange, &c.session, name, name_len, value,
                                                 value_len),
                     CREATIO_OK);
        release(&told);
    }
    CHECK_STATUS(creatio_exchange_end_head(&c.exchange, &c.session, 404), CREATIO_MORE);
    CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_OK);
    release(&kept);
    ask(&c, options, &ANSWERS[3]);
    client_free(&c);
}

/* Where the reply does not come, the path serves one question more. */
static void failed(int options, size_t step) {
    client c;
    signed_in(&c);
    lent sent = { { NULL }, { 0 }, 0 }, kept = { { NULL }, { 0 }, 0 };
    begin_call(&c, options, &sent, &kept);
    take(&c, step);
    release(&sent);
    CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_ERR_CLOSED_EARLY);
    CHECK(creatio_exchange_may_be_sent_again(&c.exchange) == !(options & (BODY | FOLLOWS)));
    release(&kept);
    CHECK_STATUS(creatio_exchange_close(&c.exchange, &c.session), CREATIO_ERR_OUT_OF_TURN);
    CHECK(creatio_exchange_state(&c.exchange) == CREATIO_STATE_FAILED);
    CHECK_SIZE(creatio_exchange_memory_needed(&c.exchange), 0);
    CHECK_STATUS(client_get(&c, "/", OK_LINE "Content-Length: 0\r\n\r\n").status, CREATIO_OK);
    client_free(&c);
}

/* What no exchange is given is read at once. */
static void at_once(void) {
    check_topic("texts that are read at once");
    client c;
    signed_in(&c);
    lent texts = { { NULL }, { 0 }, 0 };
    size_t len, snapshot_len;
    uint8_t *snapshot = snapshot_of(&c.session, &snapshot_len);
    uint8_t *memory = (uint8_t *)malloc(1024);
    creatio_session restored;
    creatio_site *site = (creatio_site *)exact_copy(&c.site, sizeof c.site);
    CHECK_STATUS(creatio_session_init(&restored, site, memory, 1024), CREATIO_OK);
    release_struct(site, sizeof *site);
    CHECK_STATUS(creatio_session_restore(&restored, snapshot, snapshot_len), CREATIO_OK);
    release_struct(snapshot, snapshot_len);
    CHECK(creatio_session_has_ticket(&restored));

    creatio_credentials who;
    all_credentials(&texts, &who);
    CHECK_STATUS(creatio_session_use_basic(&restored, &who), CREATIO_OK);
    release(&texts);
    const char *path = lend(&texts, "/odata", &len);
    creatio_call call = creatio_call_ping();
    call.path = path;
    call.path_len = len;
    char lines[256];
    CHECK_STATUS(creatio_session_authorization_lines(&restored, &call, lines, sizeof lines, &len),
                 CREATIO_OK);
    release(&texts);
    CHECK_TEXT(lines, len, "Authorization: Basic U3VwZXJ2aXNvcjpodW50ZXIiMg==\r\n");

    /* The session's own texts stay with it, until another takes their place. */
    const char *agent = lend(&texts, "a/1", &len);
    CHECK_STATUS(creatio_session_set_user_agent(&restored, agent, len), CREATIO_OK);
    const char *key = lend(&texts, "X-Key: k\r\n", &len);
    CHECK_STATUS(creatio_session_set_field_lines(&restored, key, len), CREATIO_OK);
    CHECK_STATUS(creatio_session_set_user_agent(&restored, NULL, 0), CREATIO_OK);
    CHECK_STATUS(creatio_session_set_field_lines(&restored, NULL, 0), CREATIO_OK);
    release(&texts);
    creatio_exchange exchange;
    call = creatio_call_ping();
    CHECK_STATUS(creatio_session_call(&restored, &call, &exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_fill(&exchange, &restored, lines, sizeof lines, &len),
                 CREATIO_OK);
    creatio_session_clear(&restored);
    release_struct(memory, 1024);
    client_free(&c);
}

/* A token of Windows authentication goes when its request has been taken. */
static void windows(size_t step) {
    check_topic("a token of Windows authentication, by %zu", step);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lent texts = { { NULL }, { 0 }, 0 };
    size_t len;
    const char *token = lend(&texts, "a token", &len);
    CHECK_STATUS(creatio_session_windows_login(&c.session, CREATIO_WINDOWS_SCHEME_NTLM, token, len, &c.exchange),
                 CREATIO_OK);
    take(&c, step);
    release(&texts);
    static const char REPLY[] = "HTTP/1.1 401 U\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    CHECK_STATUS(client_feed(&c, REPLY, strlen(REPLY), 7, 9).status, CREATIO_OK);
    creatio_windows answer;
    CHECK_STATUS(creatio_exchange_windows_result(&c.exchange, &c.session, &answer), CREATIO_OK);
    CHECK(answer.verdict == CREATIO_WINDOWS_REFUSED);
    client_free(&c);
}

/* The requests to an identity service that came with a person's approval. */
enum { BY_CODE, BY_REFRESH, REVOCATION, DISCOVERY, GRANTS };

#define PAIR "{\"access_token\":\"" TOKEN "\",\"token_type\":\"Bearer\",\"refresh_token\":\"R1\"}"
#define ENDPOINTS "{\"token_endpoint\":\"" IDENTITY_URL "/connect/token\"}"

static void begin_grant(client *c, int grant, lent *texts) {
    size_t url_len, code_len;
    const char *url = lend(texts, IDENTITY_URL, &url_len), *code = lend(texts, "the-code", &code_len);
    creatio_site *identity = (creatio_site *)malloc(sizeof *identity);
    creatio_client_credentials *who = (creatio_client_credentials *)calloc(1, sizeof *who);
    creatio_authorization_request *asked = (creatio_authorization_request *)calloc(1, sizeof *asked);
    CHECK_STATUS(creatio_site_parse(identity, url, url_len, CREATIO_RUNTIME_NET), CREATIO_OK);
    who->id = lend(texts, "3D2C", &who->id_len);
    who->secret = lend(texts, "B0A1SECRET", &who->secret_len);
    who->field_lines = lend(texts, "X-Key: k\r\n", &who->field_lines_len);
    asked->client_id = lend(texts, "3D2C", &asked->client_id_len);
    asked->redirect_uri = lend(texts, "http://127.0.0.1:8400/", &asked->redirect_uri_len);
    asked->random = (const uint8_t *)lend(texts, "48 random bytes, which are as random as any are.", &url_len);
    creatio_status status = CREATIO_OK;
    switch (grant) {
    case BY_CODE:
        status = creatio_session_token_by_code(&c->session, identity, who, asked, code, code_len, &c->exchange);
        break;
    case BY_REFRESH:
        status = creatio_session_token_by_refresh(&c->session, identity, who, &c->exchange);
        break;
    case REVOCATION:
        status = creatio_session_revoke(&c->session, identity, who, &c->exchange);
        break;
    default:
        status = creatio_session_discover(&c->session, identity, who, &c->exchange);
    }
    CHECK_STATUS(status, CREATIO_OK);
    release_struct(who, sizeof *who);
    release_struct(asked, sizeof *asked);
    release_struct(identity, sizeof *identity);
}

static void grants(int grant, size_t step) {
    check_topic("texts of a grant %d, by %zu", grant, step);
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lent texts = { { NULL }, { 0 }, 0 };
    for (int now = BY_CODE; now <= grant; now += grant > BY_CODE ? grant : 1) {
        begin_grant(&c, now, &texts);
        take(&c, now == grant ? step : 1024);
        release(&texts);
        CHECK(!creatio_exchange_may_be_sent_again(&c.exchange));
        char *reply = framed(OK_LINE JSON_LINE, now == DISCOVERY ? ENDPOINTS : PAIR, BY_LENGTH);
        CHECK_STATUS(client_feed(&c, reply, strlen(reply), 7, 9).status, CREATIO_OK);
        free(reply);
    }
    creatio_token token;
    creatio_discovery found;
    if (grant == DISCOVERY) {
        CHECK_STATUS(creatio_exchange_discovery_result(&c.exchange, &c.session, &found), CREATIO_OK);
        CHECK(found.verdict == CREATIO_TOKEN_FOUND && found.token_endpoint.len == strlen(IDENTITY_URL "/connect/token"));
    } else {
        CHECK_STATUS(creatio_exchange_token_result(&c.exchange, &c.session, &token), CREATIO_OK);
        CHECK(token.verdict == (grant == REVOCATION ? CREATIO_TOKEN_REVOKED : CREATIO_TOKEN_GRANTED));
    }
    client_free(&c);
}

/* An interim reply ends no request, so that what it is made of is read until it has been taken, and no longer. */
static void around_an_interim_reply(void) {
    check_topic("texts of a login amid which an interim reply comes");
    static const char INTERIM[] = "HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n";
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 1024);
    lent texts = { { NULL }, { 0 }, 0 };
    creatio_credentials who;
    uint8_t request[1024];
    size_t len = 0;
    creatio_fed fed;
    all_credentials(&texts, &who);
    CHECK_STATUS(creatio_session_login(&c.session, &who, &c.exchange), CREATIO_OK);
    CHECK_STATUS(creatio_exchange_fill(&c.exchange, &c.session, request, 40, &len), CREATIO_MORE);
    CHECK_STATUS(creatio_exchange_feed(&c.exchange, &c.session, INTERIM, sizeof INTERIM - 1, &fed), CREATIO_MORE);
    CHECK_STATUS(creatio_exchange_fill(&c.exchange, &c.session, request, sizeof request, &len), CREATIO_OK);
    CHECK(len > 40);
    release(&texts);
    CHECK_STATUS(client_feed(&c, GOOD_LOGIN, strlen(GOOD_LOGIN), 7, 9).status, CREATIO_OK);
    CHECK(creatio_exchange_is_signed_in(&c.exchange, &c.session));
    client_free(&c);
}

static void batch_part(size_t step) {
    check_topic("texts of a batch's part, by %zu", step);
    creatio_batch_writer writer;
    char body[1024];
    size_t len = 0;
    CHECK_STATUS(creatio_batch_writer_init(&writer), CREATIO_OK);
    for (int nth = 0; nth < 2; nth++) {
        lent texts = { { NULL }, { 0 }, 0 };
        creatio_batch_part *part = (creatio_batch_part *)calloc(1, sizeof *part);
        part->method = CREATIO_METHOD_POST;
        part->url = lend(&texts, "Contact", &part->url_len);
        part->group = lend(&texts, "pair", &part->group_len);
        part->depends_on = lend(&texts, "[\"p9\"]", &part->depends_on_len);
        part->field_lines = lend(&texts, "prefer: x\r\n", &part->field_lines_len);
        part->json = lend(&texts, "{\"Name\":\"Ann\"}", &part->json_len);
        creatio_status status;
        do {
            status = creatio_batch_writer_fill(&writer, part, body, step, &len);
        } while (status == CREATIO_MORE);
        CHECK_STATUS(status, CREATIO_OK);
        release_struct(part, sizeof *part);
        release(&texts);
    }
    CHECK_STATUS(creatio_batch_writer_fill(&writer, NULL, body, sizeof body, &len), CREATIO_OK);
    CHECK_TEXT(body, len, "]}");
}

/* A creatio_runtime_probe has no texts but the library's. */
static void probe(void) {
    check_topic("the call of a probe");
    client c;
    client_init(&c, SITE_URL, CREATIO_RUNTIME_NET, 512);
    creatio_runtime_probe asking;
    CHECK_STATUS(creatio_runtime_probe_init(&asking), CREATIO_OK);
    creatio_call *call = (creatio_call *)malloc(sizeof *call);
    *call = creatio_runtime_probe_call(&asking);
    CHECK_STATUS(creatio_session_call(&c.session, call, &c.exchange), CREATIO_OK);
    release_struct(call, sizeof *call);
    take(&c, 32);
    static const char PONG[] = OK_LINE "Content-Length: 4\r\n\r\npong";
    CHECK_STATUS(client_feed(&c, PONG, strlen(PONG), 7, 9).status, CREATIO_OK);
    CHECK(creatio_runtime_probe_after_answer(&asking, &c.exchange, &c.session) ==
          CREATIO_PROBE_FOUND_NET_FRAMEWORK);
    client_free(&c);
}

void test_lifetimes(void) {
    for (size_t way = 0; way < WAYS; way++) {
        credentials(false, STEPS[way]);
        credentials(true, STEPS[way]);
        token(false, STEPS[way]);
        token(true, STEPS[way]);
        windows(STEPS[way]);
        for (int grant = BY_CODE; grant < GRANTS; grant++) {
            grants(grant, STEPS[way]);
        }
        for (int options = 0; options < OPTIONS; options++) {
            for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
                check_topic("texts of a call %#x, answer %zu, by %zu", options, i, STEPS[way]);
                calls(options, &ANSWERS[i], STEPS[way]);
            }
            check_topic("texts of a call %#x without an answer, by %zu", options, STEPS[way]);
            failed(options, STEPS[way]);
        }
    }
    for (size_t i = 0; i < sizeof ANSWERS / sizeof ANSWERS[0]; i++) {
        check_topic("texts and a renewal, answer %zu", i);
        renewal(&ANSWERS[i]);
    }
    for (int options = 0; options < OPTIONS; options++) {
        check_topic("texts of a call %#x that another client makes", options);
        foreign(options);
    }
    at_once();
    probe();
    around_an_interim_reply();
    batch_part(1);
    batch_part(1024);
}
