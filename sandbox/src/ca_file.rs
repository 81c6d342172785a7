//! The file that clients read the CA from; it goes when the space goes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use uuid::Uuid;

/// Removes what it made when it is dropped: the file, and the directory if that was new too.
#[derive(Debug)]
pub(crate) struct CaFile {
    file: PathBuf,
    made_dir: Option<PathBuf>,
}

impl CaFile {
    /// Writes `pem` to `ca.pem` in `dir`, or in a new temporary directory.
    pub(crate) fn write(dir: Option<&Path>, pem: &str) -> io::Result<Self> {
        let dir = match dir {
            Some(dir) => dir.to_owned(),
            None => {
                let name = format!("credwire-sandbox-{}", Uuid::new_v4().simple());
                std::env::temp_dir().join(name)
            }
        };
        let is_new = !dir.exists();
        fs::create_dir_all(&dir)?;
        let made = Self { file: dir.join("ca.pem"), made_dir: is_new.then_some(dir) };
        fs::write(&made.file, pem)?;
        Ok(made)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.file
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        let file = fs::remove_file(&self.file);
        // Fails where something else was put there, which then stays.
        let dir = self.made_dir.as_ref().map_or(Ok(()), fs::remove_dir);
        if let Err(error) = file.and(dir) {
            tracing::debug!(%error, "the CA file could not be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_removed_and_nothing_else() {
        let outer = tempfile::tempdir().unwrap();
        let new = outer.path().join("new");
        let ca = CaFile::write(Some(&new), "made-up").unwrap();
        assert_eq!(fs::read_to_string(ca.path()).unwrap(), "made-up");
        drop(ca);
        assert!(!new.exists());

        drop(CaFile::write(Some(outer.path()), "made-up").unwrap());
        assert!(outer.path().exists() && !outer.path().join("ca.pem").exists());
    }
}
