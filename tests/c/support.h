/* support.h: what the tests share: guarded memory, a client without a network, and replies. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "check.h"
#include "creatio_auth.h"

#define TICKET "0A1B2C3D4E5F60718293A4B5C6D7E8F9"
#define SUCCESS "{\"Code\":0,\"Message\":\"\",\"Exception\":null,\"RedirectUrl\":null}"
#define SUCCESS_LENGTH "Content-Length: 59\r\n"
#define SET_TICKET "Set-Cookie: .ASPXAUTH=" TICKET "; path=/; HttpOnly\r\n"
#define OK_LINE "HTTP/1.1 200 OK\r\n"
#define JSON_LINE "Content-Type: application/json; charset=UTF-8\r\n"
/* A login that succeeds, with a ticket and a CSRF token. */
#define GOOD_LOGIN \
    OK_LINE SET_TICKET "Set-Cookie: BPMCSRF=csrf.; path=/\r\n" SUCCESS_LENGTH "\r\n" SUCCESS

/* What every request says of who sends it. */
#define AGENT_LINE "User-Agent: creatio-auth/" CREATIO_VERSION "\r\n"

/* A request for a token that is granted; `more` are members beside, each after a comma. */
#define TOKEN "eyJhbGciOi.J9-_~+/="
#define GRANT(token, more) \
    "{\"access_token\":\"" token "\",\"token_type\":\"Bearer\"" more "}"

/* What fills memory that is not to be written. */
#define UNTOUCHED 0xA5

/* Memory between two guards, all of it UNTOUCHED. */
uint8_t *guarded_new(size_t len);
/* The same for a text. */
char *guarded_text(size_t len);
/* Checks the guards and releases the memory. */
void guarded_free(void *memory, size_t len);
/* Whether all bytes are this one. */
bool all_bytes(const void *memory, size_t len, uint8_t byte);

/* Whether memory holds nothing but zeros and what it held before it was lent. */
bool is_wiped(const void *memory, size_t len);

/* A copy on the heap of just this size, so that analysers see a read beyond its end. */
void *exact_copy(const void *bytes, size_t len);

/* Sets each byte of a variable to UNTOUCHED, and tells whether it still is. */
#define TAINT(variable) memset(&(variable), UNTOUCHED, sizeof(variable))
#define IS_UNTOUCHED(variable) all_bytes(&(variable), sizeof(variable), UNTOUCHED)

/* A session with its site, its memory and one exchange. */
typedef struct {
    creatio_site site;
    creatio_session session;
    creatio_exchange exchange;
    char *url;
    uint8_t *memory;
    size_t memory_len;
} client;

#define SITE_URL "https://crm.example.com"
#define IDENTITY_URL "https://crm-is.example.com:8443/is"

void client_init(client *c, const char *url, creatio_runtime runtime, size_t memory_len);
void client_free(client *c);

/* Credentials and calls with these texts, the rest zeros. */
creatio_credentials credentials_of(const char *user_name, const char *password);
creatio_client_credentials client_of(const char *id, const char *secret);
creatio_call call_of(const char *path);

/* Begins a login, a request for a token or a GET, and takes all of its request. */
void client_begin_login(client *c);
void client_begin_token(client *c);
void client_begin_get(client *c, const char *path);

/* Takes the rest of the request through a buffer of `step` bytes, and returns its length. */
size_t client_pull(client *c, uint8_t *out, size_t cap, size_t step);

/* What came of a reply. */
typedef struct {
    creatio_status status;
    size_t consumed;
    size_t memory_needed;
    uint8_t body[1024];
    size_t body_len;
} outcome;

/* Feeds a piece of `first` bytes, then pieces of `step` bytes; then closes, if the reply is not
 * complete. */
outcome client_feed(client *c, const char *reply, size_t len, size_t first, size_t step);

/* A login, a request for a token or a GET answered by this reply, fed in one piece. */
outcome client_login(client *c, const char *reply);
outcome client_token(client *c, const char *reply);
outcome client_get(client *c, const char *path, const char *reply);

/* How the end of a reply is told. */
enum { BY_LENGTH, BY_CHUNKS, BY_CLOSE, FRAMINGS };

/* A reply of these lines and this body, as a string on the heap. */
char *framed(const char *lines, const char *body, int framing);

/* Asks for a token, which is granted by this document. */
void client_grant(client *c, const char *document);

/* The lines that authorise a request to a path, as a string on the heap: all that can be seen of a
 * session. */
char *client_lines(const client *c, const char *path);
/* Checks these lines. */
void lines_are(const client *c, const char *expected);

/* The snapshot of a session, on the heap and of just its size; and whether it is still the same, but for what has become of
 * sign-ins. */
uint8_t *snapshot_of(const creatio_session *session, size_t *len);
bool is_snapshot_of(const creatio_session *session, const uint8_t *bytes, size_t len);

/* Whether a session knows these bytes, by its snapshot. */
bool knows(const client *c, const char *bytes);

/* Checks a text out of an answer: that it is whole, and in the session's memory. NULL is none. */
void text_is(const client *c, creatio_text text, const char *expected);

/* The test files. */
void test_names(void);
void test_site(void);
void test_session(void);
void test_request(void);
void test_lines(void);
void test_reply(void);
void test_second_factor(void);
void test_answer(void);
void test_field(void);
void test_refused_reply(void);
void test_memory(void);
void test_turns(void);
void test_snapshot(void);
void test_renewal(void);
void test_batch(void);
void test_probe(void);
void test_session_fields(void);
void test_token_request(void);
void test_token_answer(void);
void test_token(void);
void test_grants(void);
void test_identity_hint(void);
void test_password_change(void);
void test_basic(void);
void test_foreign(void);
void test_windows(void);
void test_lifetimes(void);
void test_views(void);

#endif
