import assert from "node:assert/strict";
import { test } from "node:test";

import { MeetvoClient, currentUser } from "@meetvo/client";
import { withMember, withUser } from "@meetvo/client/next";

import { client, join, sessionToken, signUp } from "./support.mjs";

/** @param {string} [token] */
function request(token) {
  return new Request("https://app.example.com/", token ? { headers: { authorization: `Bearer ${token}` } } : {});
}

/** @typedef {{ params: Promise<{ id: string }> }} Context */

test("a handler receives the user and the context", async () => {
  const id = await signUp();
  const handler = withUser(client(), async (_, user, /** @type {Context} */ context) => {
    return Response.json([user.id, (await context.params).id]);
  });
  const context = { params: Promise.resolve({ id: "7" }) };
  const response = await handler(request(sessionToken(id)), context);
  assert.deepEqual(await response.json(), [id, "7"]);
});

test("a handler is not called without a valid token", async () => {
  const handler = withUser(client(), () => assert.fail("called"));
  for (const [token, code] of [[undefined, "credentials_missing"], ["eyJ.x.y", "token_malformed"]]) {
    const response = await handler(request(token), {});
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.equal((await response.json()).code, code);
  }
});

test("a handler is only called for members with the role", async () => {
  const [admin, member] = await Promise.all([signUp(), signUp()]);
  const organization = await join(admin, "org:admin");
  const options = { organizationId: () => organization, role: "admin" };
  const handler = withMember(client(), options, () => new Response("welcome"));
  assert.equal((await handler(request(sessionToken(admin)), {})).status, 200);
  const denied = await handler(request(sessionToken(member)), {});
  assert.deepEqual([denied.status, (await denied.json()).code], [403, "no_membership"]);
});

test("an unreachable service is an error", async () => {
  const handler = withUser(new MeetvoClient({ url: "http://127.0.0.1:1" }), () => assert.fail("called"));
  await assert.rejects(handler(request(sessionToken("user_1")), {}), { message: "fetch failed" });
});

test("the user of a page is read from its headers", async () => {
  const id = await signUp();
  const user = await currentUser(client(), new Headers({ cookie: `__session=${sessionToken(id)}` }));
  assert.equal(user?.id, id);
  assert.equal(await currentUser(client(), new Headers()), null);
});
