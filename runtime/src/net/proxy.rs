//! Proxies: which one, for which hosts, and a tunnel through it.

use std::{
    fmt, io,
    sync::Arc,
    task::{Context, Poll},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::Uri;
use hyper_util::{client::legacy::connect::proxy::SocksV5, rt::TokioIo};
use percent_encoding::percent_decode_str;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tower_service::Service;
use url::Url;

use super::no_proxy::NoProxy;
use crate::Secret;

/// Longest answer to CONNECT.
const ANSWER: usize = 8 * 1024;

/// The proxy through which a client leaves the local network. REST and WebSocket use the same.
///
/// A proxy is asked for a tunnel (`CONNECT`, or SOCKS 5), so it sees names and never a credential.
/// Hosts with a [fixed address](crate::ClientBuilder::add_address) are reached without one, and so is
/// this computer (`localhost`, `127.0.0.0/8`, `::1`).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Proxy {
    /// The proxy of the environment: `HTTPS_PROXY`, otherwise `ALL_PROXY`, for all hosts that
    /// `NO_PROXY` does not list; each also in lower case, and an empty one counts as absent. A
    /// proxy in a form that cannot be used fails the connections that would go through it, and no
    /// others.
    ///
    /// `NO_PROXY` is a list with commas between its entries: `domain`, `.domain` and `*.domain`
    /// cover the domain and all names below it, an IP address itself, `10.0.0.0/8` and
    /// `2001:db8::/32` the addresses in them, and `*` every host; with `:port` an entry is about
    /// this port alone.
    #[default]
    Environment,
    /// No proxy.
    Direct,
    /// This proxy for all hosts: `http://[user:password@]host[:port]`, or `socks5h://` in its place
    /// for a SOCKS proxy that resolves names, or `socks5://` for one that receives addresses.
    Through(Secret<String>),
}

/// The proxies of a client, parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proxies {
    server: Option<Arc<Result<Server, ProxyError>>>,
    no_proxy: Arc<NoProxy>,
}

/// A proxy.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Server {
    kind: Kind,
    host: String,
    port: u16,
    login: Option<Login>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Http,
    /// SOCKS 5; whether the proxy looks names up.
    Socks {
        names: bool,
    },
}

#[derive(Debug, PartialEq, Eq)]
struct Login {
    user: Secret<String>,
    password: Secret<String>,
}

