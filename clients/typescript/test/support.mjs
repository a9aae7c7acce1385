// Access to the service of the test run. `tests/it/clients.rs` starts it and sets the variables.
import { createHmac, createPrivateKey, randomUUID, sign } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { MeetvoClient } from "@meetvo/client";

/** @param {string} name */
function variable(name) {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run cargo test --test it clients`);
  return value;
}

export const URL = variable("MEETVO_URL");
/** Service with `api.max_waits = 1` and `api.session_rate = 1`. */
export const LIMITED_URL = variable("MEETVO_LIMITED_URL");
export const KEY = variable("MEETVO_API_KEY");

/** Maximum time for a condition, in milliseconds. */
const PATIENCE_MS = 30_000;

/** @param {Partial<import("@meetvo/client").ClientOptions>} [options] */
export function client(options) {
  return new MeetvoClient({ url: URL, token: KEY, ...options });
}

/** Returns an ID that no other test uses. @param {string} prefix */
export const unique = (prefix) => `${prefix}_${randomUUID().replaceAll("-", "")}`;

/** Waits until a condition holds. @param {() => unknown} condition */
export async function until(condition) {
  for (const end = Date.now() + PATIENCE_MS; !condition(); await sleep(10)) {
    if (Date.now() > end) throw new Error(`does not hold: ${condition}`);
  }
}

/** Sends an event of Clerk, and expects that it is applied. @param {string} type @param {object} data */
export async function send(type, data, url = URL) {
  const id = unique("msg");
  const now = Date.now();
  const body = JSON.stringify({ type, object: "event", instance_id: "ins_tests", timestamp: now, data });
  const seconds = String(Math.floor(now / 1000));
  const secret = Buffer.from(variable("MEETVO_SIGNING_SECRET").replace("whsec_", ""), "base64");
  const signature = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
  const headers = { "svix-id": id, "svix-timestamp": seconds, "svix-signature": `v1,${signature}` };
  const response = await fetch(`${url}/webhooks/clerk`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
  });
  const { decision } = /** @type {{ decision: string }} */ (await response.json());
  if (decision !== "applied") throw new Error(`${type}: ${decision}`);
}

/** Adds a user and returns the ID. @param {string} id @param {object} [values] */
export async function signUp(id = unique("user"), values = {}, url = URL) {
  const now = Date.now();
  const email = { id: `idn_${id}`, email_address: `${id}@example.com`, verification: { status: "verified" } };
  const user = { id, object: "user", first_name: "Ada", last_name: "Lovelace", created_at: now, updated_at: now };
  const addresses = { email_addresses: [email], primary_email_address_id: email.id };
  await send("user.created", { ...user, ...addresses, ...values }, url);
  return id;
}

/** Adds an organization with a member. @param {string} userId @param {string} role */
export async function join(userId, role) {
  const now = Date.now();
  const organization = { id: unique("org"), object: "organization", name: "Riverbend", created_at: now, updated_at: now };
  await send("organization.created", organization);
  await send("organizationMembership.created", {
    id: unique("orgmem"),
    object: "organization_membership",
    role,
    permissions: [],
    organization,
    public_user_data: { user_id: userId },
    created_at: now,
    updated_at: now,
  });
  return organization.id;
}

/** Returns a session token of a user. @param {string} userId @param {object} [changed] */
export function sessionToken(userId, changed = {}) {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now - 10, exp: now + 600 };
  const issuer = { iss: variable("MEETVO_ISSUER"), azp: "https://app.example.com", v: 2, sts: "active" };
  const claims = { ...issuer, ...times, sub: userId, sid: `sess_${userId}`, ...changed };
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT", kid: "ins_shared" })}.${part(claims)}`;
  const key = createPrivateKey(variable("MEETVO_SESSION_KEY"));
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
