import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { MeetvoError } from "@meetvo/client";

import { Proxy } from "./proxy.mjs";
import { client, send, sessionToken, signUp, unique, until } from "./support.mjs";

/** @type {Proxy} */
let proxy;
/** Ends the streams of a test that fails. @type {AbortController} */
let end;
beforeEach(async () => {
  proxy = await Proxy.start();
  end = new AbortController();
});
afterEach(async () => {
  end.abort();
  await proxy.stop();
});

/** Reads the IDs of changes until all of these users were found, and returns those of these users. */
async function collect(/** @type {AsyncIterable<import("@meetvo/client").Change>} */ changes, /** @type {string[]} */ ids) {
  const found = [];
  for await (const change of changes) {
    if (ids.includes(change.id)) found.push(change.id);
    if (found.length >= ids.length) return found;
  }
  throw new Error("the stream has ended");
}

const follow = (/** @type {import("@meetvo/client").FollowOptions} */ options) =>
  client({ url: proxy.url, retry: { baseDelayMs: 10 } }).changes.follow({ kind: ["user"], signal: end.signal, ...options });

test("changes are followed from a position", async () => {
  const meetvo = client();
  const after = await meetvo.changes.position();
  const ids = [await signUp(), await signUp()];
  const page = await meetvo.changes.page({ after, kind: ["user"], operation: ["created"] });
  assert.deepEqual(page.data.map((change) => change.id).filter((id) => ids.includes(id)), ids);
  const changes = meetvo.changes.follow({ after, kind: ["user"] });
  assert.deepEqual(await collect(changes, ids), ids);
  const later = await signUp();
  assert.deepEqual(await collect(meetvo.changes.follow({ after: changes.cursor ?? "" }), [later]), [later]);
});

test("a cut stream resumes without a gap", async () => {
  /** @type {unknown[]} */
  const lost = [];
  const changes = follow({ onDisconnect: (error) => lost.push(error) });
  const ids = Array.from({ length: 4 }, () => unique("user"));
  const found = collect(changes, ids);
  await until(() => changes.cursor);
  // Cut before the first change: the position is the one with which the stream began.
  proxy.cut();
  await signUp(ids[0]);
  // Cut within a change.
  proxy.cutBefore = `"kind":"user"`;
  await signUp(ids[1]);
  await until(() => proxy.cutBefore === undefined);
  await signUp(ids[2]);
  await until(() => lost.length >= 2);
  proxy.resets = 3;
  proxy.cut();
  await signUp(ids[3]);
  assert.deepEqual(await found, ids, "each change once, in order");
  assert(proxy.accepted >= 6, `${proxy.accepted} connections`);
});

test("a silent connection is replaced", async () => {
  /** @type {unknown[]} */
  const lost = [];
  const changes = follow({ idleTimeoutMs: 500, onDisconnect: (error) => lost.push(error) });
  const id = unique("user");
  const found = collect(changes, [id]);
  await until(() => changes.cursor);
  proxy.isFrozen = true;
  await signUp(id);
  const timeouts = () => lost.filter((error) => error instanceof DOMException && error.name === "TimeoutError");
  // The second connection is silent from its beginning.
  await until(() => timeouts().length >= 2);
  proxy.isFrozen = false;
  assert.deepEqual(await found, [id]);
});

test("an unknown position and an unknown key are errors", async () => {
  const unknown = follow({ after: "999999999" })[Symbol.asyncIterator]().next();
  await assert.rejects(unknown, (error) => error instanceof MeetvoError && error.code === "cursor_expired");
  const rejected = client({ token: "unknown_key_of_the_tests_0123456789" }).changes.follow();
  await assert.rejects(rejected[Symbol.asyncIterator]().next(), { status: 401 });
});

test("an error of the token function ends the iteration", async () => {
  const token = () => Promise.reject(new Error("signed out"));
  const changes = client({ token }).changes.follow();
  await assert.rejects(changes[Symbol.asyncIterator]().next(), { message: "signed out" });
});

test("a signal ends the iteration", async () => {
  const controller = new AbortController();
  const changes = follow({ signal: controller.signal });
  const next = changes[Symbol.asyncIterator]().next();
  await until(() => changes.cursor);
  controller.abort();
  assert.deepEqual(await next, { done: true, value: undefined });
  await until(() => proxy.inUse === 0);
});

test("the end of a loop closes the connection", async () => {
  const changes = follow({ after: await client().changes.position() });
  await signUp();
  for await (const _ of changes) break;
  await until(() => proxy.inUse === 0);
});

test("a user follows their own changes", async () => {
  const id = await signUp();
  const meetvo = client({ token: () => sessionToken(id) });
  const changes = meetvo.me.changes();
  const iteration = changes[Symbol.asyncIterator]();
  const next = iteration.next();
  await until(() => changes.cursor);
  await signUp();
  await send("user.updated", { id, object: "user", first_name: "Grace", updated_at: Date.now() + 1 });
  const { value } = await next;
  assert.deepEqual([value?.id, value?.operation], [id, "updated"]);
  await iteration.return();
});
