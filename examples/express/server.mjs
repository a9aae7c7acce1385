// Signed-in users and roles in an Express application.
import { MeetvoClient, MeetvoError } from "@meetvo/client";
import { attachUser, requireMember, requireUser } from "@meetvo/client/express";
import express from "express";

const { MEETVO_URL = "http://127.0.0.1:8080", MEETVO_API_KEY, PORT = "3000" } = process.env;
if (!MEETVO_API_KEY) throw new Error("set MEETVO_API_KEY");

const meetvo = new MeetvoClient({ url: MEETVO_URL, token: MEETVO_API_KEY });
const app = express();

// A page for everyone, which greets signed-in users.
app.get("/", attachUser(meetvo), (request, response) => {
  const user = request.meetvoUser;
  response.type("text").send(user ? `Hello, ${user.first_name ?? user.id}!` : "Please sign in.");
});

// Data of the signed-in user.
app.get("/me", requireUser(meetvo), (request, response) => {
  response.json(request.meetvoUser);
});

// A page for the administrators of an organization.
/** @type {import("@meetvo/client/express").MemberOptions<express.Request>} */
const admins = { organizationId: (request) => String(request.params.id), role: "org:admin" };
app.get(
  "/organizations/:id/settings",
  requireUser(meetvo),
  requireMember(meetvo, admins),
  async (request, response) => {
    const organization = await meetvo.organizations.get(String(request.params.id));
    const members = [];
    for await (const member of meetvo.organizations.memberships(organization.id)) {
      members.push({ email: member.user?.email, role: member.role });
    }
    response.json({ name: organization.name, members });
  },
);

/**
 * Responds to errors. If the service is unavailable, no handler of a page has been called.
 * @param {unknown} error
 * @param {express.Request} _request
 * @param {express.Response} response
 * @param {express.NextFunction} _next
 */
function unavailable(error, _request, response, _next) {
  console.error(error);
  const isTemporary = error instanceof MeetvoError && [429, 503].includes(error.status);
  response.status(isTemporary ? 503 : 500).type("text").send("Please try again later.");
}
app.use(unavailable);

const server = app.listen(Number(PORT), "127.0.0.1", () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`listening on http://127.0.0.1:${address.port}`);
});
