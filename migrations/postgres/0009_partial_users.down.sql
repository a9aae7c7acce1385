DROP TABLE partial_users;
