//! HTTP/1.1 over TLS.

use std::{
    io,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http_body_util::Full;
use hyper::{Uri, body::Bytes};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::dialer::Dialer;

/// Requests come together, at the start and around a refresh, with minutes between: a connection
/// that is kept longer is only memory on both sides.
const IDLE: Duration = Duration::from_secs(5);

/// Sends requests to `https://` URLs, and to no other, and follows no redirect.
pub(super) type HttpsClient = Client<HttpsConnector<Dialer>, Full<Bytes>>;

pub(super) fn client(tls: &Arc<ClientConfig>, dialer: Dialer) -> HttpsClient {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(ClientConfig::clone(tls))
        .https_only()
        .enable_http1()
        .wrap_connector(dialer);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .build(connector)
}

impl Service<Uri> for Dialer {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialer = self.clone();
        async move {
            let host = uri.host().ok_or(io::ErrorKind::InvalidInput)?;
            dialer.dial(host, uri.port_u16().unwrap_or(443)).await.map(TokioIo::new)
        }
        .boxed()
    }
}
