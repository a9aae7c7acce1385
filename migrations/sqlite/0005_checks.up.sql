-- What checks by a timer came to, the last one of each name: any replica can tell, and one at a time
-- does it.
CREATE TABLE checks (
    name           TEXT NOT NULL PRIMARY KEY,
    begun_at       INTEGER NOT NULL,
    -- Of the last one that ended. Before begun_at while another is under way, or was cut off.
    ended_at       INTEGER,
    -- Why that one came to nothing; the counts are missing then.
    problem        TEXT,
    users          INTEGER,
    missing        INTEGER,
    extra          INTEGER,
    different      INTEGER,
    deleted        INTEGER,
    not_understood INTEGER
) STRICT, WITHOUT ROWID;
