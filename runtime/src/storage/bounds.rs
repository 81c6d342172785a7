//! How much a storage takes.

use super::StorageError;

/// Largest value, in bytes.
const VALUE: usize = 256 * 1024;
/// All keys and values together, in bytes.
const TOTAL: usize = 4 * 1024 * 1024;
/// What an item counts besides its key and value.
const ITEM: usize = 64;

/// What an item counts.
pub(super) const fn size(key: &str, value: &str) -> usize {
    key.len().saturating_add(value.len()).saturating_add(ITEM)
}

/// Whether an item fits beside `others` bytes of other items.
pub(super) fn check(key: &str, value: &str, others: usize) -> Result<(), StorageError> {
    if value.len() > VALUE {
        return Err(StorageError::ValueTooLarge { length: value.len(), limit: VALUE });
    }
    if others.saturating_add(size(key, value)) > TOTAL {
        return Err(StorageError::Full { limit: TOTAL });
    }
    Ok(())
}
