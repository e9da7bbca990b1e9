//! All tests that run the core, as one program: it is built and linked faster than one for each file.
//!
//! `cargo xtask coverage` and `cargo xtask mutants` run it; `cargo test` runs the files one by one.
#![allow(clippy::duplicate_mod)] // `support` is each file's own

#[path = "../again.rs"]
mod again;
#[path = "../answer_texts.rs"]
mod answer_texts;
#[path = "../answers.rs"]
mod answers;
#[path = "../basic.rs"]
mod basic;
#[path = "../batch.rs"]
mod batch;
#[path = "../calls.rs"]
mod calls;
#[path = "../clocks.rs"]
mod clocks;
#[path = "../code.rs"]
mod code;
#[path = "../conformance.rs"]
mod conformance;
#[path = "../cookies.rs"]
mod cookies;
#[path = "../discovery.rs"]
mod discovery;
#[path = "../doors.rs"]
mod doors;
#[path = "../endless.rs"]
mod endless;
#[path = "../errors.rs"]
mod errors;
#[path = "../fields.rs"]
mod fields;
#[path = "../foreign.rs"]
mod foreign;
#[path = "../framing.rs"]
mod framing;
#[path = "../http_1.rs"]
mod http_1;
#[path = "../labels.rs"]
mod labels;
#[path = "../leniency.rs"]
mod leniency;
#[path = "../limits.rs"]
mod limits;
#[path = "../oauth_health.rs"]
mod oauth_health;
#[path = "../owned.rs"]
mod owned;
#[path = "../password_change.rs"]
mod password_change;
#[path = "../poison.rs"]
mod poison;
#[path = "../probe.rs"]
mod probe;
#[path = "../refresh.rs"]
mod refresh;
#[path = "../refusals.rs"]
mod refusals;
#[path = "../renewal.rs"]
mod renewal;
#[path = "../replies.rs"]
mod replies;
#[path = "../requests.rs"]
mod requests;
#[path = "../restore.rs"]
mod restore;
#[path = "../revocation.rs"]
mod revocation;
#[path = "../room.rs"]
mod room;
#[path = "../second_factor.rs"]
mod second_factor;
#[path = "../secrets.rs"]
mod secrets;
#[path = "../services.rs"]
mod services;
#[path = "../session_fields.rs"]
mod session_fields;
#[path = "../shapes.rs"]
mod shapes;
#[path = "../snapshot.rs"]
mod snapshot;
#[path = "../states.rs"]
mod states;
#[path = "../staying.rs"]
mod staying;
#[path = "../strictness.rs"]
mod strictness;
#[path = "../tokens.rs"]
mod tokens;
#[path = "../typed.rs"]
mod typed;
#[path = "../typed_compared.rs"]
mod typed_compared;
#[path = "../typed_kinds.rs"]
mod typed_kinds;
#[path = "../verdicts.rs"]
mod verdicts;
#[path = "../windows.rs"]
mod windows;
