-- Moments are microseconds since 1970-01-01T00:00:00Z. Text is compared by its bytes (collation "C").
-- Everything lives in the schema of its own that the search path names.

-- The counters of each world: one number per commit, per journal entry and per outgoing message. Whoever
-- writes to a world holds its advisory lock (see writer.rs), so numbers become visible in their order.
CREATE TABLE world (
    world         text COLLATE "C" NOT NULL PRIMARY KEY,
    version       bigint NOT NULL,
    last_seq      bigint NOT NULL,
    last_position bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE record (
    world   text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    key     text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    body    text COLLATE "C" NOT NULL,
    PRIMARY KEY (world, kind, key)
);

CREATE TABLE journal (
    world   text COLLATE "C" NOT NULL,
    seq     bigint NOT NULL,
    at      bigint NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    case_id text COLLATE "C",
    system  text COLLATE "C" NOT NULL,
    body    text COLLATE "C" NOT NULL,
    PRIMARY KEY (world, seq)
);

CREATE INDEX journal_by_case ON journal (world, case_id, seq) WHERE case_id IS NOT NULL;

-- `position` keeps the order of commits among messages that are due at the same moment; `taker` is the
-- number of the process that is sending it.
CREATE TABLE outgoing (
    world    text COLLATE "C" NOT NULL,
    system   text COLLATE "C" NOT NULL,
    id       text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    case_id  text COLLATE "C",
    due      bigint NOT NULL,
    attempts bigint NOT NULL,
    taker    integer,
    body     text COLLATE "C" NOT NULL,
    PRIMARY KEY (world, system, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- An expression and not two columns: the writer, who looks for a message by its key, would otherwise be given this
-- index as likely as the primary key while the table is young, and read through whole queues.
CREATE INDEX outgoing_by_due ON outgoing ((world || '/' || system), due, position);
CREATE INDEX outgoing_taken ON outgoing (taker) WHERE taker IS NOT NULL;

-- Each process that takes messages has a number, and holds an advisory lock of that number while it lives.
CREATE SEQUENCE taker AS integer CYCLE;

CREATE FUNCTION taker_lives(number integer) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT 1 FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = 1365340528
          AND objid = number::bigint::oid
          AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
$$;
