-- How far a crawl of what Clerk has got: it goes on from there when it was interrupted.
CREATE TABLE crawls (
    name     TEXT    NOT NULL PRIMARY KEY,
    -- The ids behind which it goes on, on lines: where the first is gone, the next.
    cursor   TEXT    NOT NULL,
    users    INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
