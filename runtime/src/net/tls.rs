//! What TLS trusts, once for all clients of a process that trust the same.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustls::{
    ClientConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;

use super::TlsError;

/// By the certificates that are trusted besides those of the platform. Those of the platform take a
/// quarter of a megabyte, so thousands of clients do not each read them; and each of them resumes
/// the TLS sessions of the others.
static IN_USE: Mutex<Vec<(Vec<u8>, Weak<ClientConfig>)>> = Mutex::new(Vec::new());

/// Trusts what the platform trusts, and the certificates in `extra_ca` (PEM) besides.
pub(super) fn config(extra_ca: &[u8]) -> Result<Arc<ClientConfig>, TlsError> {
    let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    in_use.retain(|(_, config)| config.strong_count() > 0);
    let known = in_use.iter().find(|(ca, _)| ca == extra_ca);
    if let Some(config) = known.and_then(|(_, config)| config.upgrade()) {
        return Ok(config);
    }
    let config = Arc::new(build(extra_ca)?);
    in_use.push((extra_ca.to_vec(), Arc::downgrade(&config)));
    Ok(config)
}

fn build(extra_ca: &[u8]) -> Result<ClientConfig, TlsError> {
    let extra: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(extra_ca)
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError(error.into()))?;
    if extra.is_empty() && !extra_ca.is_empty() {
        return Err(TlsError("no certificate in the PEM text".into()));
    }
    let provider: Arc<CryptoProvider> = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
        .map_err(|error| TlsError(error.into()))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError(error.into()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_that_trust_the_same_share_it() {
        let (first, second) = (config(b"").unwrap(), config(b"").unwrap());
        assert!(Arc::ptr_eq(&first, &second));
    }
}
