//! Two sessions with a space: one that refreshes by itself, one that its provider refreshes.

use std::time::Duration;

use credwire::{
    Client,
    client::{HistoryEvent, Lead, Policy},
    sdk::RefreshMechanism,
    timeline::Timeline,
};
use credwire_sandbox::{Fault, SocketAction, Space};

use super::{View, follow::Follower, provider::Kiosk};
use crate::{
    backend::Backend,
    network::{FixedAddress, Network},
    outcome::{Failure, Result},
};

/// The session that is bound to its key.
const BOUND: &str = "bound";
/// The session whose SAT lacks `sat:refresh`.
const FALLBACK: &str = "fallback";

/// Lifetimes of tokens, short enough to watch: a Client Bound SAT is rotated after about 5 s, and
/// the SAT of the second session refreshed after about 3 s.
const BOUND_SAT: Duration = Duration::from_secs(60);
const DEVICE_TOKEN: Duration = Duration::from_secs(7);
const FALLBACK_SAT: Duration = Duration::from_secs(6);

/// How long both sessions go on before they end.
const IDLE: Duration = Duration::from_millis(1500);
/// How often the space turns the client away before it comes back.
const ABSENCES: u64 = 3;

/// Runs both sessions and returns what happened to them.
pub(super) async fn live(view: &View) -> Result<Timeline> {
    view.heading("A space on loopback")?;
    view.begin("start the space");
    let space = Space::builder().start().await;
    let space = space.map_err(|error| Failure::new("no space").because(error))?;
    view.done(&format!("{} listens at {}, over TLS", space.domain(), space.address()))?;

    let mut follower = Follower::new(view);
    view.heading("A session that is bound to its key: the SAT carries sat:refresh")?;
    let bound = connect(view, &space, &mut follower, BOUND, BOUND_SAT, true).await?;
    activate(view, &bound, &mut follower).await?;
    for count in ["first", "second"] {
        view.begin(&format!("{count} rotation"));
        rotated(&mut follower, BOUND).await?;
        view.done(&format!("{count} rotation: a new token, in force on the live session"))?;
    }
    drop_and_resume(view, &space, &mut follower).await?;

    view.heading("A session that its provider refreshes: the SAT lacks sat:refresh")?;
    let fallback = connect(view, &space, &mut follower, FALLBACK, FALLBACK_SAT, false).await?;
    fall_back(view, &fallback, &mut follower).await?;
    view.begin("wait for the first session's next rotation");
    if !follower.has_rotated_since_resumed(BOUND) {
        rotated(&mut follower, BOUND).await?;
    }
    view.done("meanwhile the resumed session has rotated once more")?;

    view.heading("The end")?;
    view.begin("disconnect");
    follower.idle(IDLE).await?;
    for (client, session) in [(fallback, FALLBACK), (bound, BOUND)] {
        client.disconnect().await;
        follower.until(session, |event| matches!(event, HistoryEvent::Disconnected)).await?;
    }
    view.done("both sessions left the space")?;
    witness(view, &space)?;
    space.shutdown().await;
    Ok(follower.into_timeline())
}

async fn connect(
    view: &View,
    space: &Space,
    follower: &mut Follower<'_>,
    session: &'static str,
    lifetime: Duration,
    refreshable: bool,
) -> Result<Client> {
    view.begin(&format!("connect the session `{session}`"));
    let domain = space.domain().split(':').next().unwrap_or_default();
    let address = space.address().ip();
    let network = Network {
        ca: Some(space.ca_path().to_owned()),
        resolve: vec![FixedAddress { domain: domain.to_owned(), address }],
    };
    let backend = Backend::new(
        network.http(&format!("fabric.{domain}"))?,
        format!("https://fabric.{}", space.domain()),
        space.project(),
        space.api_token().clone(),
    );
    let client = Client::builder(Kiosk::new(backend, session, refreshable, lifetime))
        .label(session)
        .policy(policy())
        .device_lifetime(DEVICE_TOKEN)
        .add_allowed_domain(space.domain())
        .add_root_certificates(space.ca_pem())
        .add_address(domain, address)
        .connect()
        .await
        .map_err(|error| Failure::new("no session").because(error))?;
    follower.follow(&client);
    follower.until(session, |event| matches!(event, HistoryEvent::Authenticated)).await?;
    view.done("authenticate(): the backend minted a SAT, and the client read where it belongs")?;
    follower.until(session, |event| matches!(event, HistoryEvent::Connected)).await?;
    view.done("signalwire.connect: accepted, with a proof of possession")?;
    Ok(client)
}

