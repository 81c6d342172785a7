//! The arguments that say how an endpoint is asked.

use syn::{Expr, ExprLit, Lit, LitStr};

use crate::{
    args::{Arg, Args, Value},
    diagnostic::{Code, Diagnostics},
};

/// How an endpoint is asked.
pub(crate) struct EndpointArgs {
    pub(super) url: Url,
    pub(super) method: &'static str,
    pub(super) refresh: Refresh,
    pub(super) token: String,
    /// Where the end stands, unless the place of a lifetime alone was given.
    pub(super) expiry_at: Option<String>,
    /// Where the lifetime stands, unless the place of an end alone was given.
    pub(super) expires_in: Option<String>,
    pub(super) in_seconds: bool,
    /// Whether one of the two places was given, so that an answer without either is refused.
    pub(super) must_expire: bool,
    pub(super) fingerprint: bool,
    pub(super) timeout_seconds: u64,
    /// Statuses that are a refusal, whatever the body is.
    pub(super) permanent: Vec<u16>,
}

/// Where the endpoint is.
pub(super) enum Url {
    Literal(LitStr),
    /// In the field that is marked, known when the provider runs.
    Field(Arg),
    /// Reported.
    Unknown,
}

/// Whether there is a refresh, and where.
pub(super) enum Refresh {
    None,
    /// At the endpoint itself.
    Same,
    At(LitStr),
}

const DEFAULT_TIMEOUT_SECONDS: u64 = 10;
const METHODS: [&str; 3] = ["POST", "GET", "PUT"];
const UNITS: [&str; 2] = ["milliseconds", "seconds"];
const NEED_ENDPOINT: [&str; 9] = [
    "method",
    "refresh",
    "token",
    "expiry_at",
    "expires_in",
    "expiry_unit",
    "fingerprint",
    "timeout_seconds",
    "permanent",
];

impl EndpointArgs {
    /// Takes the arguments; none when the provider is written as a block.
    pub(crate) fn take(args: &mut Args, diagnostics: &mut Diagnostics) -> Option<Self> {
        let url = match args.take("endpoint", diagnostics) {
            Some(endpoint) => take_url(endpoint, diagnostics),
            None => {
                let arg = args.take_first(&NEED_ENDPOINT)?;
                diagnostics.report(
                    Code::MissingArgument,
                    &arg.name,
                    format!("`{}` says how an endpoint is asked, but there is none", arg.name),
                    "add `endpoint = \"https://..\"`",
                );
                Url::Unknown
            }
        };
        let given = [args.has("expiry_at"), args.has("expires_in")];
        let must_expire = given.contains(&true);
        // Whoever names one place means that one.
        let [reads_end, reads_lifetime] = given.map(|given| given || !must_expire);
        if !reads_end && let Some(arg) = args.take_first(&["expiry_unit"]) {
            diagnostics.report(
                Code::InvalidArgument,
                &arg.name,
                "`expiry_unit` says what `expiry_at` counts, and only `expires_in` is read",
                "remove it: `expires_in` counts seconds",
            );
        }
        let unit = choice("expiry_unit", &UNITS, args, diagnostics);
        Some(Self {
            url,
            method: choice("method", &METHODS, args, diagnostics),
            refresh: take_refresh(args, diagnostics),
            token: pointer("token", "/token", args, diagnostics),
            expiry_at: Some(pointer("expiry_at", "/expiry_at", args, diagnostics))
                .filter(|_| reads_end),
            expires_in: Some(pointer("expires_in", "/expires_in", args, diagnostics))
                .filter(|_| reads_lifetime),
            in_seconds: unit == "seconds",
            must_expire,
            fingerprint: take_fingerprint(args, diagnostics),
            timeout_seconds: take_timeout(args, diagnostics),
            permanent: take_permanent(args, diagnostics),
        })
    }

    /// Refuses an endpoint on an impl block.
    pub(crate) fn refuse(args: &mut Args, diagnostics: &mut Diagnostics) {
        let endpoint = args.take_first(&["endpoint"]);
        if let Some(arg) = args.take_first(&NEED_ENDPOINT).into_iter().chain(endpoint).last() {
            diagnostics.report(
                Code::InvalidArgument,
                &arg.name,
                format!("`{}` does not go on an impl block", arg.name),
                "put it on the struct, and remove this block: an endpoint needs no code",
            );
        }
    }
}

fn take_url(endpoint: Arg, diagnostics: &mut Diagnostics) -> Url {
    match endpoint.value {
        Value::Literal(Lit::Str(url)) => {
            check_url(&url, diagnostics);
            Url::Literal(url)
        }
        Value::Alone => Url::Field(endpoint),
        Value::Unreadable => Url::Unknown,
        _ => {
            diagnostics.report(
                Code::InvalidArgument,
                &endpoint,
                "`endpoint` takes a URL",
                "write `endpoint = \"https://..\"`, or `endpoint` alone and mark the field that \
                 holds it with `#[endpoint]`",
            );
            Url::Unknown
        }
    }
}

