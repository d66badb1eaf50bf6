//! A private PostgreSQL server from the system's package, on a socket in a temporary folder.
//!
//! It lives as long as the test's process and no longer, however that one ends: a shell beside it waits for the
//! end of its input and then stops the server and removes the folder.

#![allow(unreachable_pub, reason = "the stories take this file too, and export it")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The folder's arguments: the server's programs, its data, its socket's folder. Answers on its input start it
/// anew in the hard way.
const KEEPER: &str = r#"
bin=$1; folder=$2; data=$folder/data
"$bin/initdb" -D "$data" -U qaqpa -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
start() { "$bin/pg_ctl" -D "$data" -w -l "$folder/log" -o "-k '$folder' -c listen_addresses='' -c log_min_messages=fatal" start >/dev/null; }
start && echo ready || { cat "$folder/log" >&2; exit 1; }
while read -r word; do
  "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null
  start && echo ready
done
"$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$folder"
"#;

/// A running server.
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    keeper: std::sync::Mutex<Keeper>,
    databases: AtomicU32,
}

struct Keeper {
    child: Child,
    said: BufReader<std::process::ChildStdout>,
}

impl Keeper {
    fn is_ready(&mut self) {
        let mut line = String::new();
        self.said.read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n", "PostgreSQL starts");
    }
}

impl Server {
    /// The server of this test binary; `None`, said loudly, where PostgreSQL is not installed.
    ///
    /// # Panics
    /// When it is not installed and `CI` is `true`.
    pub fn shared() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(Self::start).as_ref()
    }

    /// A server of one's own, see [`shared`](Self::shared).
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            let what = "LEFT OUT: PostgreSQL is not here (package postgresql), its store is not tested";
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{what}");
            eprintln!("{what}");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("qaqpa-pg-").tempdir().expect("a folder").keep();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(&programs).arg(&folder).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        as_unprivileged(&mut command, &folder);
        let mut child = command.spawn().expect("a shell");
        let said = BufReader::new(child.stdout.take().expect("its stdout"));
        let mut keeper = Keeper { child, said };
        keeper.is_ready();
        Some(Self { folder, programs, keeper: std::sync::Mutex::new(keeper), databases: AtomicU32::new(0) })
    }

    /// Makes an empty database; returns its address.
    pub fn database(&self) -> String {
        self.database_with(&[])
    }

    /// Makes an empty database with more arguments of `createdb`; returns its address.
    pub fn database_with(&self, arguments: &[&str]) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run("createdb", &[arguments, &[&name]].concat());
        let folder = self.folder.to_str().expect("a plain name").replace('/', "%2F");
        format!("postgres://qaqpa@{folder}/{name}")
    }

    /// Runs SQL in the database of an address; returns what it says, a row a line.
    pub fn sql(&self, address: &str, sql: &str) -> String {
        let name = address.rsplit('/').next().expect("a name");
        self.run("psql", &["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql])
    }

    /// Ends the server at once, as a crash would, and starts it again.
    pub fn crash(&self) {
        use std::io::Write as _;
        let mut keeper = self.keeper.lock().expect("no panic");
        let input = keeper.child.stdin.as_mut().expect("its input");
        input.write_all(b"crash\n").expect("it reads");
        keeper.is_ready();
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-h").arg(&self.folder).args(["-U", "qaqpa"]).args(arguments);
        let ran = command.stdin(Stdio::null()).output().expect("it runs");
        assert!(ran.status.success(), "{program}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).expect("text").trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let keeper = self.keeper.get_mut().expect("no panic");
        drop(keeper.child.stdin.take());
        let _ = keeper.child.wait();
    }
}

/// Where Debian (the newest release that is there) or the path has the server's programs.
fn programs() -> Option<PathBuf> {
    let releases = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut releases: Vec<(u32, PathBuf)> = releases
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    releases.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = releases.into_iter().rev().map(|(_, folder)| folder);
    debian.chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").exists())
}

/// The server refuses to run as root: then the package's own user, or nobody, runs it.
#[cfg(unix)]
fn as_unprivileged(command: &mut Command, folder: &Path) {
    use std::os::unix::fs::{MetadataExt as _, chown};
    use std::os::unix::process::CommandExt as _;

    if fs::metadata(folder).expect("the folder").uid() != 0 {
        return;
    }
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let user = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(|number| number.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??))
    };
    let (uid, gid) = user("postgres").or_else(|| user("nobody")).expect("an unprivileged user");
    chown(folder, Some(uid), Some(gid)).expect("root may");
    command.uid(uid).gid(gid);
}

#[cfg(not(unix))]
fn as_unprivileged(_: &mut Command, _: &Path) {}
