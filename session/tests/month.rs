//! A month of simulated time for many sessions, with faults of every kind, and a quiet hour at its
//! end in which all of them have to come back (W1).
//!
//! ```sh
//! cargo test -p credwire-session --test month                          # those of the gate
//! CREDWIRE_MONTH_SESSIONS=1000 cargo test --release -p credwire-session --test month -- --nocapture
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "situations/world.rs"]
mod world;

use std::{cell::RefCell, rc::Rc, time::Duration};

use credwire_core::{EpochMillis, Secret};
use credwire_session::{
    Acquired, Input, Settings, Status,
    scheduler::{Failure, Policy},
};

use world::{
    Client, Clock, DAY, Disk, Gift, HOUR, Identity, MINUTE, Milliseconds, Plan, Rpc, SECOND,
    Script, Truth, Upgrade, World,
};

/// Sessions of the gate.
const SESSIONS: u64 = 64;
const MONTH: Milliseconds = 30 * DAY;
/// The longest time until a session is back: the longest `Retry-After`, the longest pause and the
/// longest step.
const BACK: Milliseconds = 17 * MINUTE;

/// How likely answers are bad.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Weather {
    Clear,
    Rough,
    Foul,
}

struct Sky {
    weather: Weather,
    rng: fastrand::Rng,
    /// How long credentials last.
    lifetime: Milliseconds,
    faults: u64,
}

type Shared = Rc<RefCell<Sky>>;

impl Sky {
    fn is_bad(&mut self) -> bool {
        let bad = match self.weather {
            Weather::Clear => false,
            Weather::Rough => self.rng.u8(..) < 64,
            Weather::Foul => self.rng.u8(..) < 224,
        };
        self.faults += u64::from(bad);
        bad
    }

    fn one_of<A: Copy>(&mut self, all: &[A]) -> A {
        all[self.rng.usize(..all.len())]
    }

    fn retry_after(&mut self) -> Option<Duration> {
        let asked = [None, Some(0), Some(5), Some(120), Some(600), Some(86_400), Some(u64::MAX)];
        self.one_of(&asked).map(Duration::from_secs)
    }
}

fn plan<A: 'static>(
    sky: &Shared,
    good: impl Fn(&mut Sky) -> A + 'static,
    bad: impl Fn(&mut Sky) -> A + 'static,
) -> Plan<A> {
    let sky = Rc::clone(sky);
    Box::new(move |_| {
        let mut sky = sky.borrow_mut();
        if sky.is_bad() { bad(&mut sky) } else { good(&mut sky) }
    })
}

fn gift(sky: &Shared) -> Plan<Gift> {
    plan(
        sky,
        |sky| Gift::New(sky.lifetime),
        |sky| {
            let retry_after = sky.retry_after();
            let lifetime = sky.lifetime;
            sky.one_of(&[
                Gift::Same(0),
                Gift::Same(lifetime),
                Gift::Stale(MINUTE),
                Gift::Silent(lifetime),
                Gift::New(5 * SECOND),
                Gift::Fails(Failure::Transient { retry_after }),
                Gift::Fails(Failure::TRANSIENT),
                Gift::Fails(Failure::Permanent),
                Gift::Final,
                Gift::Panics,
                Gift::Hangs,
            ])
        },
    )
}

fn rpc(sky: &Shared) -> Plan<Rpc> {
    plan(
        sky,
        |_| Rpc::Agrees,
        |sky| {
            let code = sky.one_of(&[None, Some(1000), Some(1008), Some(1012), Some(4001)]);
            let after = sky.one_of(&[0, 10, SECOND, 6 * SECOND, MINUTE]);
            let error = sky.one_of(&[-32000, -32002, -32003, -32601, -32602, -32603]);
            sky.one_of(&[
                Rpc::AgreesAndCloses(after, code),
                Rpc::Error(error),
                Rpc::Error(error),
                Rpc::Malformed,
                Rpc::Hangs,
            ])
        },
    )
}

