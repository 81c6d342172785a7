//! The warnings that were issued.

use super::action::{FallbackReason, Warning};

/// A set of warnings, by code and reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Warned(u16);

impl Warned {
    /// Adds the warning; false when it was there already.
    pub(super) const fn insert(&mut self, warning: Warning) -> bool {
        let new = self.0 & bit(warning) == 0;
        self.0 |= bit(warning);
        new
    }

    /// Removes the warning, so that it can be issued again.
    pub(super) const fn remove(&mut self, warning: Warning) {
        self.0 &= !bit(warning);
    }
}

const fn bit(warning: Warning) -> u16 {
    1 << match warning {
        Warning::Fallback(FallbackReason::NoScope) => 0,
        Warning::Fallback(FallbackReason::NoDpopSupport) => 1,
        Warning::Fallback(FallbackReason::EndpointFailed) => 2,
        Warning::Fallback(FallbackReason::ActivationTimeout) => 3,
        Warning::Fallback(FallbackReason::RefreshFailed) => 4,
        Warning::NoRefreshHandler { .. } => 5,
        Warning::RefreshStopped => 6,
        Warning::CredentialExpired => 7,
        Warning::ExpiredOnArrival => 8,
        Warning::SameToken => 9,
        Warning::EarlierExpiry => 10,
        Warning::ExpiryUnknown => 11,
        Warning::DpopKeyLost => 12,
    }
}
