//! A running space.

use std::{
    borrow::Cow,
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
};

use credwire_core::Secret;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

use crate::{
    ca_file::CaFile,
    certificates,
    config::Config,
    fault::Fault,
    log::Log,
    options::{Reason, SpaceOptions, StartError, is_domain},
    rest::{Mint, backend},
    server::{self, Shared},
    sockets::{ActionError, SocketAction},
    subscriber::Profile,
    tasks::{StopSource, TaskGroup},
    token::Sealer,
    world::{Identity, World},
};

/// A space on loopback: REST and WebSocket on one TLS port, the control protocol on another.
///
/// It runs as long as this handle exists: dropping it cancels every task, closes every connection
/// and removes the CA file. [`Space::shutdown`] does the same and waits until it is done.
///
/// Clients reach it by mapping every name under [`Space::domain`] to [`Space::address`] and by
/// trusting [`Space::ca_pem`].
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use credwire_sandbox::{Config, Fault, Mint, SpaceOptions, Space};
///
/// let space = Space::start(SpaceOptions::default()).await?;
/// let sat = space.mint(Mint::new("alice@example.test"))?;
/// space.add_fault(Fault::on("rpc signalwire.connect").rpc_error(-32002, "refused"));
/// // .. connect a client to `wss://puc.{space.domain()}/` with the token ..
/// assert!(space.log().checks.is_empty());
/// space.shutdown().await;
/// # Ok(())
/// # }
/// ```
pub struct Space {
    domain: String,
    address: SocketAddr,
    control: SocketAddr,
    ca_pem: String,
    key_hash: String,
    ca_file: CaFile,
    project: String,
    api_token: Secret<String>,
    shared: Shared,
    stop: StopSource,
    tasks: TaskGroup,
}

impl SpaceOptions {
    /// Starts the space.
    ///
    /// # Errors
    /// As [`Space::start`].
    pub async fn start(self) -> Result<Space, StartError> {
        Space::start(self).await
    }
}

impl Space {
    /// Returns the default options, to be changed and started.
    pub fn builder() -> SpaceOptions {
        SpaceOptions::default()
    }

    /// Starts a space, which listens when this returns.
    ///
    /// # Errors
    /// When the domain is not one, the address is not loopback or not free, the CA file cannot be
    /// written, or the system returns no random bytes.
    ///
    /// # Cancellation
    /// Dropping the future leaves nothing behind.
    pub async fn start(options: SpaceOptions) -> Result<Self, StartError> {
        let SpaceOptions { domain, address, port, control_port, dir, config, clock, .. } = options;
        if !is_domain(&domain) {
            return Err(StartError(Reason::Domain(domain)));
        }
        if !address.is_loopback() {
            return Err(StartError(Reason::Address(address)));
        }
        let (listener, address) = listen(address, port).await?;
        let (control_listener, control) = listen(Ipv4Addr::LOCALHOST.into(), control_port).await?;
        let certificates = certificates::issue(&domain)
            .map_err(|error| StartError(Reason::Certificates(error)))?;
        let ca_file = CaFile::write(dir.as_deref(), &certificates.ca_pem)
            .map_err(|error| StartError(Reason::CaFile(dir, error)))?;
        let sealer = Sealer::new().map_err(|_| StartError(Reason::Key))?;
        let domain = format!("{domain}:{}", address.port());
        let identity = Identity {
            domain: domain.clone(),
            project: options.project.clone(),
            api_token: options.api_token.clone(),
            project_id: Uuid::new_v4(),
            space_id: Uuid::new_v4(),
        };
        let shared = Shared::new(World::new(identity, clock, config, sealer));
        let (stop, signal) = StopSource::new();
        let mut tasks = TaskGroup::default();
        let tls = TlsAcceptor::from(certificates.server);
        tasks.spawn(server::space(listener, tls, shared.clone(), signal.clone()));
        tasks.spawn(server::control(control_listener, shared.clone(), signal));
        Ok(Self {
            domain,
            address,
            control,
            ca_pem: certificates.ca_pem,
            key_hash: certificates.key_hash,
            ca_file,
            project: options.project,
            api_token: options.api_token,
            shared,
            stop,
            tasks,
        })
    }

    /// Closes every connection, ends every task, removes the CA file, and waits until all of it
    /// is done.
    pub async fn shutdown(self) {
        let Self { stop, mut tasks, .. } = self;
        stop.stop();
        tasks.finish().await;
    }

