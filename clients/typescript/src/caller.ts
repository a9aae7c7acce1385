import type { MeetvoClient, User } from "./client.js";
import { MeetvoError } from "./problem.js";
import type { RetryOptions } from "./retry.js";

/** Headers of a request, in the form of `fetch` or of Node.js. */
export type Headers = FetchHeaders | NodeHeaders;

type FetchHeaders = Pick<globalThis.Headers, "get">;
type NodeHeaders = { get?: never; [name: string]: string | string[] | undefined };

/** Options of the functions that read the caller. */
export interface CallerOptions {
  /** Time to wait for a user who has just signed up. `3s` by default. */
  wait?: string;
}

/** Names of Clerk's session cookies: `__session`, and `__session_` with the suffix of the instance. */
const SESSION_COOKIE = /^__session(_[\w-]+)?=/;

/** Short, because a person waits for the response, and because invalid tokens can cause a 429. */
const RETRY: RetryOptions = { retries: 2, maxDelayMs: 500, maxRetryAfterMs: 2_000 };

/** Returns the headers with the credentials of a caller, in the form in which the caller sent them. */
export function callerCredentials(headers: Headers): Record<string, string> {
  const authorization = header(headers, "authorization");
  if (authorization) return { authorization };
  const cookies = header(headers, "cookie")?.split(/;\s*/) ?? [];
  const cookie = cookies.filter((it) => SESSION_COOKIE.test(it)).join("; ");
  return cookie ? { cookie } : {};
}

/**
 * Returns the synced user of the session token in the headers, or null if there is no valid token.
 * The service verifies the token.
 */
export async function currentUser(meetvo: MeetvoClient, headers: Headers, options: CallerOptions = {}): Promise<User | null> {
  try {
    return await requiredUser(meetvo, headers, options);
  } catch (error) {
    if (error instanceof MeetvoError && error.status === 401) return null;
    throw error;
  }
}

/** Returns the synced user of the session token in the headers. Fails with the reason of the service. */
export async function requiredUser(meetvo: MeetvoClient, headers: Headers, options: CallerOptions = {}): Promise<User> {
  if (Object.keys(callerCredentials(headers)).length === 0) throw noCredentials();
  return await meetvo.asCaller(headers, RETRY).me.get({ wait: options.wait ?? "3s" });
}

function noCredentials(): MeetvoError {
  const detail = "The request has no session token.";
  return new MeetvoError({ title: "Unauthorized", status: 401, code: "credentials_missing", detail, request_id: null });
}

/** Role or permission in an organization. */
export interface MemberRule {
  /** Role that the user must have, such as `org:admin`. */
  role?: string;
  /** Permission that the role of the user must have. */
  permission?: string;
}

/** Returns the problem of a user who may not act in an organization, or null. */
export async function memberProblem(meetvo: MeetvoClient, user: User, organizationId: string, rule: MemberRule): Promise<MeetvoError | null> {
  const check = await meetvo.memberships.check({ user_id: user.id, organization_id: organizationId, ...rule });
  if (check.allowed) return null;
  const detail = "The user may not act in this organization.";
  return new MeetvoError({ title: "Forbidden", status: 403, code: check.reason, detail, request_id: null });
}

function header(headers: Headers, name: string): string | undefined {
  const value = isFetchHeaders(headers) ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value.join("; ") : value) ?? undefined;
}

const isFetchHeaders = (headers: Headers): headers is FetchHeaders => typeof headers.get === "function";
