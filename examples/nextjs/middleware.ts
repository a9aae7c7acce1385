import { currentUser } from "@meetvo/client/next";
import { type NextRequest, NextResponse } from "next/server";

import { meetvo } from "@/lib/meetvo";

export const config = { runtime: "nodejs", matcher: "/organizations/:path*" };

/** Sends visitors who are not signed in to the start page. */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const user = await currentUser(meetvo, request.headers);
  return user ? NextResponse.next() : NextResponse.redirect(new URL("/", request.url));
}
