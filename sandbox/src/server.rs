//! The sockets of a space: what turns connections into calls of [`World`].

pub(crate) mod control;
mod http;
mod origin;
mod reply;
mod socket;

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::{
    tasks::{StopSignal, TaskGroup},
    world::World,
};

/// The most bytes of a request's body and of a message.
const MAX_BODY: usize = 1024 * 1024;

/// The timeout of a TLS handshake; a silent connection is closed after it.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The pause after a connection could not be accepted, such as for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The world, shared by the connections. It is only ever locked between two waits.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the space itself, until it is stopped.
pub(crate) async fn space(
    listener: TcpListener,
    tls: TlsAcceptor,
    shared: Shared,
    stop: StopSignal,
) {
    accept(listener, stop, |tcp| {
        let (tls, shared) = (tls.clone(), shared.clone());
        async move {
            match tokio::time::timeout(HANDSHAKE, tls.accept(tcp)).await {
                Ok(Ok(stream)) => http::serve(stream, &shared).await,
                Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                Err(_) => tracing::debug!("a TLS handshake took too long"),
            }
        }
    })
    .await;
}

/// Serves the control protocol, until it is stopped.
pub(crate) async fn control(listener: TcpListener, shared: Shared, stop: StopSignal) {
    accept(listener, stop, |tcp| {
        let shared = shared.clone();
        async move { control::serve(tcp, &shared).await }
    })
    .await;
}

/// One task for each connection; none is left when it returns or is dropped.
async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    mut stop: StopSignal,
    mut serve: impl FnMut(TcpStream) -> F,
) {
    let mut connections = TaskGroup::default();
    loop {
        tokio::select! {
            () = stop.stopped() => break,
            () = connections.reap() => {}
            accepted = listener.accept() => match accepted {
                Ok((tcp, _)) => {
                    // Two frames in a row are not to wait for the acknowledgement of the first.
                    // Without the option everything still works, only slower.
                    let _ = tcp.set_nodelay(true);
                    connections.spawn(serve(tcp));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    connections.cancel().await;
}
