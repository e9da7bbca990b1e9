//! The example that is a gateway on tokio, over TLS.

use crate::program::run;

#[test]
fn a_gateway_on_tokio_reads_records_over_tls_and_is_signed_in_again() {
    let run = run("tokio", &[], None);
    assert_eq!(run.code, 0, "{run}");
    for shown in ["round 1   Олена Шевченко", "round 2   Олена Шевченко", "logins    2", "log out   done"]
    {
        assert!(run.out.contains(shown), "lacks {shown:?}: {run}");
    }
}
