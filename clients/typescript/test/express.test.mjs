import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { MeetvoClient } from "@meetvo/client";
import { attachUser, requireMember, requireUser } from "@meetvo/client/express";
import express from "express";

import { KEY, client, join, sessionToken, signUp, unique } from "./support.mjs";

/** @type {import("node:http").Server} */
let server;
let url = "";

before(async () => {
  const meetvo = client();
  const app = express();
  app.get("/", attachUser(meetvo), (request, response) => {
    response.json(request.meetvoUser?.id ?? "nobody");
  });
  app.get("/me", requireUser(meetvo), (request, response) => {
    response.json(request.meetvoUser?.id);
  });
  app.get("/away", requireUser(new MeetvoClient({ url: "http://127.0.0.1:1" })), (_, response) => {
    response.json("never");
  });
  /** @type {import("@meetvo/client/express").MemberOptions<import("express").Request>} */
  const admins = { organizationId: (request) => String(request.params["id"]), role: "org:admin" };
  app.get("/organizations/:id", requireUser(meetvo), requireMember(meetvo, admins), (_, response) => {
    response.json("welcome");
  });
  // The log of the expected errors is left out.
  app.use((/** @type {Error} */ error, /** @type {express.Request} */ _, /** @type {express.Response} */ response, /** @type {express.NextFunction} */ _next) => {
    response.status(502).json(error.message);
  });
  await new Promise((resolve) => void (server = app.listen(0, "127.0.0.1", () => resolve(undefined))));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${address.port}`;
});
after(() => server.close());

/** @param {string} path @param {Record<string, string>} [headers] */
async function get(path, headers = {}) {
  const response = await fetch(url + path, { headers: { ...headers, connection: "close" } });
  return [response.status, await response.json()];
}

const bearer = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });

test("a signed-in user is attached", async () => {
  const id = await signUp();
  const token = sessionToken(id);
  assert.deepEqual(await get("/", bearer(token)), [200, id]);
  assert.deepEqual(await get("/me", bearer(token)), [200, id]);
  assert.deepEqual(await get("/me", { cookie: `theme=dark; __session=${token}` }), [200, id]);
});

test("invalid credentials are rejected with the reason", async () => {
  const id = await signUp();
  const expired = sessionToken(id, { exp: Math.floor(Date.now() / 1000) - 60 });
  const forged = `${sessionToken(id).slice(0, -8)}AAAAAAAA`;
  const banned = await signUp(unique("user"), { banned: true });
  /** @type {[Record<string, string>, string][]} */
  const cases = [
    [{}, "credentials_missing"],
    [{ cookie: "theme=dark" }, "credentials_missing"],
    [bearer(expired), "token_expired"],
    [{ cookie: `__session=${expired}` }, "token_expired"],
    [bearer(forged), "token_signature"],
    [bearer(KEY), "session_required"],
    [bearer(sessionToken(banned)), "user_banned"],
  ];
  for (const [headers, code] of cases) {
    const [status, problem] = await get("/me", headers);
    assert.deepEqual([status, problem.status, problem.code], [401, 401, code]);
    assert.deepEqual(await get("/", headers), [200, "nobody"], code);
  }
});

test("a user who signs up is waited for", async () => {
  const id = unique("user");
  const response = get("/me", bearer(sessionToken(id)));
  await signUp(id);
  assert.deepEqual(await response, [200, id]);
});

test("only members with the role are let through", async () => {
  const [admin, member, stranger] = await Promise.all([signUp(), signUp(), signUp()]);
  const [theirs, other] = await Promise.all([join(admin, "org:admin"), join(member, "org:member")]);
  assert.deepEqual(await get(`/organizations/${theirs}`, bearer(sessionToken(admin))), [200, "welcome"]);
  /** @type {[string, string, string][]} */
  const cases = [
    [other, member, "role_missing"],
    [theirs, stranger, "no_membership"],
    [other, admin, "no_membership"],
  ];
  for (const [organization, user, code] of cases) {
    const [status, problem] = await get(`/organizations/${organization}`, bearer(sessionToken(user)));
    assert.deepEqual([status, problem.code], [403, code]);
  }
  const [status] = await get(`/organizations/${theirs}`);
  assert.equal(status, 401);
});

test("an unreachable service is an error", async () => {
  assert.deepEqual(await get("/away", bearer(sessionToken("user_1"))), [502, "fetch failed"]);
});
