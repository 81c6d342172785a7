//! What a session is at the least: a WebSocket over TLS, for the bench and for the test that counts.

use std::{net::Ipv4Addr, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config, tungstenite::protocol::WebSocketConfig,
};

/// Bytes that are read at once. tungstenite takes 128 KiB unless it is told otherwise, which nobody
/// who holds thousands of sockets leaves as it is.
const READ_BUFFER: usize = 4 * 1024;

pub(crate) type BareSocket = WebSocketStream<TlsStream<TcpStream>>;

/// Opens sockets of a space. All share what they trust, and resume each other's TLS sessions.
pub(crate) struct BareSockets {
    tls: TlsConnector,
    host: String,
    port: u16,
}

impl BareSockets {
    /// Those of the space with this domain, which names its port, and this certificate.
    pub(crate) fn new(domain: &str, ca: &str) -> Self {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(ca.as_bytes()) {
            roots.add(certificate.expect("a certificate")).expect("a root");
        }
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (domain, port) = domain.split_once(':').expect("a port");
        Self {
            tls: TlsConnector::from(Arc::new(config)),
            host: format!("puc.{domain}"),
            port: port.parse().expect("a port"),
        }
    }

    pub(crate) async fn open(&self) -> BareSocket {
        let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.expect("a socket");
        tcp.set_nodelay(true).expect("a socket");
        let name = ServerName::try_from(self.host.clone()).expect("a name");
        let tls = self.tls.connect(name, tcp).await.expect("TLS");
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(0);
        let url = format!("wss://{}:{}/", self.host, self.port);
        client_async_with_config(url, tls, Some(config)).await.expect("a WebSocket").0
    }
}
