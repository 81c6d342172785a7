//! Requests of web pages: pages of any origin may use the space, and no page of another origin the
//! control port.

use std::net::IpAddr;

use hyper::{
    HeaderMap, Method,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
        HeaderName, HeaderValue, ORIGIN,
    },
    http::{request::Parts, uri::Authority},
};

const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Every method, so that a page reads the space's own 404 or 405 instead of an error of the browser.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");

/// What clients send (`Accept` needs no permission), and the header of RFC 9449.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, DPoP");

/// What clients read beside the few headers that every page may read.
const RESPONSE_HEADERS: HeaderValue =
    HeaderValue::from_static("Date, DPoP-Nonce, Retry-After, WWW-Authenticate");

/// Seconds for which a browser may keep what a preflight returned.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Whether a browser asks if a page of another origin may send a request (Fetch, "CORS-preflight
/// fetch"). A plain `OPTIONS` is a request like any other.
pub(super) fn is_preflight(head: &Parts) -> bool {
    head.method == Method::OPTIONS
        && head.headers.contains_key(ORIGIN)
        && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Lets pages of every origin read an answer. Credentials of the browser, such as cookies, play no
/// part, so the origin need not be named. What a fault sets stays.
pub(super) fn share(answer: &mut HeaderMap) {
    answer.entry(ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(HeaderValue::from_static("*"));
    answer.entry(ACCESS_CONTROL_EXPOSE_HEADERS).or_insert(RESPONSE_HEADERS);
}

/// Permits the request that the preflight `head` is about.
pub(super) fn permit(head: &Parts, answer: &mut HeaderMap) {
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
    answer.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    if head.headers.get(REQUEST_PRIVATE_NETWORK).is_some_and(|value| value == "true") {
        answer.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
}

/// The status and the message for a request that does not come from this computer's own tools or
/// from a page of the control port itself; `None` for one that does.
pub(super) fn refusal(head: &Parts) -> Option<(u16, String)> {
    let headers = &head.headers;
    let host = match only(headers, &HOST) {
        Ok(Some(host)) if is_loopback(host) => host,
        // A name of someone else's that resolves to this computer is how a page gets around its
        // origin (DNS rebinding).
        Ok(Some(host)) => {
            return Some((
                421,
                format!(
                    "`{host}` is no name of the control port; use 127.0.0.1 or localhost, which no \
                     other computer's page can go by"
                ),
            ));
        }
        Ok(None) | Err(()) => {
            let message = "exactly one `Host` is needed; use 127.0.0.1 or localhost with the port";
            return Some((400, message.to_owned()));
        }
    };
    let origin = match only(headers, &ORIGIN) {
        Ok(origin) => origin,
        Err(()) => return Some((403, foreign("more than one origin"))),
    };
    match origin {
        Some(origin) => (!is_of(origin, host)).then(|| (403, foreign(&format!("`{origin}`")))),
        // Images, scripts and links have no origin; browsers then say whether it is their own.
        None => headers
            .get_all(SEC_FETCH_SITE)
            .iter()
            .any(|site| site != "same-origin" && site != "none")
            .then(|| (403, foreign("another origin"))),
    }
}

fn foreign(origin: &str) -> String {
    format!(
        "a page of {origin} cannot use the control port or the backend; let the server of the page \
         ask, without an `Origin`"
    )
}

/// The only value of a header; an error where there are several, or one that is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// Whether a `Host` is one that no name server decides on. The port is free, since a tunnel may
/// lead to the control port.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().to_ascii_lowercase();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(&name);
    !host.contains('@')
        && (name == "localhost"
            || name.ends_with(".localhost")
            || address.parse().is_ok_and(|address: IpAddr| address.is_loopback()))
}

/// Whether an `Origin` is that of the `Host`. A proxy in front may have ended TLS.
fn is_of(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    fn head(headers: &[(&str, &str)]) -> Parts {
        let request = headers
            .iter()
            .fold(Request::builder(), |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    fn status(headers: &[(&str, &str)]) -> Option<u16> {
        refusal(&head(headers)).map(|(status, _)| status)
    }

    #[test]
    fn hosts_are_loopback_by_address_or_by_definition() {
        for host in [
            "127.0.0.1:9000",
            "127.0.0.1",
            "127.8.0.1:1",
            "localhost:9000",
            "LOCALHOST",
            "control.localhost:9000",
            "[::1]:9000",
        ] {
            assert_eq!(status(&[("host", host)]), None, "{host}");
        }
        for host in [
            "evil.example:9000",
            "127.0.0.1.evil.example:9000",
            "localhost.evil.example",
            "notlocalhost:9000",
            "0.0.0.0:9000",
            "[::]:9000",
            "10.0.0.1:9000",
            "user@localhost:9000",
            "space.test:9000",
            "",
            "a b",
        ] {
            assert_eq!(status(&[("host", host)]), Some(421), "{host}");
        }
        assert_eq!(status(&[]), Some(400));
        assert_eq!(status(&[("host", "localhost"), ("host", "localhost")]), Some(400));
    }

    #[test]
    fn an_origin_is_that_of_the_host() {
        let host = ("host", "localhost:9000");
        for origin in ["http://localhost:9000", "https://localhost:9000", "http://LocalHost:9000"] {
            assert_eq!(status(&[host, ("origin", origin)]), None, "{origin}");
        }
        for origin in [
            "https://evil.example",
            "http://localhost:5173",
            "http://localhost",
            "http://127.0.0.1:9000",
            "http://localhost:9000.evil.example",
            "http://evil.example?http://localhost:9000",
            "chrome-extension://localhost:9000",
            "null",
            "",
        ] {
            assert_eq!(status(&[host, ("origin", origin)]), Some(403), "{origin}");
        }
        let own = ("origin", "http://localhost:9000");
        assert_eq!(status(&[host, own, own]), Some(403), "several values");
    }

    #[test]
    fn what_has_no_origin_is_told_apart_by_the_browser() {
        let host = ("host", "localhost:9000");
        for (site, expected) in [
            ("same-origin", None),
            ("none", None),
            ("same-site", Some(403)),
            ("cross-site", Some(403)),
        ] {
            assert_eq!(status(&[host, ("sec-fetch-site", site)]), expected, "{site}");
        }
    }

    #[test]
    fn messages_name_what_was_sent_and_the_fix() {
        let (_, message) = refusal(&head(&[("host", "evil.example")])).unwrap();
        assert!(message.contains("`evil.example`") && message.contains("127.0.0.1"), "{message}");
        let foreign = [("host", "localhost"), ("origin", "https://evil.example")];
        let (_, message) = refusal(&head(&foreign)).unwrap();
        assert!(message.contains("`https://evil.example`") && message.contains("the server"));
    }
}
