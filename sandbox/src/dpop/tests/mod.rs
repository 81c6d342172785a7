//! One proof that passes, and each way to fail.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use serde_json::json;

use super::*;

const PATH: &str = "/api/fabric/subscriber/devices/refresh";
const HOSTS: [&str; 2] = ["fabric.space.test:8443", "eu.space.test:8443"];
const NOW: i64 = 1_760_000_000;

struct Signer {
    key: RsaKeyPair,
    jwk: Value,
}

impl Signer {
    fn new() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let public = key.public_key();
        let jwk = json!({
            "kty": "RSA",
            "n": BASE64URL.encode(public.modulus().big_endian_without_leading_zero()),
            "e": BASE64URL.encode(public.exponent().big_endian_without_leading_zero()),
        });
        Self { key, jwk }
    }

    fn jkt(&self) -> String {
        PublicKey::from_jwk("RS256", self.jwk.as_object().unwrap()).unwrap().thumbprint().to_owned()
    }

    /// A proof for the refresh endpoint; `header` and `claims` override members, null removes.
    fn proof(&self, header: &Value, claims: &Value) -> Value {
        let standard = json!({"typ": "dpop+jwt", "alg": "RS256", "jwk": self.jwk});
        let header = encode(standard, header);
        let standard = json!({
            "jti": Uuid::new_v4().to_string(), "htm": "POST", "htu": PATH, "iat": NOW,
            "ath": sha256("made-up"),
        });
        let message = format!("{header}.{}", encode(standard, claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let rng = SystemRandom::new();
        self.key.sign(&RSA_PKCS1_SHA256, &rng, message.as_bytes(), &mut signature).unwrap();
        json!(format!("{message}.{}", BASE64URL.encode(signature)))
    }
}

fn encode(mut standard: Value, changes: &Value) -> String {
    let members = standard.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    BASE64URL.encode(standard.to_string())
}

fn demand(jkt: Option<&str>) -> Demand<'_> {
    Demand {
        target: Target::Http {
            method: "POST",
            path: PATH,
            hosts: HOSTS,
            access_token: Some("made-up"),
        },
        bound_to: jkt,
        now: EpochMillis::new(NOW * 1000),
        leeway: Span::from_secs(300),
        nonces: None,
    }
}

fn problems(proof: &Value, demand: &Demand<'_>) -> Vec<String> {
    check(proof, demand, &mut SeenProofs::default()).problems
}

#[test]
fn a_proof_passes_once_with_the_path_or_the_url() {
    let signer = Signer::new();
    let jkt = signer.jkt();
    let mut seen = SeenProofs::default();
    for (htu, form) in [
        (PATH.to_owned(), "path"),
        (format!("https://fabric.space.test:8443{PATH}"), "absolute"),
        (format!("HTTPS://EU.space.test:8443{PATH}?q=1#f"), "absolute"),
    ] {
        let proof = signer.proof(&json!({}), &json!({"htu": htu}));
        let first = check(&proof, &demand(Some(&jkt)), &mut seen);
        assert!(first.ok, "{:?}", first.problems);
        assert_eq!((first.htu, first.jti_is_uuid4), (Some(form), Some(true)));
        assert_eq!(first.jkt.as_deref(), Some(jkt.as_str()));
        let again = check(&proof, &demand(Some(&jkt)), &mut seen);
        assert_eq!(again.problems, ["jti replayed"]);
    }
}

