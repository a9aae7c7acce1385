import { withUser } from "@meetvo/client/next";

import { meetvo } from "@/lib/meetvo";

/** Returns the signed-in user. Without a valid session token, the response is 401. */
export const GET = withUser(meetvo, (_request, user) => Response.json(user));
