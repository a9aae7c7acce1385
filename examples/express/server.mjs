// Signed-in users and roles in an Express application.
import { MeetvoClient, MeetvoError } from "@meetvo/client";
import { attachUser, requireMember, requireUser } from "@meetvo/client/express";
import express from "express";

const { MEETVO_URL = "http://127.0.0.1:8080", MEETVO_API_KEY } = process.env;
const { HOST = "127.0.0.1", PORT = "3000" } = process.env;
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
app.get(
  "/organizations/:id/settings",
  requireUser(meetvo),
  requireMember(meetvo, { organizationId: (request) => request.params.id, role: "org:admin" }),
  async (request, response) => {
    const organization = await meetvo.organizations.get(String(request.params.id));
    const members = [];
    for await (const member of meetvo.organizations.memberships(organization.id)) {
      members.push({ email: member.user?.email, role: member.role });
    }
    response.json({ name: organization.name, members });
  },
);

// 404: the webhook of a user who has just signed up is late. 429 and 503: the service is busy.
const TEMPORARY = [404, 429, 503];

/**
 * Responds to errors. If the service is unavailable, no handler of a page has been called.
 * @param {unknown} error
 * @param {express.Request} _request
 * @param {express.Response} response
 * @param {express.NextFunction} _next
 */
function unavailable(error, _request, response, _next) {
  console.error(error);
  const isTemporary = error instanceof MeetvoError && TEMPORARY.includes(error.status);
  response.status(isTemporary ? 503 : 500).type("text").send("Please try again later.");
}
app.use(unavailable);

const server = app.listen(Number(PORT), HOST, () => {
  const address = server.address();
  if (address && typeof address === "object") console.log(`listening on http://${HOST}:${address.port}`);
});
