//! The model as the checker sees it.

use credwire::{
    RefreshMechanism,
    lifecycle::{Arbiter, CredentialKind},
};
use stateright::{Model, Property};

use crate::{
    adversary::Adversary,
    moves::{Move, OpResult, possible},
    mutant::Subject,
    rules::Rule,
    world::{World, at},
};

impl Model for Adversary {
    type State = World;
    type Action = Move;

    /// A client that has not started, and some that have come far, so that no depth is spent on
    /// getting there.
    fn init_states(&self) -> Vec<World> {
        let arbiter = Arbiter::new(Self::policy(), self.able, 0).normal_form(at(0, 0));
        let subject = Subject { arbiter, refresh: self.able.refresh, mutation: self.mutation };
        let blank = World::new(subject, self.able.dpop, self.clock_faults);
        let follow = |world: &World, path: &[Move]| {
            path.iter().fold(world.clone(), |world, r#move| self.step(&world, *r#move))
        };
        let live = follow(&blank, &[Move::Start(None), Move::Op(OpResult::Ok), Move::UpFresh]);
        let activated = follow(&live, &[Move::Scope(true), Move::Op(OpResult::Ok), Move::ReauthOk]);
        let due = follow(&activated, &[Move::Pass, Move::Pass]);
        let expired = follow(&due, &[Move::Pass, Move::Pass]);
        vec![blank, live, activated, due, expired]
    }

    fn actions(&self, world: &World, moves: &mut Vec<Move>) {
        if world.broken == 0 {
            possible(world, moves);
        }
    }

    fn next_state(&self, world: &World, r#move: Move) -> Option<World> {
        let next = self.step(world, r#move);
        self.counts.add(&next.taken);
        (next != *world).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            always::<{ Rule::I1 as u8 }>(),
            always::<{ Rule::I2 as u8 }>(),
            always::<{ Rule::I3 as u8 }>(),
            always::<{ Rule::I4 as u8 }>(),
            always::<{ Rule::I5 as u8 }>(),
            always::<{ Rule::I6 as u8 }>(),
            always::<{ Rule::I7 as u8 }>(),
            always::<{ Rule::I8 as u8 }>(),
            always::<{ Rule::I9 as u8 }>(),
            always::<{ Rule::I10 as u8 }>(),
            always::<{ Rule::I11 as u8 }>(),
            always::<{ Rule::W as u8 }>(),
            always::<{ Rule::T as u8 }>(),
            Property::always(RECOVERY, |adversary, world: &World| world.recovers(adversary)),
            Property::sometimes(ROTATING, |_, world: &World| {
                let bound = world.seen.kind == Some(CredentialKind::Bound);
                bound && world.shell.up && world.newest() == world.applied()
            }),
            Property::sometimes(FALLEN_BACK, |_, world: &World| {
                let status = world.status();
                status.kind == Some(CredentialKind::Bound)
                    && status.mechanism == RefreshMechanism::DeveloperProvidedRefresh
            }),
            Property::sometimes(GIVEN_UP, |adversary, world: &World| {
                let status = world.status();
                adversary.able.refresh
                    && status.generation.is_some()
                    && status.mechanism == RefreshMechanism::None
            }),
        ]
    }
}

/// L1 of the lifecycle module.
pub(crate) const RECOVERY: &str = "L1 recovery";
/// A Client Bound SAT is in force and rotates. This and the next two show that the worlds in
/// which the rules matter are reached at all.
pub(crate) const ROTATING: &str = "rotating";
/// Rotation was given up, and the provider's refresh() took over.
pub(crate) const FALLEN_BACK: &str = "fallen back";
/// Every mechanism was given up.
pub(crate) const GIVEN_UP: &str = "given up";

fn always<const RULE: u8>() -> Property<Adversary> {
    let name = Rule::ALL.iter().find(|(rule, _)| *rule as u8 == RULE).map_or("", |(_, name)| name);
    Property::always(name, |_, world: &World| world.broken & (1 << RULE) == 0)
}
