// Sends one welcome mail to each new user, also after a crash at any point. Needs Node.js 20.
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const { MEETVO_URL = "http://127.0.0.1:8080", MEETVO_API_KEY, MAIL_URL, CURSOR_FILE = "cursor" } =
  process.env;
const NOT_NEW = ["backfill", "rebuild"]; // Sources of users who signed up earlier.
const isLasting = ({ status }) => status < 500 && status !== 429;
const send = (url, init) =>
  fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }).catch((error) => error);

async function get(path) {
  const headers = { Authorization: `Bearer ${MEETVO_API_KEY}` };
  for (;;) {
    const response = await send(MEETVO_URL + path, { headers });
    if (response.ok) return response.json();
    if (response.status === 404) return null;
    // After 410, events were removed before this program read them. Decide which users get a mail.
    if (isLasting(response)) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    await sleep(1000 * Number(response.headers?.get("retry-after") ?? 1));
  }
}

// Writes a new file and renames it, so that a crash leaves the old cursor or the new one.
function save(cursor) {
  const file = fs.openSync(`${CURSOR_FILE}.new`, "w");
  fs.writeSync(file, cursor);
  fs.fsyncSync(file);
  fs.closeSync(file);
  fs.renameSync(`${CURSOR_FILE}.new`, CURSOR_FILE);
}

async function sendWelcome(change) {
  const user = await get(`/v1/users/${change.id}`);
  if (!user?.email) return;
  const mail = { to: user.email, subject: `Welcome, ${user.first_name ?? "friend"}!` };
  // After a crash, the mail is sent again with the same key, and the provider drops the repetition.
  const headers = { "Content-Type": "application/json", "Idempotency-Key": `welcome-${change.id}` };
  for (;;) {
    const response = await send(MAIL_URL, { method: "POST", headers, body: JSON.stringify(mail) });
    if (response.ok) return;
    if (isLasting(response)) throw new Error(`${MAIL_URL}: ${response.status}`);
    await sleep(1000);
  }
}

// The first run starts with the users who sign up from now on.
if (!fs.existsSync(CURSOR_FILE)) save((await get("/v1/changes?after=now")).next_cursor);
let cursor = fs.readFileSync(CURSOR_FILE, "utf8");
console.log(`following the changes after ${cursor}`);
for (;;) {
  const page = await get(`/v1/changes?kind=user&operation=created&after=${cursor}`);
  for (const change of page.data) {
    if (!NOT_NEW.includes(change.source)) await sendWelcome(change);
    save(change.cursor);
  }
  if (page.next_cursor !== cursor) save((cursor = page.next_cursor));
  if (!page.has_more) await sleep(500);
}
