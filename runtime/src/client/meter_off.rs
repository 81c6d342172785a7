//! No numbers: the feature `metrics` is off.

use std::time::Duration;

use super::ErrorKind;
use crate::client::HistoryEvent;
use credwire_session::{RpcError, scheduler::OpKind};

pub(super) const fn describe() {}

pub(super) const fn live(_: bool) {}

pub(super) const fn happened(_: &HistoryEvent) {}

pub(super) const fn warned(_: &str) {}

pub(super) const fn discarded(_: &str) {}

pub(super) const fn failed(_: ErrorKind) {}

pub(super) const fn operated(_: OpKind, _: &'static str, _: Duration) {}

pub(super) const fn called<T>(_: &Result<T, RpcError>, _: Duration) {}
