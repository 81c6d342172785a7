//! Proxies: which one, for which hosts, and a tunnel through it.

use std::{fmt, io, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use url::Url;

use crate::{Secret, space::covers};

/// Longest answer to CONNECT.
const ANSWER: usize = 8 * 1024;

/// How a client leaves the local network. REST and WebSocket go the same way.
///
/// A proxy is asked for a tunnel (`CONNECT`), so it sees names and never a credential. Hosts with a
/// [fixed address](crate::ClientBuilder::resolve) are reached without one.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Proxy {
    /// As the environment says: `HTTPS_PROXY`, otherwise `ALL_PROXY`, for all hosts that
    /// `NO_PROXY` does not list; each also in lower case. `NO_PROXY` is a list of domains,
    /// separated by commas, which cover all names below them; `*` stands for every host.
    #[default]
    Environment,
    /// Without a proxy.
    Direct,
    /// Through this one, for all hosts: `http://[user:password@]host[:port]`.
    Through(Secret<String>),
}

/// The same, understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    server: Option<Arc<Server>>,
    /// Domains that are reached without it.
    exceptions: Vec<String>,
}

#[derive(Debug)]
struct Server {
    host: String,
    port: u16,
    /// The value of `Proxy-Authorization`.
    authorization: Option<Secret<String>>,
}

impl Proxies {
    pub(crate) fn of(proxy: &Proxy) -> Result<Self, ProxyError> {
        match proxy {
            Proxy::Direct => Ok(Self::default()),
            Proxy::Environment => Self::from_variables(|name| std::env::var(name).ok()),
            Proxy::Through(url) => {
                let server = Some(Arc::new(Server::read(url, "the proxy")?));
                Ok(Self { server, exceptions: Vec::new() })
            }
        }
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ProxyError> {
        let find = |name: &'static str| {
            let found = variable(name).or_else(|| variable(&name.to_ascii_lowercase()));
            found.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let server = ["HTTPS_PROXY", "ALL_PROXY"]
            .into_iter()
            .find_map(|name| Some((name, Secret::new(find(name)?))));
        let Some((name, url)) = server else { return Ok(Self::default()) };
        let list = find("NO_PROXY").unwrap_or_default();
        let exceptions = list.split(',').map(|entry| entry.trim().trim_start_matches('.'));
        Ok(Self {
            server: Some(Arc::new(Server::read(&url, name)?)),
            exceptions: exceptions.filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        })
    }

    /// The proxy for `host`.
    fn server(&self, host: &str) -> Option<&Server> {
        let is_exempt = |domain: &String| domain == "*" || covers(domain, host);
        self.server.as_deref().filter(|_| !self.exceptions.iter().any(is_exempt))
    }

    /// A connection to `host` through its proxy; `None` when it has none.
    pub(super) async fn tunnel(&self, host: &str, port: u16) -> Option<io::Result<TcpStream>> {
        Some(self.server(host)?.tunnel(host, port).await)
    }

    /// The same for HTTP requests. Hosts that `is_fixed` accepts have none.
    pub(super) fn http(
        &self,
        is_fixed: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> Result<Option<reqwest::Proxy>, reqwest::header::InvalidHeaderValue> {
        let Some(server) = &self.server else { return Ok(None) };
        let url = Url::parse(&format!("http://{}:{}", server.host, server.port)).ok();
        let proxies = self.clone();
        let proxy = reqwest::Proxy::custom(move |target| {
            let host = target.host_str()?;
            url.clone().filter(|_| !is_fixed(host) && proxies.server(host).is_some())
        });
        Ok(Some(match &server.authorization {
            None => proxy,
            Some(authorization) => {
                let mut value = reqwest::header::HeaderValue::from_str(authorization.expose())?;
                value.set_sensitive(true);
                proxy.custom_http_auth(value)
            }
        }))
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
        let host = url.host_str().filter(|_| url.scheme() == "http").ok_or_else(wrong)?;
        let authorization = (!url.username().is_empty()).then(|| {
            let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
            pair.push(b':');
            pair.extend(percent_decode_str(url.password().unwrap_or("")));
            let pair = Secret::new(pair);
            Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())))
        });
        Ok(Self { host: host.to_owned(), port: url.port().unwrap_or(80), authorization })
    }

    async fn tunnel(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let place = self.host.trim_start_matches('[').trim_end_matches(']');
        let mut stream = TcpStream::connect((place, self.port)).await?;
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
        if let Some(authorization) = &self.authorization {
            request.push_str(&format!("Proxy-Authorization: {}\r\n", authorization.expose()));
        }
        request.push_str("\r\n");
        stream.write_all(Secret::new(request).expose().as_bytes()).await?;
        let status = read_answer(&mut stream).await?;
        if (200..300).contains(&status) {
            return Ok(stream);
        }
        Err(io::Error::other(format!(
            "the proxy {}:{} opens no tunnel to {host}:{port}: it answered with {status}",
            self.host, self.port
        )))
    }
}

/// Reads the answer to CONNECT, to its last byte and no further; gives its status.
async fn read_answer(stream: &mut TcpStream) -> io::Result<u16> {
    let odd = || io::Error::other("the proxy gave no answer in HTTP/1");
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
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ProxyError {
    place: &'static str,
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not of the form http://[user:password@]host[:port]", self.place)
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &'static [(&str, &str)]) -> Result<Proxies, ProxyError> {
        Proxies::from_variables(|name| {
            variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
        })
    }

    #[test]
    fn the_environment_names_a_proxy_and_who_goes_without() {
        let all = proxies(&[("all_proxy", "proxy.test:3128"), ("NO_PROXY", "")]).unwrap();
        assert_eq!(
            all.server("h.test").map(|it| (it.host.as_str(), it.port)),
            Some(("proxy.test", 3128))
        );

        let some = proxies(&[
            ("HTTPS_PROXY", "http://proxy.test"),
            ("ALL_PROXY", "socks5://other.test"),
            ("no_proxy", "localhost, .near.test,far.test"),
        ])
        .unwrap();
        let has_proxy = |host: &str| some.server(host).is_some();
        assert!(has_proxy("h.test") && has_proxy("sofar.test"));
        for host in ["localhost", "near.test", "a.near.test", "FAR.test", "b.a.far.test"] {
            assert!(!has_proxy(host), "{host}");
        }
        let none = proxies(&[("HTTPS_PROXY", "http://proxy.test"), ("NO_PROXY", "*")]).unwrap();
        assert!(none.server("h.test").is_none());
        assert!(proxies(&[("HTTPS_PROXY", " ")]).unwrap().server("h.test").is_none());
    }

    #[test]
    fn a_password_is_used_and_not_shown() {
        let all = proxies(&[("HTTPS_PROXY", "http://user:made%2Bup@proxy.test")]).unwrap();
        let authorization = all.server("h.test").unwrap().authorization.as_ref().unwrap();
        let basic = format!("Basic {}", STANDARD.encode("user:made+up"));
        assert_eq!(authorization.expose(), &basic);
        assert!(!format!("{all:?}").contains(&basic["Basic ".len()..]));
    }

    #[test]
    fn what_is_no_proxy_is_refused_with_its_place() {
        let error = proxies(&[("HTTPS_PROXY", "socks5://user:made-up@proxy.test")]).unwrap_err();
        assert!(error.to_string().starts_with("HTTPS_PROXY"), "{error}");
        for url in ["https://proxy.test", "http://", "made up"] {
            let error = Proxies::of(&Proxy::Through(Secret::from(url))).unwrap_err();
            assert!(!error.to_string().contains("made up"), "{error}");
        }
    }
}
