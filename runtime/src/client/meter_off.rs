//! No numbers: the feature `metrics` is off.

use std::time::Duration;

use super::ErrorKind;
use crate::{lifecycle::OpKind, session::RpcError, timeline::Event};

pub(super) const fn describe() {}

pub(super) const fn live(_: bool) {}

pub(super) const fn happened(_: &Event) {}

pub(super) const fn warned(_: &str) {}

pub(super) const fn discarded(_: &str) {}

pub(super) const fn failed(_: ErrorKind) {}

pub(super) const fn operated(_: OpKind, _: &'static str, _: Duration) {}

pub(super) const fn called<T>(_: &Result<T, RpcError>, _: Duration) {}
