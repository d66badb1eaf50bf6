//! Running foreign programs.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// A foreign program on this machine.
#[derive(Clone)]
pub(crate) struct Tool(PathBuf);

/// What a program said, both streams together, and whether it was content.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) success: bool,
}

/// Finds a program. If it is missing, the caller skips its judgement, except where `CI=true`: there it is a failure.
pub(crate) fn tool(name: &str) -> Option<Tool> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        missing(name);
    }
    found.map(Tool)
}

/// Says loudly that a judgement is skipped, and fails where `CI=true`.
pub(crate) fn missing(name: &str) {
    assert!(std::env::var_os("CI").as_deref() != Some(OsStr::new("true")), "{name} is not installed");
    eprintln!("SKIPPED: {name} is not installed, so it could not judge");
}

impl Tool {
    /// Runs it with `arguments` separated by spaces, `{}` standing for the next of `files`.
    pub(crate) fn run(&self, arguments: &str, files: &[&OsStr]) -> Said {
        let mut files = files.iter();
        let mut command = Command::new(&self.0);
        for argument in arguments.split_whitespace() {
            match argument {
                "{}" => command.arg(files.next().expect("a file for each {}")),
                other => command.arg(other),
            };
        }
        assert!(files.next().is_none(), "more files than {{}} in {arguments}");
        let output = command.stdin(std::process::Stdio::null()).output().expect("the program runs");
        let text = [output.stdout, output.stderr].concat();
        Said { text: String::from_utf8_lossy(&text).into_owned(), success: output.status.success() }
    }
}

impl Said {
    /// Asserts that it was content and said each of `words`.
    #[track_caller]
    pub(crate) fn accepts(&self, words: &[&str]) {
        assert!(self.success, "{}", self.text);
        self.says(words);
    }

    /// Asserts that it was not content and said each of `words`.
    #[track_caller]
    pub(crate) fn refuses(&self, words: &[&str]) {
        assert!(!self.success, "{}", self.text);
        self.says(words);
    }

    #[track_caller]
    fn says(&self, words: &[&str]) {
        for word in words {
            assert!(self.text.contains(word), "no `{word}` in:\n{}", self.text);
        }
    }
}
