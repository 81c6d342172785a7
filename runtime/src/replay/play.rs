//! Playing a recording to its end, or to the first difference.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    Replayed,
    script::{Script, settle},
    stand_in::{Provider, Space},
};
use crate::{
    Client, Error, ErrorKind, SdkCredential,
    cassette::{
        Cassette,
        entry::{Kind, RecordedCommand, Text},
    },
    client::{EventStream, HistoryEntry, Stage},
    clock::SimulatedClock,
    dpop::DpopKey,
    spawn::{Task, spawn},
    timeline::Timeline,
};

pub(super) async fn play(cassette: &Cassette) -> Result<Replayed, Error> {
    let setup = &cassette.header.setup;
    let key = match setup.key {
        Some(kind) => Some(Arc::new(DpopKey::generate(kind).await.map_err(|error| {
            Error::new(ErrorKind::Configuration, "no key for a replay").because(error)
        })?)),
        None => None,
    };
    let clock = Arc::new(SimulatedClock::new(cassette.header.wall));
    let thumbprint = key.as_ref().map_or("", |key| key.thumbprint());
    let script = Arc::new(Script::new(cassette, Arc::clone(&clock), thumbprint));
    let provider = Provider { script: Arc::clone(&script), can_refresh: setup.can_refresh };
    let mut builder = Client::builder(provider)
        .label(setup.label.as_str())
        .agent(setup.agent.as_str())
        .policy(setup.policy.clone())
        .dpop(setup.key)
        .htu_form(setup.htu)
        .request_timeout(setup.request_timeout)
        .device_lifetime(setup.device_lifetime)
        .resume_policy(setup.resume)
        .clock(clock)
        .seed(setup.seed)
        .settings(setup.settings);
    for domain in &setup.domains {
        builder = builder.add_allowed_domain(domain.as_str());
    }
    let space = Arc::new(Space { script: Arc::clone(&script) });
    let stage = Stage::new(&setup.label, space, key.clone(), setup.stored.clone());
    let timeline = Arc::new(Mutex::new(Timeline::default()));
    let collecting = spawn(collect(stage.history(), Arc::clone(&timeline)));
    let mut application = Application {
        connecting: Some(spawn(builder.connect_on(stage))),
        client: None,
        key,
        calls: HashMap::new(),
        others: Vec::new(),
    };
    let start = script.now();
    run(&script, &mut application).await;
    let lasted = script.now().saturating_sub(start);
    // The client ends with its last handle, and its history with it.
    drop(application);
    collecting.await;
    let timeline = timeline.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Replayed { timeline, compared: script.compared(), lasted, mismatch: script.mismatch() })
}

async fn collect(mut history: EventStream<HistoryEntry>, timeline: Arc<Mutex<Timeline>>) {
    while let Some(entry) = history.recv().await {
        timeline.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }
}

/// Waits for each line to happen again, and does what the application did.
async fn run(script: &Script, application: &mut Application) {
    let mut changed = script.watch();
    while script.mismatch().is_none() {
        changed.borrow_and_update();
        let Some((index, what)) = script.next() else { return };
        let wait = match what {
            Kind::Command { .. } | Kind::Full { .. } | Kind::End => script.due(index),
            _ => script.overdue(index),
        };
        tokio::select! {
            _ = changed.changed() => continue,
            () = tokio::time::sleep(wait.saturating_sub(script.now())) => {}
        }
        settle().await;
        if changed.has_changed().unwrap_or(true) {
            continue;
        }
        match what {
            Kind::Command { command } => {
                if application.does(command).await {
                    script.mark(index);
                } else {
                    script.missed(index);
                }
            }
            Kind::Full { .. } | Kind::End => return script.mark(index),
            _ => script.missed(index),
        }
    }
}

/// The time that a client which has connected needs to report it.
const READY: Duration = Duration::from_secs(1);

/// Does what the recorded application did.
struct Application {
    connecting: Option<Task<Result<Client, Error>>>,
    client: Option<Client>,
    key: Option<Arc<DpopKey>>,
    calls: HashMap<u64, Task<()>>,
    others: Vec<Task<()>>,
}

impl Application {
    /// Sends a command. `false` when there is no client to ask.
    async fn does(&mut self, command: &RecordedCommand) -> bool {
        if let Some(connecting) = self.connecting.take() {
            let connected = tokio::time::timeout(READY, connecting).await;
            self.client = connected.ok().flatten().and_then(Result::ok);
        }
        let Some(client) = self.client.clone() else { return false };
        let (command, key) = (command.clone(), self.key.clone());
        match command {
            RecordedCommand::Call { call, method, params, timeout } => {
                let calling = spawn(async move {
                    let Text::Json(params) = params else { return };
                    // What comes of it is seen in the frames.
                    let _ = client.call_raw(&method, params, timeout).await;
                });
                self.calls.insert(call, calling);
            }
            RecordedCommand::Cancel { call } => drop(self.calls.remove(&call)),
            other => self.others.push(spawn(async move {
                match other {
                    RecordedCommand::Notify { method, params: Text::Json(params) } => {
                        drop(client.notify_raw(&method, params).await);
                    }
                    RecordedCommand::Register => drop(client.register().await),
                    RecordedCommand::Unregister => drop(client.unregister().await),
                    RecordedCommand::Refresh => drop(client.refresh_now().await),
                    RecordedCommand::SetCredential { token, expiry_at, lifetime } => {
                        let mut credential = SdkCredential::from_token(token);
                        credential.expiry_at = expiry_at;
                        credential.expires_in = lifetime;
                        drop(client.set_credential(credential).await);
                    }
                    RecordedCommand::Invalidate => client.invalidate().await,
                    RecordedCommand::Suspend => client.suspend().await,
                    RecordedCommand::Resume => client.resume().await,
                    RecordedCommand::Reset => drop(client.reset_with(key).await),
                    RecordedCommand::Disconnect { patience } => client.shutdown(patience).await,
                    RecordedCommand::Call { .. }
                    | RecordedCommand::Cancel { .. }
                    | RecordedCommand::Notify { .. } => {}
                }
            })),
        }
        true
    }
}