#[test]
fn each_fault_of_a_proof_is_found() {
    let signer = Signer::new();
    let jkt = signer.jkt();
    let private = {
        let mut jwk = signer.jwk.clone();
        jwk["d"] = json!("AQAB");
        jwk
    };
    for (header, claims, problem) in [
        (json!({"typ": "JWT"}), json!({}), "typ is not dpop+jwt"),
        (json!({"typ": null}), json!({}), "typ is not dpop+jwt"),
        (json!({"alg": "none"}), json!({}), "alg is neither RS256 nor ES256"),
        (json!({"alg": "ES256"}), json!({}), "jwk is no public key for alg"),
        (json!({"jwk": null}), json!({}), "jwk missing"),
        (json!({"jwk": private}), json!({}), "jwk carries private members"),
        (json!({"jwk": Signer::new().jwk}), json!({}), "signature does not verify"),
        (json!({}), json!({"jti": null}), "jti missing"),
        (json!({}), json!({"jti": 7}), "jti missing"),
        (json!({}), json!({"iat": null}), "iat is not an integer"),
        (json!({}), json!({"iat": "1760000000"}), "iat is not an integer"),
        (json!({}), json!({"iat": NOW - 301}), "iat off by -301s"),
        (json!({}), json!({"iat": NOW + 301}), "iat off by 301s"),
        (json!({}), json!({"htm": "GET"}), "htm is not the method of the request"),
        (json!({}), json!({"htu": "/elsewhere"}), "htu is not the target of the request"),
        (
            json!({}),
            json!({"htu": format!("https://fabric.other.test{PATH}")}),
            "htu is not the target of the request",
        ),
        (
            json!({}),
            json!({"htu": format!("http://fabric.space.test:8443{PATH}")}),
            "htu is not the target of the request",
        ),
        (json!({}), json!({"ath": null}), "ath does not match"),
        (json!({}), json!({"ath": sha256("another")}), "ath does not match"),
        (json!({}), json!({"rpc": "request"}), "rpc members in an HTTP proof"),
    ] {
        let proof = signer.proof(&header, &claims);
        assert_eq!(problems(&proof, &demand(Some(&jkt))), [problem], "{header} {claims}");
    }
    let other = Signer::new();
    assert_eq!(
        problems(&other.proof(&json!({}), &json!({})), &demand(Some(&jkt))),
        ["thumbprint does not match the bound key"]
    );
    for text in [json!(""), json!("a.b"), json!("a.b.c"), json!(7), json!({})] {
        assert_eq!(problems(&text, &demand(None)), ["not a JWS"], "{text}");
    }
}

#[test]
fn without_an_access_token_ath_is_refused() {
    let signer = Signer::new();
    let mut demand = demand(None);
    demand.target = Target::Http { method: "POST", path: PATH, hosts: HOSTS, access_token: None };
    assert_eq!(problems(&signer.proof(&json!({}), &json!({})), &demand), ["ath present"]);
    assert!(problems(&signer.proof(&json!({}), &json!({"ath": null})), &demand).is_empty());
}

#[test]
fn a_frame_has_its_own_members() {
    let signer = Signer::new();
    let mut demand = demand(None);
    demand.target = Target::Frame { method: "signalwire.connect" };
    let frame = |rpc: &str, mth: &str| {
        let members = json!({"htm": null, "htu": null, "ath": null, "rpc": rpc, "mth": mth});
        signer.proof(&json!({}), &members)
    };
    assert!(problems(&frame("request", "signalwire.connect"), &demand).is_empty());
    assert_eq!(
        problems(&frame("response", "signalwire.reauthenticate"), &demand),
        ["rpc is not \"request\"", "mth is not the method of the frame"]
    );
    assert_eq!(problems(&signer.proof(&json!({}), &json!({})), &demand).len(), 3);
}

#[test]
fn a_nonce_is_asked_for_when_all_else_holds() {
    let signer = Signer::new();
    let mut nonces = Nonces::default();
    let now = EpochMillis::new(NOW * 1000);
    let nonce = nonces.current(now);
    let demand = Demand { nonces: Some(&nonces), ..demand(None) };
    let mut seen = SeenProofs::default();
    let without = check(&signer.proof(&json!({}), &json!({})), &demand, &mut seen);
    assert!(without.needs_nonce && !without.ok);
    let wrong = signer.proof(&json!({}), &json!({"nonce": nonce, "htm": "GET"}));
    let wrong = check(&wrong, &demand, &mut seen);
    assert!(!wrong.needs_nonce && !wrong.ok);
    assert!(check(&signer.proof(&json!({}), &json!({"nonce": nonce})), &demand, &mut seen).ok);
}

#[test]
fn es256_proofs_pass_too() {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = key.public_key().as_ref();
    let jwk = json!({
        "kty": "EC", "crv": "P-256",
        "x": BASE64URL.encode(&point[1..33]), "y": BASE64URL.encode(&point[33..]),
    });
    let header = encode(json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}), &json!({}));
    let claims = encode(
        json!({"jti": "a", "htm": "POST", "htu": PATH, "iat": NOW, "ath": sha256("made-up")}),
        &json!({}),
    );
    let message = format!("{header}.{claims}");
    let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    let proof = json!(format!("{message}.{}", BASE64URL.encode(signature)));
    let verdict = check(&proof, &demand(None), &mut SeenProofs::default());
    assert!(verdict.ok, "{:?}", verdict.problems);
    assert_eq!(verdict.jti_is_uuid4, Some(false));
}
