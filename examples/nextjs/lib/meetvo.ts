import { MeetvoClient } from "@meetvo/client";

/** Client with the API key. Import it only in code that runs on the server. */
export const meetvo = new MeetvoClient({
  url: process.env.MEETVO_URL ?? "http://127.0.0.1:8080",
  token: () => process.env.MEETVO_API_KEY ?? null,
});
