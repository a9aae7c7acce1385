import type { User } from "@meetvo/client";
import { Webhook } from "standardwebhooks";

import { sendWelcomeMail } from "../../../lib/welcome-mail";

/** Pushed message about a new user. Other types have other objects in `data`. */
interface Message {
  type: string;
  data: Pick<User, "id" | "email" | "first_name"> | null;
  change: { source: string };
}

/** Sources of users who signed up earlier. The service sends them only if an operator asks for them. */
const NOT_NEW = ["backfill", "rebuild"];

/** Receives the messages that the service pushes, and sends a welcome mail to each new user. */
export async function POST(request: Request): Promise<Response> {
  const { MEETVO_ENDPOINT_SECRET } = process.env;
  if (!MEETVO_ENDPOINT_SECRET) return new Response("MEETVO_ENDPOINT_SECRET is not set", { status: 503 });
  const body = await request.text();
  const webhook = new Webhook(MEETVO_ENDPOINT_SECRET);
  let message: Message;
  try {
    message = webhook.verify(body, Object.fromEntries(request.headers)) as Message;
  } catch {
    return new Response("invalid signature", { status: 400 });
  }
  const { type, data, change } = message;
  if (type !== "user.created" || NOT_NEW.includes(change.source)) return new Response(null, { status: 204 });
  // After a response of 500, the service sends the message again: here, and if the mail provider fails.
  if (!data) return new Response("the service cannot read the user", { status: 500 });
  // A user who has been deleted since has no address, and gets no mail.
  await sendWelcomeMail(data);
  return new Response(null, { status: 204 });
}
