//! On what class of machine it ran. Nothing that tells one machine of the class from another.

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

/// One line: cores, memory, kernel, file system.
pub fn class(directory: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let kernel = kernel.split('-').next().unwrap_or_default().trim();
    let memory = read("/proc/meminfo");
    let kibibytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|text| text.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    let gibibytes = kibibytes.div_ceil(1 << 20);
    format!(
        "{cores} cores ({}), {gibibytes} GiB, Linux {kernel}, {}",
        std::env::consts::ARCH,
        file_system(directory)
    )
}

/// How busy the machine was with other things: its load over the last minute.
pub fn load() -> String {
    read("/proc/loadavg")
        .split(' ')
        .next()
        .unwrap_or("?")
        .to_owned()
}

/// The kind of file system below `directory`: the longest mount point that leads there.
fn file_system(directory: &Path) -> String {
    let mounts = read("/proc/mounts");
    let leading = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ').skip(1);
        let (point, kind) = (parts.next()?, parts.next()?);
        directory
            .starts_with(point)
            .then_some((point.len(), kind.to_owned()))
    });
    leading
        .max()
        .map_or_else(|| "?".to_owned(), |(_, kind)| kind)
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Appends of `bytes` to a plain file, each with an `fdatasync`, for so long; how many a second.
pub fn sync_rate(directory: &Path, bytes: usize, time: Duration) -> f64 {
    let path = directory.join("plain");
    let mut file = File::options()
        .append(true)
        .create(true)
        .open(&path)
        .expect("a file");
    let block = vec![b'x'; bytes];
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < time {
        file.write_all(&block)
            .and_then(|()| file.sync_data())
            .expect("the disk takes it");
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}
