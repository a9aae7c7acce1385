DROP INDEX users_by_created_at;
DROP VIEW organization_members;
DROP VIEW user_emails;
DROP VIEW active_users;
