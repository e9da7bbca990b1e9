//! The C library: `tests/c` and `examples/c`, built by a C compiler with the release build of it, and run.
#![cfg(target_os = "linux")] // where it is a .a and a .so, and POSIX has its socket flags

mod aspnet;
mod authservice;
mod batch;
#[path = "../support/breaking.rs"]
mod breaking;
mod build;
#[path = "../support/chapter.rs"]
mod chapter;
mod cpp;
mod cpp_targets;
mod curl;
mod early;
mod epoll;
mod example;
mod faults;
#[path = "../support/faulty.rs"]
mod faulty;
mod fifty_lines;
mod guide;
mod header;
mod installed;
mod interface;
#[path = "../support/nginx.rs"]
mod nginx;
mod oauth;
mod packaging;
mod program;
mod proxied;
mod replies;
mod second_factor;
#[path = "../support/server.rs"]
mod server;
mod session;
mod shared_library;
mod shell;
#[path = "../support/mod.rs"]
mod support;
mod tls;
#[path = "../support/trickling.rs"]
mod trickling;
#[path = "../support/two_records.rs"]
mod two_records;
mod windows;
