//! A small ext4 of its own, on a loop device, that can lose its power, fill up, turn read-only or fail to sync.
//!
//! It needs root, loop devices and `mkfs.ext4`. The power goes by `EXT4_IOC_SHUTDOWN`: from then on nothing reaches the
//! device any more, and what had not reached it is gone at the next mount.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// Holds the folder open, says so, and shuts its file system down once it is told to. `2` is `NOLOGFLUSH`: not even the
/// file system's own journal is written out.
const CUT: &str = "
import fcntl, os, struct, sys
folder = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
if sys.stdin.readline():
    fcntl.ioctl(folder, 0x8004587d, struct.pack('I', 2))
    print('cut', flush=True)
";
/// A process that has just been killed holds its files for a moment.
const UNMOUNT_ATTEMPTS: u32 = 200;
const UNMOUNT_PAUSE: Duration = Duration::from_millis(50);

/// A file system on an image file. Unmounted and removed when dropped.
pub struct FileSystem {
    folder: TempDir,
    /// The image lies on a memory disk that can run out under it.
    on_memory: bool,
    mounted: bool,
}

impl FileSystem {
    /// One of so many megabytes; or why this machine has none to give.
    pub fn make(megabytes: u64) -> Result<Self, String> {
        Self::make_in(megabytes, None)
    }

    /// One whose device fails once [`Self::exhaust_device`] was called: it believes in more than there is.
    pub fn make_on_memory(megabytes: u64, memory_megabytes: u64) -> Result<Self, String> {
        Self::make_in(megabytes, Some(memory_megabytes))
    }

    fn make_in(megabytes: u64, memory_megabytes: Option<u64>) -> Result<Self, String> {
        // The switch is one; a machine without it is told of before anything is made.
        shell("python3", &["-c", "pass"])?;
        let folder = tempfile::Builder::new()
            .prefix("alongside-faults-")
            .tempdir()
            .map_err(|error| error.to_string())?;
        let mut made = Self {
            folder,
            on_memory: false,
            mounted: false,
        };
        for name in ["device", "mounted"] {
            fs::create_dir(made.folder.path().join(name)).map_err(|error| error.to_string())?;
        }
        if let Some(megabytes) = memory_megabytes {
            let size = format!("size={megabytes}m");
            let device = made.device();
            shell(
                "mount",
                &["-t", "tmpfs", "-o", &size, "none", text(&device)],
            )?;
            made.on_memory = true;
        }
        let image = File::create(made.image()).map_err(|error| error.to_string())?;
        image
            .set_len(megabytes << 20)
            .map_err(|error| error.to_string())?;
        let options = ["-q", "-F", "-b", "4096", "-m", "0", "-J", "size=4"];
        let image = made.image();
        shell("mkfs.ext4", &[&options[..], &[text(&image)]].concat())?;
        made.mount()?;
        Ok(made)
    }

    /// Where it is mounted.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }

    /// Mounts it; after a cut, what is left is recovered here.
    pub fn mount(&mut self) -> Result<(), String> {
        let (image, path) = (self.image(), self.path());
        let options = "loop,errors=remount-ro";
        shell("mount", &["-o", options, text(&image), text(&path)])?;
        self.mounted = true;
        if self.on_memory {
            // A loop device calls a write that was cut short a success; one of a single page cannot be cut.
            let most = format!("/sys/block/{}/queue/max_sectors_kb", self.loop_device());
            fs::write(most, "4").map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Unmounts it, once the last process has let go.
    pub fn unmount(&mut self) -> Result<(), String> {
        let path = self.path();
        let mut outcome = Ok(());
        for _ in 0..UNMOUNT_ATTEMPTS {
            outcome = shell("umount", &[text(&path)]);
            if outcome.is_ok() {
                self.mounted = false;
                break;
            }
            thread::sleep(UNMOUNT_PAUSE);
        }
        outcome
    }

    /// As after the power came back.
    pub fn remount(&mut self) {
        self.unmount().expect("nobody uses it any more");
        self.mount().expect("it can be mounted again");
    }

    /// Makes ready to cut the power at once when asked.
    pub fn switch(&self) -> Switch {
        let mut process = Command::new("python3")
            .args(["-c", CUT, text(&self.path())])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let (order, said) = (process.stdin.take(), process.stdout.take());
        let (order, said) = order.zip(said).expect("both are piped");
        let mut switch = Switch {
            process,
            order,
            said: BufReader::new(said),
        };
        switch.hears("ready");
        switch
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        fill(&self.path().join("filler"));
    }

    /// Takes away what filled it.
    pub fn free(&self) {
        fs::remove_file(self.path().join("filler")).expect("it was full");
    }

    /// Makes the kernel find an error, upon which it lets nobody write any more until it is mounted anew: `remount,ro`
    /// itself is refused while files are open for writing.
    pub fn set_read_only(&self) {
        let trigger = format!("/sys/fs/ext4/{}/trigger_fs_error", self.loop_device());
        fs::write(trigger, "1").expect("the kernel can be told to find an error");
    }

    /// From now on the device takes no block that it does not hold yet: writes seem to work and syncs fail.
    pub fn exhaust_device(&self) {
        assert!(self.on_memory, "only a device on memory runs out");
        fill(&self.device().join("filler"));
    }

    /// The device works again, once it was unmounted and mounted.
    pub fn restore_device(&self) {
        fs::remove_file(self.device().join("filler")).expect("it was exhausted");
    }

    /// The name of the loop device it is mounted from.
    fn loop_device(&self) -> String {
        let output = Command::new("findmnt")
            .args(["--noheadings", "--output", "SOURCE", text(&self.path())])
            .output()
            .expect("findmnt runs");
        let device = String::from_utf8_lossy(&output.stdout).into_owned();
        device.trim().trim_start_matches("/dev/").to_owned()
    }

    fn device(&self) -> PathBuf {
        self.folder.path().join("device")
    }

    fn image(&self) -> PathBuf {
        self.device().join("image")
    }
}

impl Drop for FileSystem {
    fn drop(&mut self) {
        let outcome = if self.mounted { self.unmount() } else { Ok(()) };
        let device = self.device();
        let outcome = outcome.and_then(|()| {
            if self.on_memory {
                shell("umount", &[text(&device)])
            } else {
                Ok(())
            }
        });
        if let Err(error) = outcome {
            super::aloud(&format!("{} stays mounted: {error}", self.path().display()));
        }
    }
}

/// Cuts the power of a file system in the moment it is told to.
pub struct Switch {
    process: Child,
    order: ChildStdin,
    said: BufReader<std::process::ChildStdout>,
}

impl Switch {
    pub fn cut(mut self) {
        writeln!(self.order, "now").expect("it listens");
        self.hears("cut");
        self.process.wait().expect("it ends");
    }

    fn hears(&mut self, word: &str) {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("it speaks");
        assert_eq!(line.trim(), word, "what the switch says");
    }
}

/// Writes until not even one byte more is taken.
fn fill(path: &Path) {
    let mut file = File::create(path).expect("a file with which to fill it");
    for size in [1 << 20, 4096, 512, 1] {
        let bytes = vec![0xA5; size];
        loop {
            match file.write_all(&bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::StorageFull => break,
                Err(error) => panic!("filling it up: {error}"),
            }
        }
    }
    let _full_already = file.sync_all();
}

fn text(path: &Path) -> &str {
    path.to_str().expect("our own folders are text")
}

fn shell(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", said.trim()))
}
