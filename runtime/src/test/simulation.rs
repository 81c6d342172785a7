//! The simulation of a session.

use std::{io, sync::Arc, time::Duration};

use tokio::runtime::Builder;

use super::{plan::Plan, report::Report, stage::Stage};
use crate::{
    CredentialProvider, Error, ErrorKind,
    client::Acceptance,
    clock::{SimulatedClock, SystemClock},
    space::AllowedDomains,
};
use credwire_core::Clock as _;
use credwire_session::scheduler::Policy;

/// Runs a provider through a long session. See the [module](super).
#[derive(Clone, Debug)]
#[must_use = "a simulation does nothing until `run` is called"]
pub struct Simulation {
    plan: Plan,
    policy: Policy,
    domains: Vec<String>,
}

impl Simulation {
    /// Creates a simulation of a session of this duration.
    pub fn new(lasts: Duration) -> Self {
        let plan = Plan { lasts, bound: None, drops: None, seed: 0 };
        Self { plan, policy: Policy::default(), domains: Vec::new() }
    }

    /// Sets the times and limits of the credential lifecycle; the default policy otherwise.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Allows a domain, as
    /// [`ClientBuilder::add_allowed_domain`](crate::ClientBuilder::add_allowed_domain).
    pub fn add_allowed_domain(mut self, domain: impl Into<String>) -> Self {
        self.domains.push(domain.into());
        self
    }

    /// Lets SATs carry `sat:refresh`, so that the session is bound to the client's key and its
    /// tokens, which are valid for `lifetime`, are rotated without the provider.
    pub fn client_bound(mut self, lifetime: Duration) -> Self {
        self.plan.bound = Some(lifetime);
        self
    }

    /// Drops the socket each time that this duration has passed; the session is resumed.
    pub fn drop_every(mut self, time: Duration) -> Self {
        self.plan.drops = Some(time);
        self
    }

    /// Sets the seed of the jitter.
    pub fn seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// Creates the provider with the simulated clock and runs the session. It blocks this thread,
    /// for milliseconds a simulated day, and may be called inside and outside a runtime.
    ///
    /// The provider must take the time from the clock, or its credentials expire in the past.
    /// Sleeps of `tokio::time` in it are simulated as well.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the policy or a domain cannot be used, or no runtime can
    /// be made.
    pub fn run<P: CredentialProvider>(
        self,
        provider: impl FnOnce(Arc<SimulatedClock>) -> P + Send,
    ) -> Result<Report, Error> {
        let wrong = |message: &'static str| Error::new(ErrorKind::Configuration, message);
        let mut allowed = AllowedDomains::default();
        for domain in &self.domains {
            let added = allowed.allow(domain);
            added.map_err(|error| wrong("a domain cannot be allowed").because(error))?;
        }
        let policy = self.policy.clone().checked();
        let policy = policy.map_err(|error| wrong("the policy is out of range").because(error))?;
        let failed = |error: io::Error| wrong("no runtime for a simulation").because(error);
        let simulate = || {
            let runtime = Builder::new_current_thread().enable_time().start_paused(true).build()?;
            Ok(runtime.block_on(async {
                let clock = Arc::new(SimulatedClock::new(SystemClock::new().now().wall));
                let provider = Arc::new(provider(Arc::clone(&clock)));
                let acceptance = Acceptance { allowed, bound_to: None };
                Stage::new(provider, clock, policy, acceptance, &self.plan).play().await
            }))
        };
        // A runtime cannot be started inside another one, but on another thread it can.
        let played = std::thread::scope(|scope| scope.spawn(simulate).join());
        played
            .unwrap_or_else(|_| Err(io::Error::other("the provider cannot be made")))
            .map_err(failed)
    }
}
