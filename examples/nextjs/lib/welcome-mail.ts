import { readFile, rename, writeFile } from "node:fs/promises";

import { type Change, MeetvoError } from "@meetvo/client";

import { meetvo } from "./meetvo";

const { MAIL_URL, CURSOR_FILE = "cursor" } = process.env;
// Sources of users who signed up earlier.
const NOT_NEW = ["backfill", "rebuild"];

/** Sends one mail to each new user. The mail provider must drop a repeated idempotency key. */
export async function sendWelcomeMails(): Promise<void> {
  if (!MAIL_URL) return;
  // The first run starts with the users who sign up from now on.
  const after = await readFile(CURSOR_FILE, "utf8").catch(ifMissing);
  await save(after);
  for await (const change of meetvo.changes.follow({ after, kind: ["user"], operation: ["created"] })) {
    if (!NOT_NEW.includes(change.source)) await sendMail(change);
    // After a crash before this line, the mail is sent again with the same key.
    await save(change.cursor);
  }
}

async function sendMail({ id }: Change): Promise<void> {
  const user = await meetvo.users.get(id).catch(ifDeleted);
  if (!user?.email) return;
  const response = await fetch(MAIL_URL!, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": `welcome-${id}` },
    body: JSON.stringify({ to: user.email, subject: `Welcome, ${user.first_name ?? "friend"}!` }),
    signal: AbortSignal.timeout(30_000),
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
