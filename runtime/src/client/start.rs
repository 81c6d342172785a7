//! Starting what a builder describes.

use std::sync::{Arc, atomic::AtomicU64};

use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;

use super::{
    Client, ClientBuilder, Error, ErrorKind, Shared,
    config::Config,
    driver::Driver,
    keeper::{Keeper, Place},
    meter,
    outlet::Outlet,
    resume::{self, Beginning},
    stage::Stage,
};
use crate::{
    Clock,
    cassette::{Recorded, RecordedProvider, Recorder, Setup},
    clock::SystemClock,
    dpop::DpopKey,
    lifecycle::{Abilities, Arbiter},
    net::{Network, Proxies, Resolver},
    rest::Rest,
    session::Protocol,
    space::AllowedDomains,
    spawn::spawn,
    transport::{OverNetwork, Transport},
};

/// Wishes of handles that may wait for the task.
const COMMANDS: usize = 64;

impl ClientBuilder {
    /// Starts the client: on the network, or on a stage.
    pub(super) async fn start(mut self, stage: Option<Stage>) -> Result<Client, Error> {
        let mut allowed = AllowedDomains::default();
        for domain in &self.domains {
            allowed.allow(domain).map_err(|error| wrong("a domain cannot be allowed", error))?;
        }
        let policy = self
            .policy
            .clone()
            .checked()
            .map_err(|violations| wrong("the policy is out of range", violations))?;
        let clock = self.clock.take().unwrap_or_else(|| Arc::new(SystemClock::new()));
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let (outlet, mut transport, place, beginning) = match stage {
            Some(stage) => stage.set(&allowed),
            None => {
                let transport = self.network()?;
                let outlet = Arc::new(Outlet::new(Arc::clone(&self.label)));
                let report = |error| outlet.failed(clock.now().wall, error);
                let (place, beginning) = self.beginning(&allowed, report).await;
                (outlet, transport, place, beginning)
            }
        };
        meter::describe();
        let able =
            Abilities { dpop: beginning.key.is_some(), refresh: self.provider.can_refresh() };
        let recorder = self.recorder(&beginning, &clock, &outlet, seed)?;
        let mut provider = self.provider;
        if let Some(recorder) = &recorder {
            transport = Arc::new(Recorded::new(transport, Arc::clone(recorder)));
            provider = Box::new(RecordedProvider::new(provider, Arc::clone(recorder)));
        }
        let rest = Rest::new(Arc::clone(&transport), Arc::clone(&clock), self.rest, seed);
        let arbiter = Arbiter::new(policy.clone(), able, seed);
        let protocol = Protocol::new(self.settings, fastrand::Rng::with_seed(seed));
        let label = Arc::clone(&self.label);
        let config = Arc::new(Config {
            label: self.label,
            provider,
            clock: Arc::clone(&clock),
            transport,
            recorder,
            rest,
            allowed,
            policy,
            seed,
            agent: self.agent.clone(),
            device_lifetime: self.device_lifetime,
            resume: self.resume,
            connect_deadline: self.settings.connect_deadline,
        });

        let (commands, inbox) = mpsc::channel(COMMANDS);
        let (ready, first) = oneshot::channel();
        let keeper = place.clone().map(Keeper::new);
        let machines = (arbiter, protocol);
        let driver =
            Driver::new(config, beginning, keeper, Arc::clone(&outlet), machines, inbox, ready);
        let span = tracing::info_span!(parent: None, "session", session = %label);
        let task = spawn(driver.run().instrument(span));
        first.await.unwrap_or_else(|_| Err(Error::closed()))?;
        let shared = Shared {
            outlet,
            commands,
            next_call: AtomicU64::new(1),
            clock,
            agent: self.agent,
            key: self.key,
            key_store: self.key_store,
            place,
            _task: task,
        };
        Ok(Client { shared: Arc::new(shared) })
    }

    /// The way to the space.
    fn network(&mut self) -> Result<Arc<dyn Transport>, Error> {
        let proxies =
            Proxies::of(&self.proxy).map_err(|error| wrong("the proxy cannot be used", error))?;
        let resolver = Resolver::new(std::mem::take(&mut self.fixed));
        let network = Network::new(&self.extra_ca, resolver, proxies)
            .and_then(|network| OverNetwork::new(network, self.rest.timeout, self.max_message))
            .map_err(|error| wrong("the network cannot be set up", error))?;
        Ok(Arc::new(network))
    }

    /// What to begin with, and where to store what comes of it.
    async fn beginning(
        &mut self,
        allowed: &AllowedDomains,
        report: impl Fn(Error) + Copy,
    ) -> (Option<Place>, Beginning) {
        let place = match self.storing.take() {
            None => None,
            Some(storing) => Place::open(storing, &self.label).await.map_err(report).ok(),
        };
        let (place, record) = resume::read(place, report).await;
        let keep = self.key_store.as_ref();
        let beginning =
            resume::begin(record, place.is_some(), self.key, keep, allowed, report).await;
        (place, beginning)
    }

    /// Begins the recording, if there is to be one.
    fn recorder(
        &self,
        beginning: &Beginning,
        clock: &Arc<dyn Clock>,
        outlet: &Arc<Outlet>,
        seed: u64,
    ) -> Result<Option<Arc<Recorder>>, Error> {
        let Some(path) = &self.record else { return Ok(None) };
        let key = beginning.key.as_deref();
        let setup = |hide: &mut dyn FnMut(&str) -> String| Setup {
            label: self.label.to_string(),
            agent: self.agent.clone(),
            seed,
            can_refresh: self.provider.can_refresh(),
            key: key.map(DpopKey::kind),
            domains: self.domains.clone(),
            htu: self.rest.htu,
            request_timeout: self.rest.timeout,
            device_lifetime: self.device_lifetime,
            settings: self.settings,
            policy: self.policy.clone(),
            resume: self.resume,
            stored: beginning.restored.as_ref().map(|restored| restored.recorded(hide)),
        };
        let on_failure = {
            let (outlet, clock) = (Arc::clone(outlet), Arc::clone(clock));
            move |error| {
                let message = "the session goes on, and is recorded no more";
                let error = Error::new(ErrorKind::Recording, message).because(error);
                outlet.failed(clock.now().wall, error);
            }
        };
        let thumbprint = key.map(DpopKey::thumbprint);
        let clock = Arc::clone(clock);
        Recorder::begin(path, self.record_limit, thumbprint, clock, setup, on_failure)
            .map(|recorder| Some(Arc::new(recorder)))
            .map_err(|error| wrong("the session cannot be recorded", error))
    }
}

fn wrong(message: &'static str, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Configuration, message).because(error)
}
