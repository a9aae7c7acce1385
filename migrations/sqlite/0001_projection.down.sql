DROP TABLE verifications;
DROP TABLE accounts;
DROP TABLE sessions;
DROP TABLE user_terms;
DROP VIEW email_owners;
DROP TABLE users;
