//! `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long the server asks to wait. A date counts from the server's own `Date`, so that a skewed
/// clock on either side does no harm; without one it is ignored.
pub(super) fn read(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = date(headers, RETRY_AFTER)?;
    Some(until.duration_since(date(headers, DATE)?).unwrap_or_default())
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn read_of(pairs: &[(HeaderName, &'static str)]) -> Option<u64> {
        let pairs =
            pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        read(&HeaderMap::from_iter(pairs)).map(|delay| delay.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        let now = (DATE, "Tue, 14 Nov 2023 22:13:20 GMT");
        let later = (RETRY_AFTER, "Tue, 14 Nov 2023 22:14:00 GMT");
        let earlier = (RETRY_AFTER, "Tue, 14 Nov 2023 22:13:00 GMT");
        assert_eq!(read_of(&[(RETRY_AFTER, " 5 ")]), Some(5));
        assert_eq!(read_of(&[now.clone(), later.clone()]), Some(40));
        assert_eq!(read_of(&[now, earlier]), Some(0));
        assert_eq!(read_of(&[later]), None);
        assert_eq!(read_of(&[(RETRY_AFTER, "-5")]), None);
        assert_eq!(read_of(&[(RETRY_AFTER, "soon")]), None);
        assert_eq!(read_of(&[]), None);
    }
}
