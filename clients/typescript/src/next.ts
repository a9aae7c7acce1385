import { type CallerOptions, type MemberRule, currentUser, memberProblem, requiredUser } from "./caller.js";
import type { MeetvoClient, User } from "./client.js";
import { MeetvoError } from "./problem.js";

/** Route handler that receives the signed-in user. */
export type UserHandler<C> = (request: Request, user: User, context: C) => Response | Promise<Response>;

/** Route handler of Next.js, and of other frameworks that are based on `Request` and `Response`. */
export type RouteHandler<C> = (request: Request, context: C) => Promise<Response>;

/** Calls the handler with the user of the session token. Without a valid one, responds with 401 and the reason. */
export function withUser<C>(meetvo: MeetvoClient, handler: UserHandler<C>, options?: CallerOptions): RouteHandler<C> {
  return async (request, context) => {
    const user = await requiredUser(meetvo, request.headers, options).catch(rejected);
    return user instanceof MeetvoError ? respond(user) : handler(request, user, context);
  };
}

/** Options of `withMember`. */
export interface MemberOptions<C> extends MemberRule {
  /** Returns the organization to which the requested data belongs. */
  organizationId: (request: Request, context: C) => string | Promise<string>;
}

/**
 * Calls the handler if the user is a member of the organization, and has the role and the
 * permission. Otherwise responds with 401 or 403 and the reason. The client needs an API key.
 */
export function withMember<C>(meetvo: MeetvoClient, options: MemberOptions<C>, handler: UserHandler<C>): RouteHandler<C> {
  const { organizationId, ...rule } = options;
  return withUser<C>(meetvo, async (request, user, context) => {
    const problem = await memberProblem(meetvo, user, await organizationId(request, context), rule);
    return problem === null ? handler(request, user, context) : respond(problem);
  });
}

function rejected(error: unknown): MeetvoError {
  if (error instanceof MeetvoError && error.status === 401) return error;
  throw error;
}

function respond(problem: MeetvoError): Response {
  const headers = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

export { currentUser };
