//! A certificate authority that is valid as long as the space runs, and the one certificate it
//! issues.

use std::sync::Arc;

use ::aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData as _,
    date_time_ymd,
};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::time::Duration;

use crate::clock::system_now;

/// How long certificates are valid, from a day before they are made.
const LIFETIME: Duration = Duration::from_secs(30 * 86_400);

const DAY: Duration = Duration::from_secs(86_400);

/// What a TLS server and its clients need.
pub(crate) struct Certificates {
    pub(crate) ca_pem: String,
    /// The SHA-256 hash of the server's public key (RFC 7469, section 2.4), in base64.
    pub(crate) key_hash: String,
    pub(crate) server: Arc<ServerConfig>,
}

/// Makes a CA and a certificate for `domain`, all names directly under it, and loopback.
pub(crate) fn issue(domain: &str) -> Result<Certificates, CertificateError> {
    let (issuer, ca_pem) = authority()?;
    let names = [domain, &format!("*.{domain}"), "localhost", "127.0.0.1", "::1"];
    let mut params = CertificateParams::new(names.map(str::to_owned))?;
    describe(&mut params, domain);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let leaf: Certificate = params.signed_by(&key, &issuer)?;
    let key_hash = STANDARD.encode(digest(&SHA256, &key.subject_public_key_info()));

    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut server = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.into()], key)?;
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Certificates { ca_pem, key_hash, server: Arc::new(server) })
}

fn authority() -> Result<(Issuer<'static, KeyPair>, String), CertificateError> {
    let mut params = CertificateParams::default();
    describe(&mut params, "credwire sandbox CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), pem))
}

fn describe(params: &mut CertificateParams, name: &str) {
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let now = Duration::from_millis(u64::try_from(system_now().get()).unwrap_or_default());
    let start = date_time_ymd(1970, 1, 1) + now - DAY;
    params.not_before = start;
    params.not_after = start + LIFETIME;
}

/// The certificates could not be made, or not be used.
#[derive(Debug)]
pub(crate) enum CertificateError {
    Issue(rcgen::Error),
    Use(rustls::Error),
}

impl From<rcgen::Error> for CertificateError {
    fn from(error: rcgen::Error) -> Self {
        Self::Issue(error)
    }
}

impl From<rustls::Error> for CertificateError {
    fn from(error: rustls::Error) -> Self {
        Self::Use(error)
    }
}
