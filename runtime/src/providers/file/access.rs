//! Who else can reach the file of a credential.

use std::{fs::Metadata, path::Path};

use crate::CredentialError;

/// The end of the message for a file that this process cannot open.
pub(super) fn fix(path: &Path) -> String {
    format!(
        ": run `chmod 600 {0}` as its owner, or `chown` it to the user of this process",
        quoted(path)
    )
}

/// Refuses a file that others can write, or can read without anybody having meant it.
#[cfg(unix)]
pub(super) fn check(
    path: &Path,
    file: &Metadata,
    is_readable_allowed: bool,
) -> Result<(), CredentialError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.permissions().mode() & 0o7777;
    let refused = |what: &str, fix: String| {
        let path = path.display();
        let message =
            format!("{path} can be {what} by other users of this machine (mode {mode:04o}): {fix}");
        Err(CredentialError::permanent(message))
    };
    let private = || format!("run `chmod 600 {}`", quoted(path));
    if mode & 0o022 != 0 {
        return refused("written", private());
    }
    if mode & 0o077 == 0 || is_readable_allowed {
        return Ok(());
    }
    let Ok(target) = path.canonicalize() else {
        return Err(CredentialError::transient(format!("{} was replaced", path.display())));
    };
    if !is_of_the_platform(&target, file, mode) {
        let fix = format!("{}, or accept it with `allow_readable()`", private());
        return refused("read", fix);
    }
    match open_folder(path, &target) {
        None => Ok(()),
        Some(folder) => {
            let folder = quoted(folder);
            refused("read", format!("{}, or `chmod go-w {folder}`, its folder", private()))
        }
    }
}

/// Whether the mode of the file is not for this user to choose: a read-only mount, a file of another
/// user, or a volume of Kubernetes, which has its files in a folder `..<time>` behind a link.
#[cfg(unix)]
fn is_of_the_platform(target: &Path, file: &Metadata, mode: u32) -> bool {
    use std::os::unix::{ffi::OsStrExt as _, fs::MetadataExt as _};
    let user = rustix::process::geteuid();
    let folder = target.parent().and_then(Path::file_name);
    mode & 0o222 == 0
        || (!user.is_root() && file.uid() != user.as_raw())
        || folder.is_some_and(|name| name.as_bytes().starts_with(b".."))
}

/// The folder in which others can put another file in the place of this one.
#[cfg(unix)]
fn open_folder<'a>(path: &'a Path, target: &'a Path) -> Option<&'a Path> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = |folder: &Path| folder.metadata().map_or(0o777, |it| it.permissions().mode());
    let here = Path::new(".");
    let folder = |of: &'a Path| of.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(here);
    let (named, real) = (folder(path), folder(target));
    if mode(real) & 0o022 != 0 {
        return Some(real);
    }
    // In a sticky folder, as that of a mounted volume, nobody can replace the link of another.
    let is_open = mode(named) & 0o022 != 0 && mode(named) & 0o1000 == 0;
    Some(named).filter(|_| is_open)
}

#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &Metadata, _: bool) -> Result<(), CredentialError> {
    Ok(())
}

/// A path as a shell reads it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_command_is_one_word() {
        for (path, word) in [
            ("/run/secrets/sat", "/run/secrets/sat"),
            ("/a b", "'/a b'"),
            ("/it's", r"'/it'\''s'"),
            ("/$(x)", "'/$(x)'"),
        ] {
            assert_eq!(quoted(Path::new(path)), word);
        }
    }
}
