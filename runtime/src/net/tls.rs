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

/// Adds PEM text to what is there. A text may lack its last line feed; an empty one adds nothing.
pub(crate) fn add_pem(to: &mut Vec<u8>, pem: Vec<u8>) {
    if !pem.is_empty() {
        to.extend(pem);
        to.push(b'\n');
    }
}

/// Trusts what the platform trusts, and the certificates in `root_certificates` (PEM) besides.
pub(super) fn config(root_certificates: &[u8]) -> Result<Arc<ClientConfig>, TlsError> {
    let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    in_use.retain(|(_, config)| config.strong_count() > 0);
    let known = in_use.iter().find(|(ca, _)| ca == root_certificates);
    if let Some(config) = known.and_then(|(_, config)| config.upgrade()) {
        return Ok(config);
    }
    let config = Arc::new(build(root_certificates)?);
    in_use.push((root_certificates.to_vec(), Arc::downgrade(&config)));
    Ok(config)
}

fn build(root_certificates: &[u8]) -> Result<ClientConfig, TlsError> {
    let extra: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(root_certificates)
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError(error.into()))?;
    if extra.is_empty() && !root_certificates.is_empty() {
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

    #[test]
    fn texts_are_added_line_by_line() {
        let mut pem = Vec::new();
        for text in
            ["-----BEGIN A-----\n-----END A-----", "", "-----BEGIN B-----\n-----END B-----\n"]
        {
            add_pem(&mut pem, text.into());
        }
        let lines: Vec<_> =
            pem.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.len(), 4, "no two lines run together");
        let mut none = Vec::new();
        add_pem(&mut none, Vec::new());
        assert!(none.is_empty(), "no text is no certificate, not a faulty one");
    }
}
