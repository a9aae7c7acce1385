import { currentUser } from "@meetvo/client/next";
import { headers } from "next/headers";

import { meetvo } from "@/lib/meetvo";

/** A page for everyone, which greets signed-in users. */
export default async function Home() {
  const user = await currentUser(meetvo, await headers());
  return <h1>{user ? `Hello, ${user.first_name ?? user.id}!` : "Please sign in."}</h1>;
}
