//! The examples that are gateways on tokio: one over TLS, and one with many tenants.

use std::fs;

use crate::fleet::Redis;
use crate::program::{run, run_with_all, temporary_file};

#[test]
fn a_gateway_on_tokio_reads_records_over_tls_and_is_signed_in_again() {
    let run = run("tokio", &[], None);
    assert_eq!(run.code, 0, "{run}");
    for shown in ["round 1   Олена Шевченко", "round 2   Олена Шевченко", "logins    2", "log out   done"]
    {
        assert!(run.out.contains(shown), "lacks {shown:?}: {run}");
    }
}

/// Each tenant has to be signed in, so that as many logins as tenants are one for each.
fn signs_each_tenant_in_once(store: &str) {
    let key = "5".repeat(64);
    let run = run_with_all("gateway", &["--store", store], &[("CREATIO_STORE_KEY", &key)]);
    assert!(run.code == 0 && run.err.is_empty(), "{run}");
    for shown in ["round 1   logins 200\n", "round 2   logins 400\n"] {
        assert!(run.out.contains(shown), "lacks {shown:?}: {run}");
    }
    assert_eq!(run.out.matches(" 200 tenants answered\n").count(), 4, "{run}");
}

#[test]
fn two_processes_with_200_tenants_each_sign_each_tenant_in_once_and_once_more_when_the_session_has_ended() {
    let directory = temporary_file("gateway", "");
    fs::remove_file(&directory).unwrap();
    fs::create_dir(&directory).unwrap();
    signs_each_tenant_in_once(&directory);
    let left = fs::read_dir(&directory).unwrap().count();
    fs::remove_dir_all(&directory).unwrap();
    assert_eq!(left, 0, "nothing is left behind");
}

#[test]
#[ignore = "needs redis-server; run by cargo xtask test"]
fn so_they_do_through_redis() {
    signs_each_tenant_in_once(&Redis::start().url());
}
