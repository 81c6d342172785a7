//! What stands for a token.

/// A token: a number, and what its issuer stores of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) serial: u32,
    /// Bound to the client's key: a device endpoint returned it.
    pub(crate) bound: bool,
    /// The provider's `authenticate()` returned it.
    pub(crate) provider: bool,
    /// When it truly ends, in boot time of the world.
    pub(crate) end: i64,
    /// The expiry that the client received, if any.
    pub(crate) told: Option<i64>,
}

/// The same token may come with another tale of its end.
impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}
