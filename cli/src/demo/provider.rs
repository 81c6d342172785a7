//! What a developer writes: a provider that gets its tokens from a backend.

use std::time::Duration;

use credwire::{
    AuthenticateContext, CredentialError, SdkCredential, Secret,
    clock::{Clock as _, SystemClock},
    credential_provider,
};
use tokio::sync::Mutex;

use crate::backend::{Backend, BackendError, Mint};

/// How long a token from the backend's refresh endpoint is valid, as the space documents it.
const REFRESHED: Duration = Duration::from_secs(2 * 60 * 60);

/// A kiosk whose backend mints tokens.
#[credential_provider]
pub(super) struct Kiosk {
    backend: Backend,
    reference: &'static str,
    /// Whether the backend grants `sat:refresh`, so that the client can refresh by itself.
    refreshable: bool,
    lifetime: Duration,
    clock: SystemClock,
    refresh_token: Mutex<Option<Secret<String>>>,
}

impl Kiosk {
    pub(super) fn new(
        backend: Backend,
        reference: &'static str,
        refreshable: bool,
        lifetime: Duration,
    ) -> Self {
        let (clock, refresh_token) = (SystemClock::new(), Mutex::default());
        Self { backend, reference, refreshable, lifetime, clock, refresh_token }
    }
}

#[credential_provider]
impl Kiosk {
    async fn authenticate(
        &self,
        context: &AuthenticateContext,
    ) -> Result<SdkCredential, CredentialError> {
        let expire_at = self.clock.now().wall.saturating_add(self.lifetime).to_seconds();
        let mint = Mint {
            reference: self.reference.to_owned(),
            expire_at: Some(expire_at),
            fingerprint: context.fingerprint.clone().filter(|_| self.refreshable),
            scope: self.refreshable.then(|| "sat:refresh".to_owned()),
        };
        let minted = self.backend.mint(&mint).await.map_err(classified)?;
        *self.refresh_token.lock().await = Some(minted.refresh_token);
        Ok(SdkCredential::from_token(minted.token).with_expiry_at(expire_at.to_millis()))
    }

    async fn refresh(&self) -> Result<SdkCredential, CredentialError> {
        let mut refresh_token = self.refresh_token.lock().await;
        let current = refresh_token
            .as_ref()
            .ok_or_else(|| CredentialError::permanent("nothing to refresh: authenticate first"))?;
        let asked = self.clock.now().wall;
        let minted = self.backend.rotate(current).await.map_err(classified)?;
        *refresh_token = Some(minted.refresh_token);
        Ok(SdkCredential::from_token(minted.token).with_expiry_at(asked.saturating_add(REFRESHED)))
    }
}

fn classified(error: BackendError) -> CredentialError {
    if error.is_transient() {
        CredentialError::transient(error)
    } else {
        CredentialError::permanent(error)
    }
}
