//! Happy Eyeballs (RFC 8305): the addresses of a host race, so that a dead one costs a moment and
//! not the connection.

use std::{future::Future, io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};

/// Head start of an address before the next one is tried too (RFC 8305, section 8).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Connects to the first of `addresses` that answers. Another one is tried whenever the newest has
/// not answered for 250 ms, and at once when one fails. Dropping the future ends all attempts.
///
/// # Errors
/// The newest failure, with its address, when all of them failed.
pub(super) async fn race<S, F>(
    addresses: Vec<SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
) -> io::Result<S>
where
    F: Future<Output = io::Result<S>>,
{
    let attempt = async |address| connect(address).await.map_err(|error| (address, error));
    let mut waiting = interleaved(addresses).into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = None;
    loop {
        if let Some(address) = waiting.next() {
            attempts.push(attempt(address));
        }
        tokio::select! {
            ended = attempts.next() => match ended {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(failed)) => failure = Some(failed),
                None => return Err(all_failed(failure)),
            },
            () = tokio::time::sleep(ATTEMPT_DELAY), if waiting.len() > 0 => {}
        }
    }
}

/// The addresses in turns of their families, beginning with the family of the first, which the
/// system prefers; the order within a family stays.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let is_preferred = addresses.first().map(SocketAddr::is_ipv6);
    let (preferred, other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| Some(address.is_ipv6()) == is_preferred);
    let (mut preferred, mut other) = (preferred.into_iter(), other.into_iter());
    let mut ordered = Vec::with_capacity(preferred.len() + other.len());
    while preferred.len() + other.len() > 0 {
        ordered.extend(preferred.next());
        ordered.extend(other.next());
    }
    ordered
}

fn all_failed(failure: Option<(SocketAddr, io::Error)>) -> io::Error {
    match failure {
        Some((address, error)) => io::Error::new(error.kind(), format!("{address}: {error}")),
        None => io::Error::new(io::ErrorKind::NotFound, "the name has no address"),
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, future::pending};

    use tokio::time::sleep;

    use super::*;
    use crate::{EpochMillis, clock::SimulatedClock};
    use credwire_core::Clock as _;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 443)).collect()
    }

    /// Addresses of `2001:db8::d*` lead nowhere, those of `::e*` refuse, others answer after 40 ms.
    async fn connect(address: SocketAddr) -> io::Result<SocketAddr> {
        let text = address.ip().to_string();
        if text.starts_with("2001:db8::d") || text.starts_with("192.0.2.") {
            return pending().await;
        }
        if text.starts_with("2001:db8::e") || text.starts_with("198.51.100.") {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        sleep(Duration::from_millis(40)).await;
        Ok(address)
    }

    async fn raced(texts: &[&str]) -> (String, u128) {
        let start = SimulatedClock::new(EpochMillis::new(0));
        let reached = race(addresses(texts), connect).await.unwrap();
        (reached.ip().to_string(), start.now().boot.as_millis())
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_address_costs_a_quarter_of_a_second() {
        let good = "203.0.113.1".to_owned();
        assert_eq!(raced(&["203.0.113.1"]).await, (good.clone(), 40));
        assert_eq!(raced(&["2001:db8::d1", "203.0.113.1"]).await, (good.clone(), 290));
        let dead = ["2001:db8::d1", "2001:db8::d2", "2001:db8::d3", "203.0.113.1"];
        assert_eq!(raced(&dead).await, (good.clone(), 290), "families take turns");
        assert_eq!(raced(&["192.0.2.1", "203.0.113.1"]).await, (good, 290), "one family");
        let late = ["192.0.2.1", "2001:db8::d1", "192.0.2.2", "2001:db8::a"];
        assert_eq!(raced(&late).await, ("2001:db8::a".to_owned(), 3 * 250 + 40));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_costs_nothing_and_a_late_answer_still_counts() {
        let good = "203.0.113.1".to_owned();
        assert_eq!(raced(&["2001:db8::e1", "203.0.113.1"]).await, (good, 40));
        let slow = |address: SocketAddr| async move {
            sleep(Duration::from_millis(if address.is_ipv6() { 300 } else { 400 })).await;
            Ok(address.is_ipv6())
        };
        let addresses = addresses(&["2001:db8::1", "203.0.113.1"]);
        assert!(race(addresses, slow).await.unwrap(), "the first one stays in the race");
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_fail_the_newest_failure_is_named() {
        let all = addresses(&["2001:db8::e1", "198.51.100.1"]);
        let tried = RefCell::new(Vec::new());
        let connect = |address| {
            tried.borrow_mut().push(address);
            connect(address)
        };
        let error = race(all.clone(), connect).await.unwrap_err();
        assert_eq!(*tried.borrow(), all);
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert!(error.to_string().starts_with("198.51.100.1:443: "), "{error}");
        assert_eq!(race(Vec::new(), connect).await.unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
