//! The same service without a process of its own, so that its disk can be exchanged: one that syncs, and one that
//! only says so.

use crate::harness::open_platform;
use api::{dispatch::Options, server::Server, telemetry::Metrics};
use event_log::disk::{Disk, LogFile, RealDisk};
use std::{io, path::Path, sync::Arc, time::Duration};
use tokio::runtime::Runtime;

/// How long work that is under way may take to end when the service is dropped.
const DROP_PATIENCE: Duration = Duration::from_secs(5);

/// A service on threads of this process.
pub struct InProcess {
    runtime: Runtime,
    pub url: String,
}

impl InProcess {
    /// Serves a directory from this disk; or what kept it from that.
    pub fn serve(data: &Path, disk: Arc<dyn Disk>, segment_bytes: u64) -> Result<Self, String> {
        let runtime = Runtime::new().expect("threads");
        let mut options = Options::new(data);
        options.disk = Some(disk);
        options.segment_bytes = Some(segment_bytes);
        let url = runtime.block_on(async {
            let metrics = Metrics::new();
            let platform = open_platform(&options, &metrics).map_err(|error| error.to_string())?;
            let server = Server::bind(([127, 0, 0, 1], 0).into(), platform, metrics);
            let server = server.await.map_err(|error| error.to_string())?;
            let url = server.url();
            tokio::spawn(server.run(std::future::pending()));
            Ok::<_, String>(url)
        })?;
        Ok(Self { runtime, url })
    }

    /// Drops everything without closing anything, as a crash does.
    pub fn drop_dead(self) {
        self.runtime.shutdown_timeout(DROP_PATIENCE);
    }
}

/// The real disk, but a sync does nothing and says that all is well.
#[derive(Debug)]
pub struct Unsynced;

#[derive(Debug)]
struct UnsyncedFile(Box<dyn LogFile>);

fn unsynced(file: io::Result<Box<dyn LogFile>>) -> io::Result<Box<dyn LogFile>> {
    Ok(Box::new(UnsyncedFile(file?)))
}

impl LogFile for UnsyncedFile {
    fn length(&self) -> io::Result<u64> {
        self.0.length()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buffer)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.append(bytes)
    }

    fn overwrite_with_zeros(&mut self) -> io::Result<()> {
        self.0.overwrite_with_zeros()
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.truncate(length)
    }
}

impl Disk for Unsynced {
    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        unsynced(RealDisk.create(path))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        unsynced(RealDisk.open(path))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        RealDisk.open_to_read(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        RealDisk.list(directory)
    }

    fn create_directory(&self, directory: &Path) -> io::Result<()> {
        RealDisk.create_directory(directory)
    }

    fn sync_directory(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn remove_tree(&self, directory: &Path) -> io::Result<()> {
        RealDisk.remove_tree(directory)
    }

    fn exists(&self, path: &Path) -> bool {
        RealDisk.exists(path)
    }
}
