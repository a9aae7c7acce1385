// Runs an action only for users with a role in an organization: node gate.mjs USER ORGANIZATION
import { setTimeout as sleep } from "node:timers/promises";

const { MEETVO_URL = "http://127.0.0.1:8080", MEETVO_API_KEY } = process.env;
const ATTEMPTS = 3;

/** Asks the service, and repeats the request if the service is overloaded or restarts. */
async function check(query) {
  const url = `${MEETVO_URL}/v1/memberships/check?${new URLSearchParams(query)}`;
  const headers = { Authorization: `Bearer ${MEETVO_API_KEY}` };
  for (let attempt = 1; ; attempt += 1) {
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(url, { headers, signal }).catch((error) => error);
    if (response.ok) return response.json();
    const isTemporary = !response.status || response.status === 429 || response.status === 503;
    if (!isTemporary || attempt === ATTEMPTS) {
      throw new Error(`cannot check the membership: ${response.status ?? response}`);
    }
    await sleep(1000 * Number(response.headers?.get("retry-after") ?? 1));
  }
}

/** Returns the export, which is a feature for administrators. Any error denies the access. */
async function exportMembers(user_id, organization_id) {
  const { allowed, reason } = await check({ user_id, organization_id, role: "org:admin" });
  if (!allowed) throw new Error(`denied: ${reason}`);
  return `members of ${organization_id}`;
}

// In an application, take the user from a verified session token, and take the organization to which
// the data belongs.
const [user, organization] = process.argv.slice(2);
try {
  console.log(await exportMembers(user, organization));
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
}
