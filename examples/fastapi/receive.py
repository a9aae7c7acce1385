"""Receives the messages that the service pushes, and counts the members of each organization."""

import json
import os
import sqlite3
from contextlib import closing
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from svix.webhooks import Webhook, WebhookVerificationError

DATABASE = os.environ.get("DATABASE_FILE", "seats.db")
TABLES = """
CREATE TABLE IF NOT EXISTS processed (message_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS seats (organization_id TEXT PRIMARY KEY, taken INTEGER NOT NULL);
"""
SEATS = {"membership.created": 1, "membership.deleted": -1}

app = FastAPI()
webhook = Webhook(os.environ["MEETVO_ENDPOINT_SECRET"])
with closing(sqlite3.connect(DATABASE)) as database:
    database.executescript(TABLES)


@app.post("/hooks", status_code=204)
async def receive(request: Request) -> None:
    body = await request.body()
    try:
        webhook.verify(body, dict(request.headers))
    except WebhookVerificationError as error:
        raise HTTPException(400, "invalid signature") from error
    process(request.headers["webhook-id"], json.loads(body))


def process(message_id: str, message: dict[str, Any]) -> None:
    """Processes a message once: its ID and its effect are stored in one transaction."""
    with closing(sqlite3.connect(DATABASE)) as database, database:
        stored = database.execute("INSERT OR IGNORE INTO processed VALUES (?)", [message_id])
        if stored.rowcount and message["type"] in SEATS:
            database.execute(
                "INSERT INTO seats VALUES (?1, ?2)"
                " ON CONFLICT (organization_id) DO UPDATE SET taken = taken + ?2",
                [message["change"]["organization_id"], SEATS[message["type"]]],
            )


@app.get("/organizations/{organization_id}/seats")
def seats(organization_id: str) -> dict[str, int]:
    query = "SELECT taken FROM seats WHERE organization_id = ?"
    with closing(sqlite3.connect(DATABASE)) as database:
        found = database.execute(query, [organization_id]).fetchone()
    return {"taken": found[0] if found else 0}
