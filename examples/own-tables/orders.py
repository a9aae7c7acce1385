"""Orders of synced users, in a table of the same SQLite file: orders.py add USER ITEM | list"""

import os, sqlite3, sys, urllib.error, urllib.parse, urllib.request

URL = os.environ.get("MEETVO_URL", "http://127.0.0.1:8080")

# The foreign key ensures that each order has a user. Only the service writes to `users`.
TABLES = """
  CREATE TABLE IF NOT EXISTS app_orders (
    id      INTEGER PRIMARY KEY,
    item    TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (clerk_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS app_orders_by_user ON app_orders (user_id);"""

# The view leaves out users who are deleted, or not synced yet.
INSERT = """
  INSERT INTO app_orders (item, user_id)
  SELECT ?2, clerk_id FROM active_users WHERE clerk_id = ?1 RETURNING id"""

LIST = """
  SELECT o.id, o.item, u.first_name, u.email
  FROM app_orders AS o JOIN active_users AS u ON u.clerk_id = o.user_id
  ORDER BY o.id"""


def is_synced(user):
    """Waits until a new user has been synced, because a sign-up can be faster than its webhook."""
    url = f"{URL}/v1/users/{urllib.parse.quote(user, safe='')}?wait=3s"
    headers = {"Authorization": f"Bearer {os.environ['MEETVO_API_KEY']}"}
    try:
        urllib.request.urlopen(urllib.request.Request(url, None, headers), timeout=10).close()
        return True
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return False
        raise


def add(db, user, item):
    order = db.execute(INSERT, (user, item)).fetchone()
    # No transaction is open, so the service can write while this program waits.
    if order is None and is_synced(user):
        order = db.execute(INSERT, (user, item)).fetchone()
    if order is None:
        sys.exit(f"unknown user: {user}")
    print(f"order {order[0]}")


# `isolation_level=None` makes each statement a transaction, which waits up to 5 s for the lock.
db = sqlite3.connect(os.environ["DATABASE_FILE"], timeout=5, isolation_level=None)
db.execute("PRAGMA foreign_keys = ON")
db.executescript(TABLES)
if sys.argv[1] == "add":
    add(db, *sys.argv[2:4])
else:
    for order, item, name, email in db.execute(LIST):
        print(f"{order} {item}: {name} <{email}>")
