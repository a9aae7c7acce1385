import type { User } from "@meetvo/client";
import { Webhook } from "standardwebhooks";

import { sendWelcomeMail } from "../../../lib/welcome-mail";

/** Pushed message about a new user. Other types have other objects in `data`. */
interface Message {
  type: string;
  data: Pick<User, "id" | "email" | "first_name"> | null;
}

/** Receives the messages that the service pushes, and sends a welcome mail to each new user. */
export async function POST(request: Request): Promise<Response> {
  const { MEETVO_ENDPOINT_SECRET } = process.env;
  if (!MEETVO_ENDPOINT_SECRET) return new Response("MEETVO_ENDPOINT_SECRET is not set", { status: 503 });
  const body = await request.text();
  let message: Message;
  try {
    const webhook = new Webhook(MEETVO_ENDPOINT_SECRET);
    message = webhook.verify(body, Object.fromEntries(request.headers)) as Message;
  } catch {
    return new Response("invalid signature", { status: 400 });
  }
  // If the mail provider fails, the response is 500, and the service sends the message again. A user
  // who has been deleted since has no address.
  if (message.type === "user.created" && message.data) await sendWelcomeMail(message.data);
  return new Response(null, { status: 204 });
}