    /// Returns the domain with its port, as it follows the host in a token's `ch`.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Returns the port for TLS.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the address to which every name under the domain has to resolve.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the certificate of the CA that clients have to trust, as PEM.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Returns the file that holds [`Space::ca_pem`].
    pub fn ca_path(&self) -> &Path {
        self.ca_file.path()
    }

    /// Returns the SHA-256 hash of the server's public key (RFC 7469, section 2.4), in base64.
    /// Chromium trusts the space by it: `--ignore-certificate-errors-spki-list`.
    pub fn key_hash(&self) -> &str {
        &self.key_hash
    }

    /// Returns the base URL of the control protocol.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// Returns the URL of a backend on the control port, from which a provider requests
    /// credentials.
    pub fn backend_url(&self) -> String {
        format!("http://{}{}", self.control, backend::PATH)
    }

    /// Returns the user name of the backend's Basic credentials.
    pub fn project(&self) -> &str {
        &self.project
    }

    /// Returns the password of the backend's Basic credentials.
    pub fn api_token(&self) -> &Secret<String> {
        &self.api_token
    }

    /// Returns one line of JSON with which another process reaches the space: `ready`, `domain`,
    /// `port`, `ca`, `keyHash`, `control`, `backend`, `project` and `apiToken`, the latter in the
    /// clear.
    pub fn ready_line(&self) -> String {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Ready<'a> {
            ready: bool,
            domain: &'a str,
            port: u16,
            ca: Cow<'a, str>,
            key_hash: &'a str,
            control: String,
            backend: String,
            project: &'a str,
            api_token: &'a str,
        }
        serde_json::to_string(&Ready {
            ready: true,
            domain: &self.domain,
            port: self.port(),
            ca: self.ca_path().to_string_lossy(),
            key_hash: &self.key_hash,
            control: self.control_url(),
            backend: self.backend_url(),
            project: &self.project,
            api_token: self.api_token.expose(),
        })
        // Text and numbers always have a JSON spelling.
        .unwrap_or_default()
    }

    /// Mints a SAT without a request, by the same rules.
    ///
    /// # Errors
    /// When the system returns no random bytes.
    pub fn mint(&self, mint: Mint) -> Result<Secret<String>, MintError> {
        let minted = self.shared.world().mint_subscriber(mint, Profile::default());
        minted.map(|minted| minted.token).map_err(|_| MintError(()))
    }

    /// Deletes sessions, sockets, log and faults, and returns to the first configuration.
    pub fn reset(&self) {
        let mut world = self.shared.world();
        let config = world.base.clone();
        world.reset(config);
    }

    /// Changes settings. Issued tokens keep their lifetime.
    pub fn configure(&self, change: impl FnOnce(&mut Config)) {
        change(&mut self.shared.world().config);
    }

    /// Arms one more fault.
    pub fn add_fault(&self, fault: Fault) {
        self.shared.world().config.faults.push(fault);
    }

    /// Carries out an action on every open socket; returns the number of sockets.
    ///
    /// # Errors
    /// When the action could not be carried out on any socket, such as a close code that may not
    /// be sent.
    pub fn sockets(&self, action: SocketAction) -> Result<usize, ActionError> {
        self.shared.world().act_on_sockets(None, action)
    }

    /// Carries out an action on the open sockets of one host, named with or without its port;
    /// returns the number of sockets. [`SocketAction::Forget`], which is no action on a socket,
    /// applies to the whole space.
    ///
    /// # Errors
    /// As [`Space::sockets`].
    pub fn sockets_at(&self, host: &str, action: SocketAction) -> Result<usize, ActionError> {
        self.shared.world().act_on_sockets(Some(host), action)
    }

    /// Returns what the space was asked since the last reset.
    pub fn log(&self) -> Log {
        self.shared.world().copy_log()
    }
}

impl fmt::Debug for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Space")
            .field("domain", &self.domain)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

async fn listen(address: IpAddr, port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let wanted = SocketAddr::new(address, port);
    let failed = |error| StartError(Reason::Listen(wanted, error));
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// The error of a token that could not be made: the system returned no random bytes.
#[derive(Debug)]
pub struct MintError(());

impl fmt::Display for MintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system returned no random bytes for a token")
    }
}

impl std::error::Error for MintError {}
