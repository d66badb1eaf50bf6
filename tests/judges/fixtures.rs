//! What is put before the judges: a centre for each algorithm, certificates, a folder with files.

use std::ffi::OsString;
use std::sync::LazyLock;

use certs::{
    Algorithm, Authority, Bin, Clock, Flaw, Iin, Issued, Order, Organisation, Person, Profile, Reason,
    RevokedEntry, Subject,
};
use jiff::Timestamp;
use tempfile::TempDir;

/// A centre with the moment at which it was made; the judges look at the machine's clock, so we do too.
pub(crate) struct Centre {
    pub(crate) authority: Authority,
    pub(crate) now: Timestamp,
}

/// One centre for each algorithm that OpenSSL and Java know; those of the national one have `gost.rs`.
pub(crate) static CENTRES: LazyLock<Vec<Centre>> = LazyLock::new(|| {
    let now = Clock::system().now();
    let make = |&algorithm| {
        let authority = Authority::create(algorithm, "QAQPA SANDBOX judges", now, "http://127.0.0.1:8710");
        Centre { authority: authority.expect("a centre"), now }
    };
    Algorithm::ALL.iter().filter(|algorithm| !algorithm.is_gost()).map(make).collect()
});

impl Centre {
    /// The certificate of a head, with flaws.
    pub(crate) fn head(&self, flaws: &[Flaw]) -> Issued {
        let person = Person {
            surname: "ӘБДІҒАЛИ".into(),
            name: "ҰЛЖАН".into(),
            patronymic: Some("СЕРІКҚЫЗЫ".into()),
            iin: Iin::never_issued(1),
        };
        let organisation = Organisation { name: "№ 1 МЕКТЕП".into(), bin: Bin::generated(1) };
        let subject = Subject::Employee { person, organisation };
        let order = Order::new(subject, Profile::Head, self.authority.algorithm());
        let order = flaws.iter().fold(order, |order, &flaw| order.flawed(flaw));
        self.authority.issue(&order, self.now).expect("a certificate")
    }

    /// The entry that revokes `issued`.
    pub(crate) fn revoked(&self, issued: &Issued, reason: Reason) -> RevokedEntry {
        RevokedEntry { serial: issued.certificate.serial().to_vec(), at: self.now, reason }
    }

    /// A folder with `root.pem` and `issuing.pem`.
    pub(crate) fn folder(&self) -> Folder {
        let folder = Folder::new();
        folder.write("root.pem", self.authority.root().pem());
        folder.write("issuing.pem", self.authority.issuing().pem());
        folder
    }
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// The path of a file in it, there or not.
    pub(crate) fn path(&self, name: &str) -> OsString {
        self.0.path().join(name).into_os_string()
    }

    /// Writes a file and returns its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> OsString {
        let path = self.path(name);
        std::fs::write(&path, content).expect("the file is written");
        path
    }

    /// The same in a folder of its own, which is made if need be.
    pub(crate) fn write_below(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, content).expect("the file is written");
    }

    /// Reads a file that a judge wrote.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the judge wrote the file")
    }
}
