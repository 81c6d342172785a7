//! `credwire session`: the runtime against any space, with everything it reports.

use std::{io::Write as _, path::PathBuf, time::Duration};

use credwire::{
    Client, ClientBuilder, EpochMillis, ErrorKind, SdkCredential, Status,
    client::HistoryEntry,
    clock::{Clock as _, SystemClock},
    providers::StaticCredentialProvider,
    timeline::Timeline,
};
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    endpoint::Endpoint,
    feed, interrupt,
    network::Network,
    outcome::{Failure, Outcome, Result},
    picture::Picture,
    report, secret_env,
};

/// Keep a session with a space alive and show what happens to it
///
/// Authenticates, connects, refreshes and reconnects as an application would, and writes a line
/// for each event. Ends with Ctrl-C, which leaves the session properly.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
#[group(id = "source", required = true, multiple = false, args = ["provider_url", "token_env"])]
pub(crate) struct Args {
    /// Ask this URL for credentials: HTTPS, or HTTP to this computer
    #[arg(long, value_name = "URL")]
    provider_url: Option<reqwest::Url>,

    /// Take one token from this environment variable; it is not refreshed unless it carries the
    /// scope `sat:refresh`
    #[arg(long, value_name = "VAR")]
    token_env: Option<String>,

    /// Send the value of this environment variable to the URL as `Authorization: Bearer`
    #[arg(long, value_name = "VAR", requires = "provider_url")]
    provider_bearer_env: Option<String>,

    /// Allow a domain and its subdomains besides the vendor's; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    allow_domain: Vec<String>,

    /// End after this many seconds
    #[arg(long = "for", value_name = "SECONDS", value_parser = seconds)]
    duration: Option<Duration>,

    /// How long to go on trying to connect, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    connect_timeout: Duration,

    /// What to call the session
    #[arg(long, default_value = "session")]
    label: String,

    /// Print each event as a line of JSON
    #[arg(long)]
    json: bool,

    /// Write the timeline at the end; the extension selects the form: .svg, .html or .json
    #[arg(long, value_name = "FILE")]
    timeline: Option<Picture>,

    /// Record the session in FILE, without its secrets, for `credwire replay`
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,

    #[command(flatten)]
    network: Network,
}

const AFTER_HELP: &str = "\
The URL is asked with POST and a JSON object: {\"fingerprint\": \"...\"} for the first credential
(the thumbprint of the key to bind it to, to be passed on when the token is minted with
`sat:refresh`) and {} for each refresh. It answers with {\"token\": \"...\", \"expiry_at\": 1760000000000},
where expiry_at is in milliseconds since the epoch. Status 429 and 5xx mean: try again later.

Examples:
  credwire session --provider-url http://127.0.0.1:8080/token
  TOKEN=$(credwire mint --space ... --reference kiosk) credwire session --token-env TOKEN --for 60

Recorded, to look at (a line of JSON for each step) and to replay:
  credwire session --token-env TOKEN --for 60 --record kiosk.jsonl && credwire replay kiosk.jsonl

Against `credwire sandbox`, with the values of its first line:
  credwire session --token-env TOKEN --ca CA --allow-domain DOMAIN --resolve space.test=127.0.0.1";

fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|error| format!("{error}"))?;
    let duration = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    if duration.is_zero() { Err("expected more than 0".to_owned()) } else { Ok(duration) }
}

pub(crate) async fn run(args: Args) -> Result {
    let builder = described(&args)?;
    let screen = Screen::new(args.json);
    let connect = async {
        builder.connect().await.map_err(|error| {
            let is_foreign = error.kind() == ErrorKind::HostNotAllowed;
            let failure = Failure::new("there is no session").because(error);
            if is_foreign { failure.help("trust the space with --allow-domain") } else { failure }
        })
    };
    let client = interrupt::or_interrupted(screen.during("connecting", connect)).await?;
    let mut timeline = Timeline::default();
    let end = watch(&client, &screen, &mut timeline, args.duration).await;
    screen.clear();
    if let Some(picture) = &args.timeline {
        picture.write(&timeline)?;
    }
    end
}

