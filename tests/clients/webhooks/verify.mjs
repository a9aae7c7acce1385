// Verifies messages with the libraries of Svix and of Standard Webhooks. Each line of the standard
// input is a message: its secret, headers and body.
import { readFileSync } from "node:fs";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const lines = readFileSync(0, "utf8").trim().split("\n");
for (const { secret, headers, body } of lines.map((line) => JSON.parse(line))) {
  for (const Library of [StandardWebhook, SvixWebhook]) {
    const verify = (text) => new Library(secret).verify(text, headers);
    verify(body);
    let accepted = true;
    try {
      verify(body.replace("user", "resu"));
    } catch {
      accepted = false;
    }
    if (accepted) {
      throw new Error("a changed body was accepted");
    }
  }
}
console.log(`verified ${lines.length} messages`);
