DROP VIEW entitlements;
DROP TABLE payment_attempts;
DROP TABLE subscription_items;
DROP TABLE subscriptions;
DROP TABLE plans;
