//! Where the bytes of a list are kept.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::ops::Range;
use std::sync::Arc;

/// From this many bytes on a list is kept in a file.
const LARGE: usize = 1 << 20;

/// The bytes of a list: in memory, or those of a large one in a temporary file without a name, which the operating
/// system keeps in memory for as long as it has room.
#[derive(Clone)]
pub(super) enum Kept {
    Memory(Arc<[u8]>),
    File(Arc<File>),
}

impl Kept {
    /// Keeps the bytes; in memory as well where there is no room for a file.
    pub(super) fn new(bytes: &[u8]) -> Self {
        if bytes.len() >= LARGE && cfg!(unix) {
            Self::in_file(bytes).unwrap_or_else(|_| Self::Memory(bytes.into()))
        } else {
            Self::Memory(bytes.into())
        }
    }

    fn in_file(bytes: &[u8]) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        Ok(Self::File(Arc::new(file)))
    }

    /// The bytes of a range, all of them.
    ///
    /// # Errors
    /// The file's, and [`ErrorKind::UnexpectedEof`] where the list ends before the range.
    pub(super) fn range(&self, range: Range<usize>) -> io::Result<Cow<'_, [u8]>> {
        match self {
            Self::Memory(bytes) => bytes.get(range).map(Cow::Borrowed).ok_or(ErrorKind::UnexpectedEof.into()),
            Self::File(file) => {
                let mut bytes = vec![0; range.len()];
                match fill(file, &mut bytes, range.start)? {
                    all if all == bytes.len() => Ok(Cow::Owned(bytes)),
                    _ => Err(ErrorKind::UnexpectedEof.into()),
                }
            }
        }
    }

    /// The bytes from a place on: as many as `room` holds at least, unless the list ends before.
    pub(super) fn from<'a>(&'a self, start: usize, room: &'a mut [u8]) -> io::Result<&'a [u8]> {
        match self {
            Self::Memory(bytes) => bytes.get(start..).ok_or(ErrorKind::UnexpectedEof.into()),
            Self::File(file) => {
                let filled = fill(file, room, start)?;
                Ok(room.get(..filled).unwrap_or_default())
            }
        }
    }

    #[cfg(test)]
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }
}

/// Reads from a place on until the room is full or the file ends.
#[cfg(unix)]
fn fill(file: &File, room: &mut [u8], start: usize) -> io::Result<usize> {
    use std::os::unix::fs::FileExt as _;

    let mut filled = 0;
    while let Some(rest) = room.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, (start + filled) as u64) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// No list is kept in a file where files cannot be read from a place without moving there.
#[cfg(not(unix))]
fn fill(_: &File, _: &mut [u8], _: usize) -> io::Result<usize> {
    Err(ErrorKind::Unsupported.into())
}
