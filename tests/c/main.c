/* Runs the whole of creatio_auth.h: no network, no clock, no arguments. */
#include "support.h"

int main(void) {
    test_names();
    test_site();
    test_session();
    test_request();
    test_lines();
    test_reply();
    test_answer();
    test_field();
    test_refused_reply();
    test_memory();
    test_turns();
    test_snapshot();
    test_renewal();
    return check_summary();
}
