// Shows the signed-in user as synced by the service, and updates the page after each change.

import { ApiError, Client, type User } from "./api.js";

/** The global object that Clerk's script defines. */
declare const Clerk: {
  load(): Promise<void>;
  mountSignIn(element: Element): void;
  readonly session: { getToken(): Promise<string | null> } | null;
};

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};

function show(user: User): void {
  element("name").textContent = [user.first_name, user.last_name].filter(Boolean).join(" ") || user.id;
  element("email").textContent = user.email ?? "";
  element("metadata").textContent = JSON.stringify(user.public_metadata, null, 2);
}

async function main(): Promise<void> {
  await Clerk.load();
  const session = Clerk.session;
  if (session === null) return Clerk.mountSignIn(element("sign-in"));
  const client = new Client(document.body.dataset["service"] ?? "", () => session.getToken());
  // After a sign-up, the browser is often faster than the webhook.
  show(await client.get("/v1/me", { wait: "10s" }));
  let cursor: string | undefined;
  for (;;) {
    // A stream ends after at most 15 minutes, and the next one resumes after the cursor. If the user is
    // banned or deleted, the stream ends immediately and the next one is rejected.
    for await (const change of client.changes(cursor)) {
      cursor = change.cursor;
      show(await client.get("/v1/me"));
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

main().catch((error: unknown) => {
  // With `session_ended` or `user_banned`, the user is no longer signed in.
  element("problem").textContent = error instanceof ApiError ? `${error.problem.code}: ${error.message}` : String(error);
});
