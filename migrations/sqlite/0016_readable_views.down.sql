DROP VIEW organization_members;
DROP VIEW user_emails;
DROP VIEW active_users;
