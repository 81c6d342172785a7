//! The directory.

use serde::Serialize;

use super::{ApiError, Reply, Request, authorized};
use crate::{log::Check, subscriber::Address, world::World};

#[derive(Serialize)]
struct Page {
    data: Vec<Address>,
    links: Links,
}

/// Empty: everything is on one page.
#[derive(Serialize)]
struct Links {}

/// The addresses of all subscribers, or those with the `name` of the query.
pub(super) fn list(
    world: &mut World,
    request: &Request<'_>,
    check: &mut Check,
) -> Result<Reply, ApiError> {
    authorized(world, request, check)?;
    let wanted = request.query.split('&').find_map(|pair| pair.strip_prefix("name="));
    let data = world.subscribers.addresses().filter(|it| wanted.is_none_or(|name| it.name == name));
    let page = Page { data: data.collect(), links: Links {} };
    Reply::new(200, &page)
}
