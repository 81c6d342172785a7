//! Starting what a builder describes.

use std::sync::{Arc, atomic::AtomicU64};

use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;

use super::{
    Client, ClientBuilder, Error, ResumePolicy, Shared,
    command::{Command, What},
    config::Config,
    driver::{Core, Driver},
    events::Events,
    meter,
    resume::{self, InitialState},
    session_writer::{SessionItem, SessionWriter},
    stage::Stage,
    token::Acceptance,
};
use credwire_session::{ReplyId, Settings, scheduler::Abilities};

use crate::{
    CredentialProvider as _,
    clock::SystemClock,
    net::{Network, Proxies, Resolver},
    rest::Rest,
    space::AllowedDomains,
    spawn::spawn,
    transport::{OverNetwork, SocketBounds, Transport},
};
use credwire_core::Clock;

/// Commands of handles that may wait for the task.
const COMMANDS: usize = 64;

impl ClientBuilder {
    /// Starts the client: on the network, or on a stage.
    pub(super) async fn start(mut self, stage: Option<Stage>) -> Result<Client, Error> {
        let mut allowed = AllowedDomains::default();
        for domain in &self.domains {
            allowed
                .allow(domain)
                .map_err(|error| Error::configuration("a domain cannot be allowed", error))?;
        }
        let policy =
            self.policy.clone().checked().map_err(|violations| {
                Error::configuration("the policy is out of range", violations)
            })?;
        let clock = self.clock.take().unwrap_or_else(|| Arc::new(SystemClock::new()));
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let (events, mut transport, item, initial) = match stage {
            Some(stage) => stage.set(&allowed),
            None => {
                let transport = self.network()?;
                let events = Arc::new(Events::new(Arc::clone(&self.label), self.event_lag));
                let report = |error| events.failed(clock.now().wall, error);
                let (item, initial) = self.initial_state(&allowed, report).await;
                (events, transport, item, initial)
            }
        };
        meter::begin();
        let able =
            Abilities { dpop: initial.key.is_some(), refresh: self.provider.refresh().is_some() };
        let recording = self.recording(&initial, &clock, &events, seed)?;
        let mut provider = self.provider;
        if let Some(recording) = &recording {
            transport = recording.transport(transport);
            provider = recording.provider(provider);
        }
        let rest = Rest::new(Arc::clone(&transport), Arc::clone(&clock), self.rest, seed);
        let prefer_provider = self.resume == ResumePolicy::PreferProvider;
        let settings = Settings { prefer_provider, ..self.settings };
        let label = Arc::clone(&self.label);
        let config = Arc::new(Config {
            label: self.label,
            provider,
            clock: Arc::clone(&clock),
            transport,
            recording,
            rest,
            allowed: allowed.clone(),
            identity: self.identity,
            agent: self.agent.clone(),
            device_lifetime: self.device_lifetime,
            connect_deadline: self.settings.connect_deadline,
        });

        let (commands, inbox) = mpsc::channel(COMMANDS);
        let writer = item.clone().map(SessionWriter::new);
        let InitialState { key, stored_key, saved, keeps_stored } = initial;
        let mut session = Core::new(settings, policy, able, seed, saved, clock.now());
        if keeps_stored {
            session = session.keeping_the_stored();
        }
        let key = (key, stored_key);
        // Its end is counted when the driver is dropped.
        meter::started(*events.status.borrow());
        let mut driver = Driver::new(config, Arc::clone(&events), session, key, writer, inbox);
        let (ready, first) = oneshot::channel();
        driver.command(Command { id: ReplyId(0), what: What::Start(ready) });
        let span = tracing::info_span!(parent: None, "session", session = %label);
        let task = spawn(Box::new(driver).run().instrument(span));
        first.await.unwrap_or_else(|_| Err(Error::closed()))?;
        let shared = Shared {
            events,
            commands,
            next_reply: AtomicU64::new(1),
            clock,
            acceptance: Acceptance { allowed, bound_to: None },
            device_lifetime: self.device_lifetime,
            agent: self.agent,
            key: self.key,
            key_store: self.key_store,
            item,
            _task: task,
        };
        Ok(Client { shared: Arc::new(shared) })
    }

    /// The network transport to the space.
    fn network(&mut self) -> Result<Arc<dyn Transport>, Error> {
        let proxies = Proxies::of(&self.proxy)
            .map_err(|error| Error::configuration("the proxy cannot be used", error))?;
        let resolver = Resolver::new(std::mem::take(&mut self.fixed));
        let network = Network::new(&self.root_certificates, resolver, proxies)
            .map_err(|error| Error::configuration("the network cannot be set up", error))?;
        let bounds = SocketBounds { message: self.max_message, ..SocketBounds::default() };
        Ok(Arc::new(OverNetwork::new(network, self.rest.timeout, bounds)))
    }

    /// What to begin with, and where to store what comes of it.
    async fn initial_state(
        &mut self,
        allowed: &AllowedDomains,
        report: impl Fn(Error) + Copy,
    ) -> (Option<SessionItem>, InitialState) {
        let item = self.storage.take().map(|storage| SessionItem::new(storage, &self.label));
        let (item, saved) = resume::read(item, report).await;
        let loader = self.key_store.as_ref();
        let (identity, is_stored) = (self.identity.as_deref(), item.is_some());
        let initial =
            resume::initial_state(saved, is_stored, self.key, loader, allowed, identity, report)
                .await;
        (item, initial)
    }
}