/// The client that the options describe.
fn described(args: &Args) -> Result<ClientBuilder> {
    let mut builder = match (&args.provider_url, &args.token_env) {
        (Some(url), _) => {
            let bearer = args.provider_bearer_env.as_deref().map(secret_env::read).transpose()?;
            let http = args.network.http(url.host_str().unwrap_or_default())?;
            Client::builder(Endpoint::new(http, url.clone(), bearer))
        }
        (None, Some(variable)) => {
            let credential = SdkCredential::from_token(secret_env::read(variable)?);
            Client::builder(StaticCredentialProvider::new(credential))
        }
        (None, None) => return Err(Failure::usage("there is no source of credentials")),
    };
    for domain in &args.allow_domain {
        builder = builder.add_allowed_domain(domain);
    }
    for fixed in &args.network.resolve {
        builder = builder.add_address(&fixed.domain, fixed.address);
    }
    if let Some(file) = &args.record {
        builder = builder.record(file);
    }
    Ok(builder
        .label(args.label.as_str())
        .add_root_certificates(args.network.root_certificates()?)
        .connect_deadline(args.connect_timeout))
}

/// Shows the session until it ends, for whatever reason, and leaves it properly.
async fn watch(
    client: &Client,
    screen: &Screen,
    timeline: &mut Timeline,
    duration: Option<Duration>,
) -> Result {
    let mut history = client.history();
    let mut status = client.status();
    let over = async {
        match duration {
            Some(duration) => tokio::time::sleep(duration).await,
            None => std::future::pending().await,
        }
    };
    let mut interrupted = std::pin::pin!(interrupt::requested());
    let mut over = std::pin::pin!(over);
    let end = loop {
        tokio::select! {
            entry = history.next() => match entry {
                Some(entry) => show(screen, timeline, entry)?,
                None => break Err(Failure::new("the session has ended")),
            },
            () = gone(&mut status) => {
                let help = "the last error above states the cause";
                break Err(Failure::new("the client abandoned the session").help(help));
            }
            () = &mut over => break Ok(Outcome::Done),
            () = &mut interrupted => break Err(Failure::interrupted()),
            () = screen.tick(client) => {}
        }
    };
    screen.message("leaving the session");
    // Whoever presses Ctrl-C twice does not want to wait.
    interrupt::or_interrupted(async {
        client.disconnect().await;
        Ok(())
    })
    .await?;
    while let Some(entry) = history.next().await {
        show(screen, timeline, entry)?;
    }
    end
}

/// Ends when the client is suspended, or has closed.
async fn gone(status: &mut tokio::sync::watch::Receiver<Status>) {
    let over = |status: &Status| matches!(status, Status::Suspended | Status::Closed);
    // An error says that the client is gone altogether.
    let _ = status.wait_for(over).await;
}

fn show(screen: &Screen, timeline: &mut Timeline, entry: HistoryEntry) -> Result<()> {
    screen.event(&entry)?;
    timeline.push(entry);
    Ok(())
}

/// Lines of events on standard output, and the state below them on a terminal.
struct Screen {
    json: bool,
    clock: SystemClock,
    start: EpochMillis,
    bar: Option<ProgressBar>,
}

impl Screen {
    const FRAME: Duration = Duration::from_millis(100);

    fn new(json: bool) -> Self {
        let clock = SystemClock::new();
        let style = ProgressStyle::with_template("{spinner} {msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = report::is_live().then(|| ProgressBar::new_spinner().with_style(style));
        Self { json, start: clock.now().wall, clock, bar }
    }

    fn message(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// Shows `message` while `work` is under way.
    async fn during<T>(&self, message: &str, work: impl Future<Output = T>) -> T {
        self.message(message);
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.frame() => {}
            }
        }
    }

    /// Waits for the next frame, then shows where the session stands.
    async fn tick(&self, client: &Client) {
        self.frame().await;
        let status = *client.status().borrow();
        let credential = *client.credential_status().borrow();
        let mut text = status.to_string();
        if let Some(expiry) = credential.and_then(|credential| credential.expiry) {
            let left = feed::length(expiry.saturating_since(self.clock.now().wall));
            text.push_str(&format!(", the credential ends in {left}"));
        }
        self.message(&text);
    }

    async fn frame(&self) {
        match &self.bar {
            Some(bar) => {
                tokio::time::sleep(Self::FRAME).await;
                bar.tick();
            }
            None => std::future::pending().await,
        }
    }

    fn event(&self, entry: &HistoryEntry) -> Result<()> {
        let line = if self.json {
            serde_json::to_string(entry)
                .map_err(|error| Failure::new("an event cannot be written").because(error))?
        } else {
            feed::line(entry, self.start)
        };
        let write = || writeln!(anstream::stdout().lock(), "{line}");
        match &self.bar {
            Some(bar) => bar.suspend(write)?,
            None => write()?,
        }
        Ok(())
    }
}
