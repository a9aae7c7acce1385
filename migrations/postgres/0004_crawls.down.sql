DROP TABLE crawls;
