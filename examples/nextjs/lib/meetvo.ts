import { MeetvoClient } from "@meetvo/client";

/** Reads with the API key, on the server only. */
export const meetvo = new MeetvoClient({
  url: process.env.MEETVO_URL ?? "http://127.0.0.1:8080",
  token: () => process.env.MEETVO_API_KEY ?? null,
});