impl Proxies {
    pub(crate) fn of(proxy: &Proxy) -> Result<Self, ProxyError> {
        match proxy {
            Proxy::Direct => Ok(Self::default()),
            Proxy::Environment => Ok(Self::from_variables(|name| std::env::var(name).ok())),
            Proxy::Through(url) => {
                let server = Some(Arc::new(Ok(Server::read(url, "the proxy")?)));
                Ok(Self { server, no_proxy: Arc::default() })
            }
        }
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Self {
        let one = |name: &str| {
            let value = variable(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        let find = |name: &'static str| one(name).or_else(|| one(&name.to_ascii_lowercase()));
        let server = ["HTTPS_PROXY", "ALL_PROXY"]
            .into_iter()
            .find_map(|name| Some((name, Secret::new(find(name)?))));
        let Some((name, url)) = server else { return Self::default() };
        Self {
            server: Some(Arc::new(Server::read(&url, name))),
            no_proxy: Arc::new(NoProxy::read(&find("NO_PROXY").unwrap_or_default())),
        }
    }

    /// The proxy for `host`.
    ///
    /// # Errors
    /// When there is one that cannot be used.
    pub(super) fn server(&self, host: &str, port: u16) -> io::Result<Option<&Server>> {
        match self.server.as_deref() {
            None => Ok(None),
            Some(_) if self.no_proxy.covers(host, port) => Ok(None),
            Some(Ok(server)) => Ok(Some(server)),
            Some(Err(error)) => Err(io::Error::new(io::ErrorKind::InvalidInput, error.clone())),
        }
    }
}

impl Server {
    fn read(text: &Secret<String>, place: &'static str) -> Result<Self, ProxyError> {
        let wrong = || ProxyError { place };
        let text = text.expose().trim();
        let url = match text.contains("://") {
            true => Url::parse(text),
            false => Url::parse(&format!("http://{text}")),
        };
        let url = url.map_err(|_| wrong())?;
        let (kind, port) = match url.scheme() {
            "http" => (Kind::Http, 80),
            "socks5" => (Kind::Socks { names: false }, 1080),
            "socks5h" => (Kind::Socks { names: true }, 1080),
            _ => return Err(wrong()),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?;
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().map_err(|_| wrong())?;
            Ok(Secret::new(text.into_owned()))
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some(Login {
                user: decoded(user)?,
                password: decoded(password.unwrap_or_default())?,
            }),
        };
        Ok(Self { kind, host: host.to_owned(), port: url.port().unwrap_or(port), login })
    }

    /// Where it is.
    pub(super) fn address(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// Whether the proxy receives names; otherwise it receives addresses.
    pub(super) const fn resolves_names(&self) -> bool {
        matches!(self.kind, Kind::Http | Kind::Socks { names: true })
    }

    /// Makes a connection to the proxy one to `host`.
    pub(super) async fn tunnel(
        &self,
        stream: TcpStream,
        host: &str,
        port: u16,
    ) -> io::Result<TcpStream> {
        let opened = match self.kind {
            Kind::Http => self.connect(stream, host, port).await,
            Kind::Socks { .. } => self.socks(stream, host, port).await,
        };
        opened.map_err(|error| {
            let proxy = format!("the proxy {}:{}", self.host, self.port);
            let message = format!("{proxy} opens no tunnel to {host}:{port}: {error}");
            io::Error::new(error.kind(), message)
        })
    }

    async fn connect(&self, mut stream: TcpStream, host: &str, port: u16) -> io::Result<TcpStream> {
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
        if let Some(login) = &self.login {
            let pair = Secret::new(format!("{}:{}", login.user.expose(), login.password.expose()));
            let basic = Secret::new(STANDARD.encode(pair.expose()));
            request.push_str(&format!("Proxy-Authorization: Basic {}\r\n", basic.expose()));
        }
        request.push_str("\r\n");
        stream.write_all(Secret::new(request).expose().as_bytes()).await?;
        let status = read_answer(&mut stream).await?;
        if (200..300).contains(&status) {
            return Ok(stream);
        }
        Err(io::Error::other(format!("it answered with {status}")))
    }

    async fn socks(&self, stream: TcpStream, host: &str, port: u16) -> io::Result<TcpStream> {
        let uri = |scheme: &str, host: &str, port: u16| {
            format!("{scheme}://{host}:{port}").parse::<Uri>().map_err(io::Error::other)
        };
        let proxy = uri("socks5", &self.host, self.port)?;
        let mut socks = SocksV5::new(proxy, Connected(Some(stream)));
        if let Some(Login { user, password }) = &self.login {
            socks = socks.with_auth(user.expose().clone(), password.expose().clone());
        }
        let opened = socks.call(uri("https", host, port)?).await;
        opened.map(TokioIo::into_inner).map_err(|error| io::Error::other(error.to_string()))
    }
}

/// Returns the connection that was opened before.
struct Connected(Option<TcpStream>);

impl Service<Uri> for Connected {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let stream = self.0.take().map(TokioIo::new);
        std::future::ready(stream.ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}

/// Reads the answer to CONNECT, to its last byte and no further; returns its status.
async fn read_answer(stream: &mut TcpStream) -> io::Result<u16> {
    let odd = || io::Error::other("it did not answer in HTTP/1");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == ANSWER {
            return Err(odd());
        }
        // Byte by byte: what follows the answer belongs to the tunnel.
        answer.push(stream.read_u8().await?);
    }
    let answer = std::str::from_utf8(&answer).map_err(|_| odd())?;
    let mut words = answer.lines().next().unwrap_or_default().split(' ');
    let is_http = words.next().is_some_and(|version| version.starts_with("HTTP/1."));
    words.next().and_then(|status| status.parse().ok()).filter(|_| is_http).ok_or_else(odd)
}

/// A proxy that cannot be used. The message does not show its address, which may hold a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProxyError {
    place: &'static str,
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is not of the form http://[user:password@]host[:port], socks5://.. or socks5h://..",
            self.place
        )
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;
    use crate::net::{dialer::Dialer, resolver::Resolver};

    fn proxies(variables: &'static [(&str, &str)]) -> Proxies {
        Proxies::from_variables(|name| {
            variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
        })
    }

    fn server(text: &str) -> Result<Server, ProxyError> {
        Server::read(&Secret::from(text), "the proxy")
    }

    #[test]
    fn the_environment_names_a_proxy_and_who_goes_without() {
        let all = proxies(&[("all_proxy", "proxy.test:3128"), ("NO_PROXY", "")]);
        let found = all.server("h.test", 443).unwrap().unwrap();
        assert_eq!(found.address(), ("proxy.test", 3128));

        let some = proxies(&[
            ("HTTPS_PROXY", "http://proxy.test"),
            ("ALL_PROXY", "socks5://other.test"),
            ("no_proxy", "near.test:443, .far.test"),
        ]);
        let address = |host: &str| some.server(host, 443).unwrap().map(Server::address);
        assert_eq!(address("h.test"), Some(("proxy.test", 80)));
        for host in ["near.test", "a.far.test", "localhost", "127.0.0.1", "[::1]"] {
            assert_eq!(address(host), None, "{host}");
        }
        assert!(some.server("near.test", 8443).unwrap().is_some());
    }

    #[test]
    fn an_empty_variable_is_as_good_as_absent() {
        assert_eq!(proxies(&[("HTTPS_PROXY", " ")]), Proxies::default());
        let found = proxies(&[("HTTPS_PROXY", ""), ("https_proxy", "http://low.test")]);
        assert_eq!(found.server("h.test", 443).unwrap().unwrap().host, "low.test");
        let found = proxies(&[("HTTPS_PROXY", ""), ("ALL_PROXY", "http://all.test")]);
        assert_eq!(found.server("h.test", 443).unwrap().unwrap().host, "all.test");
        let found = proxies(&[
            ("HTTPS_PROXY", "http://proxy.test"),
            ("NO_PROXY", ""),
            ("no_proxy", "h.test"),
        ]);
        assert!(found.server("h.test", 443).unwrap().is_none());
    }

    #[test]
    fn this_computer_is_reached_without_the_proxy_that_is_for_all_hosts() {
        let proxies = Proxies::of(&Proxy::Through(Secret::from("http://proxy.test"))).unwrap();
        assert!(proxies.server("h.test", 443).unwrap().is_some());
        assert!(proxies.server("127.0.0.1", 443).unwrap().is_none());
    }

    #[test]
    fn a_variable_that_cannot_be_used_fails_the_hosts_that_it_is_for() {
        let odd = proxies(&[
            ("HTTPS_PROXY", "https://user:made-up@proxy.test"),
            ("NO_PROXY", "near.test"),
        ]);
        let error = odd.server("h.test", 443).unwrap_err().to_string();
        assert!(error.starts_with("HTTPS_PROXY") && !error.contains("made-up"), "{error}");
        assert!(odd.server("near.test", 443).unwrap().is_none());
    }

    #[test]
    fn schemes_decide_whether_a_proxy_receives_names() {
        for (text, port, names) in [
            ("proxy.test", 80, true),
            ("http://proxy.test:3128/", 3128, true),
            ("socks5://proxy.test", 1080, false),
            ("socks5h://user:made-up@proxy.test:9050", 9050, true),
            ("socks5h://[2001:db8::1]:9050", 9050, true),
        ] {
            let server = server(text).unwrap();
            assert_eq!((server.port, server.resolves_names()), (port, names), "{text}");
        }
        for text in ["https://proxy.test", "socks4://proxy.test", "http://", "socks5://", "made up"]
        {
            let error = Proxies::of(&Proxy::Through(Secret::from(text))).unwrap_err();
            assert!(!error.to_string().contains("made up"), "{error}");
        }
    }

    #[test]
    fn a_password_is_used_and_not_shown() {
        let server = server("http://user:made%2Bup@proxy.test").unwrap();
        assert_eq!(server.login.as_ref().unwrap().password.expose(), "made+up");
        assert!(!format!("{server:?}").contains("made"));
    }

    /// A SOCKS proxy for one user that opens one tunnel, to itself, and repeats what it was asked
    /// for.
    async fn socks_proxy() -> (u16, tokio::task::JoinHandle<io::Result<Vec<u8>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serve = async move {
            let (mut stream, _) = listener.accept().await?;
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).await?;
            assert_eq!(greeting, [5, 1, 2], "with a password");
            stream.write_all(&[5, 2]).await?;
            let mut login = [0; 14];
            stream.read_exact(&mut login).await?;
            assert_eq!(&login, b"\x01\x04user\x07made-up");
            stream.write_all(&[1, 0]).await?;
            let mut asked = vec![0; 5];
            stream.read_exact(&mut asked).await?;
            let left = if asked[3] == 3 { usize::from(asked[4]) + 2 } else { 5 };
            asked.resize(5 + left, 0);
            stream.read_exact(&mut asked[5..]).await?;
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            let mut hello = [0; 5];
            stream.read_exact(&mut hello).await?;
            stream.write_all(&hello).await?;
            Ok(asked)
        };
        #[allow(clippy::disallowed_methods, reason = "a test")]
        let serving = tokio::spawn(serve);
        (port, serving)
    }

    #[tokio::test]
    async fn a_socks_proxy_receives_a_name_or_an_address() {
        for (scheme, host, asked) in [
            ("socks5h", "h.test", &b"\x05\x01\0\x03\x06h.test\x01\xbb"[..]),
            ("socks5", "192.0.2.7", b"\x05\x01\0\x01\xc0\0\x02\x07\x01\xbb"),
        ] {
            let (port, serving) = socks_proxy().await;
            let url = Secret::new(format!("{scheme}://user:made-up@127.0.0.1:{port}"));
            let proxies = Proxies::of(&Proxy::Through(url)).unwrap();
            let dialer = Dialer::new(Resolver::default(), proxies);
            let mut stream = dialer.dial(host, 443).await.unwrap();
            // As in TLS, the client speaks first.
            stream.write_all(b"hello").await.unwrap();
            let mut hello = [0; 5];
            stream.read_exact(&mut hello).await.unwrap();
            assert_eq!(&hello, b"hello");
            assert_eq!(serving.await.unwrap().unwrap(), asked, "{scheme}");
        }
    }
}
