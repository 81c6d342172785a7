//! Connects to a space with credentials of a backend, sees one of them refreshed, and leaves.

use std::{env, error::Error, fs, net::IpAddr, time::Duration};

use wire::{Client, FromJson as _, Secret, credential_provider};

// The type `Ready`, from a schema document.
wire::interface!("schema/Ready.json");

/// The application's own backend, which knows its user and has tokens minted.
#[credential_provider(
    endpoint,
    // The backend is asked for fresh tokens too, rather than binding one to a key of the client.
    refresh,
    fingerprint = false,
    token = "/token",
    expiry_at = "/expires_at",
    expiry_unit = "seconds"
)]
struct Backend {
    #[endpoint]
    url: String,
    #[header("authorization")]
    session: Secret<String>,
    #[json("reference")]
    user: &'static str,
    // Seconds; so short that there is something to see.
    #[json]
    expire_in: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("name the file with the first line of a sandbox")?;
    let space = Ready::from_json(&fs::read_to_string(file)?)?;
    let host = space.domain.split(':').next().unwrap_or_default();

    let backend = Backend {
        url: space.backend,
        session: format!("Bearer {}", space.api_token.expose()).into(),
        user: "alice@example.test",
        expire_in: 8,
    };
    println!("asking {backend:?}");
    let client = Client::builder(backend)
        .add_allowed_domain(space.domain.as_str())
        .add_address(host, IpAddr::from([127, 0, 0, 1]))
        .add_root_certificates(fs::read(&space.ca)?)
        .connect()
        .await?;
    println!("{} at {}", *client.status().borrow(), space.domain);

    let mut credential = client.credential_status();
    let refreshed = credential.wait_for(|status| {
        // The second credential, and the space has taken it.
        status.is_some_and(|s| s.applied && s.generation.is_some_and(|nth| nth.get() > 1))
    });
    tokio::time::timeout(Duration::from_secs(30), refreshed).await??;
    println!("refreshed without losing the session");

    client.disconnect().await;
    println!("{}", *client.status().borrow());
    Ok(())
}
