//! Nothing that a site, a network and two processes may do has a password or a write go out once too often; and careless callers
//! are found out.

use crate::driver::Driver;
use crate::world::{self, World};
use crate::worlds::{Discoveries, Size, WORLD, all, explore};

#[test]
fn whatever_happens_a_write_is_done_once_a_rejected_password_goes_out_once_and_a_good_site_is_signed_in_to() {
    for world in all(Size::Short) {
        assert_eq!(explore(&world), Discoveries::new(), "{world}");
    }
}

#[test]
fn careless_callers_are_found_out() {
    let starting = World { is_starting: true, calls: 5, troubles: 0, ..WORLD };
    let timed_out = World { only_time_outs: true, calls: 5, troubles: 4, ..WORLD };
    let without_lease = World { processes: 2, calls: 1, has_lease: false, ..WORLD };
    for (world, driver, property) in [
        (WORLD, Driver::RepeatsAlways, world::ONE_WRITE),
        (WORLD, Driver::ResendsAlways, world::ONE_WRITE),
        (WORLD, Driver::SignsInAlways, world::ONE_REJECTION),
        (WORLD, Driver::SignsInAlways, world::NONE_AFTER_REFUSAL),
        (WORLD, Driver::SignsInTwice, world::ONE_LOGIN),
        (timed_out, Driver::SignsInAlways, world::THREE_BLIND),
        (starting, Driver::SignsInAlways, world::NOT_FOR_EVER),
        // What is repeated where no record has an `Id` of its own, is there twice.
        (WORLD, Driver::RepeatingClient, world::ONE_WRITE),
        (WORLD, Driver::RepeatingProgram, world::ONE_WRITE),
        (without_lease, Driver::Program, world::NONE_AFTER_REFUSAL),
    ] {
        let found = explore(&World { driver, ..world });
        assert!(found.contains_key(property), "{driver:?}, {property}: {found:?}");
    }
}
