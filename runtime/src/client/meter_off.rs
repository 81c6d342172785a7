//! No numbers: the feature `metrics` is off.

use std::time::Duration;

use super::{ErrorKind, Status};
use crate::client::HistoryEvent;
use credwire_session::{RpcError, scheduler::OpKind};

pub(super) const fn begin() {}

pub(super) const fn started(_: Status) {}

pub(super) const fn moved(_: Status, _: Status) {}

pub(super) const fn happened(_: &HistoryEvent) {}

pub(super) const fn warned(_: &str) {}

pub(super) const fn discarded(_: &str) {}

pub(super) const fn failed(_: ErrorKind) {}

pub(super) const fn operated(_: OpKind, _: &'static str, _: Duration) {}

pub(super) const CANCELLED: &str = "";

pub(super) const fn call_result<T>(_: &Result<T, RpcError>) -> &'static str {
    CANCELLED
}

pub(super) const fn called(_: &'static str, _: Duration) {}
