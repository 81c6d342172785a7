//! URLs as text.

use super::text::text;
use crate::{Validate, Validator, support::rules::form::URL};

text! {
    /// An absolute URL as text, which is what a `URL` of JavaScript is on the wire.
    ///
    /// The text is kept as it is; [`Validate`] reports one that is no absolute URL (RFC 3986). With the feature `url` it is
    /// converted to the type of that package and back.
    ///
    /// ```
    /// use credwire_core::{Url, Validate as _};
    /// assert!(Url::new("https://example.com/rooms?open=1").validate().is_ok());
    /// assert!(Url::new("/rooms").validate().is_err());
    /// ```
    Url, "URL"
}

impl Validate for Url {
    fn check(&self, validator: &mut Validator) {
        if !(URL.fits)(&self.0) {
            validator.report("url", "expected an absolute URL");
        }
    }
}

#[cfg(feature = "url")]
#[cfg_attr(docsrs, doc(cfg(feature = "url")))]
impl TryFrom<&Url> for url::Url {
    type Error = url::ParseError;

    fn try_from(url: &Url) -> Result<Self, url::ParseError> {
        url.as_str().parse()
    }
}

#[cfg(feature = "url")]
#[cfg_attr(docsrs, doc(cfg(feature = "url")))]
impl From<url::Url> for Url {
    fn from(url: url::Url) -> Self {
        Self(url.into())
    }
}

#[cfg(all(test, feature = "url"))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_package_reads_what_is_valid_and_gives_it_back() {
        for text in
            ["https://example.com/rooms?open=1", "wss://[::1]:8080/", "data:,x", "file:///a"]
        {
            let url = Url::new(text);
            assert!(url.validate().is_ok(), "{text}");
            let parsed: url::Url = (&url).try_into().unwrap();
            assert_eq!(Url::from(parsed), url);
        }
        assert!(url::Url::try_from(&Url::new("/rooms")).is_err());
    }
}
