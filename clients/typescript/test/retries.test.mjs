import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { MeetvoError } from "@meetvo/client";

import { Proxy } from "./proxy.mjs";
import { LIMITED_URL, client, sessionToken, signUp, unique, until } from "./support.mjs";

/** @type {Proxy} */
let proxy;
beforeEach(async () => void (proxy = await Proxy.start()));
afterEach(() => proxy.stop());

/** Returns a `fetch` that records each response. */
function recorder() {
  /** @type {{ status: number, retryAfter: number, at: number, url: string }[]} */
  const responses = [];
  const fetch = async (/** @type {Request} */ request) => {
    const response = await globalThis.fetch(request);
    const retryAfter = Number(response.headers.get("retry-after"));
    responses.push({ status: response.status, retryAfter, at: Date.now(), url: request.url });
    return response;
  };
  return { fetch, responses };
}

test("a read is repeated after 503", async () => {
  const { fetch, responses } = recorder();
  const retry = { retries: 30, baseDelayMs: 10 };
  const meetvo = client({ url: LIMITED_URL, fetch, retry });
  // The service has one place for requests that wait, so it rejects one of the two.
  const ids = [unique("user"), unique("user")];
  const reads = ids.map((id) => meetvo.users.get(id, { wait: "30s" }));
  await until(() => responses.some(({ status }) => status === 503));
  await Promise.all(ids.map((id) => signUp(id, {}, LIMITED_URL)));
  assert.deepEqual((await Promise.all(reads)).map((user) => user.id), ids);
  const rejected = responses.find(({ status }) => status === 503);
  assert(rejected && rejected.retryAfter > 0);
  const repeated = responses.find(({ at, url }) => url === rejected.url && at > rejected.at);
  assert(repeated && repeated.at - rejected.at >= rejected.retryAfter * 1000, "Retry-After is honored");
});

test("a long Retry-After is an error", async () => {
  const id = await signUp(unique("user"), {}, LIMITED_URL);
  const meetvo = client({ url: LIMITED_URL, token: sessionToken(id), retry: { maxRetryAfterMs: 1_000 } });
  assert.equal((await meetvo.me.get()).id, id);
  await assert.rejects(meetvo.me.get(), (error) => {
    assert(error instanceof MeetvoError);
    assert.equal(error.status, 429);
    assert((error.retryAfterMs ?? 0) > 1_000);
    return true;
  });
});

test("a read is repeated after lost connections", async () => {
  const id = await signUp();
  const { accepted } = proxy;
  proxy.resets = 3;
  const meetvo = client({ url: proxy.url, retry: { baseDelayMs: 10 } });
  assert.equal((await meetvo.users.get(id)).id, id);
  assert.equal(proxy.accepted - accepted, 4);
});

test("the number of retries is limited", async () => {
  const { accepted } = proxy;
  proxy.resets = 3;
  const meetvo = client({ url: proxy.url, retry: { retries: 2, baseDelayMs: 10 } });
  await assert.rejects(meetvo.users.get("user_1"), { message: "fetch failed" });
  assert.equal(proxy.accepted - accepted, 3);
});

test("a request that changes something is not repeated", async () => {
  const { accepted } = proxy;
  proxy.resets = 1;
  const meetvo = client({ url: proxy.url, retry: { baseDelayMs: 10 } });
  const call = meetvo.api.POST("/v1/events/reprocess", { params: { query: { decision: "failed" } } });
  await assert.rejects(call, { message: "fetch failed" });
  assert.equal(proxy.accepted - accepted, 1);
});

test("a response that does not come is an error", async () => {
  proxy.isFrozen = true;
  const meetvo = client({ url: proxy.url, retry: { timeoutMs: 100, retries: 1, baseDelayMs: 10 } });
  await assert.rejects(meetvo.users.get("user_1"), { name: "TimeoutError" });
  proxy.isFrozen = false;
});

test("an aborted read ends", async () => {
  const controller = new AbortController();
  const read = client().get("/v1/users/{id}", { id: unique("user"), query: { wait: "30s" }, signal: controller.signal });
  controller.abort(new Error("no longer needed"));
  await assert.rejects(read, { message: "no longer needed" });
});
