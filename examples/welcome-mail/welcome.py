"""Sends one welcome mail to each new user, also after a crash at any point."""

import json, os, sqlite3, time, urllib.error, urllib.request

URL = os.environ.get("MEETVO_URL", "http://127.0.0.1:8080")
NOT_NEW = ("backfill", "rebuild")  # Sources of users who signed up earlier.


def call(url, headers, body=None):
    """Returns the JSON of a response, or None after 404. Retries what can succeed later."""
    data = None if body is None else json.dumps(body).encode()
    while True:
        try:
            request = urllib.request.Request(url, data, headers)
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.loads(response.read() or "null")
        except urllib.error.HTTPError as error:
            if error.code == 404 and body is None:
                return None
            # After 410, events were removed before they were read. Decide which users get a mail.
            if error.code < 500 and error.code != 429:
                raise
            time.sleep(float(error.headers.get("retry-after", 1)))
        except OSError:
            time.sleep(1)


def get(path):
    return call(URL + path, {"Authorization": f"Bearer {os.environ['MEETVO_API_KEY']}"})


def send_welcome(user_id):
    user = get(f"/v1/users/{user_id}")
    if user and user["email"]:
        # After a crash, the mail is sent again with this key. The provider drops the repetition.
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"welcome-{user_id}"}
        call(os.environ["MAIL_URL"], headers, {"to": user["email"], "subject": "Welcome!"})


db = sqlite3.connect(os.environ.get("OUTBOX_FILE", "outbox.db"), isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS outbox (user_id TEXT PRIMARY KEY, sent INTEGER DEFAULT 0)")
db.execute("CREATE TABLE IF NOT EXISTS cursor (value TEXT)")
# The first run starts with the users who sign up from now on.
if not db.execute("SELECT 1 FROM cursor").fetchone():
    db.execute("INSERT INTO cursor VALUES (?)", [get("/v1/changes?after=now")["next_cursor"]])
print("following the changes", flush=True)
while True:
    (cursor,) = db.execute("SELECT value FROM cursor").fetchone()
    page = get(f"/v1/changes?kind=user&operation=created&after={cursor}")
    new = [(change["id"],) for change in page["data"] if change["source"] not in NOT_NEW]
    with db:  # The mails to send and the cursor are stored together.
        db.execute("BEGIN")
        db.executemany("INSERT INTO outbox (user_id) VALUES (?) ON CONFLICT DO NOTHING", new)
        db.execute("UPDATE cursor SET value = ?", [page["next_cursor"]])
    for (user,) in db.execute("SELECT user_id FROM outbox WHERE sent = 0").fetchall():
        send_welcome(user)
        db.execute("UPDATE outbox SET sent = 1 WHERE user_id = ?", [user])
    if not page["has_more"]:
        time.sleep(0.5)
