/* Runs the whole of creatio_auth.h: no network, no clock, no arguments. */
#include "support.h"

int main(void) {
    test_names();
    test_site();
    test_session();
    test_request();
    test_lines();
    test_reply();
    test_second_factor();
    test_answer();
    test_field();
    test_refused_reply();
    test_memory();
    test_turns();
    test_snapshot();
    test_renewal();
    test_batch();
    test_probe();
    test_session_fields();
    test_token_request();
    test_token_answer();
    test_token();
    test_grants();
    test_identity_hint();
    test_password_change();
    test_basic();
    test_foreign();
    test_windows();
    test_lifetimes();
    test_views();
    return check_summary();
}
