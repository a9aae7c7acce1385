"""Receives the messages that the service pushes, and keeps the members of each organization."""

import json
import os
import sqlite3
from contextlib import closing
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from svix.webhooks import Webhook, WebhookVerificationError

DATABASE = os.environ.get("DATABASE_FILE", "members.db")
TABLE = "CREATE TABLE IF NOT EXISTS members (id PRIMARY KEY, organization_id, user_id)"
# Column with the ID of the object. Memberships end with their user or organization, too.
COLUMNS = {"membership": "id", "user": "user_id", "organization": "organization_id"}

app = FastAPI()
webhook = Webhook(os.environ["MEETVO_ENDPOINT_SECRET"])
with closing(sqlite3.connect(DATABASE)) as database:
    database.execute(TABLE)


@app.post("/hooks", status_code=204)
async def receive(request: Request) -> None:
    body = await request.body()
    try:
        webhook.verify(body, dict(request.headers))
    except WebhookVerificationError as error:
        raise HTTPException(400, "invalid signature") from error
    kind = (message := json.loads(body))["type"].split(".")[0]
    if kind in COLUMNS:
        process(kind, message["data"])


def process(kind: str, data: dict[str, Any] | None) -> None:
    """Stores the state of the object, so that a repeated message changes nothing."""
    if data is None:
        # The service sends the message again.
        raise HTTPException(500, "the service cannot read the object")
    with closing(sqlite3.connect(DATABASE)) as database, database:
        if data.get("deleted"):
            database.execute(f"DELETE FROM members WHERE {COLUMNS[kind]} = ?", [data["id"]])
        elif kind == "membership":
            member = [data["id"], data["organization_id"], data["user_id"]]
            database.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?)", member)


@app.get("/organizations/{organization_id}/seats")
def seats(organization_id: str) -> dict[str, int]:
    query = "SELECT count(*) FROM members WHERE organization_id = ?"
    with closing(sqlite3.connect(DATABASE)) as database:
        return {"taken": database.execute(query, [organization_id]).fetchone()[0]}