/// Leads in proportion to the short lifetimes.
fn policy() -> Policy {
    let lead = |percent| Lead {
        percent,
        min: Duration::from_millis(500),
        max: Duration::from_secs(5),
        jitter_percent: 10,
    };
    let mut policy = Policy::default();
    policy.bound_lead = lead(25);
    policy.developer_lead = lead(40);
    policy.gap.min = Duration::from_millis(250);
    policy
}

async fn activate(view: &View, client: &Client, follower: &mut Follower<'_>) -> Result<()> {
    view.begin("activate the Client Bound SAT");
    follower.until(BOUND, |event| matches!(event, HistoryEvent::Activated)).await?;
    expect(client, RefreshMechanism::ClientBoundSat)?;
    view.done("activated: one mechanism is armed, Client Bound SAT; refresh() is not called")
}

async fn rotated(follower: &mut Follower<'_>, session: &str) -> Result<()> {
    follower.until(session, |event| matches!(event, HistoryEvent::Rotated)).await?;
    follower.until(session, |event| matches!(event, HistoryEvent::Reauthenticated)).await?;
    Ok(())
}

async fn drop_and_resume(view: &View, space: &Space, follower: &mut Follower<'_>) -> Result<()> {
    view.begin("drop the socket");
    // Apart from the rotation before it, to be told from it in the picture.
    tokio::time::sleep(Duration::from_secs(1)).await;
    // The space stays away for a moment, so that coming back takes some attempts.
    space.add_fault(Fault::on("upgrade").times(ABSENCES).status(503));
    let cut = space.sockets(SocketAction::Drop);
    cut.map_err(|error| Failure::new("the socket was not dropped").because(error))?;
    follower.until(BOUND, |event| matches!(event, HistoryEvent::Dropped { .. })).await?;
    view.done("the space cut the socket")?;
    view.begin("resume the session");
    follower.until(BOUND, |event| matches!(event, HistoryEvent::Resumed)).await?;
    view.done(&format!(
        "{ABSENCES} attempts in vain, then resumed from the stored state; no provider was asked"
    ))
}

async fn fall_back(view: &View, client: &Client, follower: &mut Follower<'_>) -> Result<()> {
    view.begin("fall back to refresh()");
    follower.until(FALLBACK, |event| matches!(event, HistoryEvent::Warning { .. })).await?;
    expect(client, RefreshMechanism::DeveloperProvidedRefresh)?;
    view.done("the documented warning came; refresh() is armed instead")?;
    view.begin("rotate by refresh()");
    rotated(follower, FALLBACK).await?;
    view.done("refresh(): the backend returned a new SAT, in force on the live session")
}

/// Fails unless the client has armed the mechanism that the reference's table selects.
fn expect(client: &Client, wanted: RefreshMechanism) -> Result<()> {
    let armed = client.credential_status().borrow().map(|status| status.mechanism);
    if armed == Some(wanted) {
        return Ok(());
    }
    Err(Failure::new(format!("{wanted:?} should be armed, but it is {armed:?}")))
}

/// The space's own account of it.
fn witness(view: &View, space: &Space) -> Result<()> {
    let log = space.log();
    let count = |ends: &str| {
        let done = |status: Option<u16>| status.is_none_or(|status| status < 300);
        log.checks.iter().filter(|check| check.op.ends_with(ends) && done(check.status)).count()
    };
    view.done(&format!(
        "the space agrees: {} minted, {} activated, {} rotated, {} reauthentications",
        count("/subscribers/tokens"),
        count("/devices/token"),
        count("/devices/refresh"),
        count("signalwire.reauthenticate"),
    ))
}