fn script(sky: &Shared, closes_ended: bool) -> Script {
    Script {
        authenticate: gift(sky),
        refresh: gift(sky),
        activate: gift(sky),
        rotate: gift(sky),
        identify: plan(
            sky,
            |_| Identity::Told,
            |sky| {
                let retry_after = sky.retry_after();
                sky.one_of(&[Identity::Refused, Identity::Foreign(retry_after), Identity::Hangs])
            },
        ),
        upgrade: plan(
            sky,
            |_| Upgrade::Opens,
            |sky| {
                let retry_after = sky.retry_after();
                sky.one_of(&[Upgrade::Fails(None), Upgrade::Fails(retry_after), Upgrade::Hangs])
            },
        ),
        connect: rpc(sky),
        resume: rpc(sky),
        reauthenticate: rpc(sky),
        online: rpc(sky),
        clock: plan(sky, |_| Clock::Told, |sky| sky.one_of(&[Clock::Nothing, Clock::Hangs])),
        disk: plan(
            sky,
            |_| Disk::Writes,
            |sky| sky.one_of(&[Disk::Fails("the disk is full"), Disk::Hangs]),
        ),
        scope: true,
        closes_ended,
    }
}

/// What one session went through.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    inputs: u64,
    faults: u64,
    events: u64,
    restarts: u64,
    /// The longest time until it was back.
    back: Milliseconds,
}

