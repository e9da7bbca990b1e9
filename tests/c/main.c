/* Runs the whole of creatio_auth.h: no network, no clock, no arguments. */
#include "support.h"

int main(void) {
    test_names();
    test_site();
    test_session();
    test_request();
    test_reply();
    test_refused_reply();
    test_memory();
    test_turns();
    return check_summary();
}
