//! What an acknowledgement survives.

/// What a commit that has returned survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Durability {
    /// The end of the process, SIGKILL included, and where the database is a server, also the end of that
    /// one. After a loss of power the database is whole but may miss the last commits.
    #[default]
    Process,
    /// Also the loss of power, as far as the disk keeps its word.
    Power,
    /// Nothing for sure.
    None,
}
