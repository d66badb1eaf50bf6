-- What tells a world from an earlier one of the same name; 0 before it is begun, -1 while it is being deleted.
ALTER TABLE world ADD COLUMN life INTEGER NOT NULL DEFAULT 0;