fn take_refresh(args: &mut Args, diagnostics: &mut Diagnostics) -> Refresh {
    let Some(arg) = args.take("refresh", diagnostics) else { return Refresh::None };
    match arg.value {
        Value::Alone => Refresh::Same,
        Value::Literal(Lit::Str(url)) => {
            check_url(&url, diagnostics);
            Refresh::At(url)
        }
        _ => {
            diagnostics.report(
                Code::InvalidArgument,
                &arg,
                "`refresh` takes a URL or nothing",
                "write `refresh` to ask the endpoint again, or `refresh = \"https://..\"`",
            );
            Refresh::Same
        }
    }
}

fn take_fingerprint(args: &mut Args, diagnostics: &mut Diagnostics) -> bool {
    match args.take("fingerprint", diagnostics) {
        None => true,
        Some(Arg { value: Value::Literal(Lit::Bool(value)), .. }) => value.value,
        Some(arg) => {
            diagnostics.report(
                Code::InvalidArgument,
                &arg,
                "`fingerprint` takes `true` or `false`",
                "write `fingerprint = false` not to send the thumbprint of the client's key",
            );
            true
        }
    }
}

fn take_timeout(args: &mut Args, diagnostics: &mut Diagnostics) -> u64 {
    let Some(arg) = args.take("timeout_seconds", diagnostics) else {
        return DEFAULT_TIMEOUT_SECONDS;
    };
    if let Value::Literal(Lit::Int(value)) = &arg.value
        && let Ok(seconds @ 1..) = value.base10_parse()
    {
        return seconds;
    }
    diagnostics.report(
        Code::InvalidArgument,
        &arg,
        "`timeout_seconds` takes a whole number from 1",
        format!("write `timeout_seconds = {DEFAULT_TIMEOUT_SECONDS}`"),
    );
    DEFAULT_TIMEOUT_SECONDS
}

/// Takes a list of statuses.
fn take_permanent(args: &mut Args, diagnostics: &mut Diagnostics) -> Vec<u16> {
    let Some(arg) = args.take("permanent", diagnostics) else { return Vec::new() };
    let statuses = match &arg.value {
        Value::Array(items) => items.iter().map(status).collect(),
        _ => None,
    };
    statuses.unwrap_or_else(|| {
        diagnostics.report(
            Code::InvalidArgument,
            &arg,
            "`permanent` takes a list of HTTP statuses from 300 to 599",
            "write `permanent = [404, 410]`",
        );
        Vec::new()
    })
}

fn status(item: &Expr) -> Option<u16> {
    match item {
        Expr::Lit(ExprLit { lit: Lit::Int(status), .. }) => {
            status.base10_parse().ok().filter(|status| (300..600).contains(status))
        }
        _ => None,
    }
}

/// Takes one of several words; the first is what holds when it is absent.
fn choice(
    name: &'static str,
    known: &[&'static str],
    args: &mut Args,
    diagnostics: &mut Diagnostics,
) -> &'static str {
    let default = known.first().copied().unwrap_or_default();
    let Some(literal) = args.string(name, diagnostics) else { return default };
    let text = literal.value();
    known.iter().copied().find(|word| *word == text).unwrap_or_else(|| {
        let known: Vec<String> = known.iter().map(|word| format!("`\"{word}\"`")).collect();
        diagnostics.report(
            Code::InvalidArgument,
            &literal,
            format!("`{name}` cannot be `\"{text}\"`"),
            format!("write one of {}", known.join(", ")),
        );
        default
    })
}

/// Takes a JSON pointer (RFC 6901).
fn pointer(
    name: &'static str,
    default: &str,
    args: &mut Args,
    diagnostics: &mut Diagnostics,
) -> String {
    let Some(literal) = args.string(name, diagnostics) else { return default.to_owned() };
    let text = literal.value();
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    if !text.starts_with('/') || !escapes {
        diagnostics.report(
            Code::JsonPointer,
            &literal,
            format!("`{name}` takes a JSON pointer"),
            format!(
                "write `{name} = \"/data{default}\"`, with `~0` for `~` and `~1` for `/` in a name"
            ),
        );
    }
    text
}

/// Refuses what cannot be asked for credentials: the run time would, but later.
fn check_url(literal: &LitStr, diagnostics: &mut Diagnostics) {
    let text = literal.value();
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(address) => address.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<std::net::IpAddr>();
    let is_local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    let (fact, fix) = if host.is_empty() || text.contains(char::is_whitespace) {
        ("this is no URL", "write `\"https://host/path\"`")
    } else if authority.contains('@') {
        (
            "a URL with a name or a password in it ends up in logs",
            "send them with `#[header(\"authorization\")]`, from a field of type `Secret<String>`",
        )
    } else if scheme == "https" || scheme == "http" && is_local {
        return;
    } else {
        (
            "credentials do not travel in the clear",
            "write `https://`; `http://` is for this computer only, such as `127.0.0.1`",
        )
    };
    diagnostics.report(Code::EndpointUrl, literal, fact, fix);
}
