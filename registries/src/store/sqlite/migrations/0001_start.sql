-- Moments are microseconds since 1970-01-01T00:00:00Z. Text is compared by its bytes.

-- The counters of each world: one number per commit, one per journal entry.
CREATE TABLE world (
    world    TEXT    NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    world   TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (world, kind, key)
) STRICT;

CREATE TABLE journal (
    world   TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    case_id TEXT,
    system  TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (world, seq)
) STRICT;

CREATE INDEX journal_by_case ON journal (world, case_id, seq) WHERE case_id IS NOT NULL;

-- `position` keeps the order of commits among messages that are due at the same moment.
CREATE TABLE outgoing (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    world    TEXT    NOT NULL,
    system   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    case_id  TEXT,
    due      INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    UNIQUE (world, system, id)
) STRICT;

CREATE INDEX outgoing_by_due ON outgoing (world, system, due, position);
