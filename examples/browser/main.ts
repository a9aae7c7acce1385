// Shows whoever is signed in, as the service knows them, and again whenever that changes.

import { Client, Refused, type User } from "./api.js";

/** What Clerk's script puts into the page. */
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
  // Whoever has just signed up is here before the webhook is.
  show(await client.get("/v1/me", { wait: "10s" }));
  let cursor: string | undefined;
  for (;;) {
    // A stream ends after a quarter of an hour at most: the next one goes on where it was. One of somebody who
    // is banned or deleted ends at once, and the next one is refused.
    for await (const change of client.changes(cursor)) {
      cursor = change.cursor;
      show(await client.get("/v1/me"));
    }
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

main().catch((error: unknown) => {
  // `session_ended`, `user_banned`: whoever it was is not signed in any more.
  element("problem").textContent = error instanceof Refused ? `${error.problem.code}: ${error.message}` : String(error);
});
