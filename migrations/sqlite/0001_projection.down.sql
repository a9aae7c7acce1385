DROP TABLE verifications;
DROP TABLE accounts;
DROP TABLE sessions;
DROP VIEW email_owners;
DROP TABLE users;