/// What befalls a session between two stretches of weather.
fn befall(world: &mut World, sky: &Shared, steps_clock: bool) {
    let mut sky = sky.borrow_mut();
    let (kind, code) = (sky.rng.u8(..20), sky.one_of(&[None, Some(1008), Some(1012), Some(4000)]));
    let (long, back) = (sky.rng.u64(..2 * HOUR), sky.rng.bool());
    drop(sky);
    match kind {
        0..5 => world.drop_socket(code),
        5 => {
            world.remembers = false;
            world.drop_socket(None);
        }
        6 => world.give(Input::Announced),
        7 if steps_clock => {
            let step = i64::try_from(long).unwrap();
            world.step_clock(if back { -step } else { step });
        }
        8 => world.sleep(long),
        9 => {
            let reply = world.caller();
            world.give(Input::Suspend(reply));
            world.run(long);
            world.give(Input::Resume);
        }
        10 => {
            let reply = world.caller();
            world.give(Input::RefreshNow(reply));
        }
        11 => world.give(Input::Invalidate),
        12 => {
            let token = u32::try_from(world.tokens.len()).unwrap();
            // By the space's clock, which the application knows.
            let ends = world.space_time() + i64::try_from(long).unwrap();
            world.tokens.push(Truth { ends, told: true });
            let reply = world.caller();
            let expiry = Some(EpochMillis::new(ends));
            let credential = Acquired { token, expiry, lifetime: None, assumed: None };
            world.give(Input::SetCredential { reply, credential });
        }
        13 => {
            let reply = world.caller();
            world.give(Input::Unregister(reply));
            world.run(long / 100);
            let reply = world.caller();
            world.give(Input::Register(reply));
        }
        14 => {
            let reply = world.caller();
            let params = Secret::from("{}");
            world.give(Input::Call { reply, method: "m", params: &params, timeout: None });
        }
        15 => world.restart(),
        16 => world.give(Input::CanRefresh(back)),
        17 => world.give(Input::Frame(r#"{"id":"x","method":"signalwire.event","params":7}"#)),
        _ => {}
    }
}

fn month(seed: u64) -> Figures {
    let rng = fastrand::Rng::with_seed(seed);
    let lifetimes = [10 * MINUTE, HOUR, 6 * HOUR, DAY];
    let lifetime = lifetimes[usize::try_from(seed / 8 % 4).unwrap()];
    let sky: Shared =
        Rc::new(RefCell::new(Sky { weather: Weather::Clear, rng, lifetime, faults: 0 }));
    let (dpop, refresh, closes_ended) = (seed & 1 > 0, seed & 2 > 0, seed & 4 > 0);
    let steps_clock = seed.is_multiple_of(5);
    let (mut settings, mut policy) = (Settings::default(), Policy::default());
    policy.renew_at_expiry = seed.is_multiple_of(7);
    if !seed.is_multiple_of(10) {
        // Looks at the clocks and pings are half of all inputs, and nine of ten do with fewer.
        policy.chunk = Duration::from_secs(600);
        settings.idle = Duration::from_secs(600);
    }
    settings.prefer_provider = seed.is_multiple_of(11);
    let client = Client { dpop, refresh, settings, policy, seed };
    let mut world = World::new(client, script(&sky, closes_ended));
    (world.logs, world.tells_time, world.checks_ends) = (false, true, !steps_clock);
    world.start();
    let mut figures = Figures::default();
    while world.at < MONTH {
        let (weather, stretch) = {
            let rng = &mut sky.borrow_mut().rng;
            let weather = match rng.u8(..100) {
                0..5 => Weather::Foul,
                5..20 => Weather::Rough,
                _ => Weather::Clear,
            };
            (weather, MINUTE + rng.u64(..4 * HOUR))
        };
        sky.borrow_mut().weather = weather;
        befall(&mut world, &sky, steps_clock);
        figures.events += 1;
        world.run(stretch);
        if world.ended {
            // The first connect failed: the application starts anew.
            world.restart();
            figures.restarts += 1;
        }
    }
    // From here on all goes well.
    sky.borrow_mut().weather = Weather::Clear;
    // A code that means "never" has ended the request, and the application was told.
    let reply = world.caller();
    world.give(Input::Register(reply));
    if !closes_ended {
        // The exception of W1: a session that the space keeps, and nothing refreshes.
        world.give(Input::Resume);
    }
    let since = world.at;
    let _ = world.run_until(BACK, |world| world.is_online() || world.ended);
    if world.ended {
        // A first connect that had begun before ran into its deadline, and there is another.
        world.restart();
    }
    let back = world.run_until(BACK, World::is_online).map(|_| world.at - since);
    let Some(back) = back else {
        panic!(
            "session {seed} is not back: {:?} {:?}\n{:#?}",
            world.session.status(),
            world.session.credential_status(world.now()),
            world.session.normal_form(world.now())
        );
    };
    figures.back = back;
    world.run(HOUR - back);
    if closes_ended {
        // One whose credential is just replaced is on its way. Where clocks were stepped, a
        // credential may have ended by the client's clock and not by the space's, which keeps the
        // session: the exception of W1 until the space closes it.
        assert!(!steps_clock || world.session.status() == Status::Online, "session {seed} is gone");
        let within = if steps_clock { lifetime } else { 0 } + 2 * SECOND;
        assert!(world.run_until(within, World::is_online).is_some(), "session {seed} is gone");
    } else {
        assert!(world.session.status() == Status::Online, "session {seed} is gone");
    }
    assert!(world.waiting().is_empty(), "session {seed}: {:?} wait", world.waiting());
    figures.inputs = world.inputs;
    figures.faults = sky.borrow().faults;
    figures
}

#[test]
fn after_a_month_of_faults_and_a_quiet_hour_every_session_is_online() {
    let sessions = std::env::var("CREDWIRE_MONTH_SESSIONS")
        .ok()
        .map_or(SESSIONS, |sessions| sessions.parse().expect("a number of sessions"));
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let parts: Vec<Figures> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..cores)
            .map(|part| {
                scope.spawn(move || (part..sessions).step_by(cores as usize).map(month).collect())
            })
            .collect();
        parts.into_iter().flat_map(|part| -> Vec<_> { part.join().expect("no panic") }).collect()
    });
    let sum = |of: fn(&Figures) -> u64| parts.iter().map(of).sum::<u64>();
    println!(
        "{sessions} sessions, a month each: {} inputs, {} bad answers, {} events, {} restarts; the \
         slowest was back after {} s",
        sum(|it| it.inputs),
        sum(|it| it.faults),
        sum(|it| it.events),
        sum(|it| it.restarts),
        parts.iter().map(|it| it.back).max().unwrap_or_default() / 1000
    );
    assert!(sum(|it| it.faults) > 20 * sessions, "faults were injected");
}
