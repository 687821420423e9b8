//! One `up` at a time: two would build into the same folders.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context, Result};

use crate::progress::Progress;

/// Held until it is dropped; the system lets go of it too when the program ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "holding the file is holding the lock")] File);

/// Takes the lock of a folder; waits while another program has it, and says so.
pub(super) async fn take(folder: &Path, progress: &Progress) -> Result<Lock> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join("lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => {
            progress.note("another cargo kemala is at work in this clone; waiting for it");
            let waiting = tokio::task::spawn_blocking(move || file.lock().map(|()| Lock(file)));
            waiting.await?.context("the lock cannot be taken")
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let progress = Progress::silent();
        let first = take(folder.path(), &progress).await.unwrap();
        let mut second = std::pin::pin!(take(folder.path(), &progress));
        assert!(tokio::time::timeout(Duration::from_millis(50), &mut second).await.is_err());
        drop(first);
        second.await.unwrap();
    }
}
