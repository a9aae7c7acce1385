import { readFile, rename, writeFile } from "node:fs/promises";

import { MeetvoError, type User } from "@meetvo/client";

import { meetvo } from "./meetvo";

const { MAIL_URL, CURSOR_FILE = "cursor", MEETVO_ENDPOINT_SECRET } = process.env;
// Sources of users who signed up earlier.
const NOT_NEW = ["backfill", "rebuild"];

/** Follows the change feed, and sends one mail to each new user. */
export async function followSignUps(): Promise<void> {
  // With the secret, the service pushes the changes to `app/api/hooks/route.ts`.
  if (!MAIL_URL || MEETVO_ENDPOINT_SECRET) return;
  // The first run starts with the users who sign up from now on.
  const after = await readFile(CURSOR_FILE, "utf8").catch(ifMissing);
  await save(after);
  for await (const change of meetvo.changes.follow({ after, kind: ["user"], operation: ["created"] })) {
    const user = NOT_NEW.includes(change.source) ? null : await meetvo.users.get(change.id).catch(ifDeleted);
    if (user) await sendWelcomeMail(user);
    // After a crash before this line, the mail is sent again with the same key.
    await save(change.cursor);
  }
}

/** Sends a mail to a new user. The mail provider must drop a repeated idempotency key. */
export async function sendWelcomeMail(
  { id, email, first_name }: Pick<User, "id" | "email" | "first_name">,
): Promise<void> {
  if (!MAIL_URL || !email) return;
  const response = await fetch(MAIL_URL, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": `welcome-${id}` },
    body: JSON.stringify({ to: email, subject: `Welcome, ${first_name ?? "friend"}!` }),
    // The service waits 15 s for the answer to a message.
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the mail provider responded with ${response.status}`);
}

/** Returns the current position of the change feed if the file with the cursor does not exist. */
async function ifMissing(error: NodeJS.ErrnoException): Promise<string> {
  if (error.code === "ENOENT") return meetvo.changes.position();
  throw error;
}

/** Returns null if the user has been deleted since the change. */
function ifDeleted(error: unknown): null {
  if (error instanceof MeetvoError && error.status === 404) return null;
  throw error;
}

async function save(cursor: string): Promise<void> {
  await writeFile(`${CURSOR_FILE}.new`, cursor);
  await rename(`${CURSOR_FILE}.new`, CURSOR_FILE);
}
