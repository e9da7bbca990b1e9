/* login: signs in to a Creatio site and makes one authorised GET.
 *
 *     CREATIO_PASSWORD=... ./login URL USER [net|net-framework [PATH]]
 *
 * Without a runtime, the site is asked for its own. Where the site wants a second factor, the
 * one-time code comes from CREATIO_CODE, or is read from the standard input; with CREATIO_TEXT_CODE
 * the site is asked to send it first. With CREATIO_NEW_PASSWORD the password is changed, which signs
 * in, too.
 *
 * Where the environment has CREATIO_USER_AGENT or CREATIO_FIELD ("Name: value", a gateway's key for
 * example), they go with every request.
 *
 * Exit code: 0 signed in and the GET has brought 200, 1 the site said otherwise, 2 an error. */
#include <stdlib.h>
#include <string.h>

#include "client.h"

const char program[] = "login";

/* Who signs in. */
struct user {
    const char *name;
    char *password;
    char *new_password; /* NULL unless the password is to be changed */
};

/* A login or a change of the password, with a one-time code, or without where that is NULL; false if
 * it has brought no verdict. */
static bool step(struct client *c, const struct user *user, const char *code,
                 creatio_login *login) {
    creatio_credentials who = {.user_name = user->name, .user_name_len = strlen(user->name),
                               .password = user->password,
                               .password_len = strlen(user->password)};
    if (code != NULL) {
        who.one_time_code = code;
        who.one_time_code_len = strlen(code);
    }
    const char *new_password = user->new_password;
    transport_close(&c->transport); /* or a kept one that turns out to be closed would leave it open whether it counts */
    creatio_status begun =
        new_password == NULL
            ? creatio_session_login(&c->session, &who, &c->exchange)
            : creatio_session_change_password(&c->session, &who, new_password,
                                              strlen(new_password), &c->exchange);
    if (!check(begun) || !perform(c, NULL) ||
        !check(creatio_exchange_login_result(&c->exchange, &c->session, login))) {
        return false;
    }
    printf("verdict: %s (%s)\nmessage: ", creatio_login_verdict_name(login->verdict),
           creatio_login_verdict_text(login->verdict));
    print(c, login->message.text, login->message.len);
    printf("%s\nstatus: %d\n", login->message.truncated ? "..." : "", login->http_status);
    if (login->has_retry_after) {
        printf("try again in %u s\n", (unsigned)login->retry_after);
    }
    if (login->verdict == CREATIO_LOGIN_PASSWORD_EXPIRED || login->password_change_url.len > 0) {
        puts("with CREATIO_NEW_PASSWORD the password is changed, by "
             "creatio_session_change_password");
    }
    return true;
}

/* Asks the site to send the one-time code, which needs no session; whether it does. */
static bool send_text_code(struct client *c, const struct user *user) {
    static const char path[] = "/ServiceModel/AuthService.svc/StartTextCodeAuthFlow";
    static const char *const parts[] = {"{\"UserName\":\"", "\",\"UserPassword\":\"", "\"}"};
    const char *const texts[] = {user->name, user->password, ""};
    char json[1024];
    size_t len = 0, added = 0;
    bool done = true;
    for (size_t i = 0; done && i < 3; i++) {
        len += (size_t)snprintf(json + len, sizeof json - len, "%s", parts[i]);
        done = len < sizeof json &&
               check(creatio_encode_json(texts[i], strlen(texts[i]), json + len,
                                         sizeof json - len, &added));
        len += added;
    }
    creatio_call call = {.method = CREATIO_METHOD_POST, .path = path, .path_len = strlen(path),
                         .at_root = true, .body = json, .body_len = len};
    creatio_answer answer;
    printf("text code: ");
    c->take_body = print; /* in which the site says where it has sent the code */
    done = done && check(creatio_session_call(&c->session, &call, &c->exchange)) &&
           perform(c, NULL) &&
           check(creatio_exchange_call_result(&c->exchange, &c->session, &answer));
    printf(" (%s)\n", done ? creatio_call_verdict_text(answer.verdict) : "failed");
    creatio_wipe(json, sizeof json);
    return done && answer.verdict == CREATIO_CALL_FINE;
}

