"""Verifies messages with the libraries of Svix and of Standard Webhooks.

Each line of the standard input is a message: its secret, headers and body.
"""

import json
import sys

import standardwebhooks
import svix

lines = [json.loads(line) for line in sys.stdin]
for message in lines:
    for webhook, error in [
        (standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError),
        (svix.Webhook, svix.WebhookVerificationError),
    ]:
        library = webhook(message["secret"])
        library.verify(message["body"], message["headers"])
        try:
            library.verify(message["body"].replace("user", "resu"), message["headers"])
        except error:
            continue
        raise SystemExit("a changed body was accepted")
print(f"verified {len(lines)} messages")
