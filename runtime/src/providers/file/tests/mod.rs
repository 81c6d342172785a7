use super::*;

fn write(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = mode;
}

fn token(credential: SdkCredential) -> String {
    credential.token.unwrap().expose().clone()
}

#[tokio::test(start_paused = true)]
async fn a_refresh_takes_what_has_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sat");
    let provider = FileCredentialProvider::new(&path);
    let context = AuthenticateContext::new();
    assert!(provider.authenticate(&context).await.unwrap_err().is_transient());

    write(&path, "made-up-1\n", 0o600);
    assert_eq!(token(provider.authenticate(&context).await.unwrap()), "made-up-1");
    let error = provider.refresh().unwrap().await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("still holds"), "{error}");

    write(&path, r#"{"token":"made-up-2"}"#, 0o600);
    assert_eq!(token(provider.refresh().unwrap().await.unwrap()), "made-up-2");
    assert_eq!(token(provider.authenticate(&context).await.unwrap()), "made-up-2");
    assert!(!format!("{provider:?}").contains("made-up"));
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_file_that_others_can_read_is_refused_with_the_fix() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sat");
    for mode in [0o644, 0o640, 0o660] {
        write(&path, "made-up", mode);
        let provider = FileCredentialProvider::new(&path);
        let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
        assert!(error.to_string().contains("chmod 600") && !error.is_transient(), "{error}");
        assert!(provider.refresh().unwrap().await.unwrap_err().is_transient());
        assert!(!error.to_string().contains("made-up"), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn a_pipe_or_a_device_is_refused_without_waiting() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&pipe, &link).unwrap();
    for path in [pipe, link, "/dev/null".into()] {
        let provider = FileCredentialProvider::new(&path);
        let error = provider.authenticate(&AuthenticateContext::new()).await.unwrap_err();
        assert!(error.to_string().contains("no regular file"), "{error}");
        assert!(!error.is_transient() && provider.refresh().unwrap().await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_credential_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let context = AuthenticateContext::new();
    let folder = FileCredentialProvider::new(directory.path());
    assert!(folder.authenticate(&context).await.is_err());

    let path = directory.path().join("sat");
    write(&path, &"x".repeat(70_000), 0o600);
    let error =
        FileCredentialProvider::new(&path).authenticate(&context).await.unwrap_err().to_string();
    assert!(error.contains("larger than"), "{error}");
}

/// A JOSE token with this number.
fn jose(number: u32) -> String {
    format!("eyJ0eXAiOiJTQVQifQ.e30.{number:04}")
}

const HOUR: Duration = Duration::from_secs(3600);

/// As if it was written an hour ago.
fn age(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(file.metadata().unwrap().modified().unwrap() - HOUR).unwrap();
}

/// As if it was written just now, however slow this machine is.
fn freshen(path: &Path) {
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(file.metadata().unwrap().modified().unwrap() + HOUR).unwrap();
}

async fn authenticate(provider: &FileCredentialProvider) -> Result<String, CredentialError> {
    provider.authenticate(&AuthenticateContext::new()).await.map(token)
}

#[tokio::test(start_paused = true)]
async fn a_half_written_file_is_read_again_before_it_counts() {
    let whole = format!(r#"{{"token":"{}","expiry_at":1760000000000}}"#, jose(1));
    for half in ["", "{", &whole[..30], &whole[..whole.len() - 1], &jose(1)[..10], &jose(1)[..21]] {
        for is_old in [false, true] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("sat");
            write(&path, half, 0o600);
            if is_old {
                age(&path);
            }
            let provider = FileCredentialProvider::new(&path);
            let rest = async {
                tokio::time::sleep(Duration::from_millis(120)).await;
                write(&path, &whole, 0o600);
            };
            let (read, ()) = tokio::join!(authenticate(&provider), rest);
            assert_eq!(read.unwrap(), jose(1), "{half}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_it_is_read_counts_when_it_is_stable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sat");
    // A token of which another writer has written only so much looks whole.
    write(&path, &jose(1)[..24], 0o600);
    freshen(&path);
    let provider = FileCredentialProvider::new(&path);
    let rest = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        write(&path, &jose(1), 0o600);
    };
    let (read, ()) = tokio::join!(authenticate(&provider), rest);
    assert_eq!(read.unwrap(), jose(1));

    // What was written long ago is read once.
    age(&path);
    let begun = crate::clock::timer_now();
    assert_eq!(authenticate(&provider).await.unwrap(), jose(1));
    assert!(begun.elapsed() < PAUSES[0]);
}

#[tokio::test(start_paused = true)]
async fn what_stays_half_written_is_a_transient_error_without_a_secret() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("sat");
    for half in ["", r#"{"token":"made-up"#] {
        write(&path, half, 0o600);
        let begun = crate::clock::timer_now();
        let error = authenticate(&FileCredentialProvider::new(&path)).await.unwrap_err();
        assert!(error.is_transient() && !error.to_string().contains("made-up"), "{error}");
        assert!(begun.elapsed() >= PAUSES.iter().sum::<Duration>());
    }
}

#[cfg(unix)]
mod mounts {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    async fn refused(provider: &FileCredentialProvider) -> String {
        let error = authenticate(provider).await.unwrap_err();
        assert!(!error.is_transient(), "{error}");
        error.to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_only_file_is_taken_from_a_folder_that_others_cannot_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sat");
        let provider = FileCredentialProvider::new(&path);
        for mode in [0o400, 0o440, 0o444] {
            write(&path, &jose(1), mode);
            for folder in [0o700, 0o755, 0o555] {
                chmod(directory.path(), folder);
                assert_eq!(authenticate(&provider).await.unwrap(), jose(1), "{mode:o} {folder:o}");
            }
            for folder in [0o777, 0o775, 0o1777] {
                chmod(directory.path(), folder);
                if mode == 0o400 {
                    authenticate(&provider).await.unwrap();
                } else {
                    let error = refused(&provider).await;
                    assert!(error.contains("chmod 600") && error.contains("chmod go-w"), "{error}");
                }
            }
            chmod(directory.path(), 0o700);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn readable_files_can_be_allowed_and_writable_ones_cannot() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("the sat");
        chmod(directory.path(), 0o777);
        let provider = FileCredentialProvider::new(&path).allow_readable();
        for mode in [0o444, 0o644, 0o640] {
            write(&path, &jose(1), mode);
            assert_eq!(authenticate(&provider).await.unwrap(), jose(1));
            let error = refused(&FileCredentialProvider::new(&path)).await;
            assert!(error.contains("chmod 600 '/"), "{error}");
        }
        for mode in [0o666, 0o620, 0o602] {
            write(&path, &jose(1), mode);
            let error = refused(&provider).await;
            assert!(error.contains("written") && error.contains("chmod 600 '/"), "{error}");
            assert!(!error.contains("e30"), "{error}");
        }
    }

    /// A volume of Kubernetes: the mount is sticky and open, its files are in a folder with the time
    /// as its name, and `..data` is switched from one to the next.
    #[tokio::test(start_paused = true)]
    async fn a_volume_of_kubernetes_is_followed_through_its_links() {
        let mount = tempfile::tempdir().unwrap();
        let at = |name: &str| mount.path().join(name);
        let publish = |time: &str, number: u32, mode: u32| {
            fs::create_dir(at(time)).unwrap();
            write(&at(time).join("sat"), &jose(number), mode);
            chmod(&at(time), 0o755);
            symlink(time, at("..data_tmp")).unwrap();
            fs::rename(at("..data_tmp"), at("..data")).unwrap();
        };
        chmod(mount.path(), 0o1777);
        publish("..2026_11_30_01", 1, 0o644);
        symlink("..data/sat", at("sat")).unwrap();
        let provider = FileCredentialProvider::new(at("sat"));
        assert_eq!(authenticate(&provider).await.unwrap(), jose(1));
        assert!(provider.refresh().unwrap().await.unwrap_err().to_string().contains("still holds"));
        publish("..2026_11_30_02", 2, 0o444);
        fs::remove_dir_all(at("..2026_11_30_01")).unwrap();
        assert_eq!(token(provider.refresh().unwrap().await.unwrap()), jose(2));

        // Without the sticky bit anybody could switch the link.
        chmod(mount.path(), 0o777);
        assert!(refused(&provider).await.contains("chmod go-w"));
        chmod(mount.path(), 0o1777);
        chmod(&at("..2026_11_30_02"), 0o777);
        assert!(refused(&provider).await.contains("chmod go-w"));
        chmod(&at("..2026_11_30_02"), 0o755);
        publish("..2026_11_30_03", 3, 0o664);
        assert!(refused(&provider).await.contains("written"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_to_nothing_is_awaited_and_one_to_a_folder_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sat");
        symlink(directory.path().join("nothing"), &path).unwrap();
        let provider = FileCredentialProvider::new(&path);
        assert!(authenticate(&provider).await.unwrap_err().is_transient());
        write(&directory.path().join("nothing"), &jose(1), 0o600);
        assert_eq!(authenticate(&provider).await.unwrap(), jose(1));
        fs::remove_file(&path).unwrap();
        symlink(directory.path(), &path).unwrap();
        assert!(refused(&provider).await.contains("no regular file"));
    }
}