/* The one-time code, from the environment or typed in; false if there is none. */
static bool ask_code(char *code, size_t cap) {
    const char *given = getenv("CREATIO_CODE");
    if (given != NULL) {
        return snprintf(code, cap, "%s", given) < (int)cap;
    }
    printf("one-time code: ");
    fflush(stdout);
    if (fgets(code, (int)cap, stdin) == NULL) {
        fprintf(stderr, "%s: no one-time code; set CREATIO_CODE\n", program);
        return false;
    }
    code[strcspn(code, "\r\n")] = '\0';
    return true;
}

static int sign_in(struct client *c, const struct user *user) {
    creatio_login login;
    if (!step(c, user, NULL, &login)) {
        return FAILED;
    }
    if (login.verdict == CREATIO_LOGIN_SECOND_FACTOR_WANTED) {
        /* The second step: all of the first again, and a code. The session sends what the site set in
         * the first, FirstFactor. (A site that wants the code in one step rejects the first login.) */
        char code[32];
        if (getenv("CREATIO_TEXT_CODE") != NULL && !send_text_code(c, user)) {
            return REFUSED;
        }
        bool done = ask_code(code, sizeof code) && step(c, user, code, &login);
        creatio_wipe(code, sizeof code);
        if (!done) {
            return FAILED;
        }
    }
    printf("cookies:");
    creatio_cookie cookie;
    for (size_t i = 0; creatio_session_cookie(&c->session, i, &cookie) == CREATIO_OK; i++) {
        putchar(' ');
        print(c, cookie.name, cookie.name_len);
    }
    putchar('\n');
    return login.authenticated ? GOOD : REFUSED;
}

static int get(struct client *c, const char *path) {
    creatio_call call = {.method = CREATIO_METHOD_GET, .path = path, .path_len = strlen(path)};
    printf("GET %s\n", path);
    c->take_body = print;
    if (!perform_call(c, &call, NULL)) {
        return FAILED;
    }
    creatio_answer answer;
    if (!check(creatio_exchange_call_result(&c->exchange, &c->session, &answer))) {
        return FAILED;
    }
    bool is_good = answer.verdict == CREATIO_CALL_FINE && answer.http_status == 200;
    printf("\nstatus: %d%s%s%s\n", answer.http_status, is_good ? "" : " (",
           is_good ? "" : creatio_call_verdict_text(answer.verdict), is_good ? "" : ")");
    return is_good ? GOOD : REFUSED;
}

int main(int argc, char **argv) {
    const char *runtime = argc > 3 ? argv[3] : NULL;
    bool is_runtime = runtime == NULL || strcmp(runtime, "net") == 0 ||
                      strcmp(runtime, "net-framework") == 0;
    /* The environment itself, which can be wiped. */
    struct user user = {.name = argv[argc > 2 ? 2 : 0], .password = getenv("CREATIO_PASSWORD"),
                        .new_password = getenv("CREATIO_NEW_PASSWORD")};
    if (argc < 3 || argc > 5 || !is_runtime || user.password == NULL ||
        *user.password == '\0' || *argv[2] == '\0') {
        fputs("usage: CREATIO_PASSWORD=... login URL USER [net|net-framework [PATH]]\n", stderr);
        return FAILED;
    }
    struct client c = {0};
    int outcome = FAILED;
    if (set_up(&c, argv[1], &runtime)) {
        printf("runtime: %s\n", runtime);
        outcome = sign_in(&c, &user);
    }
    creatio_wipe(user.password, strlen(user.password));
    if (user.new_password != NULL) {
        creatio_wipe(user.new_password, strlen(user.new_password));
    }
    if (outcome == GOOD) {
        outcome = get(&c, argc > 4 ? argv[4] : "/odata/Contact?$top=3");
    }
    transport_close(&c.transport);
    creatio_session_clear(&c.session); /* the ticket is as good as the password */
    return outcome;
}
