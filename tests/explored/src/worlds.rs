//! Which worlds are explored.

use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

use stateright::{Checker, Model};

use crate::driver::Driver;
use crate::replies::{REJECTIONS, Rejection, SHAPES, Shape};
use crate::site::Manner;
use crate::world::World;

/// How much.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As long as a test may take.
    Short,
    /// More calls, and more troubles.
    Long,
}

pub const WORLD: World = World {
    driver: Driver::Client,
    manner: Manner { rejection: Rejection::Code1, shape: Shape::Redirect, has_ids: false },
    processes: 1,
    calls: 2,
    troubles: 2,
    has_lease: true,
    is_starting: false,
    only_time_outs: false,
};

/// Each way in which a session ends and a password is rejected, for one process, and two.
pub fn all(size: Size) -> Vec<World> {
    let more = u8::from(size == Size::Long);
    let (calls, troubles) = (WORLD.calls + more, WORLD.troubles + more);
    let mut all = Vec::new();
    for driver in [Driver::Client, Driver::Program] {
        for shape in SHAPES {
            let world = World { driver, manner: Manner { shape, ..WORLD.manner }, ..WORLD };
            all.push(World { calls, troubles, ..world });
            all.push(World { is_starting: true, calls: 5, troubles: 0, ..world });
            all.extend((size == Size::Long).then_some(World { processes: 2, ..world }));
        }
        // In the short form each driver has a half of them.
        let half = usize::from(driver == Driver::Program);
        for (index, rejection) in REJECTIONS.into_iter().enumerate().skip(1) {
            if size == Size::Long || index % 2 == half {
                all.push(World { driver, manner: Manner { rejection, ..WORLD.manner }, troubles, ..WORLD });
            }
        }
        // More calls than a session has sign-ins whose outcome nobody knows.
        all.push(World { driver, calls: 5, troubles: 4, only_time_outs: true, ..WORLD });
        all.push(World { driver, processes: 2, calls, troubles, ..WORLD });
    }
    for driver in [Driver::RepeatingClient, Driver::RepeatingProgram] {
        let manner = Manner { has_ids: true, ..WORLD.manner };
        all.push(World { driver, manner, calls, troubles, ..WORLD });
    }
    all
}

/// What is not as it should be, and how it has come.
pub type Discoveries = BTreeMap<&'static str, String>;

/// Explores all of a world.
pub fn explore(world: &World) -> Discoveries {
    let start = Instant::now();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let checker = world.checker().threads(threads).spawn_bfs().join();
    println!("{world}: {} states, {:.1} s", checker.unique_state_count(), start.elapsed().as_secs_f64());
    let found = checker.discoveries().into_iter();
    found.map(|(property, path)| (property, format!("{:?}", path.into_actions()))).collect()
}
