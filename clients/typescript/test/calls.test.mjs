import assert from "node:assert/strict";
import { test } from "node:test";

import { MeetvoClient, MeetvoError } from "@meetvo/client";

import { KEY, URL, client, join, signUp, unique } from "./support.mjs";

test("a user is read", async () => {
  const id = await signUp();
  const user = await client().users.get(id);
  assert.equal(user.id, id);
  assert.equal(user.email, `${id}@example.com`);
});

test("a missing user is an error with the problem", async () => {
  const read = client().users.get(unique("user"));
  await assert.rejects(read, (error) => {
    assert(error instanceof MeetvoError);
    assert.equal(error.status, 404);
    assert.equal(error.code, "not_found");
    assert.match(error.message, /^404 not_found: ./);
    assert.match(error.requestId ?? "", /^req_/);
    assert.deepEqual(error.toJSON().detail, error.detail);
    return true;
  });
});

test("an unknown key and a wrong parameter are errors", async () => {
  const unknown = client({ token: "unknown_key_of_the_tests_0123456789" });
  await assert.rejects(unknown.users.get("user_1"), { status: 401, code: "credentials_unknown" });
  await assert.rejects(client().users.list({ limit: 0 }).next(), { status: 400, code: "parameter_invalid" });
});

test("an error of another server has no problem", async () => {
  const fetch = async () => new Response("<h1>Bad gateway</h1>", { status: 500 });
  await assert.rejects(client({ fetch }).users.get("user_1"), { status: 500, code: "http_error" });
});

test("a list is read page by page", async () => {
  const ids = (await Promise.all(Array.from({ length: 5 }, () => signUp()))).sort();
  let requests = 0;
  const fetch = (/** @type {Request} */ request) => {
    requests += 1;
    return globalThis.fetch(request);
  };
  const meetvo = client({ fetch });
  const found = [];
  for await (const user of meetvo.users.list({ id: ids, limit: 2 })) found.push(user.id);
  assert.deepEqual(found, ids);
  assert.equal(requests, 3);
  for await (const user of meetvo.users.list({ id: ids, limit: 2 })) {
    assert.equal(user.id, ids[0]);
    break;
  }
  assert.equal(requests, 4, "the other pages are not read");
});

test("a list has only the requested fields", async () => {
  const id = await signUp();
  const users = [];
  for await (const user of client().users.list({ id: [id], fields: ["id", "email"] })) users.push(user);
  assert.deepEqual(users, [{ id, email: `${id}@example.com` }]);
});

test("any list can be read by its path", async () => {
  const id = await signUp();
  const organization = await join(id, "org:admin");
  const members = [];
  for await (const member of client().list("/v1/organizations/{id}/memberships", { id: organization })) members.push(member);
  assert.deepEqual(members.map((member) => member.user_id), [id]);
});

test("a membership is checked", async () => {
  const id = await signUp();
  const organization_id = await join(id, "org:member");
  const check = (/** @type {string} */ role) => client().memberships.check({ user_id: id, organization_id, role });
  assert.equal((await check("org:member")).allowed, true);
  const denied = await check("org:admin");
  assert.deepEqual([denied.allowed, denied.reason, denied.membership?.role], [false, "role_missing", "org:member"]);
});

test("every other call is typed by its path", async () => {
  const { data } = await client().api.GET("/v1/status");
  assert.ok(data?.status);
});

test("the token is asked for before each request", async () => {
  const id = await signUp();
  const tokens = ["unknown_key_of_the_tests_0123456789", KEY];
  const meetvo = new MeetvoClient({ url: URL, token: async () => tokens.shift() ?? null });
  await assert.rejects(meetvo.users.get(id), { status: 401 });
  assert.equal((await meetvo.users.get(id)).id, id);
});
