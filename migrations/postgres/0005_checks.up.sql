-- What checks by a timer came to, the last one of each name: any replica can tell, and one at a time
-- does it.
CREATE TABLE checks (
    name           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    begun_at       BIGINT NOT NULL,
    -- Of the last one that ended. Before begun_at while another is under way, or was cut off.
    ended_at       BIGINT,
    -- Why that one came to nothing; the counts are missing then.
    problem        TEXT,
    users          BIGINT,
    missing        BIGINT,
    extra          BIGINT,
    different      BIGINT,
    deleted        BIGINT,
    not_understood BIGINT
);
