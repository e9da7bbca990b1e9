/* A firmware that signs in and makes a call. */
#include "../../firmware-c/replies.h"
#include "program.h"

static bool call(void) {
    struct machine *m = &machine;
    creatio_call get = {0};
    creatio_answer answer = {0};

    get.method = CREATIO_METHOD_GET;
    get.path = "/odata/Contact?$top=3";
    get.path_len = 21;
    return creatio_session_call(&m->session, &get, &m->exchange) == CREATIO_OK && exchange(CREATIO_STR(REPLY_CALL)) &&
           creatio_exchange_call_result(&m->exchange, &m->session, &answer) == CREATIO_OK &&
           answer.verdict == CREATIO_CALL_FINE;
}

bool run(void) {
    return sign_in(MEMORY_SIZE) && call();
}
